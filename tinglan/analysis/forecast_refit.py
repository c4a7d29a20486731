"""What a site's own past forecasts came to, as a correction of the shipped model.

Shipped parameters are a prior: they learnt from cascades of another time and place. Where a site's
events end larger or smaller, or less surely, than was told, the middle is shifted and the band
widened; both are shrunk towards no change until enough events have ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

__all__ = ["NO_CORRECTION", "Correction", "Outcome", "refit"]

PRIOR_EVENTS = 20  # the prior weighs as much as so many ended events
SHARE = 0.8  # of outcomes that a band is to hold
WIDEST = 4.0  # times the shipped band, and the inverse of it


@dataclass(frozen=True, slots=True)
class Outcome:
    """One past forecast beside what came: logarithms of 1 + posts, before any correction."""

    plain: float  # the middle
    down: float  # how far below and above it the ends of the band were
    up: float
    came: float


@dataclass(frozen=True, slots=True)
class Correction:
    """How the shipped model is bent to a site (校正), and by how many ended events."""

    shift: float = 0.0  # added to ln(1 + size)
    widen: float = 1.0  # the band, times
    n_events: int = 0


NO_CORRECTION = Correction()


def refit(outcomes: Sequence[Outcome]) -> Correction:
    """Shift by the median error and widen until the band would have held four of five.

    >>> twice = [Outcome(plain=5.0, down=0.6, up=0.6, came=5.7)] * 60
    >>> found = refit(twice)
    >>> round(found.shift, 2), found.widen < 1, found.n_events
    (0.53, True, 60)
    >>> refit([]) == NO_CORRECTION
    True
    """
    if not outcomes:
        return NO_CORRECTION
    trust = len(outcomes) / (len(outcomes) + PRIOR_EVENTS)
    shift = trust * float(np.median([one.came - one.plain for one in outcomes]))
    misses = sorted(_miss(one, shift) for one in outcomes)
    # The conformal rank: of n outcomes the ⌈.8·(n + 1)⌉-th, so that a new one is held as often.
    rank = min(len(misses), int(np.ceil(SHARE * (len(misses) + 1))))
    widen = min(WIDEST, max(1 / WIDEST, misses[rank - 1]))
    return Correction(shift, exp(trust * log(widen)), len(outcomes))


def _miss(outcome: Outcome, shift: float) -> float:
    """By what the band would have to be multiplied to just hold this outcome."""
    error = outcome.came - outcome.plain - shift
    side = outcome.up if error > 0 else outcome.down
    return abs(error) / max(side, 1e-6)
