"""Write the duties of the rotations weeks ahead; begin, change and end a rotation.

The plan is pure: days, an order of members, and who is away. What was written stays, so that a
swap or a duty that somebody took away is not undone; only what no duty came of for want of a
member is tried again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinglan.accounts.duty import SHIFTS, is_free
from tinglan.accounts.models import Duty, Member
from tinglan.accounts.rights import Right, require
from tinglan.alerts.errors import AlertError
from tinglan.alerts.models import Place, Rotation, Turn
from tinglan.alerts.quiet import is_meant, working_days
from tinglan.audit.record import record

AHEAD = timedelta(days=28)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A day of a rotation, and how many handovers came before it."""

    day: date
    number: int


def slots(rotation: Rotation, *, last: date, is_working: Callable[[date], bool]) -> Iterator[Slot]:
    """The days that a rotation covers, from its first on. Daily, each covered day is a handover."""
    monday = rotation.starts_on - timedelta(days=rotation.starts_on.weekday())
    day, n_covered = rotation.starts_on, 0
    while day <= last:
        if is_meant(day, rotation.days, is_working=is_working):
            is_daily = rotation.handover == Rotation.Handover.DAILY
            yield Slot(day, n_covered if is_daily else (day - monday).days // 7)
            n_covered += 1
        day += ONE_DAY


def in_turn(members: Sequence[Member], number: int) -> list[Member]:
    """Whose turn it is, and who comes next where they cannot."""
    start = number % len(members) if members else 0
    return [*members[start:], *members[:start]]


def poll(now: datetime) -> int:
    """The worker's step: write what has come within reach; how many duties were written."""
    rotations = Rotation.objects.filter(is_enabled=True)
    return sum(fill(rotation.pk, now=now) for rotation in rotations)


@transaction.atomic
def fill(rotation_id: int, *, now: datetime) -> int:
    """The duties that are not there yet, from today on."""
    rotation = Rotation.objects.select_for_update().get(pk=rotation_id)
    today = timezone.localdate(now)
    turns = {turn.day: turn for turn in rotation.turns.filter(day__gte=today)}
    members, is_working, n_written = rotation.members, working_days(), 0
    for slot in slots(rotation, last=today + AHEAD, is_working=is_working):
        turn = turns.get(slot.day)
        is_settled = turn is not None and turn.member is not None and turn.member.is_active
        if slot.day >= today and not is_settled:
            n_written += _give(rotation, slot, members, turn, now=now)
    return n_written


@transaction.atomic
def save_rotation(
    rotation: Rotation, members: Sequence[Member], *, by: Member, now: datetime
) -> Rotation:
    """Duties to come that nobody swapped are written anew by the new order."""
    require(by, Right.ADMINISTER)
    if not members:
        raise AlertError(_("A rotation needs at least one member."))
    rotation.save()
    rotation.places.all().delete()
    Place.objects.bulk_create(
        Place(rotation=rotation, member=member, position=n) for n, member in enumerate(members)
    )
    _clear(rotation, now=now)
    if rotation.is_enabled:
        fill(rotation.pk, now=now)
    names = ", ".join(member.name for member in members)
    data = {"name": rotation.name, "members": names}
    record("alerts.save_rotation", rotation, by=by, now=now, data=data)
    return rotation


@transaction.atomic
def delete_rotation(rotation: Rotation, *, by: Member, now: datetime) -> None:
    """Its duties to come go with it; what was done stays."""
    require(by, Right.ADMINISTER)
    _clear(rotation, now=now)
    record("alerts.delete_rotation", rotation, by=by, now=now, data={"name": rotation.name})
    rotation.delete()


def _give(
    rotation: Rotation,
    slot: Slot,
    members: Sequence[Member],
    turn: Turn | None,
    *,
    now: datetime,
) -> bool:
    """To the first in turn who is free; with nobody free the day stays open, and shows."""
    starts_at, ends_at = SHIFTS[rotation.shift].on(slot.day)
    turn = turn or Turn(rotation=rotation, day=slot.day)
    if ends_at <= now:
        return False
    for member in in_turn(members, slot.number):
        if is_free(member, starts_at, ends_at):
            turn.member = member
            turn.duty = Duty.objects.create(
                member=member, starts_at=starts_at, ends_at=ends_at, order=rotation.order
            )
            break
    else:
        turn.member = turn.duty = None
    turn.save()
    return turn.duty is not None


def _clear(rotation: Rotation, *, now: datetime) -> None:
    """Take away what is to come; what somebody took over stays theirs."""
    coming = rotation.turns.filter(duty__starts_at__gt=now, duty__stands_in_for__isnull=True)
    Duty.objects.filter(turn__in=coming).delete()
    rotation.turns.filter(day__gt=timezone.localdate(now), duty__isnull=True).delete()
