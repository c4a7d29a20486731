"""Take an alert on: the calls stop, the clock stops, the story says who it was."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Right, require
from tinglan.alerts.errors import AlertError
from tinglan.alerts.issue import call_off
from tinglan.alerts.models import Acknowledgement, Alert
from tinglan.alerts.remind import first_reminder
from tinglan.audit.record import record
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.events import timeline
from tinglan.lib import changes


@transaction.atomic
def acknowledge(alert: Alert, *, by: Member, now: datetime, note: str = "") -> Acknowledgement:
    """Take the alert on. The first one stands: a second click changes nothing and is no error."""
    require(by, Right.ACKNOWLEDGE)
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if alert.answer is not None:
        return alert.answer
    if alert.replaced_by is not None:
        raise AlertError(
            _("A graver alert has taken the place of this one: acknowledge alert %(number)s.")
            % {"number": alert.replaced_by_id}
        )
    answer = Acknowledgement.objects.create(
        alert=alert, by=by, at=now, note=note.strip(), remind_at=first_reminder(alert, now)
    )
    alert.next_action_at = None
    alert.save(update_fields=["next_action_at"])
    call_off(alert, f"acknowledged by {by.name}")
    run.meet(alert, [Kind.ACKNOWLEDGE], by_row=answer, now=now)
    timeline.add(
        alert.event,
        "alert_acknowledged",
        at=now,
        by=by,
        alert=alert.pk,
        level=alert.level,
        minutes=round((now - alert.issued_at).total_seconds() / 60),
        note=answer.note,
    )
    record("alerts.acknowledge", alert, by=by, now=now, data={"note": answer.note})
    changes.note("alerts", "board", f"alert:{alert.pk}")
    return answer


@transaction.atomic
def note_on(answer: Acknowledgement, note: str, *, by: Member, now: datetime) -> Acknowledgement:
    """Whoever took the alert on may say later what they do about it; who and when stay."""
    require(by, Right.ACKNOWLEDGE)
    if answer.by_id != by.pk:
        raise ForbiddenError(Right.ACKNOWLEDGE)
    answer.note, answer.remind_at = note.strip(), None  # they are at it
    answer.save(update_fields=["note", "remind_at"])
    record("alerts.note", answer.alert, by=by, now=now, data={"note": answer.note})
    changes.note("alerts", f"alert:{answer.alert_id}")
    return answer
