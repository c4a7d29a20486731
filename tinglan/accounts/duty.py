"""The duty roster: who is called when, and when nobody would be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tinglan.accounts.errors import DutyError
from tinglan.accounts.models import Duty, Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time without anybody on duty."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A usual stretch of duty; a night ends on the next day."""

    code: str
    label: Promise
    start: time
    length: timedelta

    def on(self, day: date) -> tuple[datetime, datetime]:
        starts_at = timezone.make_aware(datetime.combine(day, self.start))
        return starts_at, starts_at + self.length


SHIFTS = {
    shift.code: shift
    for shift in (
        Shift(
            code="day",
            label=gettext_lazy("Day, 08:00–20:00"),
            start=time(8),
            length=timedelta(hours=12),
        ),
        Shift(
            code="night",
            label=gettext_lazy("Night, 20:00–08:00"),
            start=time(20),
            length=timedelta(hours=12),
        ),
        Shift(
            code="whole",
            label=gettext_lazy("24 hours from 08:00"),
            start=time(8),
            length=timedelta(hours=24),
        ),
    )
}


@transaction.atomic
def fill_roster(
    member: Member,
    days: Iterable[date],
    *,
    shift: Shift,
    order: int = 1,
    by: Member | None,
    now: datetime,
) -> list[Duty]:
    """The same shift on each of the days, or none of them."""
    times = [shift.on(day) for day in days]
    return [
        put_on_duty(member, starts_at=start, ends_at=end, order=order, by=by, now=now)
        for start, end in times
    ]


@transaction.atomic
def put_on_duty(
    member: Member,
    *,
    starts_at: datetime,
    ends_at: datetime,
    order: int = 1,
    by: Member | None,
    now: datetime,
) -> Duty:
    require(by, Right.ADMINISTER)
    _check(member, starts_at, ends_at)
    duty = Duty.objects.create(member=member, starts_at=starts_at, ends_at=ends_at, order=order)
    record("accounts.put_on_duty", duty, by=by, now=now, data=_told(duty))
    return duty


@transaction.atomic
def take_off_duty(duty: Duty, *, by: Member | None, now: datetime) -> None:
    require(by, Right.ADMINISTER)
    record("accounts.take_off_duty", duty, by=by, now=now, data=_told(duty))
    duty.delete()


def on_duty(now: datetime) -> list[Member]:
    """Those who are on duty at a moment, first in line first, nobody twice."""
    duties = Duty.objects.at(now).select_related("member")
    return list(dict.fromkeys(duty.member for duty in duties))


def gaps(duties: Iterable[Duty], *, start: datetime, end: datetime) -> list[Gap]:
    """When in a window nobody is on duty."""
    found: list[Gap] = []
    covered = start
    for duty in sorted(duties, key=lambda duty: duty.starts_at):
        if duty.starts_at > covered:
            found.append(Gap(starts_at=covered, ends_at=min(duty.starts_at, end)))
        covered = max(covered, duty.ends_at)
        if covered >= end:
            return found
    return [*found, Gap(starts_at=covered, ends_at=end)]


def is_free(member: Member, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the member may be on duty and is not yet, in a time."""
    return member.can(Right.ACKNOWLEDGE) and not _overlap(member, starts_at, ends_at).exists()


def check_free(
    member: Member, starts_at: datetime, ends_at: datetime, *, besides: Iterable[Duty] = ()
) -> None:
    """Raise DutyError, with what stands in the way, where the member is not free."""
    if not member.can(Right.ACKNOWLEDGE):
        raise DutyError(
            _("%(name)s may not acknowledge alerts: give them the role of duty officer first.")
            % {"name": member.name}
        )
    overlap = _overlap(member, starts_at, ends_at)
    if overlap.exclude(pk__in=[duty.pk for duty in besides]).exists():
        raise DutyError(_("%(name)s is on duty then already.") % {"name": member.name})


def _overlap(member: Member, starts_at: datetime, ends_at: datetime) -> QuerySet[Duty]:
    return member.duties.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


def _check(member: Member, starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise DutyError(_("A duty ends after it starts: check the two times."))
    check_free(member, starts_at, ends_at)


def _told(duty: Duty) -> dict[str, str | int]:
    return {
        "name": duty.member.name,
        "starts_at": f"{timezone.localtime(duty.starts_at):%Y-%m-%d %H:%M}",
        "ends_at": f"{timezone.localtime(duty.ends_at):%Y-%m-%d %H:%M}",
        "order": duty.order,
    }
