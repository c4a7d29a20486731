"""The story of an event: every verb that changes its course adds one entry."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tinglan.accounts.models import Member
from tinglan.events.models import Event, TimelineEntry
from tinglan.lib import changes


def add(
    event: Event, kind: str, *, at: datetime, by: Member | None = None, **data: Any
) -> TimelineEntry:
    """Append one entry; `data` holds plain JSON values that the entry's sentence needs."""
    changes.note(f"event:{event.pk}")
    return TimelineEntry.objects.create(event=event, kind=kind, at=at, by=by, data=data)


def add_to_all(events: Iterable[Event], kind: str, *, at: datetime) -> None:
    """The same entry for each of many events."""
    entries = [TimelineEntry(event=event, kind=kind, at=at) for event in events]
    changes.note(*(f"event:{entry.event_id}" for entry in entries))
    TimelineEntry.objects.bulk_create(entries)
