"""Public holidays of China and the weekends worked in their stead (调休), as days of a calendar.

They come from the chinesecalendar package, which knows a year only once the State Council has
announced it (in November of the year before). A year it does not know is an error here, not a
year without holidays: the site keeps its table in rows and is told what is missing.
"""

from __future__ import annotations

from datetime import date, timedelta

from chinese_calendar import is_workday

from tinglan.clocks.calendars import CLOSED, Day

_SATURDAY = 5


class HolidaysUnknownError(LookupError):
    """Nobody has announced this year's holidays to the package yet."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            f"the public holidays of {year} are not known: update the chinesecalendar package"
            " or enter the days in the calendar by hand"
        )


def chinese_days(year: int, *, hours: Day) -> dict[date, Day]:
    """The dates of a year that differ from a Monday-to-Friday week; `hours` are worked in 调休.

    >>> from tinglan.clocks.calendars import span
    >>> days = chinese_days(2026, hours=(span("09:00-18:00"),))
    >>> days[date(2026, 10, 1)], len(days[date(2026, 10, 10)])
    ((), 1)
    """
    differing: dict[date, Day] = {}
    on = date(year, 1, 1)
    try:
        while on.year == year:
            is_working, is_weekday = bool(is_workday(on)), on.weekday() < _SATURDAY
            if is_working != is_weekday:
                differing[on] = hours if is_working else CLOSED
            on += timedelta(days=1)
    except NotImplementedError as err:
        raise HolidaysUnknownError(year) from err
    return differing
