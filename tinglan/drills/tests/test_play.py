"""The defect spreads: fast until the first case opens, then at a human pace, nothing told twice."""

from datetime import timedelta

import pytest

from tests.make import make_member
from tinglan.accounts.models import Member
from tinglan.accounts.signing import note_sign_in
from tinglan.cases.models import Case
from tinglan.drills import play, timetable
from tinglan.drills.models import Cue, Drill, Stage
from tinglan.drills.scenario import load
from tinglan.drills.tests.director import Director, drill
from tinglan.events.models import Event
from tinglan.lib import clock
from tinglan.sources.models import Post

pytestmark = pytest.mark.django_db

TWO_MINUTES = timedelta(minutes=2)


def crisis() -> Event:
    return Case.objects.earliest("pk").event


def levels(event: Event) -> list[str]:
    return list(event.level_changes.values_list("to_level", flat=True))


def test_within_two_minutes_a_newcomer_sees_one_event_rise_and_its_case(
    director: Director,
) -> None:
    assert director.rate == load(drill().scenario).rate
    director.until_case()
    assert director.rate == 1.0
    assert levels(crisis())[:2] == ["IV", "III"]
    while "II" not in levels(crisis()):
        assert director.wall_passed < TWO_MINUTES
        director.tick(timedelta(seconds=5))
    assert Case.objects.count() == 1
    assert [cue.act for cue in drill().cues.all()] == ["spread", "wave"]


def test_one_defect_makes_one_event(director: Director) -> None:
    director.until_case()
    director.minutes(4)
    told = Post.objects.filter(native_id__startswith=drill().key)
    inside = told.filter(mentions__membership__event=crisis())
    assert inside.count() >= 0.9 * told.count()


def test_the_same_moment_tells_nothing_twice(director: Director) -> None:
    director.until_case()
    before = Post.objects.count()
    assert play.poll(director.now) == 0
    Cue.objects.update(n_told=0)  # as if the pointers had been lost
    assert play.poll(director.now) > 0
    assert Post.objects.count() == before


def test_what_a_worker_left_out_is_told_by_the_next(director: Director) -> None:
    director.tick(timedelta(seconds=70))
    spread = drill().cues.get(act="spread")
    table = timetable.of_act(load(drill().scenario), "spread", drill().key, spread.at)
    due = {each.item.native_id for each in table if each.at <= director.now}
    told = Post.objects.filter(native_id__in=due, is_stub=False)
    assert told.count() == len(due)


def test_the_clock_never_races_for_ever(director: Director) -> None:
    """Monitors were switched off, say, and no case ever comes."""
    end = timetable.end_of(load(drill().scenario).act_begun_by("start"))
    clock.set_to(director.now, rate=director.rate)
    play.poll(drill().started_at + end + play.PATIENCE + timedelta(minutes=1))
    assert clock.rate() == 1.0


def test_the_first_sign_in_starts_it(stage: Stage) -> None:
    play.poll(stage.opens_at)
    assert not Drill.objects.exists()
    note_sign_in(Member.objects.earliest("pk"), now=stage.opens_at, how="demo")
    play.poll(stage.opens_at)
    play.poll(stage.opens_at)
    assert Drill.objects.count() == 1


def test_nothing_plays_in_a_real_installation() -> None:
    note_sign_in(make_member(), now=clock.now(), how="password")
    assert play.poll(clock.now()) == 0
    assert not Drill.objects.exists()
