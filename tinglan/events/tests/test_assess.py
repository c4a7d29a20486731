"""Events are graded from their rows: floors, caps, freezing, snapshots that explain themselves."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make import NOW, make_author, make_event, make_mention, make_source
from tinglan.clocks.models import Clock
from tinglan.events.assess import assess
from tinglan.events.models import Allegation, Event, Membership, Nature
from tinglan.monitors.models import Intent, Mention, Polarity
from tinglan.sources.models import Author, Outlet

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def complaints(n: int, *, at: datetime = NOW, **fields: object) -> list[Mention]:
    return [
        make_mention(f"星河水壶又坏了，第{i}次", at=at - i * MINUTE, **fields) for i in range(n)
    ]


def allege(event: Event, code: str, *mentions: Mention) -> None:
    nature = Nature.objects.get(code=code)
    members = Membership.objects.filter(event=event, mention__in=mentions)
    Allegation.objects.bulk_create(Allegation(membership=one, nature=nature) for one in members)


def graded(event: Event, *, now: datetime = NOW) -> Event:
    assess([event], now=now)
    event.refresh_from_db()
    return event


def test_one_safety_allegation_is_yellow_at_once() -> None:
    mention = make_mention("星河水壶漏电")
    event = make_event("漏电", mention)
    allege(event, "safety", mention)
    assert graded(event).level == "III"
    change = event.level_changes.get()
    assert (change.reason, change.note) == ("floor", "floor:nature:safety")


@pytest.mark.parametrize(
    ("verified", "level"),
    [
        (Author.Verified.GOV, "II"),
        (Author.Verified.MEDIA, ""),
        (Author.Verified.PERSON, ""),
        (None, ""),
    ],
)
def test_only_an_authority_itself_gives_official_notice(verified: str | None, level: str) -> None:
    author = make_author("某市市场监管局", verified=verified)
    mention = make_mention("星河水壶被约谈", post_fields={"author": author})
    event = make_event("约谈", mention)
    allege(event, "official", mention)
    assert graded(event).level == level


def test_a_central_medium_that_speaks_badly_is_orange() -> None:
    outlet = Outlet.objects.create(name="央媒", tier=1)
    bad = make_event("质量", make_mention("星河水壶不合格", post_fields={"outlet": outlet}))
    good = make_event(
        "新品",
        make_mention("星河发布新品", post_fields={"outlet": outlet}, polarity=Polarity.NEUTRAL),
    )
    assert graded(bad).level == "II"
    assert graded(good).level == ""


def test_a_happy_crowd_is_capped_at_blue() -> None:
    happy = [
        make_mention(
            f"星河新品真好{i}",
            polarity=Polarity.POSITIVE,
            intent=Intent.PRAISE,
            post_fields={"n_reposts": 5000, "platform": ("weibo", "news", "forum")[i % 3]},
        )
        for i in range(60)
    ]
    event = make_event("新品", *happy)
    for now in (NOW, NOW + 5 * MINUTE, NOW + 10 * MINUTE):
        graded(event, now=now)
    assert event.level in {"", "IV"}
    snapshot = event.snapshots.last()
    assert snapshot is not None
    assert {"code": "mild", "level": "IV"} in snapshot.caps


def test_blue_and_yellow_need_two_assessments_five_minutes_apart() -> None:
    mentions = complaints(4)
    event = make_event("总坏", *mentions)
    allege(event, "defect", *mentions)
    assert graded(event).level == ""
    assert graded(event, now=NOW + 4 * MINUTE).level == ""
    assert graded(event, now=NOW + 5 * MINUTE).level in {"III", "IV"}
    assert Clock.objects.of(event).running().exists()


def test_the_shares_of_a_snapshot_sum_to_its_score_and_its_formula_is_named() -> None:
    mentions = complaints(30, post_fields={"n_comments": 400, "n_reposts": 20})
    event = make_event("总坏", *mentions)
    allege(event, "defect", *mentions)
    for now in (NOW, NOW + 5 * MINUTE, NOW + 30 * MINUTE):
        graded(event, now=now)
    snapshots = list(event.snapshots.all())
    assert len(snapshots) == 3
    for snapshot in snapshots:
        assert sum(factor["share"] for factor in snapshot.factors) == snapshot.score > 0
        assert snapshot.formula == "v1"


def test_the_numbers_of_level_changes_go_up_by_one() -> None:
    mention = make_mention("星河水壶漏电")
    event = make_event("漏电", mention)
    allege(event, "safety", mention)
    graded(event)
    for hours in (30, 33, 36):
        graded(event, now=NOW + timedelta(hours=hours))
    changes = list(event.level_changes.all())
    assert [(change.number, change.from_level, change.to_level) for change in changes] == [
        (1, "", "III"),
        (2, "III", ""),
    ]


def test_no_level_falls_while_a_fifth_of_the_coverage_is_blind() -> None:
    mention = make_mention("星河水壶漏电")
    event = make_event("漏电", mention)
    allege(event, "safety", mention)
    graded(event)
    make_source("坏了", n_failures=3, last_run_at=NOW, weight=1.0)
    make_source("好的", last_run_at=NOW, last_success_at=NOW, weight=3.0)
    for hours in (30, 33, 36):
        graded(event, now=NOW + timedelta(hours=hours))
    assert event.level == "III"
    snapshot = event.snapshots.last()
    assert snapshot is not None
    assert snapshot.flags == ["stale_sources"]


def test_what_it_tells_of_stays_known_when_it_grows_quiet() -> None:
    mention = make_mention("星河水壶漏电")
    event = make_event("漏电", mention)
    allege(event, "safety", mention)
    assert graded(event).nature == Nature.objects.get(code="safety")
    assert graded(event, now=NOW + timedelta(hours=30)).nature == Nature.objects.get(code="safety")


def test_one_hand_behind_many_posts_is_shown_and_subtracts_nothing() -> None:
    author = make_author("刷屏的人")
    crowd = complaints(10)
    alone = complaints(10, post_fields={"author": author, "author_name": "刷屏的人"})
    many, one = make_event("众人", *crowd), make_event("一人", *alone)
    for event, mentions in ((many, crowd), (one, alone)):
        allege(event, "defect", *mentions[:2])
        graded(event)
    of_many, of_one = many.snapshots.get(), one.snapshots.get()
    assert (of_many.flags, of_one.flags) == ([], ["concentrated_authors"])
    assert of_one.signals["posts_by_author"] == [10]


def test_old_posts_are_never_assessed() -> None:
    event = make_event("旧事", make_mention(is_backfill=True), is_backfill=True)
    graded(event)
    assert event.assessed_at is None
    assert not event.snapshots.exists()


def test_many_events_cost_as_many_queries_to_read_as_one() -> None:
    events = [make_event(f"事{i}", *complaints(3)) for i in range(8)]
    assess(events, now=NOW)

    def reads(some: list[Event], now: datetime) -> int:
        with CaptureQueriesContext(connection) as captured:
            assess(some, now=now)
        return sum(query["sql"].startswith("SELECT") for query in captured)

    assert reads(events, NOW + MINUTE) == reads(events[:1], NOW + 2 * MINUTE)
