"""Warn of what changes without a level: a due time that is near or past, a central medium.

Half of the time used calls nobody: pages show it on the clock itself. Four fifths and a breach call
people. The acknowledgement has its own chain of calls (escalate), and a clock that hangs on no
event is heard by the app that started it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet

from tinglan.accounts.models import Member, line_of_duty
from tinglan.alerts.audience import Call, calls_by_rules, calls_to
from tinglan.alerts.defaults import ensure_defaults
from tinglan.alerts.issue import issue
from tinglan.alerts.models import Acknowledgement, Alert
from tinglan.clocks.models import Clock, ClockWarning, Kind
from tinglan.events.models import Event, Level, Membership, is_at_least
from tinglan.monitors.models import Polarity

Reason = Alert.Reason
CENTRAL = 1  # Outlet.tier
LOOK_BACK = timedelta(hours=48)


def handle(rows: Sequence[ClockWarning], *, now: datetime) -> None:
    """The worker's step: hear of clocks that speak."""
    ensure_defaults(now)
    for warning in rows:
        warn_of(warning, now=now)


def warn_of(warning: ClockWarning, *, now: datetime) -> Alert | None:
    """The alert of a clock; None where nobody needs to be called."""
    clock = warning.clock
    event = event_of(clock)
    if event is None or clock.kind == Kind.ACKNOWLEDGE or not clock.is_running:
        return None
    if warning.stage == ClockWarning.Stage.HALF or not event.is_open or event.is_backfill:
        return None
    is_breach = warning.stage == ClockWarning.Stage.BREACHED
    level = event.level or Level.BLUE
    return issue(
        event,
        Reason.SLA_BREACH if is_breach else Reason.SLA_WARN,
        level=level,
        key=f"warning {warning.pk}",
        calls=_calls(event, level, is_breach=is_breach, now=now),
        now=now,
        warning=warning,
    )


def event_of(clock: Clock) -> Event | None:
    """The event that the clock's subject is, or hangs on."""
    model = apps.get_model(clock.subject_kind)
    subject = model._default_manager.filter(pk=clock.subject_id).first()
    found = subject if isinstance(subject, Event) else getattr(subject, "event", None)
    return found if isinstance(found, Event) else None


def _calls(event: Event, level: str, *, is_breach: bool, now: datetime) -> list[Call]:
    """Who took the event on; else whom the rules name. A breach also reaches the next in line."""
    line = list(line_of_duty(now))
    owner = _owner(event)
    people = [owner] if owner else []
    if is_breach:
        people += [member for member in line if member != owner][: 1 if owner else 2]
    if not people:
        return calls_by_rules(event, level, now=now)
    return calls_to(people, event, level)


def _owner(event: Event) -> Member | None:
    last = Acknowledgement.objects.filter(alert__event=event).order_by("-at", "-id").first()
    return last.by if last and last.by.is_active else None


def poll_central_media(now: datetime) -> int:
    """The worker's step: a central medium that speaks ill is told once per event."""
    ensure_defaults(now)
    fresh = Membership.objects.filter(
        at__gt=now - LOOK_BACK, event__in=Event.objects.open().filter(is_backfill=False)
    )
    untold = central_posts(fresh).exclude(event__alerts__reason=Reason.TIER1)
    found = untold.values_list("event", flat=True).distinct()
    return sum(_tell_of_central_medium(pk, now=now) for pk in list(found))


def central_posts(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those in which a central medium speaks ill of the brand."""
    return memberships.filter(
        mention__post__outlet__tier=CENTRAL,
        mention__polarity=Polarity.NEGATIVE,
        mention__is_backfill=False,
    )


@transaction.atomic
def _tell_of_central_medium(pk: int, *, now: datetime) -> bool:
    """Only what came after the first alert: that one said it all by itself."""
    event = Event.objects.select_for_update().get(pk=pk)
    first = event.alerts.order_by("issued_at").first()
    if not is_at_least(event.level, Level.YELLOW) or first is None:
        return False
    if not central_posts(event.memberships.filter(at__gt=first.issued_at)).exists():
        return False
    calls = calls_by_rules(event, event.level, now=now)
    key = f"event {event.pk} tier1"
    alert = issue(event, Reason.TIER1, level=event.level, key=key, calls=calls, now=now)
    return alert is not None
