"""When a clock is due: at its start, when the level changes, after a pause; and when it speaks up.

A due time is computed once and stored. A level that rises brings it nearer, but leaves at least a
quarter of the new target from now; a level that falls never gives a first response more time. A
clock speaks at half and at four fifths of its working time, and once when it is breached.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tinglan.clocks.calendars import Calendar, add_working, between
from tinglan.clocks.targets import FIRST_RESPONSE, ClockKind, Target

LONGEST_PAUSE = timedelta(hours=72)  # all pauses of one clock together


class Notice(StrEnum):
    """What a running clock says, each once, from the mildest on."""

    HALF = "half"
    LATE = "late"
    BREACHED = "breached"


_FRACTIONS = {Notice.HALF: 0.5, Notice.LATE: 0.8}
_ORDER = list(Notice)


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs: what it measures, from when, until when."""

    kind: ClockKind
    started_at: datetime
    due_at: datetime


def due_after_rise(
    clock: Running, target: Target, *, now: datetime, calendar: Calendar
) -> datetime:
    """The due time when the level rises: min(old, max(now + ¼ of the target, start + target)).

    >>> from zoneinfo import ZoneInfo
    >>> from tinglan.analysis.levels import Level
    >>> from tinglan.clocks.calendars import always
    >>> from tinglan.clocks.targets import DEFAULT_TARGETS
    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> nine = datetime(2026, 3, 2, 9, 0, tzinfo=shanghai)
    >>> clock = Running(ClockKind.HOLDING, nine, nine + timedelta(hours=4))
    >>> red = DEFAULT_TARGETS[clock.kind].by_level[Level.RED]
    >>> eleven = nine + timedelta(hours=2)
    >>> due_after_rise(clock, red, now=eleven, calendar=always(shanghai)).strftime("%H:%M")
    '11:15'
    """
    fresh = target.due_from(clock.started_at, calendar)
    soonest = target.quarter_from(now, calendar)
    return min(clock.due_at, max(soonest, fresh))


def due_after_fall(clock: Running, target: Target | None, *, calendar: Calendar) -> datetime:
    """The due time when the level falls: first responses keep theirs, others take the new target.

    Where the lower level has no such clock the old due time stands: only its act stops a clock.
    """
    if clock.kind in FIRST_RESPONSE or target is None:
        return clock.due_at
    return max(clock.due_at, target.due_from(clock.started_at, calendar))


def due_after_pause(
    clock: Running,
    *,
    paused_at: datetime,
    resumed_at: datetime,
    already_paused: timedelta,
    calendar: Calendar,
) -> datetime:
    """The due time after a pause: later by the working time lost, within the cap of all pauses."""
    if paused_at >= clock.due_at:
        return clock.due_at  # what is breached is not healed by waiting
    left = max(timedelta(0), LONGEST_PAUSE - already_paused)
    lost = between(paused_at, min(resumed_at, paused_at + left), calendar)
    return add_working(clock.due_at, lost, calendar)


def notice_at(clock: Running, notice: Notice, *, calendar: Calendar) -> datetime:
    """When a clock says this: after so much of the working time between its start and its due."""
    if notice is Notice.BREACHED:
        return clock.due_at
    whole = between(clock.started_at, clock.due_at, calendar)
    return add_working(clock.started_at, whole * _FRACTIONS[notice], calendar)


def notices_due(
    clock: Running, *, given: Collection[Notice], now: datetime, calendar: Calendar
) -> list[Notice]:
    """What the clock has to say now and has not said yet.

    A warning whose time passed unseen is dropped once a later one is due: after an outage nobody
    needs to hear "half" together with "breached".
    """
    passed = [each for each in _ORDER if notice_at(clock, each, calendar=calendar) <= now]
    said = max((_ORDER.index(each) for each in given), default=-1)
    return [each for each in passed[-1:] if _ORDER.index(each) > said]


def share_used(clock: Running, *, now: datetime, calendar: Calendar) -> float:
    """How much of the clock's working time is over; above 1 it is overdue.

    >>> from zoneinfo import ZoneInfo
    >>> from tinglan.clocks.calendars import always
    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> nine = datetime(2026, 3, 2, 9, 0, tzinfo=shanghai)
    >>> clock = Running(ClockKind.JUDGE, nine, nine + timedelta(minutes=30))
    >>> share_used(clock, now=nine + timedelta(minutes=15), calendar=always(shanghai))
    0.5
    """
    whole = between(clock.started_at, clock.due_at, calendar)
    if not whole:
        return float(now >= clock.due_at)
    return between(clock.started_at, now, calendar) / whole
