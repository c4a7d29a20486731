"""What an attempt means for its delivery, its channel and the people behind.

Called in the transaction that ends or puts off the lease. A delivery that fails for good, or that a
grave alert cannot wait for, goes on by the next channel at once (I-11).
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member, line_of_duty
from tinglan.accounts.rights import Role
from tinglan.alerts.audience import Call, other_ways
from tinglan.alerts.channels.contract import Answer
from tinglan.alerts.deliver import deliver
from tinglan.alerts.errors import DeliveryError
from tinglan.alerts.hold import GRAVE
from tinglan.alerts.models import Attempt, Channel, Delivery
from tinglan.alerts.tell import tell
from tinglan.audit.record import record
from tinglan.events import timeline
from tinglan.lib import changes, clock

PATIENCE = timedelta(minutes=1)  # a grave alert does not wait longer for one channel (I-08)


def succeed(delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    delivery.state, delivery.sent_at, delivery.retry_at = Delivery.State.SENT, now, None
    delivery.save(update_fields=["state", "sent_at", "retry_at"])
    _joined(delivery).update(state=Delivery.State.SENT, sent_at=now)
    _note_attempt(delivery, is_ok=True, answer=answer.text, now=now)
    Channel.objects.filter(pk=delivery.channel_id).update(is_broken=False, last_success_at=now)


def drop(delivery: Delivery, why: str) -> None:
    """Nobody needs it any more, nor what it would have told besides."""
    delivery.drop(why)
    for one in _joined(delivery):
        one.drop(why)


def note_failure(delivery: Delivery, error: DeliveryError, *, now: datetime) -> None:
    """The attempt, and the error where the page of the channel shows it."""
    _note_attempt(delivery, is_ok=False, answer=str(error), now=now)
    delivery.last_error = str(error)[:2000]
    delivery.save(update_fields=["last_error"])
    Channel.objects.filter(pk=delivery.channel_id).update(
        last_error=str(error)[:2000], last_error_at=now
    )


def retry_later(delivery: Delivery, *, wait: timedelta, now: datetime) -> None:
    delivery.state, delivery.retry_at = Delivery.State.PENDING, clock.wall() + wait
    delivery.save(update_fields=["state", "retry_at"])
    waited = now - delivery.created_at + wait
    if delivery.level in GRAVE and waited > PATIENCE:
        use_next_channel(delivery, now=now)


def fail(delivery: Delivery, error: DeliveryError, *, now: datetime) -> None:
    """Refused for good, or out of time."""
    delivery.state, delivery.retry_at = Delivery.State.FAILED, None
    delivery.save(update_fields=["state", "retry_at"])
    if error.permanent and not error.is_about_address:
        _mark_broken(delivery.channel, error, now=now)
    _go_on_without(delivery, now=now)


def give_up(delivery: Delivery, why: str, *, now: datetime) -> None:
    """It cannot be sent any more: its time is over, or its channel was switched off."""
    delivery.state, delivery.retry_at = Delivery.State.FAILED, None
    delivery.last_error = "; ".join(filter(None, [why, delivery.last_error]))[:2000]
    delivery.save(update_fields=["state", "retry_at", "last_error"])
    _go_on_without(delivery, now=now)


def use_next_channel(delivery: Delivery, *, now: datetime) -> Delivery | None:
    """The same message by the first way that was not tried yet; None when there is none."""
    call = _next_way(delivery, now)
    if call is None or delivery.alert is None or delivery.replacements.exists():
        return None
    sent = deliver(
        delivery.alert,
        [call],
        reason=delivery.reason,
        number=delivery.number,
        now=now,
        instead_of=delivery,
    )
    return sent[0] if sent else None


def _next_way(delivery: Delivery, now: datetime) -> Call | None:
    """Where a group was the recipient, whoever it called by name hears of it in person; else the
    first in line.
    """
    alert = delivery.alert
    if alert is None:
        return None
    tried = set(alert.deliveries.filter(number=delivery.number).values_list("channel", "recipient"))
    named = Member.objects.filter(pk__in=delivery.mentioned, is_active=True).first()
    member = delivery.recipient or named or next(iter(line_of_duty(now)), None)
    for call in other_ways(alert.event, alert.level, member):
        if (call.channel.pk, call.member.pk if call.member else None) not in tried:
            return call
    return None


def _joined(delivery: Delivery) -> QuerySet[Delivery]:
    """What this one message tells besides itself."""
    return delivery.joined.filter(state=Delivery.State.JOINED)


def _go_on_without(delivery: Delivery, *, now: datetime) -> None:
    """By the next channel; where several were told in one message, each of them."""
    for one in _joined(delivery):
        one.state, one.last_error = Delivery.State.FAILED, delivery.last_error
        one.save(update_fields=["state", "last_error"])
        _go_on_without(one, now=now)
    alert = delivery.alert
    if alert is None or use_next_channel(delivery, now=now) is not None:
        return
    if alert.reached_nobody:
        timeline.add(alert.event, "alert_reached_nobody", at=now, alert=alert.pk, level=alert.level)
        changes.note("alerts", "board")


def _mark_broken(channel: Channel, error: DeliveryError, *, now: datetime) -> None:
    """Say so on its row and to the administrators, once until it works again."""
    if channel.is_broken or not channel.is_enabled:
        return
    channel.is_broken = True
    channel.is_enabled = not error.is_gone  # 410: the other side wants nothing more
    channel.save(update_fields=["is_broken", "is_enabled"])
    facts = {"name": channel.name, "gone": error.is_gone}
    record("alerts.mark_broken", channel, by=None, now=now, data=facts)
    for member in Member.objects.holding(Role.ADMINISTRATOR):
        tell(
            member,
            stable_id=f"channel {channel.pk} broken {now:%Y%m%d%H%M%S}",
            title=_broken_title(member, channel),
            text=str(error)[:500],
            url="/settings/channels",
            now=now,
        )


def _broken_title(member: Member, channel: Channel) -> str:
    with translation.override(member.language):
        return _("The channel “%(name)s” does not work") % {"name": channel.name}


def _note_attempt(delivery: Delivery, *, is_ok: bool, answer: str, now: datetime) -> None:
    Attempt.objects.create(
        delivery=delivery, number=delivery.n_attempts, at=now, is_ok=is_ok, answer=answer[:2000]
    )
    if delivery.alert_id:
        changes.note("alerts", f"alert:{delivery.alert_id}")
    else:
        changes.note("channels")
