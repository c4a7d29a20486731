"""Give an event a short title: the sentence of its posts that says most of what all of them say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import sqrt

from tinglan.analysis.shown import EMOTICON, LINK, MORE, NAME, REPOST
from tinglan.analysis.terms import terms_of

MAX_CHARACTERS = 30
_MIN_CHARACTERS = 6
_MAX_TEXTS = 200  # a title of two hundred posts is the title of two thousand
_HEADLINE_BONUS = 1.15  # who wrote 【…】 meant it as a title
_NOISE = re.compile(
    rf"https?://[\w./?=&%#:+~-]+|//@[^:：]*[:：]|{NAME}|{EMOTICON}|{LINK}|{MORE}|"
    rf"\s*的微博视频|{REPOST}|回复\s*[:：]|[^\w\s.,:;!?%，。、：；！？《》“”‘’（）()【】#…—·-]"
)
_HEADLINE = re.compile(r"【([^】]{2,60})】|#([^#]{2,40})#")
_SENTENCE_END = re.compile(r"[。！？!?；;\n…]+")
_EDGES = " \t,，、:：.。·—-“”‘’()（）"
_CLAUSE = re.compile(r"[，,、：:\s]")


def title_of(texts: Sequence[str]) -> str:
    """The most central sentence of the texts, cleaned and at most 30 characters; "" for none.

    Copies count once. A sentence is central when its terms, for their number, are those that most
    texts hold. Where all are too short to be one, the longest text must do.

    >>> title_of(["我家的星河水壶漏电了！手都麻了。", "星河水壶漏电", "水壶漏电？求助 @星河客服"])
    '星河水壶漏电'
    >>> title_of(["[怒]http://t.cn/A6 转发微博"])
    ''
    """
    distinct = list(dict.fromkeys(_cleaned(text) for text in texts))[:_MAX_TEXTS]
    holding: Counter[str] = Counter()
    for text in distinct:
        holding.update(terms_of(text).keys())
    candidates = {
        sentence: bonus for text in distinct for sentence, bonus in _sentences(text).items()
    }
    best = max(
        candidates, key=lambda each: candidates[each] * _centrality(each, holding), default=""
    )
    return _shortened(best or max(distinct, key=len, default=""))


def _cleaned(text: str) -> str:
    return re.sub(r"\s+", " ", _NOISE.sub(" ", text)).strip()


def _sentences(text: str) -> dict[str, float]:
    """The sentences of a text long enough to say something, headlines with a bonus."""
    found = {
        headline.strip(_EDGES): _HEADLINE_BONUS
        for pair in _HEADLINE.findall(text)
        for headline in pair
    }
    for piece in _SENTENCE_END.split(_HEADLINE.sub("。", text)):
        found.setdefault(piece.strip(_EDGES), 1.0)
    return {each: bonus for each, bonus in found.items() if len(each) >= _MIN_CHARACTERS}


def _centrality(sentence: str, holding: Counter[str]) -> float:
    """How many texts share its terms, for the root of its length: no word and no essay."""
    terms = terms_of(sentence)
    shared = sum(holding[term] - 1 for term in terms)
    return (shared + 1 / (1 + len(terms))) / sqrt(len(terms) or 1)


def _shortened(sentence: str) -> str:
    """Cut at the last clause that fits, or else in the middle of one, and say so."""
    if len(sentence) <= MAX_CHARACTERS:
        return sentence
    ends = [match.start() for match in _CLAUSE.finditer(sentence[:MAX_CHARACTERS])]
    fitting = [end for end in ends if end >= MAX_CHARACTERS // 2]
    if fitting:
        return sentence[: fitting[-1]].strip(_EDGES)
    return sentence[: MAX_CHARACTERS - 1] + "…"
