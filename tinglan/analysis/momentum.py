"""How fast a post spreads against posts of the same age by authors of the same reach (传播势头).

A post has no history of its own to be measured by; others at its age are its measure. The tables
are quantiles of ln(1 + posts) at each age for each tier of followers (weights/momentum.md); between
ages they are read off by the logarithm of time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import expm1, log1p

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.weights import load

__all__ = ["TIERS", "Momentum", "Paces", "momentum", "shipped", "tier_of"]

TIERS = (10_000.0, 100_000.0, 1_000_000.0)  # followers; the last row of the tables is "unknown"
UNKNOWN = len(TIERS) + 1
DAY = 1440.0  # minutes

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Paces:
    """Quantiles of ln(1 + posts): by tier, by age, by level."""

    ages: Floats
    levels: Floats
    tables: Floats

    @classmethod
    def load(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Paces:
        names = ("ages", "levels", "tables")
        return cls(*(arrays[name].astype(np.float64) for name in names))


@dataclass(frozen=True, slots=True)
class Momentum:
    """Where it stands among its peers: 0–1, and how many times their median it has."""

    percentile: float
    times_usual: float
    usual: float  # the median of its peers, in posts


@cache
def shipped() -> Paces:
    return Paces.load(load("momentum"))


def momentum(
    n_posts: int, age_minutes: float, *, followers: float | None, paces: Paces | None = None
) -> Momentum:
    """The momentum of a post that has so many reposts and comments at this age.

    >>> quiet, fast = (momentum(n, 60, followers=3_000) for n in (2, 200))
    >>> quiet.percentile < 0.5 < fast.percentile, fast.times_usual > 5
    (True, True)
    >>> momentum(200, 60, followers=5_000_000).percentile < fast.percentile
    True
    """
    paces = paces or shipped()
    row = _row(paces, tier_of(followers), age_minutes)
    value = log1p(max(0, n_posts))
    usual = expm1(float(np.interp(0.5, paces.levels, row)))
    return Momentum(_percentile(row, paces.levels, value), (1 + n_posts) / (1 + usual), usual)


def tier_of(followers: float | None) -> int:
    """The row of the tables for an author with so many followers.

    >>> [tier_of(n) for n in (0, 9_999, 10_000, 2_000_000, None)]
    [0, 0, 1, 3, 4]
    """
    if followers is None:
        return UNKNOWN
    return int(np.searchsorted(TIERS, followers, side="right"))


def _row(paces: Paces, tier: int, age: float) -> Floats:
    place = np.interp(np.log(max(age, 1.0)), np.log(paces.ages), np.arange(len(paces.ages)))
    before = int(place)
    after = min(before + 1, len(paces.ages) - 1)
    part = float(place) - before
    row: Floats = (1 - part) * paces.tables[tier, before] + part * paces.tables[tier, after]
    return row


def _percentile(row: Floats, levels: Floats, value: float) -> float:
    """The level of a value; of levels with the same value (nothing yet) the middle one."""
    low = np.searchsorted(row, value, side="left")
    high = np.searchsorted(row, value, side="right")
    if high > low:
        return float((levels[low] + levels[high - 1]) / 2)
    edges_x = np.concatenate([[-1e-9], row, [row[-1] + 1.0]])
    edges_y = np.concatenate([[0.0], levels, [1.0]])
    return float(np.interp(value, edges_x, edges_y))
