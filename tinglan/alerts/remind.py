"""Remind who took an alert on and did nothing since; in the end, call somebody else."""

from datetime import datetime, timedelta

from django.db import transaction

from tinglan.alerts.audience import calls_to
from tinglan.alerts.deliver import deliver
from tinglan.alerts.hand_back import hand_back
from tinglan.alerts.models import Acknowledgement, Alert, Delivery
from tinglan.audit.record import record
from tinglan.events import timeline
from tinglan.events.models import Level
from tinglan.lib import changes

# Time without any act of a person on the event.
IDLE: dict[str, timedelta] = {
    Level.RED: timedelta(minutes=30),
    Level.ORANGE: timedelta(hours=1),
    Level.YELLOW: timedelta(hours=4),
}
MOST_REMINDERS = 2  # a red or orange alert goes back to all after these
BATCH = 50


def first_reminder(alert: Alert, now: datetime) -> datetime | None:
    wait = IDLE.get(alert.level)
    return now + wait if wait and alert.needs_answer else None


def poll(now: datetime) -> int:
    """The worker's step: look after those whose time has come; how many were looked at."""
    due = Acknowledgement.objects.filter(remind_at__lte=now).order_by("remind_at", "id")
    numbers = list(due.values_list("pk", flat=True)[:BATCH])
    for pk in numbers:
        _look_after(pk, now=now)
    return len(numbers)


@transaction.atomic
def _look_after(pk: int, *, now: datetime) -> None:
    answer = Acknowledgement.objects.select_for_update(of=("self",)).get(pk=pk)
    if answer.remind_at is None or answer.remind_at > now:
        return  # another worker was here
    alert = answer.alert
    is_over = not answer.is_standing or alert.replaced_by_id or not alert.event.is_open
    if is_over or has_progress(answer):
        answer.remind_at = None
    elif answer.n_reminders < MOST_REMINDERS and answer.by.is_active:
        _remind(answer, now=now)
    else:
        answer.remind_at = None
        if alert.level in {Level.RED, Level.ORANGE} or not answer.by.is_active:
            hand_back(alert, by=None, now=now)
    answer.save(update_fields=["remind_at", "n_reminders"])


def has_progress(answer: Acknowledgement) -> bool:
    """Whether a person has done anything on the event since."""
    acts = answer.alert.event.timeline.filter(at__gte=answer.at, by__isnull=False)
    return acts.exclude(kind__in=("alert_acknowledged", "alert_reopened")).exists()


def _remind(answer: Acknowledgement, *, now: datetime) -> None:
    alert = answer.alert
    answer.n_reminders += 1
    answer.remind_at = now + IDLE[alert.level]
    deliver(
        alert,
        calls_to([answer.by], alert.event, alert.level),
        reason=Delivery.Reason.REMINDER,
        number=alert.deliveries.filter(reason=Delivery.Reason.REMINDER).count() + 1,
        now=now,
    )
    timeline.add(
        alert.event, "alert_reminded", at=now, alert=alert.pk, level=alert.level, to=answer.by.name
    )
    record("alerts.remind", alert, by=None, now=now, data={"to": answer.by.name})
    changes.note("alerts", f"alert:{alert.pk}")
