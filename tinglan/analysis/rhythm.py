"""The rhythm (节律) of what comes: has it fallen silent, or brings it far less than it used to?

A source that fails says so; one that goes on answering and brings nothing does not. What is usual
is learnt from whole hours of the last weeks; too little history knows no rhythm and says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

DAY_HOURS = 24
LEARNT_DAYS = 7  # whole days before a rhythm is known
MISSED = 12.0  # posts that should have come in a silence before it is one
LONGER = 1.5  # times the longest silence of the weeks before
LEAST_A_DAY = 20.0  # a day that brings less has no drift that could be told
LOW_SHARE = 0.3  # of the usual day


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is usual, and how the newest hours stand to it."""

    is_known: bool
    usual_day: float  # the middle of the whole days before the last
    last_day: float
    silent_hours: int  # up to now, without any
    missed: float  # that should have come in them
    longest: int  # hours of silence that there were before

    @property
    def is_silent(self) -> bool:
        """More is missing than chance leaves out, for longer than ever."""
        is_longer = self.silent_hours > LONGER * self.longest
        return self.is_known and self.missed >= MISSED and is_longer

    @property
    def is_low(self) -> bool:
        """The last day brought less than a third of what a day brings."""
        is_told = self.usual_day >= LEAST_A_DAY and self.last_day < LOW_SHARE * self.usual_day
        return self.is_known and is_told


def rhythm_of(hourly: Sequence[float]) -> Rhythm:
    """The rhythm of hourly counts, oldest first, the last whole hour last.

    >>> day = [0.0] * 8 + [6.0] * 16
    >>> rhythm_of(day * 14).is_silent, rhythm_of(day * 14 + [0.0] * 14).is_silent
    (False, True)
    >>> low = rhythm_of(day * 14 + [0.0] * 8 + [1.0] * 16)
    >>> low.is_low, low.is_silent
    (True, False)
    """
    n_days = len(hourly) // DAY_HOURS
    days = [
        sum(hourly[len(hourly) - (ago + 1) * DAY_HOURS : len(hourly) - ago * DAY_HOURS])
        for ago in range(n_days)
    ]
    silent = _silent_at_the_end(hourly)
    before = hourly[: len(hourly) - silent]
    return Rhythm(
        is_known=n_days > LEARNT_DAYS,
        usual_day=median(days[1:]) if n_days > 1 else 0.0,
        last_day=days[0] if days else 0.0,
        silent_hours=silent,
        missed=_expected(before, silent),
        longest=max((len(run) for run in _silences(before)), default=0),
    )


def _silent_at_the_end(hourly: Sequence[float]) -> int:
    silent = 0
    for n in reversed(hourly):
        if n:
            break
        silent += 1
    return silent


def _silences(hourly: Sequence[float]) -> list[list[float]]:
    return [list(run) for is_silent, run in groupby(hourly, key=lambda n: not n) if is_silent]


def _expected(before: Sequence[float], silent: int) -> float:
    """What the silent hours would have brought: of each the middle of the same hour of the day."""
    missed = 0.0
    for number in range(silent):
        same = before[(len(before) + number) % DAY_HOURS :: DAY_HOURS]
        missed += median(same) if same else 0.0
    return missed
