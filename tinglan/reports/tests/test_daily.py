"""What a daily report counts: exact to its bounds, against the day before, with its blind spots."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from tests.make import NOW, make_brand, make_event, make_mention, make_source
from tests.make_response import make_crew, make_level_change
from tinglan.cases.open import open_case
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.events.models import LevelChange
from tinglan.monitors.models import Intent, Polarity, Product
from tinglan.reports.build import day_of
from tinglan.reports.daily import Period, count_day
from tinglan.reports.daily_document import coverage
from tinglan.reports.document import Table
from tinglan.sources.models import Run, Sighting

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MIDNIGHT = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # of 23 November in Shanghai
TODAY = Period(start=MIDNIGHT, end=NOW)


def test_a_day_is_a_day_of_the_site_as_far_as_it_has_gone() -> None:
    today = day_of(NOW, until=NOW)
    assert (today.start, today.end) == (MIDNIGHT, NOW)
    yesterday = day_of(NOW - timedelta(days=1), until=NOW)
    assert (yesterday.start, yesterday.end) == (MIDNIGHT - 24 * HOUR, MIDNIGHT)


def test_volume_counts_from_start_up_to_end_and_the_same_hours_before() -> None:
    for at in (TODAY.start, TODAY.end - MINUTE):
        make_mention(at=at)
    make_mention("好用", at=TODAY.start + HOUR, polarity=Polarity.POSITIVE, intent=Intent.PRAISE)
    for at in (TODAY.start - MINUTE, TODAY.end, TODAY.end - 24 * HOUR):
        make_mention("在外面", at=at)
    make_mention("昨天同时", at=TODAY.start - 23 * HOUR)
    volume = count_day(TODAY, brand=None, now=NOW)["volume"]
    assert (volume["n"], volume["negative"], volume["positive"]) == (3, 2, 1)
    assert volume["n_complaints"] == 2
    assert volume["before"]["n"] == 1
    assert len(volume["hours"]) == 9
    assert volume["hours"][0]["at"] == TODAY.start.isoformat()
    assert [hour["negative"] for hour in volume["hours"]] == [1, 0, 0, 0, 0, 0, 0, 0, 1]


def test_copies_are_counted_and_said_to_be_copies() -> None:
    first = make_mention("原文", at=NOW - HOUR)
    make_mention("转发", at=NOW - HOUR, copy_of=first)
    volume = count_day(TODAY, brand=None, now=NOW)["volume"]
    assert (volume["n"], volume["n_copies"]) == (2, 1)


def test_a_report_about_a_brand_counts_nothing_else() -> None:
    other = make_brand("启明")
    make_mention("星河坏", at=NOW - HOUR, aspects=["quality"])
    make_mention("启明坏", at=NOW - HOUR, brand=other, aspects=["quality"])
    make_level_change(make_event("别家", brand=other), "II", at=NOW - HOUR)
    data = count_day(TODAY, brand=make_brand(), now=NOW)
    assert data["volume"]["n"] == 1
    assert [row["brand"] for row in data["complaints"]] == ["星河"]
    assert data["events"] == []


def test_events_with_a_level_come_gravest_first_with_what_changed() -> None:
    make_event("没有等级")
    blue, red = make_event("小事"), make_event("大事，找13812345678")
    make_level_change(blue, "IV", at=NOW - HOUR)
    make_level_change(red, "II", at=NOW - 30 * HOUR)
    make_level_change(red, "I", at=NOW - HOUR)
    over = make_event("昨天的事")
    make_level_change(over, "IV", at=NOW - 40 * HOUR)
    make_level_change(over, "", at=NOW - 30 * HOUR)
    events = count_day(TODAY, brand=None, now=NOW)["events"]
    assert [event["id"] for event in events] == [red.pk, blue.pk]
    assert [(one["from"], one["to"]) for one in events[0]["changes"]] == [("II", "I")]
    assert "13812345678" not in events[0]["title"]


def test_an_event_that_fell_below_all_levels_today_is_told() -> None:
    event = make_event("回落")
    make_level_change(event, "IV", at=NOW - 40 * HOUR)
    make_level_change(event, "", at=NOW - HOUR)
    assert [one["id"] for one in count_day(TODAY, brand=None, now=NOW)["events"]] == [event.pk]


def test_complaints_are_counted_by_product_and_aspect_against_yesterday() -> None:
    kettle = Product.objects.create(brand=make_brand(), name="K100")
    at = NOW - HOUR
    make_mention("漏电又不理", at=at, product=kettle, aspects=["safety", "after_sales"])
    make_mention("漏电", at=at, product=kettle, aspects=["safety"])
    make_mention("漏电", at=at - 24 * HOUR, product=kettle, aspects=["safety"])
    make_mention("客服", at=at, aspects=["after_sales"])
    make_mention("问问", at=at, intent=Intent.INQUIRY, aspects=["safety"])
    rows = count_day(TODAY, brand=None, now=NOW)["complaints"]
    assert [(row["product"], row["aspect"], row["n"], row["before"]) for row in rows] == [
        ("K100", "safety", 2, 1),
        ("", "after_sales", 1, 0),
        ("K100", "after_sales", 1, 0),
    ]


def test_clocks_met_late_and_missed_are_told_with_what_they_belong_to() -> None:
    event = make_event("漏电")
    start = NOW - 3 * HOUR
    run.start(Kind.HOLDING, event, "I", now=start)  # due after an hour
    run.start(Kind.JUDGE, event, "I", now=start)  # ten minutes
    run.start(Kind.INFORM, event, "I", now=start)  # five hours: still running
    run.meet(event, [Kind.JUDGE], by_row=event, now=start + MINUTE)
    clocks = count_day(TODAY, brand=None, now=NOW)["clocks"]
    by_kind = {row["kind"]: row for row in clocks["kinds"]}
    assert by_kind["judge"]["n_in_time"] == 1
    assert by_kind["holding"]["n_overdue"] == 1
    assert "inform" not in by_kind
    [missed] = clocks["missed"]
    assert (missed["kind"], missed["title"], missed["met_at"]) == ("holding", "漏电", None)
    assert missed["url"] == f"/events/{event.pk}"
    run.meet(event, [Kind.HOLDING], by_row=event, now=NOW - MINUTE)
    clocks = count_day(TODAY, brand=None, now=NOW)["clocks"]
    assert next(r for r in clocks["kinds"] if r["kind"] == "holding")["n_late"] == 1


def test_cases_opened_are_told() -> None:
    crew = make_crew()
    event = make_event("漏电")
    make_level_change(event, "III", at=NOW - HOUR)
    case = open_case(event, by=crew.lead, now=NOW - HOUR)
    data = count_day(TODAY, brand=None, now=NOW)
    assert [one["number"] for one in data["responses"]["opened"]] == [case.number]
    assert data["events"][0]["case"] == case.number


def test_blind_sources_are_named() -> None:
    good = make_source("好的", last_run_at=NOW, last_success_at=NOW)
    bad = make_source("坏了", n_failures=2, last_run_at=NOW)
    make_source("停用", is_enabled=False)
    Run.objects.create(source=bad, started_at=NOW - HOUR, error="403")
    mention = make_mention(at=NOW - HOUR)
    Sighting.objects.create(post=mention.post, source=good, at=NOW - HOUR)
    covered = count_day(TODAY, brand=None, now=NOW)["coverage"]
    rows = {row["name"]: row for row in covered["sources"]}
    assert set(rows) == {"好的", "坏了"}
    assert (rows["好的"]["n_posts"], rows["好的"]["is_blind"]) == (1, False)
    assert (rows["坏了"]["n_failed"], rows["坏了"]["is_blind"]) == (1, True)
    assert covered["n_blind"] == 1


def test_a_merged_event_is_told_by_the_one_that_goes_on() -> None:
    into = make_event("主")
    make_level_change(into, "II", at=NOW - HOUR)
    merged = make_event("并", merged_into=into, ended_at=NOW)
    LevelChange.objects.create(
        event=merged, number=1, to_level="IV", reason="score", score=30, at=NOW - HOUR
    )
    assert [one["id"] for one in count_day(TODAY, brand=None, now=NOW)["events"]] == [into.pk]


def test_what_was_listened_to_calls_platforms_as_people_do() -> None:
    make_source("论坛", platform="forum:bbs.example")
    with translation.override("en"):
        covered = coverage(count_day(TODAY, brand=None, now=NOW)["coverage"])
    (table,) = [block for block in covered.blocks if isinstance(block, Table)]
    assert "Forum bbs.example" in [cell.text for cell in table.rows[0]]
