"""Follow open events through time: assess them again, name their stage, end those that are over."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import TruncHour

from tinglan.analysis.lifecycle import Stage, stage_of
from tinglan.events import timeline
from tinglan.events.assess import EVERY, assess
from tinglan.events.models import Event, Membership
from tinglan.lib import changes
from tinglan.lib.rows import overwrite

BATCH = 50
OVER_AFTER = timedelta(hours=72)  # without a post, and below all levels
CURVE = timedelta(hours=48)


def work(now: datetime) -> int:
    """Assess a batch of open events whose last assessment is five minutes old."""
    with transaction.atomic():
        due = Event.objects.open().filter(
            Q(assessed_at__isnull=True) | Q(assessed_at__lte=now - EVERY)
        )
        due = due.order_by(F("assessed_at").asc(nulls_first=True), "id")
        # One that is in other hands is just being assessed there, or by another worker here.
        free = due.select_for_update(skip_locked=True)[:BATCH]
        events = sorted(free, key=lambda event: event.pk)
        assess(events, now=now)
        name_stages(events, now=now)
        end_quiet(events, now=now)
        Event.objects.filter(pk__in=[event.pk for event in events]).update(assessed_at=now)
    return len(events)


def name_stages(events: Sequence[Event], *, now: datetime) -> None:
    """Set stage and peak from the curve of the last 48 hours."""
    curves = _curves(events, now)
    for event in events:
        hourly = curves[event.pk]
        stage = stage_of(list(hourly.values()), before=Stage(event.stage))
        if stage != event.stage:
            timeline.add(event, "stage_changed", at=now, before=event.stage, stage=stage)
            event.stage = Event.Stage(stage)
        event.peak_at = max(hourly, key=lambda hour: (hourly[hour], hour)) if hourly else None
    overwrite(events, ["stage", "peak_at"])


def end_quiet(events: Sequence[Event], *, now: datetime) -> None:
    """End what is over; an event under a level ends by nobody's forgetting it."""
    for event in events:
        if not event.level and now - event.last_post_at > OVER_AFTER:
            event.ended_at, event.stage = now, Event.Stage.SUBSIDED
            event.save(update_fields=["ended_at", "stage"])
            timeline.add(event, "event_ended", at=now)
            changes.note("board", "events")


def _curves(events: Sequence[Event], now: datetime) -> dict[int, dict[datetime, int]]:
    """Posts per hour of the last 48 hours, hours without any included."""
    end = now.replace(minute=0, second=0, microsecond=0)
    hours = [end - timedelta(hours=ago) for ago in range(int(CURVE / timedelta(hours=1)), -1, -1)]
    grouped = (
        Membership.objects.filter(event__in=events, mention__at__gte=hours[0])
        .values("event", hour=TruncHour("mention__at"))
        .annotate(n=Count("id"))
    )
    counts = Counter({(row["event"], row["hour"]): row["n"] for row in grouped})
    return {event.pk: {hour: counts[event.pk, hour] for hour in hours} for event in events}
