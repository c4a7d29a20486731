"""The sentences of posts, and how much of what all say each of them says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import sqrt

from tinglan.analysis.shown import EMOTICON, LINK, MORE, NAME, REPOST
from tinglan.analysis.terms import terms_of

_MIN_CHARACTERS = 6
_MAX_TEXTS = 200  # what two hundred posts say is what two thousand say
_HEADLINE_BONUS = 1.15  # who wrote 【…】 meant it as a title
_NOISE = re.compile(
    rf"https?://[\w./?=&%#:+~-]+|//@[^:：]*[:：]|{NAME}|{EMOTICON}|{LINK}|{MORE}|"
    rf"\s*的微博视频|{REPOST}|回复\s*[:：]|[^\w\s.,:;!?%，。、：；！？《》“”‘’（）()【】#…—·-]"
)
_HEADLINE = re.compile(r"【([^】]{2,60})】|#([^#]{2,40})#")
_SENTENCE_END = re.compile(r"[。！？!?；;\n…]+")
EDGES = " \t,，、:：.。·—-“”‘’()（）"


def distinct(texts: Sequence[str]) -> dict[str, int]:
    """The texts without what says nothing, copies once; where each stands first."""
    found: dict[str, int] = {}
    for at, text in enumerate(texts):
        found.setdefault(cleaned(text), at)
    return dict(list(found.items())[:_MAX_TEXTS])


def held_by(texts: Sequence[str]) -> Counter[str]:
    """In how many of the texts each term stands."""
    holding: Counter[str] = Counter()
    for text in texts:
        holding.update(terms_of(text).keys())
    return holding


def cleaned(text: str) -> str:
    return re.sub(r"\s+", " ", _NOISE.sub(" ", text)).strip()


def sentences_of(text: str) -> dict[str, float]:
    """The sentences of a text long enough to say something, headlines with a bonus."""
    found = {
        headline.strip(EDGES): _HEADLINE_BONUS
        for pair in _HEADLINE.findall(text)
        for headline in pair
    }
    for piece in _SENTENCE_END.split(_HEADLINE.sub("。", text)):
        found.setdefault(piece.strip(EDGES), 1.0)
    return {each: bonus for each, bonus in found.items() if len(each) >= _MIN_CHARACTERS}


def centrality(sentence: str, holding: Counter[str]) -> float:
    """How many texts share its terms, for the root of its length: no word and no essay."""
    terms = terms_of(sentence)
    shared = sum(holding[term] - 1 for term in terms)
    return (shared + 1 / (1 + len(terms))) / sqrt(len(terms) or 1)
