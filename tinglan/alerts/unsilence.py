"""Call for what a silence kept quiet, when it is over and the matter is not."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from tinglan.alerts.audience import calls_by_rules
from tinglan.alerts.issue import ANSWERED, issue
from tinglan.alerts.models import Alert
from tinglan.events.models import Event, Level, is_at_least


def poll(now: datetime) -> int:
    """The worker's step: one alert per event and silence that ended; how many were issued."""
    pairs = _quieted(now).values_list("event", "silence").distinct()
    return sum(_tell(event, silence, now=now) for event, silence in list(pairs))


def _quieted(now: datetime) -> QuerySet[Alert]:
    over = Q(silence__ends_at__lte=now) | Q(silence__end__isnull=False)
    return Alert.objects.silenced().filter(
        over,
        reason__in=ANSWERED,
        event__ended_at__isnull=True,
        event__merged_into__isnull=True,
        event__level__in=(Level.RED, Level.ORANGE, Level.YELLOW),
    )


@transaction.atomic
def _tell(event_id: int, silence_id: int, *, now: datetime) -> bool:
    """Not where a later alert of the event has called somebody meanwhile."""
    event = Event.objects.select_for_update().get(pk=event_id)
    quieted = event.alerts.filter(silence=silence_id).latest("id")
    called = event.alerts.filter(id__gt=quieted.pk, reason__in=ANSWERED, silence__isnull=True)
    if not event.is_open or not is_at_least(event.level, Level.YELLOW) or called.exists():
        return False
    calls = calls_by_rules(event, event.level, now=now)
    key = f"event {event_id} after silence {silence_id}"
    alert = issue(event, Alert.Reason.UNSILENCED, level=event.level, key=key, calls=calls, now=now)
    return alert is not None
