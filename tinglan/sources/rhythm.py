"""Look at what each source brings against its own rhythm: silent, far below its usual, unreadable.

What is found stands on the source until the next look, so that every page can say it at no cost.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from django.db.models import Sum
from django.db.models.functions import TruncHour

from tinglan.analysis.rhythm import rhythm_of
from tinglan.lib import changes
from tinglan.sources.models import Run, Source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEARNT = timedelta(days=28)
GARBLED = 0.5  # of what a day brought was rejected
FEWEST_REJECTED = 20


class Found(TypedDict):
    """What a look at a source found, as it stands on its row."""

    at: str
    is_silent: bool
    is_low: bool
    is_garbled: bool
    usual_day: float
    last_day: float
    silent_hours: int
    missed: float
    rejected: float  # share of the last day


def work(now: datetime) -> int:
    """The worker's step: every source in use but those that files are handed in to by hand."""
    sources = list(Source.objects.filter(is_enabled=True).exclude(kind="file"))
    hourly, rejected = _brought(now), _rejected(now)
    for source in sources:
        found = look(hourly.get(source.pk, {}), rejected=rejected.get(source.pk, 0.0), now=now)
        was = (source.rhythm.get("is_silent"), source.is_low)
        source.rhythm = dict(found)
        source.save(update_fields=["rhythm"])
        if was != (found["is_silent"], source.is_low):
            changes.note("sources", "board")
    return len(sources)


def look(brought: Mapping[datetime, int], *, rejected: float, now: datetime) -> Found:
    """What the hours up to now say; of a source with a short history nothing is said."""
    hours = _hours(brought, now)
    rhythm = rhythm_of([float(brought.get(hour, 0)) for hour in hours])
    return Found(
        at=now.isoformat(),
        is_silent=rhythm.is_silent,
        is_low=rhythm.is_low,
        is_garbled=rejected > GARBLED,
        usual_day=rhythm.usual_day,
        last_day=rhythm.last_day,
        silent_hours=rhythm.silent_hours,
        missed=rhythm.missed,
        rejected=rejected,
    )


def _hours(brought: Mapping[datetime, int], now: datetime) -> Sequence[datetime]:
    """The whole hours from the first that brought anything on."""
    end = now.replace(minute=0, second=0, microsecond=0)
    first = min(brought, default=end)
    return [first + number * HOUR for number in range(max(0, int((end - first) / HOUR)))]


def _brought(now: datetime) -> dict[int, dict[datetime, int]]:
    runs = Run.objects.filter(started_at__gt=now - LEARNT, started_at__lte=now, n_created__gt=0)
    hour = TruncHour("started_at", tzinfo=UTC)
    rows = runs.order_by().values_list("source", hour).annotate(n=Sum("n_created"))
    found: dict[int, dict[datetime, int]] = {}
    for source, at, n in rows:
        found.setdefault(source, {})[at] = n
    return found


def _rejected(now: datetime) -> dict[int, float]:
    """The share of the last day that could not be read; of a few lines nothing is said."""
    runs = Run.objects.filter(started_at__gt=now - DAY, started_at__lte=now).order_by()
    rows = runs.values("source").annotate(
        rejected=Sum("n_rejected"),
        read=Sum("n_created") + Sum("n_updated") + Sum("n_duplicate"),
    )
    return {
        row["source"]: row["rejected"] / (row["rejected"] + row["read"])
        for row in rows
        if row["rejected"] >= FEWEST_REJECTED
    }
