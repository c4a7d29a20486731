"""What a site's people said of labels, learnt and judged: is the adjustment worth proposing?

An adjustment is judged twice, each time on what `classify` answers in the end. On the site's own
posts by five-fold cross-fitting: a post is judged by weights that did not learn from it or from its
copies. On the fixed posts (weights/fixed_posts.json), which nothing ever learns from. For a kind of
label that gets worse on these it is weakened; if that does not help, or if it is no better on the
site's own, that kind stays as it was shipped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis import labels, ngrams, weights
from tinglan.analysis.adjust import UNTOLD, adjustment_of
from tinglan.analysis.adjustment import COLUMNS, FIELDS, Adjustment, Held, held_by
from tinglan.analysis.labels import ASPECTS, INTENTS, POLARITIES, Chances, Labels

__all__ = [
    "ENOUGH",
    "Comparison",
    "Lesson",
    "Truth",
    "fixed_posts",
    "learn",
    "learn_unjudged",
    "what_helps",
]

ENOUGH: Final = 20  # labels of one kind; below it chance alone decides what is learnt
FOLDS: Final = 5
WEAKEST: Final = 0.25  # of what was learnt; weaker still it would say nothing

Value = str | bool | frozenset[str]


@dataclass(frozen=True, slots=True)
class Truth:
    """A post and what a person said its labels are; a kind that nobody judged is absent.

    `group` is the same for copies of one text, so that none is judged by what another taught.
    """

    text: str
    labels: Mapping[str, Value]
    group: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Of `n` labels, how many are right without and with an adjustment."""

    n: int
    n_right_before: int
    n_right_after: int
    n_won: int  # wrong before, right after
    n_lost: int  # right before, wrong after

    @property
    def is_better(self) -> bool:
        """By more than the standard error of what changed (McNemar 1947)."""
        return self.n_won - self.n_lost > math.sqrt(self.n_won + self.n_lost)

    @property
    def is_worse(self) -> bool:
        return self.n_lost - self.n_won > math.sqrt(self.n_won + self.n_lost)


@dataclass(frozen=True, slots=True)
class Lesson:
    """An adjustment, for which kinds of labels it is any good, and how good."""

    adjustment: Adjustment
    tried: frozenset[str]  # the kinds of labels of which enough was said
    fields: tuple[str, ...]  # of them, those that get better: what the adjustment changes
    on_own: Mapping[str, Comparison]  # by kind of label
    on_fixed: Mapping[str, Comparison]


def learn(
    truths: Sequence[Truth], *, progress: Callable[[int, int], None] = lambda done, of: None
) -> Lesson:
    """Fit on all, judge by folds and on the fixed posts, and keep what helps."""
    counts = {field: sum(field in truth.labels for truth in truths) for field in FIELDS}
    tried = frozenset(field for field, n in counts.items() if n >= ENOUGH)
    parts = [fold for fold in range(FOLDS) if any(one.group % FOLDS == fold for one in truths)]
    unseen: list[_Judge] = []
    for done, fold in enumerate(parts):
        progress(done, len(parts) + 1)
        others = [truth for truth in truths if truth.group % FOLDS != fold]
        ones = [truth for truth in truths if truth.group % FOLDS == fold]
        unseen.append(_Judge(ones, learn_unjudged(others)))
    progress(len(parts), len(parts) + 1)
    adjustment = learn_unjudged(truths)
    fixed = [_Judge(fixed_posts(), adjustment)]
    strengths, on_own, on_fixed = what_helps(unseen, fixed, tried)
    progress(len(parts) + 1, len(parts) + 1)
    return Lesson(adjustment.only(strengths), tried, tuple(strengths), on_own, on_fixed)


def what_helps(
    unseen: Sequence[Judge], fixed: Sequence[Judge], tried: Collection[str]
) -> tuple[dict[str, float], dict[str, Comparison], dict[str, Comparison]]:
    """Weaken what harms the fixed posts, drop what does not help, until all that is left does.

    All at once, for one kind of label may lean on another: sarcasm needs a negative. What was
    dropped keeps the figures for which it was.
    """
    on_own, on_fixed = _compared(unseen, {}), _compared(fixed, {})
    strengths = {field: 1.0 for field in FIELDS if field in tried}
    while True:
        own, hard = _compared(unseen, strengths), _compared(fixed, strengths)
        on_own |= {field: own[field] for field in strengths}
        on_fixed |= {field: hard[field] for field in strengths}
        weaker = {
            field: strength / 2 if hard[field].is_worse else strength
            for field, strength in strengths.items()
            if own[field].is_better and not (hard[field].is_worse and strength <= WEAKEST)
        }
        if weaker == strengths:
            return strengths, on_own, on_fixed
        strengths = weaker


def learn_unjudged(truths: Sequence[Truth]) -> Adjustment:
    """Fit alone."""
    chances, held = _thought([truth.text for truth in truths])
    return adjustment_of(chances, held, _told(truths))


@cache
def fixed_posts() -> tuple[Truth, ...]:
    """The posts that nothing learns from.

    >>> len(fixed_posts()) >= 200
    True
    """
    rows = weights.load_rules("fixed_posts")["posts"]
    if not isinstance(rows, list):
        raise TypeError("fixed_posts.json must hold a list of posts")
    return tuple(_fixed(weights.as_mapping(row)) for row in rows)


def _fixed(row: Mapping[str, object]) -> Truth:
    aspects = row["aspect"]
    return Truth(
        text=str(row["text"]),
        labels={
            "polarity": str(row["polarity"]),
            "intent": str(row["intent"]),
            "aspects": frozenset(map(str, aspects if isinstance(aspects, list) else ())),
            "sarcasm": bool(row["sarcasm"]),
            "spam": bool(row["spam"]),
        },
    )


class Judge(Protocol):
    """Posts of which people said what they are, and how they are labelled with what was learnt."""

    truths: Sequence[Truth]
    before: Labels

    def after(self, strengths: Mapping[str, float]) -> Labels: ...


class _Judge:
    """Posts with their truth, what is shipped thinks of them, and an adjustment to be judged."""

    def __init__(self, truths: Sequence[Truth], adjustment: Adjustment) -> None:
        self.truths = truths
        self._adjustment = adjustment
        self._chances, self._held = _thought([truth.text for truth in truths])
        self.before = self._chances.decided()

    def after(self, strengths: Mapping[str, float]) -> Labels:
        return self._adjustment.only(strengths).apply(self._chances, self._held).decided()


def _compared(judges: Iterable[Judge], strengths: Mapping[str, float]) -> dict[str, Comparison]:
    verdicts: dict[str, list[tuple[bool, bool]]] = {field: [] for field in FIELDS}
    for judge in judges:
        after = judge.after(strengths)
        for at, truth in enumerate(judge.truths):
            for field, value in truth.labels.items():
                pair = _says(judge.before, field, at) == value, _says(after, field, at) == value
                verdicts[field].append(pair)
    return {field: _comparison(pairs) for field, pairs in verdicts.items()}


def _comparison(pairs: Sequence[tuple[bool, bool]]) -> Comparison:
    return Comparison(
        n=len(pairs),
        n_right_before=sum(before for before, _ in pairs),
        n_right_after=sum(after for _, after in pairs),
        n_won=sum(after and not before for before, after in pairs),
        n_lost=sum(before and not after for before, after in pairs),
    )


def _says(found: Labels, field: str, at: int) -> Value | None:
    """A label as a reader sees it; None where it is unknown, and so never right."""
    if field == "polarity":
        return None if found.polarity_unknown[at] else str(POLARITIES[found.polarity[at]])
    if field == "intent":
        return None if found.intent_unknown[at] else str(INTENTS[found.intent[at]])
    if field == "aspects":
        return frozenset(map(str, found.aspects_of(at)))
    return bool((found.sarcasm if field == "sarcasm" else found.spam)[at])


def _thought(texts: Sequence[str]) -> tuple[Chances, Held]:
    return labels.chances(texts), held_by(ngrams.grams(texts))


def _told(truths: Sequence[Truth]) -> NDArray[np.int8]:
    """A column for each answer: 1 yes, 0 no, UNTOLD where nobody said."""
    told = np.full((len(truths), len(COLUMNS)), UNTOLD, dtype=np.int8)
    answers = {
        "polarity": [str(one) for one in POLARITIES],
        "intent": [str(one) for one in INTENTS],
        "aspects": [str(one) for one in ASPECTS],
    }
    for row, truth in zip(told, truths, strict=True):
        for field, value in truth.labels.items():
            if isinstance(value, bool):
                row[FIELDS[field]] = value
            else:
                said = {value} if isinstance(value, str) else value
                row[FIELDS[field]] = [answer in said for answer in answers[field]]
    return told
