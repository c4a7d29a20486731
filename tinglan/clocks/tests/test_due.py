"""When clocks are due, and what they say on the way."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.levels import Level
from tinglan.clocks.calendars import Calendar, add_working, always, business, extended
from tinglan.clocks.due import (
    LONGEST_PAUSE,
    Notice,
    Running,
    due_after_fall,
    due_after_pause,
    due_after_rise,
    notice_at,
    notices_due,
    share_used,
)
from tinglan.clocks.models import Kind
from tinglan.clocks.targets import (
    ACKNOWLEDGEMENT_STEPS,
    DEFAULT_TARGETS,
    FIRST_RESPONSE,
    HARD_STOPS,
    ClockKind,
    Hours,
    Target,
    Unit,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDARS = {
    Hours.ALWAYS: always(SHANGHAI),
    Hours.EXTENDED: extended(SHANGHAI),
    Hours.BUSINESS: business(SHANGHAI),
}
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)  # a Monday

kinds = st.sampled_from(list(DEFAULT_TARGETS))
elapsed = st.integers(0, 10 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def target_of(kind: ClockKind, level: Level) -> Target | None:
    return DEFAULT_TARGETS[kind].by_level.get(level)


def calendar_of(target: Target) -> Calendar:
    return CALENDARS[target.hours]


def started(kind: ClockKind, level: Level) -> Running | None:
    target = target_of(kind, level)
    return Running(kind, NINE, target.due_from(NINE, calendar_of(target))) if target else None


def holding(due_after: timedelta) -> Running:
    return Running(ClockKind.HOLDING, NINE, NINE + due_after)


def test_every_clock_of_the_product_has_targets() -> None:
    assert {str(kind) for kind in ClockKind} == set(Kind.values)
    assert set(DEFAULT_TARGETS) == set(ClockKind) - {ClockKind.PROMISE, ClockKind.TASK}


def test_the_graver_the_level_the_earlier_it_is_due() -> None:
    for kind, targets in DEFAULT_TARGETS.items():
        dues = [
            target.due_from(NINE, calendar_of(target))
            for _, target in sorted(targets.by_level.items(), reverse=True)
        ]
        assert dues == sorted(dues), kind


def test_red_and_orange_run_around_the_clock_but_for_the_review() -> None:
    for kind, targets in DEFAULT_TARGETS.items():
        for level in (Level.RED, Level.ORANGE):
            is_always = targets.by_level[level].hours is Hours.ALWAYS
            assert is_always == (kind is not ClockKind.REVIEW)


def test_the_first_step_of_the_chain_is_the_target_of_acknowledgement() -> None:
    for level, steps in ACKNOWLEDGEMENT_STEPS.items():
        assert steps[0] == target_of(ClockKind.ACKNOWLEDGE, level)


def test_the_hard_stop_is_later_than_the_target() -> None:
    for (kind, level), stop in HARD_STOPS.items():
        target = target_of(kind, level)
        assert target is not None
        assert stop.amount > target.amount


def test_a_blue_reply_on_friday_afternoon_is_due_on_monday_afternoon() -> None:
    target = Target(1, Unit.DAYS, Hours.BUSINESS)
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=SHANGHAI)
    assert target.due_from(friday, CALENDARS[Hours.BUSINESS]) == friday + timedelta(days=3)


@pytest.mark.parametrize(
    ("risen_after", "due_after"),
    [
        (hours(0.25), hours(1)),  # early: the red hour from the start
        (hours(2), hours(2.25)),  # late: a quarter of it from now
        (hours(3.9), hours(4)),  # at the end: the old due time stands
    ],
)
def test_a_rise_brings_the_holding_statement_nearer(
    risen_after: timedelta, due_after: timedelta
) -> None:
    red = target_of(ClockKind.HOLDING, Level.RED)
    assert red is not None
    due = due_after_rise(
        holding(hours(4)), red, now=NINE + risen_after, calendar=CALENDARS[Hours.ALWAYS]
    )
    assert due == NINE + due_after


@given(kinds, st.sampled_from([Level.ORANGE, Level.YELLOW, Level.BLUE]), elapsed)
def test_a_rise_never_gives_more_time_and_never_none(
    kind: ClockKind, level: Level, passed: timedelta
) -> None:
    clock, target = started(kind, level), target_of(kind, Level.RED)
    if clock is None or target is None:
        return
    now = NINE + passed
    due = due_after_rise(clock, target, now=now, calendar=calendar_of(target))
    assert due <= clock.due_at
    assert due > now or due == clock.due_at


@given(kinds, st.sampled_from([Level.RED, Level.ORANGE, Level.YELLOW]))
def test_a_fall_never_extends_a_first_response_nor_shortens_anything(
    kind: ClockKind, level: Level
) -> None:
    clock, target = started(kind, level), target_of(kind, Level(level - 1))
    if clock is None:
        return
    calendar = calendar_of(target) if target else CALENDARS[Hours.ALWAYS]
    due = due_after_fall(clock, target, calendar=calendar)
    assert due >= clock.due_at
    if kind in FIRST_RESPONSE or target is None:
        assert due == clock.due_at


def test_a_fall_gives_the_facts_the_time_of_the_lower_level() -> None:
    clock = started(ClockKind.INFORM, Level.ORANGE)
    target = target_of(ClockKind.INFORM, Level.YELLOW)
    assert clock is not None
    assert target is not None
    due = due_after_fall(clock, target, calendar=CALENDARS[Hours.EXTENDED])
    assert due == NINE + timedelta(days=1)


def paused(start: timedelta, length: timedelta, already: timedelta = timedelta(0)) -> datetime:
    return due_after_pause(
        holding(hours(24)),
        paused_at=NINE + start,
        resumed_at=NINE + start + length,
        already_paused=already,
        calendar=CALENDARS[Hours.ALWAYS],
    )


def test_a_pause_gives_its_time_back_up_to_the_cap() -> None:
    assert paused(hours(2), hours(5)) == NINE + hours(29)
    assert paused(hours(2), hours(200)) == NINE + hours(24) + LONGEST_PAUSE
    assert paused(hours(2), hours(5), already=LONGEST_PAUSE) == NINE + hours(24)


def test_a_pause_after_the_breach_heals_nothing() -> None:
    assert paused(hours(25), hours(5)) == NINE + hours(24)


def test_a_pause_over_a_closed_night_gives_back_only_working_time() -> None:
    calendar = CALENDARS[Hours.EXTENDED]
    clock = Running(ClockKind.HOLDING, NINE, add_working(NINE, hours(20), calendar))
    due = due_after_pause(
        clock,
        paused_at=NINE + hours(12),
        resumed_at=NINE + hours(24),
        already_paused=timedelta(0),
        calendar=calendar,
    )
    assert due == add_working(NINE, hours(22), calendar)


def test_a_clock_speaks_at_half_at_four_fifths_and_when_breached() -> None:
    calendar = CALENDARS[Hours.ALWAYS]
    at = [notice_at(holding(hours(10)), each, calendar=calendar) for each in Notice]
    assert at == [NINE + hours(5), NINE + hours(8), NINE + hours(10)]


def test_half_of_the_working_time_is_counted_on_the_calendar() -> None:
    calendar = CALENDARS[Hours.BUSINESS]
    clock = Running(ClockKind.ACKNOWLEDGE, NINE + hours(8), NINE + hours(27))
    assert notice_at(clock, Notice.HALF, calendar=calendar) == NINE + hours(24) + hours(1)


@given(st.lists(elapsed, max_size=30))
def test_a_clock_says_each_thing_once_and_never_a_milder_thing_later(
    ticks: list[timedelta],
) -> None:
    clock, said = holding(hours(96)), list[Notice]()
    for tick in sorted(ticks):
        said += notices_due(clock, given=said, now=NINE + tick, calendar=CALENDARS[Hours.ALWAYS])
    assert said == [each for each in Notice if each in said]
    assert len(set(said)) == len(said)
    assert (Notice.BREACHED in said) == any(tick >= hours(96) for tick in ticks)


def test_after_an_outage_only_the_breach_is_said() -> None:
    said = notices_due(
        holding(hours(1)), given=(), now=NINE + hours(9), calendar=CALENDARS[Hours.ALWAYS]
    )
    assert said == [Notice.BREACHED]


def test_a_clock_overdue_has_used_more_than_its_time() -> None:
    calendar = CALENDARS[Hours.ALWAYS]
    assert share_used(holding(hours(2)), now=NINE + hours(3), calendar=calendar) == 1.5
    assert share_used(holding(hours(0)), now=NINE, calendar=calendar) == 1
