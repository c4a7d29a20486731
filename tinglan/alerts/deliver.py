"""Put messages on their way: a Delivery per call, announced in the transaction of its cause."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from tinglan.accounts.models import Member
from tinglan.alerts.audience import Call
from tinglan.alerts.channels import registry
from tinglan.alerts.models import Alert, Channel, Delivery
from tinglan.approvals.models import Request
from tinglan.events.models import Level
from tinglan.lib import claims
from tinglan.lib.vault import VaultError

# Warning-levels §3: red is tried until somebody acknowledges.
GIVE_UP_AFTER: dict[str, timedelta | None] = {
    Level.RED: None,
    Level.ORANGE: timedelta(hours=12),
    Level.YELLOW: timedelta(hours=24),
    Level.BLUE: timedelta(hours=24),
}
RANK = {Level.RED: 0, Level.ORANGE: 1, Level.YELLOW: 2, Level.BLUE: 3}
TEST_DEADLINE = timedelta(minutes=10)
REQUEST_DEADLINE = timedelta(hours=24)


def deliver(
    alert: Alert,
    calls: Iterable[Call],
    *,
    reason: str,
    now: datetime,
    number: int = 0,
    instead_of: Delivery | None = None,
) -> list[Delivery]:
    """Write and announce the deliveries that are not there yet."""
    wait = GIVE_UP_AFTER[alert.level]
    wanted = [
        _delivery(call, cause=f"alert {alert.key}", reason=reason, number=number) for call in calls
    ]
    there = Delivery.objects.filter(stable_id__in=[one.stable_id for one in wanted])
    known = set(there.values_list("stable_id", flat=True))
    new = [one for one in wanted if one.stable_id not in known]
    for one in new:
        one.alert, one.level, one.created_at = alert, alert.level, now
        one.deadline_at = now + wait if wait else None
        one.instead_of = instead_of
        one.save()
    claims.announce(*new, rank=RANK[Level(alert.level)])
    return new


def deliver_test(call: Call, *, number: int, now: datetime) -> Delivery:
    """A test goes the same way as an alert, so that it proves the whole way (I-02)."""
    one = _delivery(call, cause="test", reason=Delivery.Reason.TEST, number=number)
    one.created_at, one.deadline_at = now, now + TEST_DEADLINE
    one.save()
    claims.announce(one)
    return one


def deliver_request(
    request: Request, member: Member, channel: Channel, *, level: str, now: datetime
) -> Delivery | None:
    """Once for each step, person and channel; None where it was there before."""
    address = _address(member, channel)
    cause = f"request {request.pk}"
    one = _delivery(
        Call(channel, member, address),
        cause=cause,
        reason=Delivery.Reason.APPROVAL,
        number=request.step,
    )
    if not address or Delivery.objects.filter(stable_id=one.stable_id).exists():
        return None
    one.request, one.level, one.created_at = request, level, now
    one.deadline_at = now + REQUEST_DEADLINE
    one.save()
    claims.announce(one, rank=RANK.get(Level(level), 2) if level else 2)
    return one


def _address(member: Member, channel: Channel) -> str:
    try:
        return registry.channel(channel.kind).address_of(member, channel.config)
    except VaultError:
        return channel.name


def _delivery(call: Call, *, cause: str, reason: str, number: int) -> Delivery:
    who = call.member.pk if call.member else "channel"
    return Delivery(
        channel=call.channel,
        channel_kind=call.channel.kind,
        recipient=call.member,
        address=call.address,
        mentioned=list(call.mentioned),
        reason=reason,
        number=number,
        stable_id=stable_id(f"{cause}/{who}/{call.channel.pk}/{reason}/{number}"),
    )


def stable_id(key: str) -> str:
    """The same key always gives the same id; another installation gives another."""
    return f"tl_{uuid.uuid5(uuid.NAMESPACE_URL, f'{settings.SITE_URL}/{key}').hex}"
