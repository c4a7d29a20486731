"""The situation board counts right, and each figure leads to its rows."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import translation

from tests.make import (
    make_brand,
    make_duty,
    make_event,
    make_member,
    make_mention,
    make_monitor,
    make_post,
    make_source,
)
from tinglan.accounts.rights import Role
from tinglan.clocks.models import Clock
from tinglan.events.models import Burst, LevelChange
from tinglan.lib import clock
from tinglan.monitors.models import Brand, Rollup
from tinglan.pages import board
from tinglan.pages.windows import SPANS, Window

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def view(now: datetime, span: str = "24h", brand: Brand | None = None) -> board.View:
    return board.View(now=now, window=Window.ending(now, span=SPANS[span]), brand=brand)


def roll(hour: datetime, n: int, *, polarity: str = "negative", brand: Brand | None = None) -> None:
    Rollup.objects.create(
        brand=brand or make_brand(),
        hour=hour,
        platform="weibo",
        polarity=polarity,
        intent="complaint",
        n_mentions=n,
    )


def test_a_window_counts_its_hours_and_compares_with_as_long_before(now: datetime) -> None:
    roll(now, 7)
    roll(now - 23 * HOUR, 3, polarity="positive")
    roll(now - 24 * HOUR, 5)
    figures = board.figures(view(now + HOUR / 2))
    assert (figures["n_mentions"], figures["n_before"]) == (10, 5)
    assert figures["negative_share"] == 0.7


def test_one_brand_at_a_time(now: datetime) -> None:
    roll(now, 7)
    cloud = make_brand("云朵")
    roll(now, 2, brand=cloud)
    assert board.figures(view(now + HOUR / 2, brand=cloud))["n_mentions"] == 2


def test_the_hourly_curve_puts_each_hour_in_its_place(now: datetime) -> None:
    roll(now, 7)
    roll(now - 2 * HOUR, 3)
    chart = board.volume(view(now + HOUR / 2))["chart"]
    negative = chart["series"][0]
    assert negative["values"][-3:] == [3, 0, 7]
    assert chart["labels"][-1] == "09:00"
    assert sum(negative["values"]) == 10


def test_the_daily_curve_counts_days_of_the_site(now: datetime) -> None:
    midnight = now - 9 * HOUR  # 00:00 in Beijing
    roll(midnight, 4)
    roll(midnight - HOUR, 6)
    negative = board.volume(view(now, "30d"))["chart"]["series"][0]
    assert negative["values"][-2:] == [6, 4]
    assert len(negative["values"]) == 30


def test_a_bar_leads_to_the_mentions_it_counts(now: datetime) -> None:
    roll(now, 1)
    link = board.volume(view(now + HOUR / 2))["chart"]["series"][0]["links"][-1]
    query = parse_qs(urlsplit(link).query)
    assert query["polarity"] == ["negative"]
    assert (query["from"], query["to"]) == (["2026-11-23T09:00"], ["2026-11-23T10:00"])


def test_levels_count_open_events_only(now: datetime) -> None:
    make_event("漏电", level="I")
    make_event("平息了", level="I", ended_at=now)
    counts = {level: n for level, _name, n, _url in board.figures(view(now))["levels"]}
    assert counts == {"I": 1, "II": 0, "III": 0, "IV": 0}


def test_the_gravest_event_stands_first(now: datetime) -> None:
    make_event("咨询", level="", n_posts=3)
    make_event("退款慢", level="IV", score=30)
    make_event("漏电", level="II", score=60)
    titles = [event.title for event in board.events(view(now))["events"]]
    assert titles == ["漏电", "退款慢", "咨询"]


def test_what_one_or_two_posts_tell_of_is_left_to_the_list_of_events(now: datetime) -> None:
    make_event("一个人问价", n_posts=1)
    make_event("一帖两转", n_posts=5, n_copies=3)
    make_event("三个人说漏水", n_posts=4, n_copies=1)
    make_event("才一帖，已定级", level="IV", n_posts=1)
    found = board.events(view(now))
    assert [event.title for event in found["events"]] == ["才一帖，已定级", "三个人说漏水"]
    assert found["n_events"] == 4


@pytest.mark.usefixtures("listening")
def test_a_board_without_anything_of_note_leads_to_the_events(reader: Client) -> None:
    make_event("一个人问价", n_posts=1)
    part = reader.get("/board/events").content.decode()
    assert "没有需要关注的事件" in part
    assert 'href="/events"' in part
    assert "一个人问价" not in part


def test_clocks_lead_to_what_they_measure(now: datetime) -> None:
    event = make_event("漏电")
    for hours, kind in ((2, "inform"), (1, "holding"), (3, "full")):
        due = now + hours * HOUR
        Clock.objects.create(
            kind=kind,
            subject_kind="events.Event",
            subject_id=event.pk,
            started_at=now,
            due_at=due,
            half_at=due,
            late_at=due,
            met_at=now if kind == "full" else None,
        )
    rows = board.clocks(view(now))["clocks"]
    assert [(clock.kind, subject.url) for clock, subject in rows] == [
        ("holding", f"/events/{event.pk}"),
        ("inform", f"/events/{event.pk}"),
    ]


def test_complaints_of_today_are_counted_by_aspect(now: datetime) -> None:
    make_mention("漏电，客服不理", aspects=["safety", "staff"], at=now - HOUR)
    make_mention("又漏电", aspects=["safety"], at=now - HOUR)
    make_mention("昨天也漏电", aspects=["safety"], at=now - 25 * HOUR)
    make_mention("好看", aspects=["design"], intent="praise", at=now - HOUR)
    with translation.override("en"):
        rows = board.complaints(view(now))["aspects"]
        told = [(str(row["label"]), row["n"], row["n_yesterday"]) for row in rows]
    assert told == [("Safety", 2, 1), ("Staff", 1, 0)]


def test_the_detection_lag_is_the_middle_of_the_newest_posts(now: datetime) -> None:
    for minutes in (1, 2, 60):
        make_post(at=now, first_seen_at=now + timedelta(minutes=minutes))
    make_post(at=now, first_seen_at=now + timedelta(days=9), is_backfill=True)
    make_post(at=now, first_seen_at=now + timedelta(days=9), precision="day")
    assert board.found_after() == timedelta(minutes=2)


def test_without_posts_the_lag_is_not_known() -> None:
    assert board.found_after() is None
    assert board.warned_after() is None


def test_the_time_to_the_first_level_counts_from_the_first_post(now: datetime) -> None:
    event = make_event("漏电", first_post_at=now)
    for number, minutes in ((1, 8), (2, 90)):
        LevelChange.objects.create(
            event=event,
            number=number,
            to_level="III",
            reason="score",
            score=40,
            at=now + timedelta(minutes=minutes),
        )
    assert board.warned_after() == timedelta(minutes=8)


@pytest.fixture
def listening() -> None:
    make_source()
    make_monitor()


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_member("安琪", Role.ANALYST))
    return client


@pytest.mark.usefixtures("listening")
def test_the_board_and_all_its_parts_open(reader: Client) -> None:
    roll(clock.now().replace(minute=0, second=0, microsecond=0), 3)
    make_event("漏电", level="I")
    assert reader.get("/?window=7d").status_code == 200
    for part in ("figures", "events", "volume", "complaints", "alerts", "clocks", "words"):
        assert reader.get(f"/board/{part}?window=30d").status_code == 200


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("query", ["window=9y", "brand=x", "brand=999", "brand=%F0%9F%92%A9"])
def test_a_query_that_makes_no_sense_shows_the_usual_board(reader: Client, query: str) -> None:
    assert reader.get(f"/?{query}").status_code == 200


def test_a_part_that_does_not_exist_is_not_found(reader: Client) -> None:
    assert reader.get("/board/weather").status_code == 404


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("page", ["/", "/board/figures", "/first-steps"])
def test_members_without_a_role_see_no_board(client: Client, page: str) -> None:
    client.force_login(make_member("晨曦"))
    assert client.get(page).status_code == 403


def test_what_strangers_write_is_no_markup_on_the_board(reader: Client) -> None:
    make_source()
    make_event("<script>alert(1)</script>", level="I")
    assert "<script>alert(1)" not in reader.get("/").content.decode()


def test_an_empty_installation_begins_with_the_first_steps(reader: Client) -> None:
    assert reader.get("/").headers["Location"] == "/first-steps"
    assert reader.get("/first-steps").context["n_done"] == 0


@pytest.mark.usefixtures("listening")
def test_steps_that_are_done_are_ticked(reader: Client) -> None:
    make_duty(make_member("博文", Role.DUTY_OFFICER), now=clock.now())
    page = reader.get("/first-steps")
    assert page.context["n_done"] == page.context["n_steps"]


def test_a_first_step_is_offered_to_those_who_may_do_it_and_others_hear_who_can(
    client: Client,
) -> None:
    client.force_login(make_member("思远", Role.ANALYST))
    page = client.get("/first-steps").content.decode()
    assert "添加信源" in page
    assert "/settings/members/new" not in page
    assert "可由以下角色完成：管理员" in page
    client.force_login(make_member("安琪", Role.ADMINISTRATOR))
    assert "/settings/members/new" in client.get("/first-steps").content.decode()


@pytest.mark.usefixtures("listening")
def test_the_board_counts_the_first_steps_that_are_left_to_its_reader(client: Client) -> None:
    client.force_login(make_member("小满", Role.AGENT))
    assert client.get("/").context["steps_left"] == 0
    client.force_login(make_member("安琪", Role.ADMINISTRATOR))
    assert client.get("/").context["steps_left"] == 1


def test_a_brand_that_went_quiet_and_a_burst_stand_on_the_board(now: datetime) -> None:
    for hours in range(8, 14 * 24):
        roll(now - hours * HOUR, 4)
    loud = make_brand("云朵")
    noted = Burst.objects.create(
        brand=loud,
        started_at=now - 30 * HOUR,
        last_at=now - 29 * HOUR,
        peak_at=now - 30 * HOUR,
        volume=80,
        expected=6.0,
        surprise=9.0,
        n_negative=20,
    )
    assert [one.brand for one in board.blind(view(now))["hushed"]] == [make_brand()]
    assert board.blind(view(now, brand=loud))["hushed"] == []
    assert list(board.bursts(view(now))["bursts"]) == [noted]  # still on
    Burst.objects.update(ended_at=now - 23 * HOUR)
    assert list(board.bursts(view(now))["bursts"]) == []
