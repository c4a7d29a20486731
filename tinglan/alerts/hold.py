"""Why a message waits though it could be sent. A hold defers and never drops.

Red and orange wait for nothing but the rate of a channel, of which they keep a part for
themselves. Inside the product nothing waits, since it disturbs nobody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tinglan.alerts.channels import registry
from tinglan.alerts.deliver import GIVE_UP_AFTER
from tinglan.alerts.models import Channel, Delivery
from tinglan.alerts.quiet import quiet_until
from tinglan.events.models import Level, LevelChange
from tinglan.lib import clock

Held = Delivery.Held
Reason = Delivery.Reason

GRAVE = frozenset({Level.RED, Level.ORANGE})
GROUP_WAIT = timedelta(seconds=60)  # warning-levels §3.4, level III
GATHERED = frozenset(
    {Reason.FIRST, Reason.LEVEL_UP, Reason.TIER1, Reason.SLA_WARN, Reason.SLA_BREACH}
)
DIGEST_AFTER = timedelta(minutes=25)  # blue is promised within 30
STORM, STORM_WITHIN = 5, timedelta(minutes=10)  # more than a person reads one by one
LONGEST_STORM = timedelta(hours=1)
LONGEST_QUIET = timedelta(hours=24)
A_MINUTE = timedelta(seconds=60)
KEPT_FOR_GRAVE = 5  # of the sends that a channel takes in a minute
LOOK_AGAIN = timedelta(seconds=60)  # wall time; the site clock may be set meanwhile


@dataclass(frozen=True, slots=True)
class Hold:
    why: str
    until: datetime  # site time


def hold_of(delivery: Delivery, *, now: datetime, wall: datetime) -> Hold | None:
    """Why the message waits now, the longest wait first; None when it may go."""
    if delivery.channel_kind not in registry.KINDS:
        return None  # it fails at once, where it shows
    module = registry.channel(delivery.channel_kind)
    if module.is_inside:
        return None
    found = [hold for look in _looks(delivery) if (hold := look(delivery, now))]
    if not found and module.per_minute is not None:
        return _rate(delivery, module.per_minute, now=now, wall=wall)
    return max(found, key=lambda hold: hold.until, default=None)


def keep(delivery: Delivery, hold: Hold) -> None:
    """Write it down; the time in which it may be sent begins when the wait is over."""
    delivery.state, delivery.held_until, delivery.held_why = (
        Delivery.State.PENDING,
        hold.until,
        hold.why,
    )
    if delivery.deadline_at is not None:
        patience = GIVE_UP_AFTER.get(delivery.level) or timedelta(0)
        delivery.deadline_at = max(delivery.deadline_at, hold.until + patience)
    delivery.save(update_fields=["state", "held_until", "held_why", "deadline_at"])


def delay_of(hold: Hold, *, now: datetime) -> timedelta:
    """How long the lease steps back, in wall time."""
    wait = (hold.until - now) / max(clock.rate(), 1e-6)
    return min(max(wait, timedelta(milliseconds=200)), LOOK_AGAIN)


def take_place(channel: Channel, wall: datetime) -> None:
    """Count a send of now, in the transaction that marks it as being sent."""
    if channel.kind not in registry.KINDS or registry.channel(channel.kind).per_minute is None:
        return
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    channel.lately = [*_lately(channel, wall), wall.timestamp()]
    channel.save(update_fields=["lately"])


def _looks(delivery: Delivery) -> Iterator[Callable[[Delivery, datetime], Hold | None]]:
    if delivery.level in GRAVE or delivery.reason in {Reason.TEST, Reason.DIGEST}:
        return
    if delivery.alert_id is not None and not _is_of_red_line(delivery):
        yield _digest if delivery.level == Level.BLUE else _group
        yield _storm
    yield _quiet


def _is_of_red_line(delivery: Delivery) -> bool:
    """A red line waits neither for company nor for a storm to pass."""
    change = delivery.alert.change if delivery.alert else None
    return change is not None and change.reason == LevelChange.Reason.FLOOR


def _digest(delivery: Delivery, now: datetime) -> Hold | None:
    until = delivery.created_at + DIGEST_AFTER
    return Hold(Held.DIGEST, until) if until > now else None


def _group(delivery: Delivery, now: datetime) -> Hold | None:
    """What goes another way already does not wait for company."""
    until = delivery.created_at + GROUP_WAIT
    is_gathered = delivery.reason in GATHERED and not delivery.instead_of_id
    return Hold(Held.GROUP, until) if is_gathered and until > now else None


def _quiet(delivery: Delivery, now: datetime) -> Hold | None:
    """Hours without an end must not keep a message for ever."""
    longest = delivery.created_at + LONGEST_QUIET
    until = quiet_until(delivery.recipient, now)
    return Hold(Held.QUIET, min(until, longest)) if until and now < longest else None


def _storm(delivery: Delivery, now: datetime) -> Hold | None:
    """So many messages in a while to the same reader, then a summary of the rest."""
    same = Delivery.objects.filter(
        channel=delivery.channel_id, recipient=delivery.recipient_id, told_in__isnull=True
    ).exclude(level__in=GRAVE)
    n_on_their_way = same.filter(state=Delivery.State.SENDING).count()
    lately = same.filter(sent_at__gt=now - STORM_WITHIN).order_by("-sent_at")
    sent = [at for at in lately.values_list("sent_at", flat=True)[:STORM] if at]
    times = [now] * n_on_their_way + sent
    if len(times) < STORM or now >= delivery.created_at + LONGEST_STORM:
        return None
    return Hold(Held.STORM, times[STORM - 1] + STORM_WITHIN)


def _rate(delivery: Delivery, per_minute: int, *, now: datetime, wall: datetime) -> Hold | None:
    """A sliding minute of wall time, since the other side knows no other."""
    channel = Channel.objects.select_for_update().get(pk=delivery.channel_id)
    lately = _lately(channel, wall)
    most = per_minute if delivery.level in GRAVE else per_minute - KEPT_FOR_GRAVE
    if len(lately) < most:
        return None
    wait = lately[-most] + A_MINUTE.total_seconds() - wall.timestamp()
    return Hold(Held.RATE, now + timedelta(seconds=max(wait, 0.2)) * clock.rate())


def _lately(channel: Channel, wall: datetime) -> list[float]:
    since = (wall - A_MINUTE).timestamp()
    return [at for at in channel.lately if at > since]
