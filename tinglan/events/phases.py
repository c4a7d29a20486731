"""The phases of an event over its whole life (生命周期), as stretches of time for its curve."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncHour

from tinglan.analysis import lifecycle
from tinglan.events.members import members_of
from tinglan.events.models import Event

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of an event's life under one stage."""

    stage: Event.Stage
    start: datetime
    end: datetime

    @property
    def name(self) -> str:
        return str(self.stage.label)


def phases(event: Event, *, now: datetime) -> Sequence[Phase]:
    """Its phases in order; the last reaches to now, or to where the event ended."""
    end = now if event.is_open else event.ended_at or event.last_post_at
    first = max(event.first_post_at, end - LONGEST).astimezone(UTC)
    start = first.replace(minute=0, second=0, microsecond=0)
    counts = _counts(event, start)
    hours = [start + number * HOUR for number in range(max(1, int((end - start) / HOUR) + 1))]
    found = lifecycle.phases([counts[hour] for hour in hours])
    return [
        Phase(
            stage=Event.Stage(phase.stage),
            start=hours[phase.start],
            end=min(hours[0] + phase.end * HOUR, end),
        )
        for phase in found
    ]


def _counts(event: Event, start: datetime) -> Counter[datetime]:
    grouped = (
        members_of(event)
        .filter(mention__at__gte=start)
        .annotate(hour=TruncHour("mention__at", tzinfo=UTC))
        .order_by()
        .values_list("hour")
        .annotate(n=Count("id"))
    )
    return Counter(dict(grouped))
