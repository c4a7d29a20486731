"""Fit a site's adjustment to what its people said of labels.

A logistic regression for each kind of label that starts from what the shipped model thinks (its
log-chances are the offset) and is drawn back to it by a Gaussian prior around zero: few posts move
little, many move much. Solved by Nesterov's accelerated gradient with the constant step and
momentum of a smooth, strongly convex loss (Nesterov 2004, 2.2.1); numpy alone, nothing random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.adjustment import COLUMNS, FIELDS, Adjustment, Held
from tinglan.analysis.adjustment_kernels import add_rows
from tinglan.analysis.labels import Chances

__all__ = ["UNTOLD", "adjustment_of"]

UNTOLD: Final = -1
PRIOR: Final = 1.0  # how hard a weight is drawn to zero; .3 to 10 were tried (decisions/labels.md)
RAREST: Final = 2  # posts that must hold an n-gram
ROUNDS: Final = 80
POWER_ROUNDS: Final = 12

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Features:
    """What the posts hold, each n-gram weighed by its rarity."""

    held: Held
    buckets: NDArray[np.int64]  # each once
    at: NDArray[np.int64]  # of each pair, its place in `buckets`
    rarity: Floats  # of each bucket

    def scores(self, weights: Floats) -> Floats:
        return self.held.sums(weights * self.rarity[:, None], self.at)

    def pulls(self, errors: Floats) -> Floats:
        """The gradient of scores: each error falls on all that its post holds."""
        fallen = np.zeros((len(self.buckets), errors.shape[1]), dtype=np.float32)
        add_rows(self.at, self.held.posts, errors * self.held.scales[:, None], fallen)
        return fallen * self.rarity[:, None]

    def curvature(self) -> float:
        """The greatest eigenvalue of XᵀX, by power iteration; all of X is positive."""
        direction = np.ones((len(self.buckets), 1), dtype=np.float32)
        value = 1.0
        for _ in range(POWER_ROUNDS):
            grown = self.pulls(self.scores(direction))
            value = float(np.linalg.norm(grown))
            direction = grown / max(value, 1e-12)
        return value


def adjustment_of(
    chances: Chances,
    held: Held,
    told: NDArray[np.int8],
    *,
    weights: Floats | None = None,
    prior: float = PRIOR,
) -> Adjustment:
    """Learn from posts of which people said what some labels are.

    `told` has a row for each post and a column for each of COLUMNS: 1 yes, 0 no, UNTOLD where
    nobody said. `weights` say how much a post counts.
    """
    features = _features(held)
    if not len(features.buckets):
        return Adjustment.of(features.buckets, np.zeros((0, len(COLUMNS)), dtype=np.float32))
    counts = (told != UNTOLD).astype(np.float32)
    if weights is not None:
        counts *= weights[:, None]
    offsets = _offsets(chances)
    truth = (told == 1).astype(np.float32)
    smooth = features.curvature() * 0.5 * float(counts.max(initial=0)) * 1.1 + prior
    learnt: Floats = np.zeros((len(features.buckets), len(COLUMNS)), dtype=np.float32)
    ahead = learnt
    momentum = (smooth**0.5 - prior**0.5) / (smooth**0.5 + prior**0.5)
    for _ in range(ROUNDS):
        errors = (_thought(offsets + features.scores(ahead)) - truth) * counts
        slope = features.pulls(errors) + prior * ahead
        stepped: Floats = (ahead - slope / smooth).astype(np.float32)
        ahead = (stepped + momentum * (stepped - learnt)).astype(np.float32)
        learnt = stepped
    return Adjustment.of(features.buckets, learnt * features.rarity[:, None])


def _features(held: Held) -> _Features:
    """Leave out what a single post holds, and weigh what few hold more."""
    n_holding = np.bincount(held.buckets)
    kept = n_holding[held.buckets] >= RAREST
    posts = held.posts[kept]
    buckets, at = np.unique(held.buckets[kept], return_inverse=True)
    return _Features(
        held=Held(posts, held.buckets[kept], held.scales),
        buckets=buckets,
        at=at,
        rarity=(np.log((1 + len(held.scales)) / (1 + n_holding[buckets])) + 1).astype(np.float32),
    )


def _offsets(chances: Chances) -> Floats:
    groups = (chances.polarity, chances.intent)
    logs = [np.log(np.maximum(group, 1e-6)) for group in groups]
    return np.concatenate([*logs, chances.margins], axis=1).astype(np.float32)


def _thought(scores: Floats) -> Floats:
    """Chances of each column: of polarity and of intent one is true, of the others any."""
    chances = np.empty_like(scores)
    for field, columns in FIELDS.items():
        part = scores[:, columns]
        if field in {"polarity", "intent"}:
            powers = np.exp(part - part.max(axis=1, keepdims=True))
            chances[:, columns] = powers / powers.sum(axis=1, keepdims=True)
        else:
            chances[:, columns] = 1 / (1 + np.exp(-np.clip(part, -30, 30)))
    return chances
