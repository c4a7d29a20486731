"""What was checked, and whether a sentence rests on it: the ground of a denial or a stated cause.

A sentence rests on a fact when they share enough pairs of characters. A denial rests on a claim
that was found untrue, or on a fact that itself says no; one that denies what was found true rests
on nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tinglan.analysis.text import bigrams, normalise

__all__ = ["Fact", "is_denied_rightly", "is_supported"]

SHARED = 0.3  # of the pairs of the shorter one; set by reasoning, not by fitting
_SAYS_NO = re.compile("没有|不是|未|无关|不一致|不符|符合|合格|齐全|正常|并非|不存在")


@dataclass(frozen=True, slots=True)
class Fact:
    """A claim that somebody checked (核实的事实): what it says, and whether it is true."""

    text: str
    is_true: bool = True


def is_supported(sentence: str, facts: Iterable[Fact]) -> bool:
    """Whether a checked, true fact says what the sentence says.

    >>> is_supported("喷淋误启动是施工人员误碰管线所致", [Fact("喷淋误启动，原因是施工误碰管线")])
    True
    """
    return any(fact.is_true and _is_about(sentence, fact) for fact in facts)


def is_denied_rightly(sentence: str, facts: Iterable[Fact]) -> bool:
    """Whether what the sentence denies was found untrue.

    >>> is_denied_rightly("网传水壶爆炸不属实", [Fact("星河水壶爆炸", is_true=False)])
    True
    >>> is_denied_rightly("水壶漏电不属实", [Fact("星河水壶底座漏电")])
    False
    """
    return any(
        _is_about(sentence, fact)
        for fact in facts
        if not fact.is_true or _SAYS_NO.search(fact.text)
    )


def _is_about(sentence: str, fact: Fact) -> bool:
    said, known = set(bigrams(normalise(sentence).text)), set(bigrams(normalise(fact.text).text))
    shorter = min(len(said), len(known))
    return shorter > 0 and len(said & known) >= SHARED * shorter
