"""What a new site starts with: three calendars and the first policy of targets.

Written once, by whoever first needs a target; rows that a site has edited stay as they are. The
public holidays of a year are added to the business calendar as soon as they are known.
"""

from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from tinglan.clocks import calendars, targets
from tinglan.clocks.holidays import HolidaysUnknownError, chinese_days
from tinglan.clocks.models import Calendar, Policy, Target

NAMES = {
    "always": gettext_noop("Around the clock"),
    "extended": gettext_noop("Daily 8:00–22:00"),
    "business": gettext_noop("Working hours"),
}


@transaction.atomic
def ensure_defaults(now: datetime) -> Policy:
    """Write the calendars and policy v1 where there is no policy; the policy in force."""
    current = Policy.objects.order_by("-version").first()
    if current is not None:
        return current
    zone = ZoneInfo(settings.TIME_ZONE)
    for each in (calendars.always(zone), calendars.extended(zone), calendars.business(zone)):
        Calendar.objects.get_or_create(code=each.name, defaults=_columns(each))
    extend_holidays(now)
    policy = Policy.objects.create(version=1, created_at=now)
    Target.objects.bulk_create(_targets(policy))
    return policy


@transaction.atomic
def extend_holidays(now: datetime) -> int:
    """Add the holidays of this year and the next where the business calendar lacks them."""
    calendar = Calendar.objects.select_for_update().filter(code="business").first()
    if calendar is None:
        return 0
    added: dict[str, list[list[str]]] = {}
    year = now.astimezone(ZoneInfo(calendar.zone)).year
    for each in (year, year + 1):
        if not any(on.startswith(f"{each}-") for on in calendar.days):
            added |= _holidays(calendar, each)
    if added:
        calendar.days = {**calendar.days, **added}
        calendar.save(update_fields=["days"])
    return len(added)


def _holidays(calendar: Calendar, year: int) -> dict[str, list[list[str]]]:
    """The days of a year that differ; none while the year is not announced."""
    monday = calendar.hours().week[0]
    days: dict[date, calendars.Day] = {}
    with suppress(HolidaysUnknownError):
        days = chinese_days(year, hours=monday)
    return {on.isoformat(): _ends(day) for on, day in days.items()}


def _columns(calendar: calendars.Calendar) -> dict[str, object]:
    return {
        "name": NAMES[calendar.name],
        "zone": calendar.zone.key,
        "week": [_ends(day) for day in calendar.week],
    }


def _ends(day: calendars.Day) -> list[list[str]]:
    return [[_clock_face(each.start), _clock_face(each.end)] for each in day]


def _clock_face(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _targets(policy: Policy) -> list[Target]:
    rows = {calendar.code: calendar for calendar in Calendar.objects.all()}
    return [
        Target(
            policy=policy,
            kind=kind.value,
            level=level.roman,
            amount=target.amount,
            unit=target.unit.value,
            calendar=rows[target.hours.value],
        )
        for kind, by_level in targets.DEFAULT_TARGETS.items()
        for level, target in by_level.by_level.items()
    ]
