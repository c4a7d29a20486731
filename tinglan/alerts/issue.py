"""Issue alerts: a level that rose becomes an Alert with all its deliveries, in one transaction.

The LevelChange is the outbox entry: this runs in the transaction that ends its lease. A level that
fell calls nobody, and old posts that were taken in later never do.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tinglan.alerts.audience import Call, calls_by_rules
from tinglan.alerts.chain import called_by, plan_calls
from tinglan.alerts.defaults import ensure_defaults
from tinglan.alerts.deliver import deliver
from tinglan.alerts.inhibit import taken_on_with_parent
from tinglan.alerts.models import Alert, Delivery
from tinglan.alerts.silence import silence_over
from tinglan.audit.record import record
from tinglan.clocks import run
from tinglan.clocks.models import ClockWarning, Kind
from tinglan.events import timeline
from tinglan.events.models import Event, Level, LevelChange, is_at_least
from tinglan.lib import changes

Reason = Alert.Reason
# A due time is answered by doing what is due.
ANSWERED = frozenset({Reason.FIRST, Reason.LEVEL_UP, Reason.TIER1, Reason.UNSILENCED})

FLAPPING = timedelta(minutes=30)


def handle(rows: Sequence[LevelChange], *, now: datetime) -> None:
    """The worker's step: hear of level changes."""
    ensure_defaults(now)
    for change in rows:
        issue_for(change, now=now)


def issue_for(change: LevelChange, *, now: datetime) -> Alert | None:
    """The alert of a rise; None for a fall, a backfill, an event that is over, and a level that
    flaps.
    """
    event = Event.objects.select_for_update().get(pk=change.event_id)
    if not change.is_rise or event.is_backfill or not event.is_open or _flaps(change, now):
        return None
    reason = Reason.LEVEL_UP if event.alerts.exists() else Reason.FIRST
    calls = calls_by_rules(event, change.to_level, now=now)
    return issue(
        event, reason, level=change.to_level, key=f"change {change.pk}", calls=calls, now=now
    )


def _flaps(change: LevelChange, now: datetime) -> bool:
    """The level came back, and somebody has its alert on or is being called for it.

    A red line that is crossed is news all the same.
    """
    if change.reason == LevelChange.Reason.FLOOR:
        return False
    lately = change.event.alerts.filter(reason__in=ANSWERED, issued_at__gt=now - FLAPPING)
    known = [one for one in lately if is_at_least(one.level, change.to_level)]
    return any(one.is_waiting or one.answer is not None for one in known)


def issue(
    event: Event,
    reason: Reason,
    *,
    level: str,
    key: str,
    calls: Sequence[Call],
    now: datetime,
    warning: ClockWarning | None = None,
) -> Alert | None:
    """One alert for one key, however often it is asked for; None when it was there before.

    1. Write the alert and all its deliveries.
    2. Where an answer is needed: start the clock, write the chain of escalations, and let the
       alert take the place of older ones that still wait.
    3. Tell the story; where nobody could be called, say so.

    Under a silence it is issued and counted like any other, and calls nobody.
    """
    if Alert.objects.filter(key=key).exists():
        return None
    silence = silence_over(event, level, now=now)
    alert = Alert.objects.create(
        event=event,
        silence=silence,
        change=event.level_changes.order_by("-number").first(),
        warning=warning,
        key=key,
        level=level,
        reason=reason,
        title=event.title,
        issued_at=now,
        needs_answer=_needs_answer(reason, level)
        and silence is None
        and taken_on_with_parent(event, level) is None,
    )
    sent = deliver(alert, calls, reason=reason, now=now)
    if alert.needs_answer:
        run.start(Kind.ACKNOWLEDGE, alert, level, now=now)
        plan_calls(alert, called=called_by(sent), now=now)
        _replace_older(alert, now=now)
    timeline.add(event, "alert_issued", at=now, alert=alert.pk, level=level, reason=reason)
    if silence is not None:
        timeline.add(event, "alert_silenced", at=now, alert=alert.pk, reason=silence.reason)
    elif not sent:
        timeline.add(event, "alert_reached_nobody", at=now, alert=alert.pk, level=level)
    record("alerts.issue", alert, by=None, now=now, data={"level": level, "reason": reason})
    changes.note("alerts", "board")
    return alert


def _needs_answer(reason: Reason, level: str) -> bool:
    """Blue is for reading only."""
    return level != Level.BLUE and reason in ANSWERED


def _replace_older(alert: Alert, *, now: datetime) -> None:
    """Nobody needs to answer twice: older alerts of the event wait in this one (I-05)."""
    older = alert.event.alerts.waiting().exclude(pk=alert.pk).select_for_update(of=("self",))
    for one in older:
        one.replaced_by, one.next_action_at = alert, None
        one.save(update_fields=["replaced_by", "next_action_at"])
        call_off(one, f"replaced by alert {alert.pk}")
        run.stop(one, now=now, kinds=[Kind.ACKNOWLEDGE])


def call_off(alert: Alert, why: str) -> None:
    """Drop what has not been sent yet and whom we have not called yet."""
    alert.deliveries.filter(state=Delivery.State.PENDING).update(
        state=Delivery.State.DROPPED, why_dropped=why
    )
    alert.escalations.filter(at__isnull=True, dropped_why="").update(dropped_why=why)
