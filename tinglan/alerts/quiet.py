"""Until when it is quiet for somebody; and change the hours."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Right, require
from tinglan.alerts.errors import AlertError
from tinglan.alerts.models import Days, QuietHours
from tinglan.audit.record import record
from tinglan.clocks.calendars import CLOSED
from tinglan.clocks.models import Calendar

WORKING_DAYS = "business"  # the calendar that knows holidays and 调休
ONE_DAY = timedelta(days=1)
MOST_JOINED = 4  # hours that follow on one another, longer than any night


def quiet_until(member: Member | None, now: datetime) -> datetime | None:
    """When the quiet of now ends; None when it is not quiet. Without a member: for a group."""
    hours = list(QuietHours.objects.filter(Q(member=None) | Q(member=member)))
    if not hours:
        return None
    is_working, until = working_days(), now
    for _round in range(MOST_JOINED):
        ends = [end for one in hours if (end := _end_of(one, until, is_working))]
        if not ends:
            break
        until = max(ends)
    return until if until > now else None


def working_days() -> Callable[[date], bool]:
    """Which days are worked, by the working calendar of the site."""
    row = Calendar.objects.filter(code=WORKING_DAYS).first()
    if row is None:
        return lambda day: day.weekday() < 5
    calendar = row.hours()
    return lambda day: calendar.day(day) != CLOSED


def is_meant(day: date, days: str, *, is_working: Callable[[date], bool]) -> bool:
    if days == Days.EVERY:
        return True
    return is_working(day) == (days == Days.WORKING)


@transaction.atomic
def save_quiet_hours(hours: QuietHours, *, by: Member, now: datetime) -> QuietHours:
    """Everybody keeps their own hours, administrators those of all."""
    _check_right(hours, by)
    if hours.starts == hours.ends:
        raise AlertError(_("Quiet hours end at another time than they start: correct one."))
    hours.save()
    record("alerts.save_quiet_hours", hours, by=by, now=now, data=_told(hours))
    return hours


@transaction.atomic
def delete_quiet_hours(hours: QuietHours, *, by: Member, now: datetime) -> None:
    _check_right(hours, by)
    record("alerts.delete_quiet_hours", hours, by=by, now=now, data=_told(hours))
    hours.delete()


def _end_of(hours: QuietHours, at: datetime, is_working: Callable[[date], bool]) -> datetime | None:
    """The end of these hours where the moment lies in them; a night belongs to its first day."""
    local = timezone.localtime(at)
    if not hours.lasts(local.time()):
        return None
    begun_yesterday = hours.runs_past_midnight and local.time() < hours.ends
    day = local.date() - ONE_DAY if begun_yesterday else local.date()
    if not is_meant(day, hours.days, is_working=is_working):
        return None
    ends_on = day + ONE_DAY if hours.runs_past_midnight else day
    return _moment(ends_on, hours.ends)


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _check_right(hours: QuietHours, by: Member) -> None:
    if hours.member_id is None:
        require(by, Right.ADMINISTER)
    elif hours.member_id != by.pk:
        raise ForbiddenError(Right.ADMINISTER)
    else:
        require(by, Right.SEE)


def _told(hours: QuietHours) -> dict[str, str]:
    return {"hours": str(hours), "name": hours.member.name if hours.member else ""}
