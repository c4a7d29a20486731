"""Bursts (声量突增) of a brand's volume, against what its hours usually bring and how it varies.

A post has no history and is compared with other posts of its age; a brand has one. What is usual is
learnt hour by hour: a level, the hour of the day and the hour of the week. What makes a burst is
its size among all that the brand has seen: the spread remembers earlier bursts for about a month,
so that the second of two alike is less of a surprise. The constants were chosen on five of ten
public series (benchmarks/e5_bursts.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

HOURS_OF_DAY, HOURS_OF_WEEK = 24, 168
LEVEL_RATE = 0.02  # an hour's part in the level: two days
DAY_RATE = 0.025  # in the usual of its hour of the day: forty days
WEEK_RATE = 0.2  # in the usual of its hour of the week: five weeks
SPREAD_RATE = 0.0015  # in the spread: four weeks
TRUSTED_WEEKS = 2  # at so many weeks the hour of the week weighs half
CLIP = 3.0  # spreads: what lies farther out teaches the other hours no more than this
ALARM = 4.8  # surprise from which on it is a burst
OVER = 2.0  # surprise below which a burst is ebbing
LEARNT_HOURS = 72  # before that nothing is known to be usual


@dataclass(frozen=True, slots=True)
class Usual:
    """Of each hour what the hours before it let expect, and their spread.

    One entry more than there are hours: the last is of the hour that has just begun.
    """

    expected: Floats
    spread: Floats


def usual(hourly: Sequence[float] | Floats, hours_of_week: Sequence[int]) -> Usual:
    """What is usual at each hour (oldest first), given the hour of the week of each and the next.

    >>> quiet_nights = usual([0.0, 10.0] * 84, [hour % 168 for hour in range(169)])
    >>> bool(quiet_nights.expected[-1] < 5 < quiet_nights.expected[-2])
    True
    """
    n_hours = len(hourly)
    expected, spread = np.zeros(n_hours + 1), np.zeros(n_hours + 1)
    level, variance = float(hourly[0]) if n_hours else 0.0, 0.0
    by_day, by_week = np.zeros(HOURS_OF_DAY), np.zeros(HOURS_OF_WEEK)
    n_weeks = np.zeros(HOURS_OF_WEEK)
    for number in range(n_hours + 1):
        of_week = hours_of_week[number]
        of_day = of_week % HOURS_OF_DAY
        trust = n_weeks[of_week] / (n_weeks[of_week] + TRUSTED_WEEKS)
        expected[number] = max(0.0, level + by_day[of_day] + trust * by_week[of_week])
        spread[number] = sqrt(variance)
        if number == n_hours:
            break
        gap = float(hourly[number]) - expected[number]
        most = CLIP * sqrt(variance + expected[number] + 1.0)
        taught = min(max(gap, -most), most)
        level += max(1 / (number + 1.5), LEVEL_RATE) * taught
        by_day[of_day] += max(0.5 / (number / HOURS_OF_DAY + 2), DAY_RATE) * taught
        by_week[of_week] += WEEK_RATE * gap
        n_weeks[of_week] += 1
        variance += max(1 / (number + 1.5), SPREAD_RATE) * (gap * gap - variance) if number else 0.0
    return Usual(expected, spread)


def surprise(volume: float, *, expected: float, spread: float) -> float:
    """How far a volume lies above the usual, in spreads; counting itself scatters like a Poisson.

    >>> surprise(90, expected=40, spread=6) > ALARM
    True
    >>> surprise(90, expected=40, spread=30) > ALARM  # it has seen this before
    False
    """
    return (volume - expected) / sqrt(spread * spread + expected + 1.0)


def at_minute(known: Usual, minute: int) -> tuple[float, float]:
    """Expected and spread of the sixty minutes up to this minute of the running hour.

    >>> at_minute(Usual(np.array([10.0, 20.0]), np.array([1.0, 2.0])), 30)
    (15.0, 2.0)
    """
    share = minute / 60 if len(known.expected) > 1 else 1.0
    before = float(known.expected[-2]) if len(known.expected) > 1 else 0.0
    expected = share * float(known.expected[-1]) + (1 - share) * before
    return expected, float(known.spread[-1])
