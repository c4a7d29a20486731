"""Somebody else takes a duty over, whole or for a part of it; or two members swap (换班、代班)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinglan.accounts.duty import check_free
from tinglan.accounts.errors import DutyError
from tinglan.accounts.models import Duty, Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a duty."""

    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def stand_in(
    duty: Duty, member: Member, *, part: Part | None = None, by: Member | None, now: datetime
) -> Duty:
    """The duty of `member`; what lies before and after the part stays with whoever had it.

    1. Whose duty it is may give it away, and administrators.
    2. What is past stays as it was: only what is to come changes hands.
    3. Both see on the roster for whom it is done.
    """
    duty = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
    _check_right(duty, by)
    part = _part_to_come(duty, part, now)
    _check(duty, member, part)
    before = duty.member
    _split_off(duty, part)
    _hand_over(duty, member)
    duty.starts_at, duty.ends_at = part.starts_at, part.ends_at
    duty.save()
    record("accounts.stand_in", duty, by=by, now=now, data=_told(duty, before))
    return duty


@transaction.atomic
def swap(one: Duty, other: Duty, *, by: Member | None, now: datetime) -> None:
    """Two members exchange duties that have not begun, both or none."""
    pair = Duty.objects.select_for_update(of=("self",)).in_bulk([one.pk, other.pk])
    one, other = pair[one.pk], pair[other.pk]
    _check_right(one, by)
    if min(one.starts_at, other.starts_at) <= now:
        raise DutyError(_("A duty that has begun cannot be swapped: let somebody stand in."))
    first, second = one.member, other.member
    check_free(second, one.starts_at, one.ends_at, besides=(one, other))
    check_free(first, other.starts_at, other.ends_at, besides=(one, other))
    for duty, taker, giver in ((one, second, first), (other, first, second)):
        _hand_over(duty, taker)
        duty.save()
        record("accounts.stand_in", duty, by=by, now=now, data=_told(duty, giver))


def _hand_over(duty: Duty, member: Member) -> None:
    """Whose it was stays on it, until it comes back to them."""
    whose = duty.stands_in_for or duty.member
    duty.member, duty.stands_in_for = member, None if whose == member else whose


def _part_to_come(duty: Duty, part: Part | None, now: datetime) -> Part:
    asked = part or Part(duty.starts_at, duty.ends_at)
    return Part(max(asked.starts_at, min(now, duty.ends_at)), asked.ends_at)


def _check_right(duty: Duty, by: Member | None) -> None:
    if by is None or by.pk != duty.member_id:
        require(by, Right.ADMINISTER)


def _check(duty: Duty, member: Member, part: Part) -> None:
    if not duty.starts_at <= part.starts_at < part.ends_at <= duty.ends_at:
        raise DutyError(_("Choose a time within the duty that is not over yet."))
    if member == duty.member:
        raise DutyError(_("%(name)s has this duty already.") % {"name": member.name})
    check_free(member, part.starts_at, part.ends_at)


def _split_off(duty: Duty, part: Part) -> None:
    """What is left on both sides of the part, as duties of their own."""
    left = ((duty.starts_at, part.starts_at), (part.ends_at, duty.ends_at))
    Duty.objects.bulk_create(
        Duty(
            member=duty.member,
            order=duty.order,
            stands_in_for=duty.stands_in_for,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        for starts_at, ends_at in left
        if starts_at < ends_at
    )


def _told(duty: Duty, before: Member) -> dict[str, str]:
    return {
        "name": duty.member.name,
        "before": before.name,
        "starts_at": f"{timezone.localtime(duty.starts_at):%Y-%m-%d %H:%M}",
        "ends_at": f"{timezone.localtime(duty.ends_at):%Y-%m-%d %H:%M}",
    }
