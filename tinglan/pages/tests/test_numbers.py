"""Numbers and times as people read them, in both languages."""

from datetime import timedelta

import pytest
from django.utils import translation

from tinglan.lib import spans
from tinglan.pages import numbers


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [(0, "0", "0"), (1234, "1,234", "1,234"), (12345, "1.2万", "12.3K"), (None, "–", "–")],
)
def test_counts_from_ten_thousand_on_are_short(
    value: int | None, chinese: str, english: str
) -> None:
    with translation.override("zh-hans"):
        assert numbers.count(value) == chinese
    with translation.override("en"):
        assert numbers.count(value) == english


@pytest.mark.parametrize(
    ("minutes", "told"), [(0, "0 sec"), (95, "1 hr 35 min"), (60, "1 hr"), (3000, "2 days 2 hr")]
)
def test_a_span_names_its_two_largest_units(minutes: int, told: str) -> None:
    with translation.override("en"):
        assert spans.span(timedelta(minutes=minutes)) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-75 * 60, "−1:15:00"), (59, "0:00:59"), (7384, "2:03:04"), (86400, "1 天")],
)
def test_a_countdown_shows_seconds_below_a_day(seconds: int, told: str) -> None:
    with translation.override("zh-hans"):
        assert numbers.countdown(timedelta(seconds=seconds)) == told


def test_past_and_future_read_differently() -> None:
    with translation.override("en"):
        assert numbers.ago(timedelta(minutes=3)) == "3 min. ago"
        assert numbers.ago(timedelta(minutes=-5)) == "in 5 min."
        assert numbers.ago(timedelta(seconds=10)) == "just now"
    with translation.override("zh-hans"):
        assert numbers.ago(timedelta(minutes=3)) == "3 分钟前"


def test_a_share_that_is_not_known_is_a_dash() -> None:
    with translation.override("en"):
        assert (numbers.percent(0.374), numbers.percent(None)) == ("37%", "–")


def test_seconds_are_told_below_ten_minutes_only() -> None:
    with translation.override("en"):
        assert spans.span(timedelta(minutes=9, seconds=46)) == "9 min 46 sec"
        assert spans.span(timedelta(minutes=41, seconds=46)) == "42 min"
        assert spans.span(timedelta(minutes=59, seconds=50)) == "1 hr"
