"""The heat index and the volume curve."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.heat import H1, Counts, curve, edges, floor_to, growth, heat, peak_of

START = datetime(2026, 3, 2, tzinfo=UTC)
counter = st.none() | st.integers(0, 10**8)
counts = st.builds(Counts, st.integers(0, 10**6), counter, counter, counter, counter)


@given(counts)
def test_heat_is_between_0_and_100_and_the_sum_of_its_parts(given_counts: Counts) -> None:
    result = heat(given_counts)
    assert 0 <= result.value <= 100 + 1e-9
    assert sum(result.parts.values()) == pytest.approx(result.value)
    assert result.formula_version == H1.version


@given(counts, st.integers(1, 10**6))
def test_more_posts_never_cool(given_counts: Counts, more: int) -> None:
    hotter = replace(given_counts, posts=given_counts.posts + more)
    assert heat(hotter).value >= heat(given_counts).value


@given(counts)
def test_unknown_views_are_not_zero_views(given_counts: Counts) -> None:
    unknown, zero = replace(given_counts, views=None), replace(given_counts, views=0)
    assert heat(unknown).value >= heat(zero).value
    assert "views" not in heat(unknown).parts


def test_every_counter_has_a_scale_and_the_weights_are_one() -> None:
    assert sum(H1.weights.values()) == pytest.approx(1)
    assert set(H1.weights) == set(H1.full)


@given(st.lists(st.integers(0, 7 * 86_400), max_size=60), st.sampled_from([1, 5, 24]))
def test_a_curve_loses_and_doubles_nothing(seconds: list[int], hours: int) -> None:
    times = [START + timedelta(seconds=each) for each in seconds]
    end = START + timedelta(days=7, seconds=1)
    assert sum(curve(times, edges(START, end, timedelta(hours=hours)))) == len(times)


def test_a_post_on_the_border_belongs_to_the_later_bucket() -> None:
    borders = edges(START, START + timedelta(hours=2), timedelta(hours=1))
    assert len(borders) == 3
    assert curve([START + timedelta(hours=1)], borders) == [0, 1]


def test_edges_are_equal_over_the_change_to_summer_time() -> None:
    start = datetime(2026, 3, 29, 0, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    borders = edges(start, start + timedelta(hours=5), timedelta(hours=1))
    assert [border.hour for border in borders[:4]] == [0, 1, 3, 4]


def test_a_bucket_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        edges(START, START, timedelta(0))


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        (timedelta(minutes=5), "2026-03-02T07:55:00+08:00"),
        (timedelta(hours=1), "2026-03-02T07:00:00+08:00"),
        (timedelta(hours=6), "2026-03-02T06:00:00+08:00"),
        (timedelta(days=1), "2026-03-02T00:00:00+08:00"),
    ],
)
def test_buckets_start_by_the_clock_of_the_site(bucket: timedelta, expected: str) -> None:
    at = datetime(2026, 3, 1, 23, 58, 30, tzinfo=UTC)
    assert floor_to(at, bucket, ZoneInfo("Asia/Shanghai")).isoformat() == expected


def test_the_doubled_hour_of_autumn_keeps_its_second_half_apart() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = floor_to(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), timedelta(hours=1), berlin)
    second = floor_to(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), timedelta(hours=1), berlin)
    assert second.timestamp() - first.timestamp() == 3600


def test_peak_and_growth_of_an_empty_or_silent_curve_are_unknown() -> None:
    assert (peak_of([]), peak_of([0]), growth([0, 0, 4])) == (None, None, None)
    assert growth([3, 3, 6]) == 2
