"""How earlier forecasts fared: what was told at each milestone, and what came."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import expm1
from statistics import median

from tinglan.analysis.forecast_refit import Correction
from tinglan.events.forecast import LOG_EVENTS, MILESTONES, correction_at, ended
from tinglan.events.models import Forecast

FEWEST = 10  # ended events: below it a share says nothing
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Milestone:
    """All forecasts of one milestone whose day is over."""

    minutes: int
    n_told: int
    n_held: int
    median_error: float  # as a share of what came
    correction: Correction

    @property
    def age(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def is_enough(self) -> bool:
        return self.n_told >= FEWEST

    @property
    def held_share(self) -> float:
        return self.n_held / self.n_told

    @property
    def shift(self) -> float:
        """By what share the next ones are told larger (or smaller, below 0) than learnt."""
        return expm1(self.correction.shift)


def by_milestone() -> list[Milestone]:
    """The record of each milestone that has one, of the latest events."""
    told: dict[int, list[Forecast]] = defaultdict(list)
    for one in ended()[: LOG_EVENTS * len(MILESTONES)]:
        told[one.milestone].append(one)
    return [_milestone(minutes, told[minutes]) for minutes in sorted(told)]


def _milestone(minutes: int, told: Sequence[Forecast]) -> Milestone:
    return Milestone(
        minutes=minutes,
        n_told=len(told),
        n_held=sum(one.was_held for one in told),
        median_error=median(one.error for one in told),
        correction=correction_at(minutes),
    )


def latest() -> Sequence[Forecast]:
    """The newest forecasts of which is known what came."""
    return list(ended().select_related("event")[:SHOWN])
