"""What the first minutes of a cascade look like: its features at an age, as columns of numbers.

A cascade is known by the delays of its posts after the first one, by the followers of who wrote
that (unknown is NaN) and by the hour of the day (NaN too). Counts are taken as ln(1+x), times as
shares of the age or as ln of minutes, so that one model serves every age.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, log, log1p, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.kernels import kernel

__all__ = ["FEATURES", "Cascades", "Floats", "Integers", "features", "seen_by"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
NAN = float("nan")

_N_EARLIER = 9
_N_LATEST = 4
_N_MINUTES = 5
_N_NTH = 4
FEATURES = (
    ["age", "seen", "followers"]
    + [f"earlier_{n}" for n in range(_N_EARLIER)]
    + [f"latest_{n}" for n in range(_N_LATEST)]
    + [f"minutes_{n}" for n in range(_N_MINUTES)]
    + [f"nth_{n}" for n in range(_N_NTH)]
    + ["first", "since_last", "mean", "quarter", "half", "three_quarters", "busiest"]
    + ["widest_gap", "unevenness", "hour_sine", "hour_cosine"]
)
N_FEATURES = len(FEATURES)


@dataclass(frozen=True, slots=True)
class Cascades:
    """Cascades (传播) as columns: the delays of number n are delays[starts[n]:starts[n + 1]]."""

    delays: Floats  # minutes after the first post, sorted within each
    starts: Integers
    followers: Floats  # of who wrote the first post; NaN is unknown
    hours: Floats  # of the site's day when it began, 0–24; NaN is unknown

    def __len__(self) -> int:
        return len(self.followers)

    @classmethod
    def of(
        cls,
        delays: Sequence[Sequence[float] | Floats],
        *,
        followers: Sequence[float | None],
        hours: Sequence[float | None] | None = None,
    ) -> Cascades:
        """Take up cascades one by one; a delay below zero (a skewed clock) counts as zero.

        >>> Cascades.of([[3, -1, 2], []], followers=[1200, None]).delays
        array([0., 2., 3.])
        """
        sorted_ones = [np.sort(np.maximum(np.asarray(one, np.float64), 0.0)) for one in delays]
        lengths = [len(one) for one in sorted_ones]
        return cls(
            delays=np.concatenate([*sorted_ones, np.empty(0)]),
            starts=np.cumsum([0, *lengths], dtype=np.int64),
            followers=_known(followers),
            hours=_known(hours or [None] * len(lengths)),
        )


def _known(values: Sequence[float | None]) -> Floats:
    return np.array([NAN if value is None else value for value in values], np.float64)


def features(cascades: Cascades, which: Integers, ages: Floats) -> Floats:
    """The features of cascade which[n] when it is ages[n] minutes old; a row for each n.

    >>> one = Cascades.of([[1, 4, 9, 70]], followers=[5_000])
    >>> row = features(one, np.array([0]), np.array([60.0]))[0]
    >>> round(float(np.expm1(row[FEATURES.index("seen")])))
    3
    """
    found = np.empty((len(which), N_FEATURES))
    _measure(
        cascades.delays,
        cascades.starts,
        cascades.followers,
        cascades.hours,
        np.ascontiguousarray(which, np.int64),
        np.ascontiguousarray(ages, np.float64),
        found,
    )
    return found


def seen_by(cascades: Cascades, which: Integers, ages: Floats) -> Integers:
    """How many posts each has when it is that old.

    >>> seen_by(Cascades.of([[1, 4, 70]], followers=[None]), np.array([0, 0]), np.array([60., 90.]))
    array([2, 3])
    """
    found = np.empty(len(which), np.int64)
    _count(
        cascades.delays,
        cascades.starts,
        np.ascontiguousarray(which, np.int64),
        np.ascontiguousarray(ages, np.float64),
        found,
    )
    return found


@kernel("int64(float64[::1], int64, int64, float64)")
def _before(delays: Floats, start: int, end: int, minute: float) -> int:
    """How many of delays[start:end] lie below a minute."""
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if delays[middle] < minute:
            low = middle + 1
        else:
            high = middle
    return low - start


@kernel("void(float64[::1], int64[::1], int64[::1], float64[::1], int64[::1])")
def _count(
    delays: Floats, starts: Integers, which: Integers, ages: Floats, found: Integers
) -> None:
    for row in range(len(which)):
        one = which[row]
        found[row] = _before(delays, starts[one], starts[one + 1], ages[row])


@kernel("int64(float64[::1], int64, int64, float64, float64[::1])")
def _counts(delays: Floats, start: int, n: int, age: float, values: Floats) -> int:
    """How many by a share of the age, in the latest share of it, and by fixed minutes."""
    at, end = 3, start + n
    for share in (1 / 30, 1 / 12, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 5 / 6, 11 / 12):
        values[at] = log1p(float(_before(delays, start, end, share * age)))
        at += 1
    for share in (1 / 12, 1 / 6, 1 / 3, 1 / 2):
        latest = n - _before(delays, start, end, (1 - share) * age)
        values[at] = log((1.0 + latest) / (1.0 + n * share))
        at += 1
    for minutes in (5.0, 15.0, 30.0, 60.0, 180.0):
        latest = n - _before(delays, start, end, age - minutes)
        values[at] = log1p(float(latest))
        at += 1
    return at


@kernel("int64(float64[::1], int64, int64, float64, float64[::1], int64)")
def _times(delays: Floats, start: int, n: int, age: float, values: Floats, at: int) -> int:
    """When the first ones came, how they lie in the age, how unevenly."""
    for nth in (2, 5, 10, 30):
        values[at] = log(delays[start + nth - 1] + 0.1) if n >= nth else log(2 * age)
        at += 1
    total, squares, widest, busiest, tail = 0.0, 0.0, 0.0, 0, 0
    previous = 0.0
    for place in range(n):
        delay = delays[start + place]
        total += delay
        gap = delay - previous
        squares += gap * gap
        widest = max(widest, gap)
        previous = delay
        while delays[start + tail] < delay - age / 12:
            tail += 1
        busiest = max(busiest, place - tail + 1)
    widest = max(widest, age - previous)
    mean_gap = previous / n if n else age
    values[at] = log(delays[start] + 0.1) if n else log(age)
    values[at + 1] = log(age - previous + 0.1)
    values[at + 2] = total / n / age if n else 1.0
    for quarter in (1, 2, 3):
        place = start + (quarter * (n - 1)) // 4
        values[at + 2 + quarter] = delays[place] / age if n else 1.0
    values[at + 6] = log1p(float(busiest))
    values[at + 7] = widest / age
    values[at + 8] = sqrt(squares / n) / (mean_gap + 1e-3) if n else 1.0
    return at + 9


@kernel(
    "void(float64[::1], int64[::1], float64[::1], float64[::1],"
    " int64[::1], float64[::1], float64[:, ::1])"
)
def _measure(
    delays: Floats,
    starts: Integers,
    followers: Floats,
    hours: Floats,
    which: Integers,
    ages: Floats,
    found: Floats,
) -> None:
    for row in range(len(which)):
        one, age = which[row], ages[row]
        start = starts[one]
        n = _before(delays, start, starts[one + 1], age)
        values = found[row]
        values[0], values[1] = log(age), log1p(float(n))
        values[2] = log1p(followers[one])
        at = _counts(delays, start, n, age, values)
        at = _times(delays, start, n, age, values, at)
        values[at] = sin(hours[one] * pi / 12)
        values[at + 1] = cos(hours[one] * pi / 12)
