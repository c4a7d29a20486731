"""The story of an event: every verb that changes its course adds one entry."""

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
