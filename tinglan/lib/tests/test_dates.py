"""Dates as Chinese sources write them: read exactly or refused; never an hour off in silence."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.lib import dates

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai


def read(value: object, *, zone: ZoneInfo = SHANGHAI, now: datetime = NOW) -> dates.Moment:
    return dates.parse(value, zone=zone, now=now)


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月22日 18:05",
        "2026年11月22日18时05分",
        "2026 年 11 月 22 日 18：05",
        "２０２６年１１月２２日　１８：０５",
        "2026年11月22日 星期日 下午6:05",
        "2026年11月22日（星期日）下午 6点05分",
        "26年11月22日 18:05",
        "2026-11-22 18:05",
        "2026/11/22 18:05",
        "2026.11.22 18:05",
        "2026/11/22 下午 6:05",
        "2026-11-22T18:05+08:00",
        "2026-11-22T10:05Z",
        "2026-11-22 18:05 CST",
        "202611221805",
        "22 Nov 2026 10:05 GMT",
        "Sun, 22 Nov 2026 18:05 +0800",
        "Nov 22, 2026 6:05 PM",
        "11月22日 18:05",
        "11-22 18:05",
        "今天 18:05",
        "今天18:05",
        "18:05",
        "下午6:05",
        "发布时间：2026-11-22 18:05",
        "115分钟前",
    ],
)
def test_every_way_to_write_five_past_six_in_shanghai_is_the_same_moment(text: str) -> None:
    assert read(text) == dates.Moment(datetime(2026, 11, 22, 10, 5, tzinfo=UTC), "minute")


@pytest.mark.parametrize(
    "value",
    [
        1795341930,
        1795341930000,
        1795341930000000,
        1795341930.0,
        "1795341930",
        "1795341930000",
        "Sun Nov 22 18:05:30 +0800 2026",
        "Sun, 22 Nov 2026 10:05:30 GMT",
        "Sun, 22 Nov 2026 05:05:30 EST",
        "Sun, 22 Nov 2026 18:05:30 +0800 (CST)",
        "2026-11-22 18:05:30",
        "2026-11-22 18:05:30+08:00",
        "2026年11月22日 18时05分30秒",
        "20261122180530",
        datetime(2026, 11, 22, 18, 5, 30),  # noqa: DTZ001 - a naive value is the case
        datetime(2026, 11, 22, 10, 5, 30, tzinfo=UTC),
    ],
)
def test_times_to_the_second(value: object) -> None:
    assert read(value) == dates.Moment(datetime(2026, 11, 22, 10, 5, 30, tzinfo=UTC), "second")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年11月20日", 20),
        ("2026-11-20", 20),
        ("20261120", 20),
        ("11月20日", 20),
        ("11月20号", 20),
        ("前天", 20),
        ("昨天", 21),
        ("yesterday", 21),
        (date(2026, 11, 20), 20),
    ],
)
def test_a_day_without_a_time_is_its_midnight_in_the_zone_of_the_source(
    text: object, day: int
) -> None:
    midnight = datetime(2026, 11, day, tzinfo=SHANGHAI)
    assert read(text) == dates.Moment(midnight.astimezone(UTC), "day")


@pytest.mark.parametrize(
    ("text", "ago", "precision"),
    [
        ("刚刚", timedelta(0), "minute"),
        ("30秒前", timedelta(seconds=30), "second"),
        ("3分钟前", timedelta(minutes=3), "minute"),
        ("３ 分钟前", timedelta(minutes=3), "minute"),
        ("半小时前", timedelta(minutes=30), "day"),
        ("3小时前", timedelta(hours=3), "day"),
        ("2个小时之前", timedelta(hours=2), "day"),
        ("5天前", timedelta(days=5), "day"),
        ("2周前", timedelta(days=14), "day"),
    ],
)
def test_relative_times_count_back_from_when_they_were_collected(
    text: str, ago: timedelta, precision: dates.Precision
) -> None:
    assert read(text) == dates.Moment(NOW - ago, precision)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("12月30日 09:00", datetime(2025, 12, 30, 9)),  # noqa: DTZ001
        ("11月23日 09:00", datetime(2025, 11, 23, 9)),  # noqa: DTZ001
        ("23:05", datetime(2026, 11, 21, 23, 5)),  # noqa: DTZ001
        ("昨天 24:00", datetime(2026, 11, 22, 0)),  # noqa: DTZ001
        ("昨天晚上12点", datetime(2026, 11, 22, 0)),  # noqa: DTZ001
        ("昨天 凌晨12:30", datetime(2026, 11, 21, 0, 30)),  # noqa: DTZ001
        ("昨天中午12点", datetime(2026, 11, 21, 12)),  # noqa: DTZ001
        ("昨天中午1点半", None),
    ],
)
def test_what_is_left_unsaid_means_the_nearest_past(text: str, local: datetime | None) -> None:
    expected = local.replace(tzinfo=SHANGHAI).astimezone(UTC) if local else None
    assert read(text).at == expected


def test_the_29th_of_february_is_looked_for_in_the_last_leap_year() -> None:
    assert read("2月29日").at == datetime(2024, 2, 28, 16, tzinfo=UTC)


def test_cst_is_china_for_a_chinese_source_and_central_time_for_an_american_one() -> None:
    assert read("2026-11-22 18:00:00 CST").at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    chicago = read("2026-11-22 01:00:00 CST", zone=ZoneInfo("America/Chicago"))
    assert chicago.at == datetime(2026, 11, 22, 7, tzinfo=UTC)


def test_a_naive_time_is_of_the_zone_of_the_source() -> None:
    tokyo = read("2026-11-22 18:00", zone=ZoneInfo("Asia/Tokyo"))
    assert tokyo.at == datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (None, "missing"),
        ("", "missing"),
        ("  ", "missing"),
        ("无", "missing"),
        ("None", "missing"),
        ("2026-11-22 20:30", "future"),
        ("2031年1月1日", "future"),
        (4102444800, "future"),
        ("1970-01-01 08:00:00", "absurd"),
        ("1899-12-30", "absurd"),
        ("0000-00-00 00:00:00", "unreadable"),
        ("2026-13-40", "unreadable"),
        ("2026-02-30", "unreadable"),
        ("2026年11月22日 25:61", "unreadable"),
        ("2026-11-22 18:05 +99:99", "unreadable"),
        ("2026-11-22 18:05 XYZ", "unreadable"),
        ("2026年11月", "unreadable"),
        ("昨天的昨天", "unreadable"),
        ("9999年前", "unreadable"),
        (0, "unreadable"),
        (-1795341930, "unreadable"),
        (True, "unreadable"),
        (float("nan"), "unreadable"),
        (float("inf"), "unreadable"),
        ([], "unreadable"),
        ("1" * 5000, "unreadable"),
    ],
)
def test_what_cannot_be_a_publication_time_says_why(value: object, flag: str) -> None:
    assert read(value) == dates.Moment(None, "none", flag)  # type: ignore[arg-type]


def test_a_clock_running_a_few_minutes_fast_is_tolerated() -> None:
    assert read("2026-11-22 20:08").flag == ""


def test_an_old_date_is_kept_and_flagged() -> None:
    assert read("2012-03-04 05:06:07") == dates.Moment(
        datetime(2012, 3, 3, 21, 6, 7, tzinfo=UTC), "second", "old"
    )


ALPHABET = st.sampled_from(
    "0123456789年月日号时分秒点前天昨今刚上下午周星期一小半：:-/. +TZCSTampmNov０９٣"
)


@given(st.text() | st.text(ALPHABET, max_size=30))
def test_no_text_is_an_error(text: str) -> None:
    moment = read(text)
    assert (moment.at is None) == (moment.precision == "none")


@given(st.integers() | st.floats() | st.decimals() | st.binary() | st.datetimes() | st.dates())
def test_no_value_is_an_error(value: object) -> None:
    read(value)


MOMENTS = st.datetimes(datetime(1991, 1, 1), datetime(2026, 11, 22)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(MOMENTS, OFFSETS)
def test_iso_with_any_offset_comes_back_unchanged(at: datetime, offset: timezone) -> None:
    assert read(at.astimezone(offset).isoformat()).at == at


@given(
    MOMENTS,
    st.sampled_from(["%Y年%m月%d日 %H时%M分%S秒", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S"]),
)
def test_local_forms_come_back_unchanged(at: datetime, form: str) -> None:
    local = at.astimezone(SHANGHAI)
    if local.fold or local.replace(fold=1).utcoffset() != local.utcoffset():
        return  # China had summer time until 1991: one hour a year has two readings
    assert read(local.strftime(form)).at == at


@given(MOMENTS)
def test_epochs_come_back_unchanged_in_each_unit(at: datetime) -> None:
    seconds = int(at.timestamp())
    if seconds >= 1_000_000_000:
        assert {read(seconds * scale).at for scale in (1, 1000, 1_000_000)} == {at}
