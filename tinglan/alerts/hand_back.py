"""Hand an alert back: who took it on cannot see it through, so others are called again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member, line_of_duty
from tinglan.accounts.rights import Right, require
from tinglan.alerts.audience import Call, calls_by_rules, calls_to
from tinglan.alerts.chain import called_by, plan_calls
from tinglan.alerts.deliver import deliver
from tinglan.alerts.errors import AlertError
from tinglan.alerts.models import Acknowledgement, Alert, Delivery, HandBack
from tinglan.audit.record import record
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.events import timeline
from tinglan.lib import changes


@transaction.atomic
def hand_back(alert: Alert, *, by: Member | None, now: datetime, reason: str = "") -> HandBack:
    """By whoever says why, or by Tinglan since nothing was done.

    1. The acknowledgement stands no more; it stays on record.
    2. The clock of the acknowledgement starts anew.
    3. Others are called, and the chain is written anew.
    """
    require(by, Right.ACKNOWLEDGE)
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    answer = alert.answer
    _check(alert, answer)
    _check_reason(reason, by)
    assert answer is not None
    back = HandBack.objects.create(
        acknowledgement=answer, by=by, at=now, reason=reason.strip()[:200]
    )
    run.start(Kind.ACKNOWLEDGE, alert, alert.level, now=now)
    number = HandBack.objects.filter(acknowledgement__alert=alert).count()
    calls = _calls(alert, without=answer.by, now=now)
    sent = deliver(alert, calls, reason=Delivery.Reason.REOPENED, number=number, now=now)
    plan_calls(alert, called={*called_by(sent), answer.by_id}, now=now)
    timeline.add(
        alert.event,
        "alert_reopened" if by else "alert_taken_back",
        at=now,
        by=by,
        alert=alert.pk,
        level=alert.level,
        name=answer.by.name,
        reason=back.reason,
    )
    data = {"name": answer.by.name, "reason": back.reason}
    record("alerts.hand_back", alert, by=by, now=now, data=data)
    changes.note("alerts", "board", f"alert:{alert.pk}")
    return back


def _check(alert: Alert, answer: Acknowledgement | None) -> None:
    if answer is None:
        raise AlertError(_("Nobody has this alert on: there is nothing to hand back."))
    if alert.replaced_by is not None or not alert.event.is_open:
        raise AlertError(_("This alert is over: nobody needs to take it on any more."))


def _check_reason(reason: str, by: Member | None) -> None:
    if by is not None and not reason.strip():
        raise AlertError(_("Say why, so that whoever takes it on next knows."))


def _calls(alert: Alert, *, without: Member, now: datetime) -> list[Call]:
    """The next in line; where there is nobody else, all whom the rules name."""
    others = [member for member in line_of_duty(now) if member.pk != without.pk]
    calls = calls_to(others[:1], alert.event, alert.level)
    return calls or calls_by_rules(alert.event, alert.level, now=now)
