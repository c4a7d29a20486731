"""The clocks that run on an event and their targets by level: the defaults of a new site.

These are internal targets that a site edits, not duties of the law; `basis` says where each comes
from, and the manual prints it, so that nobody mistakes five hours for a statute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from tinglan.analysis.levels import Level
from tinglan.clocks.calendars import Calendar, add_days, add_working


class ClockKind(StrEnum):
    """What must be done in time (时限种类) on an event; the values are those of the rows."""

    ACKNOWLEDGE = "acknowledge"  # 签收
    JUDGE = "judge"  # 初判
    ASSEMBLE = "assemble"  # the working group, roles assigned
    PRESERVE = "preserve"  # 取证
    HOLDING = "holding"  # the holding statement or first public reply, 首次回应
    INFORM = "inform"  # facts verified and authoritative information out
    FULL = "full"  # full statement or briefing
    UPDATE = "update"  # runs anew after each update while the event is open
    EXECUTIVE = "executive"  # report to the leaders
    CONTACT = "contact"  # the affected consumer, privately
    REVIEW = "review"  # 复盘, from the closure on
    PROMISE = "promise"  # due when it was promised: no target by level
    TASK = "task"  # due when it was agreed: no target by level


# A level that falls never gives these more time.
FIRST_RESPONSE = frozenset(
    {
        ClockKind.ACKNOWLEDGE,
        ClockKind.JUDGE,
        ClockKind.HOLDING,
        ClockKind.CONTACT,
    }
)


class Unit(StrEnum):
    """How an amount is counted: elapsed minutes, or days on which the calendar is open."""

    MINUTES = "minutes"
    DAYS = "business_days"


class Hours(StrEnum):
    """Which calendar a target runs on."""

    ALWAYS = "always"
    EXTENDED = "extended"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Target:
    """So much time on such a calendar."""

    amount: int
    unit: Unit
    hours: Hours

    def due_from(self, start: datetime, calendar: Calendar) -> datetime:
        """When it is due, counted from `start` on the calendar that `hours` names."""
        if self.unit is Unit.DAYS:
            return add_days(start, self.amount, calendar)
        return add_working(start, timedelta(minutes=self.amount), calendar)

    def quarter_from(self, start: datetime, calendar: Calendar) -> datetime:
        """A quarter of the target after `start`: the least time that a raised level leaves."""
        whole = timedelta(minutes=self.amount)
        if self.unit is Unit.DAYS:
            whole = self.amount * calendar.ordinary_day()
        return add_working(start, whole / 4, calendar)


@dataclass(frozen=True, slots=True)
class ClockTargets:
    """The targets of one clock by level, and what they rest on. A level may have no such clock."""

    basis: str
    by_level: Mapping[Level, Target]


def _always(minutes: int) -> Target:
    return Target(minutes, Unit.MINUTES, Hours.ALWAYS)


def _extended(minutes: int) -> Target:
    return Target(minutes, Unit.MINUTES, Hours.EXTENDED)


def _extended_days(days: int) -> Target:
    return Target(days, Unit.DAYS, Hours.EXTENDED)


def _business(minutes: int) -> Target:
    return Target(minutes, Unit.MINUTES, Hours.BUSINESS)


def _business_days(days: int) -> Target:
    return Target(days, Unit.DAYS, Hours.BUSINESS)


def _targets(basis: str, *targets: Target) -> ClockTargets:
    """Targets from red downwards; the levels that are left out have no such clock."""
    gravest_first = (Level.RED, Level.ORANGE, Level.YELLOW, Level.BLUE)
    by_level = dict(zip(gravest_first, targets, strict=False))
    return ClockTargets(basis, MappingProxyType(by_level))


HOUR = 60
DAY = 24 * HOUR

# A day on a calendar that is open daily is the same time tomorrow; on the business calendar "24 h"
# is one working day, since blue runs on working time.
DEFAULT_TARGETS: Mapping[ClockKind, ClockTargets] = MappingProxyType(
    {
        ClockKind.ACKNOWLEDGE: _targets(
            "on-call practice", _always(5), _always(10), _always(30), _business(4 * HOUR)
        ),
        ClockKind.JUDGE: _targets(
            "DB4401: automatic grading with experts",
            _always(10),
            _always(30),
            _extended(2 * HOUR),
            _business_days(1),
        ),
        ClockKind.ASSEMBLE: _targets("ISO 22361 clause 6", _always(30), _always(1 * HOUR)),
        ClockKind.PRESERVE: _targets(
            "evidence rules of the courts", _always(30), _always(1 * HOUR), _extended(4 * HOUR)
        ),
        ClockKind.HOLDING: _targets(
            "crisis practice: first hour, golden four hours",
            _always(1 * HOUR),
            _always(2 * HOUR),
            _extended(4 * HOUR),
            _business_days(1),
        ),
        ClockKind.INFORM: _targets(
            "duties of public bodies, taken as a measure: 5 h, at most 48 h",
            _always(5 * HOUR),
            _always(12 * HOUR),
            _extended_days(1),
            _business_days(2),
        ),
        ClockKind.FULL: _targets(
            "duties of public bodies, taken as a measure: 24 h",
            _always(DAY),
            _always(DAY),
            _extended_days(2),
        ),
        ClockKind.UPDATE: _targets(
            "continuous publication", _always(2 * HOUR), _always(4 * HOUR), _extended_days(1)
        ),
        ClockKind.EXECUTIVE: _targets(
            "incident practice",
            _always(4 * HOUR),
            _always(8 * HOUR),
            _extended_days(1),
            _business_days(5),
        ),
        ClockKind.CONTACT: _targets(
            "care for the consumer",
            _always(1 * HOUR),
            _always(2 * HOUR),
            _extended(4 * HOUR),
            _business_days(1),
        ),
        ClockKind.REVIEW: _targets(
            "ISO 22361 clause 9", _business_days(5), _business_days(7), _business_days(15)
        ),
    }
)

# The system's own promise, measured and not run as a clock: issued alert → request at the channel.
DELIVERY_TARGETS: Mapping[Level, Target] = MappingProxyType(
    {
        Level.RED: _always(1),
        Level.ORANGE: _always(1),
        Level.YELLOW: _always(5),
        Level.BLUE: _always(30),
    }
)

# No holding statement of a red event later than this, whatever was agreed.
HARD_STOPS: Mapping[tuple[ClockKind, Level], Target] = MappingProxyType(
    {(ClockKind.HOLDING, Level.RED): _always(2 * HOUR)}
)

# Who is asked when nobody acknowledges: the next on duty, then the group leader.
ACKNOWLEDGEMENT_STEPS: Mapping[Level, tuple[Target, ...]] = MappingProxyType(
    {
        Level.RED: (_always(5), _always(10), _always(15)),
        Level.ORANGE: (_always(10), _always(20), _always(30)),
        Level.YELLOW: (_always(30), _always(60)),
        Level.BLUE: (_business(4 * HOUR),),
    }
)
