"""The risk register: one row a brand and week, kept as it was assessed."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from tests.make import make_brand, make_event, make_member, make_mention
from tinglan.accounts.rights import Role
from tinglan.events import register
from tinglan.events.models import Allegation, Event, LevelChange, Membership, Nature, RiskEntry
from tinglan.events.risk import register_of

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
LAST_WEEK = date(2026, 11, 16)  # `now` is Monday 2026-11-23, 09:00 in Beijing


def raised(event: Event, level: str, *, at: datetime, number: int = 1) -> None:
    LevelChange.objects.create(
        event=event, number=number, to_level=level, reason="score", score=70, at=at
    )


def test_a_week_that_is_over_is_written_once(now: datetime) -> None:
    make_mention(at=now - timedelta(days=3))
    assert register.work(now) == 1
    assert register.work(now) == 0
    entry = RiskEntry.objects.get()
    assert (entry.week, entry.n_mentions, entry.n_negative) == (LAST_WEEK, 1, 1)


def test_points_sum_to_the_score(now: datetime) -> None:
    for number in range(12):
        make_mention(f"漏水 {number}", at=now - timedelta(days=3))
    raised(make_event(first_post_at=now - timedelta(days=3)), "II", at=now - timedelta(days=2))
    register.work(now)
    entry = RiskEntry.objects.get()
    assert sum(part["points"] for part in entry.parts) == entry.score > 20


def test_a_new_register_begins_with_the_weeks_before_and_none_is_skipped(now: datetime) -> None:
    make_mention(at=now - 5 * WEEK)
    register.work(now)
    weeks = list(RiskEntry.objects.values_list("week", flat=True))
    assert weeks == [LAST_WEEK - number * WEEK for number in range(4, -1, -1)]


def test_what_comes_later_does_not_rewrite_a_week(now: datetime) -> None:
    make_mention(at=now - timedelta(days=3))
    register.work(now)
    make_mention("迟到的一条", at=now - timedelta(days=3))
    register.work(now)
    assert RiskEntry.objects.get().n_mentions == 1


def test_a_level_that_was_held_counts_though_it_did_not_change(now: datetime) -> None:
    make_mention(at=now - 2 * WEEK)
    event = make_event(first_post_at=now - 2 * WEEK)
    raised(event, "II", at=now - 2 * WEEK)
    raised(event, "", at=now - timedelta(hours=30), number=2)  # lowered on Sunday
    register.work(now)
    by_week = {entry.week: entry.parts[0]["seen"] for entry in RiskEntry.objects.all()}
    assert by_week[LAST_WEEK] == {"II": 1.0}
    running = register.entry_of(make_brand(), LAST_WEEK + WEEK, now=now)
    assert running.parts[0]["seen"] == {}


def test_a_drill_is_no_risk(now: datetime) -> None:
    make_mention(at=now - timedelta(days=3))
    drill = make_event(first_post_at=now - timedelta(days=3), is_drill=True)
    raised(drill, "I", at=now - timedelta(days=2))
    make_mention("演练", at=now - timedelta(days=2), post_fields={"is_drill": True})
    register.work(now)
    entry = RiskEntry.objects.get()
    assert (entry.n_mentions, entry.parts[0]["points"]) == (1, 0)


def test_one_voice_alone_alleges_no_harm(now: datetime) -> None:
    nature = Nature.objects.order_by("-harm")[0]
    event = make_event()
    for number in range(2):
        mention = make_mention(f"漏电 {number}", at=now - timedelta(days=3))
        membership = Membership.objects.create(event=event, mention=mention, reason="x", at=now)
        Allegation.objects.create(membership=membership, nature=nature)
        harm = register.entry_of(make_brand(), LAST_WEEK, now=now).parts[1]["seen"]["harm"]
        assert harm == (nature.harm if number else 0)


def test_more_complaints_than_usual_are_a_rising_trend(now: datetime) -> None:
    for week in range(1, 5):
        make_mention(f"漏水 {week}", at=now - week * WEEK - timedelta(days=2))
    for number in range(40):
        make_mention(f"漏电 {number}", at=now - timedelta(minutes=number))
    register.work(now)
    found = register_of(make_brand(), now=now)
    assert (found.trend, found.now.is_running) == ("rising", True)
    assert found.now.change is not None
    assert found.now.change > 0


def test_the_pages_of_the_register(now: datetime, client: Client) -> None:
    make_mention(at=now - timedelta(days=3))
    register.work(now)
    client.force_login(make_member("安琪", Role.DUTY_OFFICER))
    brand = make_brand()
    assert brand.name in client.get("/risks").content.decode()
    assert client.get(f"/brands/{brand.pk}/risk").status_code == 200
    assert client.get("/brands/999/risk").status_code == 404


def test_an_outsider_sees_no_register(client: Client) -> None:
    client.force_login(make_member("晨曦"))
    assert client.get("/risks").status_code == 403
    assert client.get(f"/brands/{make_brand().pk}/risk").status_code == 403
