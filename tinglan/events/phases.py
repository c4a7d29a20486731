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
ROOM = 14.0  # percent of the strip that a name needs
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


@dataclass(frozen=True, slots=True)
class Stretch:
    """A phase on the strip under the curve; lengths in percent of it, ready for attributes."""

    phase: Phase
    x: str
    width: str
    middle: str
    has_room: bool  # for its name


def strip_of(found: Sequence[Phase]) -> list[Stretch]:
    """The phases side by side, each as long as it lasted."""
    if not found:
        return []
    first, whole = found[0].start, max(found[-1].end - found[0].start, timedelta(minutes=1))
    stretches = []
    for phase in found:
        x, width = 100 * ((phase.start - first) / whole), 100 * ((phase.end - phase.start) / whole)
        stretches.append(
            Stretch(phase, f"{x:.2f}%", f"{width:.2f}%", f"{x + width / 2:.2f}%", width >= ROOM)
        )
    return stretches
