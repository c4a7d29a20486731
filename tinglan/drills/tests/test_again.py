"""Played again: the old drill ends, a week goes by, and the same words make a new event."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.make import make_member
from tinglan.accounts.models import Duty, Member
from tinglan.accounts.rights import Role
from tinglan.cases.models import Case
from tinglan.drills.again import REST, DrillError, play_again
from tinglan.drills.models import Drill, Stage
from tinglan.drills.tests.director import FAST, STILL, Director, drill
from tinglan.events.models import Event
from tinglan.lib import clock
from tinglan.sources.models import Post

pytestmark = pytest.mark.django_db


def again(director: Director, by: Member) -> Drill:
    played = play_again(by=by, now=director.now)
    director.now, director.rate = played.started_at, clock.rate()
    director.wall_passed = timedelta(0)
    clock.set_to(director.now, rate=STILL)
    return played


def test_a_week_later_the_same_words_tell_a_new_event(director: Director) -> None:
    first = director.until_case()
    played = again(director, Member.objects.holding(Role.AGENT).earliest("pk"))
    first.event.refresh_from_db()
    assert first.event.ended_at is not None
    assert first.closure is not None
    while Case.objects.count() < 2:
        assert director.wall_passed < timedelta(minutes=3)
        director.tick(FAST)
    second = Case.objects.latest("pk").event
    assert second != first.event
    assert {post.native_id.startswith(played.key) for post in told_in(second)} == {True}
    between = Post.objects.filter(
        effective_at__gt=played.started_at - REST,
        effective_at__lt=played.started_at - timedelta(days=1),
    )
    assert between.count() > 200
    assert Duty.objects.at(played.started_at + timedelta(days=1)).count() == 2


def told_in(event: Event) -> list[Post]:
    return list(Post.objects.filter(mentions__membership__event=event))


def test_without_a_demo_there_is_nothing_to_play(settings: Settings, now: datetime) -> None:
    settings.DEMO = False
    with pytest.raises(DrillError):
        play_again(by=make_member("安琪", Role.DUTY_OFFICER), now=now)


def test_the_button_plays_again(client: Client, director: Director) -> None:
    director.until_case()
    old = drill()
    client.force_login(Member.objects.earliest("pk"))
    clock.set_to(director.now, rate=STILL)
    response = client.post("/drills")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert drill().pk > old.pk


def test_who_holds_no_role_plays_nothing(client: Client, stage: Stage) -> None:
    client.force_login(make_member("晨曦"))
    assert client.post("/drills").status_code == 403
    assert not Drill.objects.exists()


def test_opening_the_address_plays_nothing_and_leads_to_the_board(
    client: Client, stage: Stage
) -> None:
    client.force_login(make_member("安琪", Role.DUTY_OFFICER))
    response = client.get("/drills")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert not Drill.objects.exists()
