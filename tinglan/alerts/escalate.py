"""Call the next person while nobody acknowledges. Due times lie in rows; this only looks (I-03)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from tinglan.accounts.models import Member, line_of_duty
from tinglan.alerts.audience import Call, calls_to
from tinglan.alerts.chain import called_for, defer_calls, nobody_disturbed_until
from tinglan.alerts.deliver import deliver
from tinglan.alerts.issue import call_off
from tinglan.alerts.models import Alert, Delivery, Escalation
from tinglan.audit.record import record
from tinglan.events import timeline
from tinglan.events.models import Level
from tinglan.lib import changes

BATCH = 50
# When the chain is at its end, all are called again: red and orange are never left alone.
REPEAT_AFTER: dict[str, timedelta] = {
    Level.RED: timedelta(minutes=15),
    Level.ORANGE: timedelta(minutes=30),
}
Reason = Escalation.Reason


def poll(now: datetime) -> int:
    """The worker's step: make the calls that are due, the oldest first; how many were looked at."""
    due = Escalation.objects.filter(at__isnull=True, dropped_why="", due_at__lte=now)
    numbers = list(due.order_by("due_at", "id").values_list("pk", flat=True)[:BATCH])
    for pk in numbers:
        escalate(pk, now=now)
    return len(numbers)


@transaction.atomic
def escalate(pk: int, *, now: datetime) -> Escalation | None:
    """Make one planned call; None when it is not needed any more or was made by another worker."""
    step = Escalation.objects.get(pk=pk)
    alert = Alert.objects.select_for_update().get(pk=step.alert_id)
    step.refresh_from_db()
    if not step.is_planned:
        return None
    if not alert.is_waiting:
        alert.next_action_at = None
        alert.save(update_fields=["next_action_at"])
        call_off(alert, "nobody needs to answer any more")
        return None
    if until := nobody_disturbed_until(alert, now):
        defer_calls(alert, until)
        return None
    _call(step, alert, now=now)
    _plan_next(step, alert, now=now)
    changes.note("alerts", "board", f"alert:{alert.pk}")
    return step


def _call(step: Escalation, alert: Alert, *, now: datetime) -> None:
    called = called_for(alert)
    if step.to is None or not step.to.is_active:
        step.to = next((who for who in line_of_duty(now) if who not in called), None)
        step.reason = Reason.NEXT if step.to else Reason.REPEAT
    step.at = now
    step.save()
    if step.to is not None:
        calls = calls_to([step.to], alert.event, alert.level)
        deliver(alert, calls, reason=Delivery.Reason.ESCALATION, number=step.number, now=now)
        kind, to = "alert_escalated", step.to.name
    else:
        calls = _everybody(alert, called)
        deliver(alert, calls, reason=Delivery.Reason.REPEAT, number=step.number, now=now)
        kind, to = "alert_repeated", ""
    timeline.add(
        alert.event, kind, at=now, alert=alert.pk, level=alert.level, number=step.number, to=to
    )
    record("alerts.escalate", alert, by=None, now=now, data={"number": step.number, "to": to})


def _everybody(alert: Alert, called: Iterable[Member]) -> list[Call]:
    return calls_to((who for who in called if who.is_active), alert.event, alert.level)


def _plan_next(step: Escalation, alert: Alert, *, now: datetime) -> None:
    following = alert.next_call
    if following is None and alert.level in REPEAT_AFTER:
        following = Escalation.objects.create(
            alert=alert,
            number=step.number + 1,
            due_at=now + REPEAT_AFTER[alert.level],
            reason=Reason.REPEAT,
        )
    alert.next_action_at = following.due_at if following else None
    alert.save(update_fields=["next_action_at"])
