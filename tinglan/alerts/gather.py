"""Tell several waiting messages in one (汇总), to the same reader by the same channel.

The one message is a delivery of its own, written once with what it tells: it is tried again as it
is and never gathered anew (I-09). Those told in it share its fate, and each says where it is
(I-05). What is grave is told alone.
"""

from collections.abc import Sequence
from datetime import datetime

from tinglan.alerts.deliver import GIVE_UP_AFTER, RANK, stable_id
from tinglan.alerts.hold import GRAVE
from tinglan.alerts.models import Delivery
from tinglan.alerts.need import why_not_needed
from tinglan.events.models import Level
from tinglan.lib import claims

MOST = 50  # in one message; the rest goes in the next
State = Delivery.State


def gather(delivery: Delivery, *, now: datetime) -> Delivery | None:
    """The one message of this and what waits with it; None when it is alone and goes by itself."""
    others = [one for one in _waiting_with(delivery) if not why_not_needed(one, now)]
    if not others:
        return None
    told = [delivery, *others]
    digest = _digest_of(told, now=now)
    Delivery.objects.filter(pk__in=[one.pk for one in told]).update(
        state=State.JOINED, told_in=digest
    )
    claims.announce(digest, rank=RANK[Level(digest.level)])
    return digest


def _waiting_with(delivery: Delivery) -> Sequence[Delivery]:
    """Those held for the same reason; a group is the messages of one event."""
    is_fresh = delivery.held_why and delivery.n_attempts == 0
    if not is_fresh or delivery.alert is None or delivery.level in GRAVE:
        return []
    pending = Delivery.objects.filter(state=State.PENDING, n_attempts=0).exclude(level__in=GRAVE)
    others = pending.select_for_update(of=("self",), skip_locked=True).filter(
        channel=delivery.channel_id,
        recipient=delivery.recipient_id,
        held_why=delivery.held_why,
        alert__isnull=False,
    )
    if delivery.held_why == Delivery.Held.GROUP:
        others = others.filter(alert__event=delivery.alert.event_id)
    return list(others.exclude(pk=delivery.pk).order_by("id")[: MOST - 1])


def _digest_of(told: Sequence[Delivery], *, now: datetime) -> Delivery:
    first = told[0]
    gravest = Level(min((one.level for one in told), key=lambda level: RANK[Level(level)]))
    patience = GIVE_UP_AFTER[gravest]
    return Delivery.objects.create(
        channel=first.channel,
        channel_kind=first.channel_kind,
        recipient=first.recipient,
        address=first.address,
        level=gravest,
        reason=Delivery.Reason.DIGEST,
        stable_id=stable_id(f"digest/{first.stable_id}"),
        mentioned=sorted({pk for one in told for pk in one.mentioned}),
        created_at=now,
        deadline_at=now + patience if patience else None,
    )
