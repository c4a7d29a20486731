"""Working time as values: opening hours by weekday, days that differ, and arithmetic over both.

A calendar (工作日历) is a list of half-open spans for each weekday, several a day if need be, 24:00
being a legal end, and a table of dates that differ: public holidays, and the weekends worked in
their stead (调休). Spans are wall-clock time of the calendar's zone; durations are elapsed time, so
that the night of a change to summer time is an hour shorter. Nothing here reads a clock or a row.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
_ONE_DAY = timedelta(days=1)
# A calendar that stays shut this long is a mistake; better said than searched for ever.
_LONGEST_SEARCH = timedelta(days=366)


class CalendarError(ValueError):
    """The calendar cannot answer; the message says which and what to change."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open piece of a day in minutes after midnight; 1440 is 24:00."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= DAY_MINUTES:
            raise CalendarError(f"a span must lie within one day: {self.start}–{self.end} minutes")


def span(text: str) -> Span:
    """Read a span as people write it.

    >>> span("08:30-12:00"), span("22:00-24:00")
    (Span(start=510, end=720), Span(start=1320, end=1440))
    """
    try:
        start, end = (_minutes(part) for part in text.split("-"))
    except ValueError as err:
        raise CalendarError(f"not a span of hours: {text!r}; write it like 08:30-12:00") from err
    return Span(start, end)


Day = tuple[Span, ...]
WHOLE_DAY: Day = (Span(0, DAY_MINUTES),)
CLOSED: Day = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours: `week` from Monday to Sunday, `dates` for the days that differ from it."""

    name: str
    zone: ZoneInfo
    week: tuple[Day, Day, Day, Day, Day, Day, Day]
    dates: Mapping[date, Day] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for day in (*self.week, *self.dates.values()):
            if any(after.start < before.end for before, after in itertools.pairwise(day)):
                raise CalendarError(f"calendar {self.name!r}: spans of a day overlap or run back")

    def day(self, on: date) -> Day:
        """The open spans of a date."""
        return self.dates.get(on, self.week[on.weekday()])

    def ordinary_day(self) -> timedelta:
        """The length of the longest weekday: what "a working day" means as a duration."""
        longest = max(sum(each.end - each.start for each in day) for day in self.week)
        return timedelta(minutes=longest)


def always(zone: ZoneInfo) -> Calendar:
    """Around the clock, every day."""
    return Calendar("always", zone, (WHOLE_DAY,) * 7)


def extended(zone: ZoneInfo) -> Calendar:
    """Every day from 8 to 22, when a public-relations desk is staffed."""
    return Calendar("extended", zone, ((span("08:00-22:00"),),) * 7)


def business(zone: ZoneInfo, dates: Mapping[date, Day] | None = None) -> Calendar:
    """Monday to Friday from 9 to 18, and the dates that differ."""
    open_day = (span("09:00-18:00"),)
    week = (open_day, open_day, open_day, open_day, open_day, CLOSED, CLOSED)
    return Calendar("business", zone, week, dates or MappingProxyType({}))


def open_spans(calendar: Calendar, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open pieces of time from an instant on, in UTC, without end unless the calendar shuts.

    Hours that the change to summer time skips are empty, doubled ones last twice as long.
    """
    _require_zone(since)
    reached = since.astimezone(UTC)
    on = since.astimezone(calendar.zone).date()
    last_open = reached
    while reached - last_open <= _LONGEST_SEARCH:
        for piece in calendar.day(on):
            start = max(reached, _instant(on, piece.start, calendar.zone))
            end = _instant(on, piece.end, calendar.zone)
            if start < end:
                yield start, end
                reached = last_open = end
        on += _ONE_DAY
        reached = max(reached, _instant(on, 0, calendar.zone))
    raise CalendarError(
        f"calendar {calendar.name!r} has no open hours within a year of {last_open:%Y-%m-%d};"
        " give it opening hours"
    )


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the instant is working time.

    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> is_open(extended(shanghai), datetime(2026, 3, 2, 22, 0, tzinfo=shanghai))
    False
    """
    return next_open(calendar, at) == at


def next_open(calendar: Calendar, at: datetime) -> datetime:
    """The instant itself where it is working time, or else when work begins again."""
    start, _ = next(open_spans(calendar, at))
    return start.astimezone(calendar.zone)


def add_working(start: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    """The instant after so much working time; at the very end of a span it is that end.

    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> friday = datetime(2026, 3, 6, 16, 30, tzinfo=shanghai)
    >>> hours = Calendar("desk", shanghai, ((span("09:00-17:00"),),) * 5 + (CLOSED, CLOSED))
    >>> add_working(friday, timedelta(hours=1), hours).strftime("%a %H:%M")
    'Mon 09:30'
    """
    if amount < timedelta(0):
        raise CalendarError("working time is added forwards only")
    if not amount:
        return start
    for opens, closes in open_spans(calendar, start):
        if amount <= closes - opens:
            return (opens + amount).astimezone(calendar.zone)
        amount -= closes - opens
    raise AssertionError("open_spans ends only by raising")


def between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """The working time from one instant to a later one; nothing where the later is earlier.

    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> monday = datetime(2026, 3, 2, 21, 0, tzinfo=shanghai)
    >>> between(monday, monday + timedelta(days=1), extended(shanghai))
    datetime.timedelta(seconds=50400)
    """
    total = timedelta(0)
    _require_zone(end)
    if end <= start:
        return total
    for opens, closes in open_spans(calendar, start):
        if opens >= end:
            break
        total += min(closes, end.astimezone(UTC)) - opens
    return total


def add_days(start: datetime, count: int, calendar: Calendar) -> datetime:
    """The same time of day so many open days later, or when work next begins after it.

    A start outside working time counts from the next opening: a day from Saturday is Tuesday's
    opening, not Monday's.
    """
    opening = next_open(calendar, start)
    on = opening.date()
    searched = 0
    while count > 0:
        on += _ONE_DAY
        searched += 1
        if calendar.day(on):
            count -= 1
            searched = 0
        elif searched > _LONGEST_SEARCH.days:
            raise CalendarError(f"calendar {calendar.name!r} has no open day after {on}")
    same_time = datetime.combine(on, opening.timetz())
    return max(opening, next_open(calendar, same_time))


def _instant(on: date, minute: int, zone: ZoneInfo) -> datetime:
    """A wall-clock minute of a date as an instant in UTC; minute 1440 is the next midnight."""
    days, rest = divmod(minute, DAY_MINUTES)
    wall = datetime.combine(on + days * _ONE_DAY, time(rest // 60, rest % 60), zone)
    return wall.astimezone(UTC)


def _minutes(text: str) -> int:
    hours, minutes = text.strip().split(":")
    return int(hours) * 60 + int(minutes)


def _require_zone(at: datetime) -> None:
    if at.tzinfo is None:
        raise CalendarError(f"a time without a zone cannot be placed: {at.isoformat()}")
