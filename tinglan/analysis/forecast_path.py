"""The way from what was seen to what is told: how many posts by each minute of the first day.

In the logarithm of time what is still to come is taken in by 1 − (1 − u)^p, u from 0 at the age of
the forecast to 1 after a day, where p is such that nine tenths have come when the forecast says so.
(p = 1 is the decay by 1/t that reposts mostly show.)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log1p

import numpy as np

from tinglan.analysis.forecast import DAY
from tinglan.analysis.forecast_features import Floats

__all__ = ["Way", "counts_by"]

STEEPEST, FLATTEST = 6.0, 0.3


@dataclass(frozen=True, slots=True)
class Way:
    """Where a forecast stands and where it leads; ages in minutes."""

    age: float
    seen: int
    ninety: float  # the age by which nine tenths have come
    middle: float  # the size that the nine tenths are of


def counts_by(way: Way, minutes: Floats, *, size: float) -> Floats:
    """How many posts have come by these minutes if it ends with `size` after a day.

    >>> way = Way(age=60, seen=40, ninety=600, middle=100)
    >>> counts_by(way, np.array([30.0, 60, 600, 1440]), size=100).round(1)
    array([ 40.,  40.,  90., 100.])
    """
    end = log(DAY / max(way.age, 1.0))
    if end <= 0:
        return np.full(len(minutes), size)
    part = np.clip(np.log(np.maximum(minutes, way.age) / way.age) / end, 0.0, 1.0)
    taken = 1 - (1 - part) ** _steepness(way, end)
    counts: Floats = way.seen + max(0.0, size - way.seen) * taken
    return counts


def _steepness(way: Way, end: float) -> float:
    place = min(max(log(max(way.ninety, way.age) / way.age) / end, 0.02), 0.98)
    rest = way.middle - way.seen
    left = 0.1 * way.middle / rest if rest > 0 else 1.0
    if left >= 1:  # nine tenths are there already
        return STEEPEST
    return min(STEEPEST, max(FLATTEST, log(left) / log1p(-place)))
