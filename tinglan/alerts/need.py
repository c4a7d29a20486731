"""Whether a message is still needed: looked at again when it is about to be sent (I-07)."""

from datetime import datetime

from tinglan.alerts.inhibit import taken_on_with_parent
from tinglan.alerts.models import Alert, Delivery
from tinglan.approvals.models import Request

Reason = Delivery.Reason


def why_not_needed(delivery: Delivery, now: datetime) -> str:
    """What has happened since the delivery was written; "" when it is still needed."""
    if delivery.request is not None:
        return _why_decided(delivery.request, delivery)
    if delivery.reason == Reason.DIGEST:
        return "" if drop_joined_not_needed(delivery, now) else "nothing in it is needed any more"
    alert = delivery.alert
    if alert is None:
        return ""
    if delivery.reason == Reason.REMINDER:
        return _why_over(alert) or ("" if alert.answer else "nobody has it on any more")
    if alert.answer is not None:
        return f"acknowledged by {alert.answer.by.name}"
    return _why_over(alert) or _why_known(alert, delivery)


def drop_joined_not_needed(digest: Delivery, now: datetime) -> int:
    """Take out of a message with several alerts what is not needed any more; what is left."""
    n_left = 0
    for one in digest.joined.filter(state=Delivery.State.JOINED):
        if why := why_not_needed(one, now):
            one.drop(why)
        else:
            n_left += 1
    return n_left


def _why_over(alert: Alert) -> str:
    if alert.silence_id is not None:
        return f"silenced by silence {alert.silence_id}"
    if alert.replaced_by_id is not None:
        return f"replaced by alert {alert.replaced_by_id}"
    if alert.event.merged_into_id is not None:
        return f"merged into event {alert.event.merged_into_id}"
    if alert.event.ended_at is not None:
        return "the event has ended"
    return ""


def _why_known(alert: Alert, delivery: Delivery) -> str:
    """Who has the graver parent event on is not called for what grows out of it."""
    answer = taken_on_with_parent(alert.event, alert.level)
    if answer is None or delivery.recipient_id != answer.by_id:
        return ""
    return f"{answer.by.name} has the graver event {answer.alert.event_id} on"


def _why_decided(request: Request, delivery: Delivery) -> str:
    member = delivery.recipient
    if delivery.number != request.step or request.next_right is None:
        return "the step is decided"
    return "" if member and request.waits_for(member) else "it waits for somebody else"
