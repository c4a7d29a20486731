"""Working time across nights, holidays, 调休 and the change to summer time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.clocks.calendars import (
    CLOSED,
    Calendar,
    CalendarError,
    Span,
    add_days,
    add_working,
    always,
    between,
    business,
    extended,
    is_open,
    next_open,
    open_spans,
    span,
)
from tinglan.clocks.holidays import HolidaysUnknownError, chinese_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = (span("09:00-18:00"),)
SHIFTS = Calendar(
    "shifts", SHANGHAI, ((span("00:00-02:00"), span("08:30-12:00"), span("13:30-24:00")),) * 7
)
CHINA = business(SHANGHAI, chinese_days(2026, hours=OFFICE))
CALENDARS = [
    always(SHANGHAI),
    always(BERLIN),
    extended(BERLIN),
    business(BERLIN),
    SHIFTS,
    CHINA,
    Calendar("night", BERLIN, ((span("00:00-03:30"), span("22:00-24:00")),) * 7),
]

calendars = st.sampled_from(CALENDARS)
instants = st.integers(0, 350 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
amounts = st.timedeltas(timedelta(0), timedelta(days=4)).map(
    lambda amount: timedelta(seconds=int(amount.total_seconds()))
)


def shanghai(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@given(calendars, instants, amounts)
def test_the_working_time_until_the_due_time_is_the_amount(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    due = add_working(start, amount, calendar)
    assert due >= start
    assert between(start, due, calendar) == amount


@given(calendars, instants, amounts, amounts)
def test_more_work_or_a_later_start_is_never_due_earlier(
    calendar: Calendar, start: datetime, amount: timedelta, more: timedelta
) -> None:
    due = add_working(start, amount, calendar)
    assert add_working(start, amount + more, calendar) >= due
    assert amount == timedelta(0) or add_working(start + more, amount, calendar) >= due


@given(calendars, instants, amounts, amounts)
def test_working_time_adds_up(
    calendar: Calendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle, end = start + first, start + first + second
    whole = between(start, end, calendar)
    assert whole == between(start, middle, calendar) + between(middle, end, calendar)
    assert whole <= first + second


@given(instants, amounts, st.sampled_from([SHANGHAI, BERLIN]))
def test_around_the_clock_is_elapsed_time(
    start: datetime, amount: timedelta, zone: ZoneInfo
) -> None:
    assert add_working(start, amount, always(zone)) == start + amount


@given(calendars, instants)
def test_work_begins_again_in_working_time(calendar: Calendar, at: datetime) -> None:
    opening = next_open(calendar, at)
    assert opening >= at
    assert is_open(calendar, opening)
    assert between(at, opening, calendar) == timedelta(0)


@given(calendars, instants)
def test_open_spans_run_forward_and_never_overlap(calendar: Calendar, at: datetime) -> None:
    reached = at
    for _, (start, end) in zip(range(20), open_spans(calendar, at), strict=False):
        assert reached <= start < end
        reached = end


@given(calendars, instants, st.integers(0, 9), st.integers(0, 9), amounts)
def test_more_days_or_a_later_start_is_never_due_earlier(
    calendar: Calendar, start: datetime, count: int, more: int, later: timedelta
) -> None:
    due = add_days(start, count, calendar)
    assert due >= start
    assert add_days(start, count + more, calendar) >= due
    assert add_days(start + later, count, calendar) >= due


def test_friday_half_past_four_plus_an_hour_is_monday_half_past_nine() -> None:
    nine_to_five = Calendar("desk", SHANGHAI, ((span("09:00-17:00"),),) * 5 + (CLOSED, CLOSED))
    due = add_working(shanghai(6, 16, 30), timedelta(hours=1), nine_to_five)
    assert due == shanghai(9, 9, 30)


def test_midnight_is_no_gap() -> None:
    assert is_open(SHIFTS, shanghai(3, 0))
    assert add_working(shanghai(2, 23, 59), timedelta(minutes=2), SHIFTS) == shanghai(3, 0, 1)
    assert add_working(shanghai(2, 23), timedelta(hours=1), SHIFTS) == shanghai(3, 0)


def test_the_break_at_noon_is_not_worked() -> None:
    assert add_working(shanghai(2, 11, 30), timedelta(hours=1), SHIFTS) == shanghai(2, 14)


def test_the_end_of_a_span_is_closed() -> None:
    assert not is_open(CHINA, shanghai(2, 18))
    assert next_open(CHINA, shanghai(2, 18)) == shanghai(3, 9)


def test_the_national_holiday_is_skipped_and_the_worked_saturday_counts() -> None:
    last_day = shanghai(30, 17, month=9)
    assert add_working(last_day, timedelta(hours=2), CHINA) == shanghai(8, 10, month=10)
    friday = shanghai(9, 17, month=10)
    assert add_working(friday, timedelta(hours=2), CHINA) == shanghai(10, 10, month=10)


def test_business_days_keep_the_time_of_day() -> None:
    assert add_days(shanghai(6, 16, 30), 1, CHINA) == shanghai(9, 16, 30)
    assert add_days(shanghai(7, 12), 1, CHINA) == shanghai(10, 9)


def test_the_short_night_of_spring_is_an_hour_less_work() -> None:
    night = Calendar("night", BERLIN, ((span("00:00-06:00"),),) * 7)
    start = datetime(2026, 3, 29, 0, 0, tzinfo=BERLIN)
    assert between(start, start + timedelta(days=1), night) == timedelta(hours=5)


def test_hours_inside_the_skipped_hour_are_counted_once() -> None:
    split = Calendar("split", BERLIN, ((span("02:00-02:30"), span("03:00-04:00")),) * 7)
    start = datetime(2026, 3, 29, 0, 0, tzinfo=BERLIN)
    assert between(start, start + timedelta(hours=12), split) == timedelta(hours=1)


def test_the_long_night_of_autumn_is_an_hour_more_work() -> None:
    night = Calendar("night", BERLIN, ((span("00:00-06:00"),),) * 7)
    start = datetime(2026, 10, 25, 0, 0, tzinfo=BERLIN)
    assert between(start, start + timedelta(days=1), night) == timedelta(hours=7)


@pytest.mark.parametrize("text", ["9-18", "18:00-09:00", "09:00", "09:00-24:01", "a:b-c:d"])
def test_a_bad_span_is_refused(text: str) -> None:
    with pytest.raises(CalendarError):
        span(text)


def test_overlapping_spans_are_refused() -> None:
    with pytest.raises(CalendarError, match="overlap"):
        Calendar("bad", SHANGHAI, ((Span(0, 600), Span(540, 700)),) * 7)


def test_a_calendar_that_never_opens_says_so() -> None:
    shut = Calendar("shut", SHANGHAI, (CLOSED,) * 7)
    with pytest.raises(CalendarError, match="'shut' has no open hours"):
        add_working(shanghai(2, 9), timedelta(minutes=1), shut)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(CalendarError, match="without a zone"):
        add_working(shanghai(2, 9).replace(tzinfo=None), timedelta(minutes=1), CHINA)


def test_work_is_not_taken_back() -> None:
    with pytest.raises(CalendarError, match="forwards"):
        add_working(shanghai(2, 9), -timedelta(minutes=1), CHINA)


def test_the_holidays_of_2026_are_known() -> None:
    days = chinese_days(2026, hours=OFFICE)
    assert days[date(2026, 2, 17)] == CLOSED  # 春节
    assert days[date(2026, 2, 14)] == OFFICE  # 调休
    assert date(2026, 3, 2) not in days


def test_a_year_nobody_has_announced_is_an_error_and_no_year_without_holidays() -> None:
    with pytest.raises(HolidaysUnknownError, match="2099"):
        chinese_days(2099, hours=OFFICE)
