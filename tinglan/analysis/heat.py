"""Heat index (热度, 0–100) of a brand, product or event in a window, and the curve of its volume.

The form follows published indexes (BCI: a fifth posts, four fifths interaction, each ln(x+1)) with
weights of our own, printed here: nobody else's index can be computed from the outside. The version
is stored with each value, so that a curve never mixes two definitions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from tinglan.analysis.measures import log_scale


@dataclass(frozen=True, slots=True)
class Counts:
    """The counters of a window; None is unknown and its weight goes to the known ones."""

    posts: float
    reposts: float | None = None
    comments: float | None = None
    likes: float | None = None
    views: float | None = None


@dataclass(frozen=True, slots=True)
class HeatFormula:
    """The weight of each counter and the count at which it is full, under a version."""

    version: str = "h1"
    weights: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            {"posts": 0.30, "reposts": 0.25, "comments": 0.25, "likes": 0.15, "views": 0.05}
        )
    )
    full: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            {"posts": 2e3, "reposts": 2e4, "comments": 2e4, "likes": 1e5, "views": 1e7}
        )
    )


H1 = HeatFormula()


@dataclass(frozen=True, slots=True)
class Heat:
    """A heat index with what each counter gave to it."""

    value: float
    parts: Mapping[str, float]
    formula_version: str


def heat(counts: Counts, *, formula: HeatFormula = H1) -> Heat:
    """The heat index of a window: the weighted mean of its log-scaled counters.

    >>> heat(Counts(posts=0)).value, round(heat(Counts(60, 900, 700, 2000, None)).value)
    (0.0, 63)
    >>> round(heat(Counts(posts=2_000)).value)
    100
    """
    values = {name: getattr(counts, name) for name in formula.weights}
    known = {name: float(value) for name, value in values.items() if value is not None}
    total = sum(formula.weights[name] for name in known)
    parts = {
        name: formula.weights[name] / total * log_scale(value, formula.full[name])
        for name, value in known.items()
    }
    return Heat(sum(parts.values()), parts, formula.version)


def floor_to(at: datetime, bucket: timedelta, zone: ZoneInfo) -> datetime:
    """The start of the bucket of an hour, a part of one or a day, by the clock of the zone.

    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> str(floor_to(datetime(2026, 3, 2, 9, 47, tzinfo=shanghai), timedelta(minutes=15), shanghai))
    '2026-03-02 09:45:00+08:00'
    """
    local = at.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if bucket >= timedelta(days=1):
        return midnight
    hour = local.replace(minute=0, second=0, microsecond=0)
    if bucket <= timedelta(hours=1):
        start = hour + (local - hour) // bucket * bucket
        return start.replace(fold=local.fold)  # the doubled hour of autumn is two hours
    return midnight + (local - midnight) // bucket * bucket


def edges(start: datetime, end: datetime, bucket: timedelta) -> list[datetime]:
    """The starts of the equal buckets from `start` up to `end`, and the end of the last.

    They are steps of elapsed time; calendar days of a zone with summer time are not equal.
    """
    if bucket <= timedelta(0):
        raise ValueError("a bucket needs a positive length")
    step_count = max(0, -((start - end) // bucket))
    zone = start.tzinfo
    first = start.timestamp()
    return [
        datetime.fromtimestamp(first + step * bucket.total_seconds(), zone)
        for step in range(step_count + 1)
    ]


def curve(times: Sequence[datetime], borders: Sequence[datetime]) -> list[int]:
    """How many times fall into each half-open bucket between the sorted borders.

    >>> hours = [datetime(2026, 3, 2, hour) for hour in (9, 10, 11)]
    >>> curve([datetime(2026, 3, 2, 9, 59), datetime(2026, 3, 2, 10)], hours)
    [1, 1]
    """
    ordered = sorted(times)
    below = [bisect_left(ordered, border) for border in borders]
    return [after - before for before, after in pairwise(below)]


def peak_of(volumes: Sequence[int]) -> int | None:
    """The index of the first of the fullest buckets; an empty curve has no peak.

    >>> peak_of([1, 9, 4, 9]), peak_of([0, 0])
    (1, None)
    """
    fullest = max(volumes, default=0)
    return list(volumes).index(fullest) if fullest else None


def growth(volumes: Sequence[int]) -> float | None:
    """The last bucket against the mean of those before it; None where nothing came before.

    >>> growth([2, 4, 9]), growth([5])
    (3.0, None)
    """
    before = volumes[:-1]
    mean = sum(before) / len(before) if before else 0.0
    return volumes[-1] / mean if mean else None
