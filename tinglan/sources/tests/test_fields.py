"""Single values as sources write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.sources.connectors.fields import (
    RecordError,
    clean,
    id_of,
    mentions_in,
    parse_count,
    short,
    tags_in,
    url_of,
)


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("1.2万", 12_000),
        ("１．２万", 12_000),
        ("1.15w", 11_500),
        ("3k", 3000),
        ("2千", 2000),
        ("1.5亿", 150_000_000),
        ("10+", 10),
        ("10万+", 100_000),
        ("1,234", 1234),
        (" 7 ", 7),
        ("0", 0),
        (0, 0),
        (12.0, 12),
    ],
)
def test_counts_as_pages_show_them(value: object, count: int) -> None:
    assert parse_count(value) == count


@pytest.mark.parametrize(
    "value",
    ["赞", "评论", "转发", "", "-", "None", "null", None, True, -3, "-3", [], "9" * 30, "1.2万人"],
)
def test_an_unknown_count_is_none_and_never_nought(value: object) -> None:
    assert parse_count(value) is None


@given(st.text() | st.integers() | st.floats() | st.binary())
def test_no_value_breaks_a_count(value: object) -> None:
    count = parse_count(value)
    assert count is None or 0 <= count < 2**63


def test_ids_are_text_as_they_came() -> None:
    assert id_of("0007440000000000000123") == ("0007440000000000000123", ())
    assert id_of(5101234567890123) == ("5101234567890123", ())


def test_a_number_too_large_to_be_exact_is_flagged() -> None:
    assert id_of(7440000000000000123) == ("7440000000000000123", ("numeric_id",))


@pytest.mark.parametrize("damaged", ["7.44E+18", 7.44e18, 7440000000000000000])
def test_a_damaged_id_is_taken_from_the_address(damaged: object) -> None:
    url = "https://video.example/7440000000000000123?from=2026"
    assert id_of(damaged, url=url) == ("7440000000000000123", ("recovered_id",))


def test_an_id_that_lost_its_digits_for_good_is_refused_with_what_to_do() -> None:
    with pytest.raises(RecordError, match="export the id column as text"):
        id_of("7.44E+18", url="https://video.example/")


@pytest.mark.parametrize("value", [None, "", "  ", "None", "-", True, [], {}, "x" * 129])
def test_what_is_no_id_is_refused(value: object) -> None:
    with pytest.raises(RecordError):
        id_of(value)


@pytest.mark.parametrize("value", ["", "无", "None", "-", "—", "null", None, [], True])
def test_the_ways_to_write_nothing_are_nothing(value: object) -> None:
    assert short(value, limit=10) == ""


@pytest.mark.parametrize(
    "value",
    ["javascript:alert(1)", "data:text/html,x", "//host/x", "http://", "http://a b", "x" * 1100],
)
def test_only_a_web_address_becomes_a_link(value: str) -> None:
    assert url_of(value) == ""


@given(st.text())
def test_cleaned_text_is_storable_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert "\0" not in cleaned
    assert clean(cleaned) == cleaned


def test_a_lone_surrogate_becomes_a_mark_and_not_an_error() -> None:
    assert clean("水壶\ud83d漏水") == "水壶?漏水"


def test_tags_and_mentions() -> None:
    text = "#星河水壶##漏水# @客服-小星 看看 #星河水壶#"
    assert tags_in(text) == ("星河水壶", "漏水")
    assert mentions_in(text) == ("客服-小星",)
