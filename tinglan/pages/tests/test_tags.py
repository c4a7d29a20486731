"""The components of the pages."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from tinglan.accounts.models import Member
from tinglan.clocks.models import Clock
from tinglan.sources.models import Source


def show(source: str, **values: Any) -> str:
    with translation.override("en"):
        return Template("{% load tinglan %}" + source).render(Context(values)).strip()


def test_a_level_is_told_by_more_than_its_colour() -> None:
    html = show("{% level 'II' %}")
    assert ">II<" in html
    assert 'aria-label="Level II, orange"' in html


def test_below_all_levels_is_a_dash() -> None:
    assert "–" in show("{% level '' %}")


def test_a_label_says_how_it_was_found() -> None:
    html = show("{% polarity 'negative' 0.87 'model polarity-1' %}")
    assert 'title="Negative · 87% · model polarity-1"' in html


def test_an_unknown_aspect_of_an_old_row_is_still_readable() -> None:
    assert "Safety" in show("{% aspects a %}", a=["safety", "colour"])
    assert "colour" in show("{% aspects a %}", a=["safety", "colour"])


def test_a_time_carries_its_exact_site_time(now: datetime) -> None:
    html = show("{% ago at %}", at=now - timedelta(minutes=3), now=now)
    assert 'title="2026-11-23 08:57"' in html
    assert ">3 min. ago<" in html


def test_no_time_is_a_dash(now: datetime) -> None:
    assert show("{% ago at %}{% moment at %}", at=None, now=now) == "––"


SPANS = [["text", 2, 4, "漏电"], ["title", 0, 2, "星河"]]


def test_matched_words_are_marked_in_their_field() -> None:
    assert show("{% highlighted t s %}", t="水壶漏电", s=SPANS) == "水壶<mark>漏电</mark>"


def test_text_of_strangers_is_never_markup() -> None:
    html = show("{% highlighted t s %}", t="<b>漏电", s=[["text", 3, 5, "漏电"]])
    assert html == "&lt;b&gt;<mark>漏电</mark>"


def test_overlapping_and_outdated_spans_do_no_harm() -> None:
    spans = [["text", 0, 2, "水壶"], ["text", 1, 3, "壶漏"], ["text", 3, 99, "电"]]
    assert show("{% highlighted t s %}", t="水壶漏电", s=spans) == "<mark>水壶</mark>漏电"


def test_marks_stand_right_after_masked_data_of_another_length() -> None:
    text = "a@b.example说漏电，电话13800138000"
    start = text.index("漏电")
    html = show("{% highlighted t s %}", t=text, s=[["text", start, start + 2, "漏电"]])
    assert "<mark>漏电</mark>" in html
    assert "13800138000" not in html


def test_a_word_inside_personal_data_is_not_marked() -> None:
    html = show("{% highlighted t s %}", t="电话13800138000", s=[["text", 2, 6, "1380"]])
    assert html == "电话138****8000"


def make_clock(now: datetime, **times: datetime) -> Clock:
    due = now + timedelta(hours=1)
    fixed: dict[str, Any] = {"started_at": now, "due_at": due, "half_at": due, "late_at": due}
    return Clock(kind="holding", **{**fixed, **times})


def test_a_running_clock_counts_down(now: datetime) -> None:
    clock = make_clock(now)
    html = show("{% clock_bar c %}", c=clock, now=now + timedelta(minutes=15))
    assert "clock-running" in html
    assert "0:45:00" in html
    assert 'value="25"' in html


@pytest.mark.parametrize(("minutes", "state"), [(50, "soon"), (60, "overdue")])
def test_a_clock_that_is_nearly_or_wholly_used_stands_out(
    now: datetime, minutes: int, state: str
) -> None:
    html = show("{% clock_bar c %}", c=make_clock(now), now=now + timedelta(minutes=minutes))
    assert f"clock-{state}" in html


@pytest.mark.parametrize(
    ("minutes", "told"), [(30, "met in 30 min"), (90, "met late, in 1 hr 30 min")]
)
def test_a_met_clock_tells_how_long_it_took(now: datetime, minutes: int, told: str) -> None:
    clock = make_clock(now, met_at=now + timedelta(minutes=minutes))
    assert told in show("{% clock_bar c %}", c=clock, now=now + timedelta(hours=9))


def test_a_clock_that_is_not_needed_any_more_is_not_overdue(now: datetime) -> None:
    clock = make_clock(now, stopped_at=now)
    html = show("{% clock_bar c %}", c=clock, now=now + timedelta(hours=9))
    assert "no longer needed" in html


def test_a_failing_source_shows_its_error(now: datetime) -> None:
    source = Source(name="微博", n_failures=2, last_error="403 Forbidden", created_at=now)
    html = show("{% health s %}", s=source, now=now)
    assert "Failing" in html
    assert "403 Forbidden" in html


def test_scripted_colleagues_are_marked_and_nobody_is_tinglan() -> None:
    people = [Member(name="安琪"), Member(name="博文", is_scripted=True)]
    html = show("{% names people %}|{% member nobody %}", people=people, nobody=None)
    assert html.startswith("安琪, <span>博文 <span")
    assert html.endswith("|Tinglan")


def test_pages_keep_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/mentions?q=壶&page=2")
    page = Paginator(range(100), 10).page(2)
    html = show("{% pages page %}", page=page, request=request)
    assert "q=%E5%A3%B6&amp;page=3" in html


def test_one_page_needs_no_links() -> None:
    page = Paginator(range(5), 10).page(1)
    assert show("{% pages page %}", page=page, request=RequestFactory().get("/")) == ""


@pytest.mark.parametrize(("share", "width"), [(None, "0.0"), (0.5, "50.0"), (7, "100.0")])
def test_a_bar_stays_within_its_frame(share: float | None, width: str) -> None:
    assert f'width="{width}%"' in show("{% bar share 'negative' %}", share=share)
