"""Give an event a short title: the sentence of its posts that says most of what all of them say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tinglan.analysis.sentences import EDGES, centrality, distinct, held_by, sentences_of

MAX_CHARACTERS = 30
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
    known = list(distinct(texts))
    holding = held_by(known)
    candidates = {
        sentence: bonus for text in known for sentence, bonus in sentences_of(text).items()
    }
    best = max(
        candidates, key=lambda each: candidates[each] * centrality(each, holding), default=""
    )
    return _shortened(best or max(known, key=len, default=""))


def _shortened(sentence: str) -> str:
    """Cut at the last clause that fits, or else in the middle of one, and say so."""
    if len(sentence) <= MAX_CHARACTERS:
        return sentence
    ends = [match.start() for match in _CLAUSE.finditer(sentence[:MAX_CHARACTERS])]
    fitting = [end for end in ends if end >= MAX_CHARACTERS // 2]
    if fitting:
        return sentence[: fitting[-1]].strip(EDGES)
    return sentence[: MAX_CHARACTERS - 1] + "…"
