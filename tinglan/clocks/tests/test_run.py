"""Clocks start by the policy, move with the level, and end by an act."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.make import NOW, make_event
from tinglan.clocks import run
from tinglan.clocks.models import Calendar, Clock, Kind, Policy

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
GRAVITY = ["IV", "III", "II", "I"]


def test_a_red_event_wants_a_holding_statement_within_the_hour(now: datetime) -> None:
    clock = run.start(Kind.HOLDING, make_event(), "I", now=now)
    assert clock is not None
    assert clock.due_at == now + HOUR
    assert clock.half_at == now + HOUR / 2
    assert clock.late_at == now + HOUR * 0.8
    assert clock.policy == Policy.objects.get(version=1)


def test_a_level_without_a_target_starts_no_clock(now: datetime) -> None:
    assert run.start(Kind.ASSEMBLE, make_event(), "III", now=now) is None
    assert not Clock.objects.exists()


def test_a_running_clock_is_not_started_twice(now: datetime) -> None:
    event = make_event()
    first = run.start(Kind.HOLDING, event, "II", now=now)
    assert run.start(Kind.HOLDING, event, "II", now=now + HOUR) == first


def test_time_counts_from_the_cause_not_from_when_a_worker_heard_of_it(now: datetime) -> None:
    clock = run.start(Kind.HOLDING, make_event(), "I", now=now, since=now - HOUR / 2)
    assert clock is not None
    assert (clock.started_at, clock.due_at) == (now - HOUR / 2, now + HOUR / 2)


def test_yellow_counts_only_the_hours_from_8_to_22() -> None:
    evening = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 21:00 in Beijing
    clock = run.start(Kind.HOLDING, make_event(), "III", now=evening)
    assert clock is not None
    assert clock.due_at == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 11:00 the next day


def test_blue_waits_over_the_national_holiday() -> None:
    before = datetime(2026, 9, 30, 8, 0, tzinfo=UTC)  # Wednesday 16:00
    clock = run.start(Kind.JUDGE, make_event(), "IV", now=before)
    assert clock is not None
    assert clock.due_at == datetime(2026, 10, 8, 8, 0, tzinfo=UTC)


def test_an_event_gets_all_clocks_of_its_level_but_the_acknowledgement(now: datetime) -> None:
    kinds = {clock.kind for clock in run.start_for_level(make_event(), "III", now=now)}
    assert kinds == {
        *(Kind.JUDGE, Kind.PRESERVE, Kind.HOLDING, Kind.INFORM),
        *(Kind.FULL, Kind.UPDATE, Kind.EXECUTIVE, Kind.CONTACT),
    }


def test_a_met_clock_does_not_start_again_with_a_higher_level(now: datetime) -> None:
    event = make_event()
    run.start_for_level(event, "III", now=now)
    run.meet(event, [Kind.HOLDING], by_row=event, now=now + HOUR)
    started = run.start_for_level(event, "II", now=now + 2 * HOUR)
    assert {clock.kind for clock in started} == {Kind.ASSEMBLE}


def test_a_rise_brings_the_due_time_nearer_but_leaves_a_quarter(now: datetime) -> None:
    event = make_event()
    run.start(Kind.HOLDING, event, "II", now=now)  # due in 2 h
    (moved,) = run.retarget(event, "I", now=now + HOUR)
    assert moved.due_at == now + HOUR + timedelta(minutes=15)
    assert moved.late_at < moved.due_at


def test_a_fall_gives_a_first_response_no_more_time(now: datetime) -> None:
    event = make_event()
    run.start(Kind.HOLDING, event, "I", now=now)
    (moved,) = run.retarget(event, "III", now=now + HOUR / 4)
    assert (moved.due_at, moved.level) == (now + HOUR, "III")


def test_an_act_that_comes_late_meets_the_clock_and_counts_as_a_breach(now: datetime) -> None:
    event = make_event()
    run.start(Kind.HOLDING, event, "I", now=now)
    (clock,) = run.meet(event, [Kind.HOLDING], by_row=event, now=now + 2 * HOUR)
    assert (clock.met_at, clock.breached_at) == (now + 2 * HOUR, now + HOUR)
    assert (clock.met_by_kind, clock.met_by_id) == ("events.Event", event.pk)


def test_the_next_update_comes_round_again(now: datetime) -> None:
    event = make_event()
    run.start(Kind.UPDATE, event, "I", now=now)
    again = run.restart(Kind.UPDATE, event, by_row=event, now=now + HOUR)
    assert again is not None
    assert (again.started_at, again.due_at) == (now + HOUR, now + 3 * HOUR)
    assert run.restart(Kind.CONTACT, event, by_row=event, now=now) is None


def test_a_stopped_clock_is_neither_running_nor_met(now: datetime) -> None:
    event = make_event()
    run.start_for_level(event, "I", now=now)
    assert run.stop(event, now=now, kinds=[Kind.UPDATE]) == 1
    assert run.stop(event, now=now) == 8
    assert not Clock.objects.running().exists()


def test_the_clocks_of_one_event_leave_those_of_another_alone(now: datetime) -> None:
    one, other = make_event("one"), make_event("other")
    run.start(Kind.HOLDING, one, "I", now=now)
    kept = run.start(Kind.HOLDING, other, "I", now=now)
    run.meet(one, [Kind.HOLDING], by_row=one, now=now)
    assert list(Clock.objects.running()) == [kept]


def test_a_site_edits_its_calendar_and_new_clocks_follow(now: datetime) -> None:
    event = make_event()
    run.start(Kind.HOLDING, event, "III", now=now)
    Calendar.objects.filter(code="extended").update(week=[[["10:00", "12:00"]]] * 7)
    later = run.start(Kind.CONTACT, event, "III", now=now)
    assert later is not None
    assert later.due_at == datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # two mornings of two hours


class DueTimes(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(
        kind=st.sampled_from([Kind.JUDGE, Kind.HOLDING, Kind.CONTACT]),
        levels=st.lists(st.sampled_from(["I", "II", "III", "IV"]), min_size=2, max_size=6),
        minutes=st.lists(st.integers(0, 300), min_size=6, max_size=6),
    )
    def test_no_course_of_levels_ever_gives_a_first_response_more_time(
        self, kind: Kind, levels: list[str], minutes: list[int]
    ) -> None:
        event, at = make_event(), NOW
        clock = run.start(kind, event, levels[0], now=at)
        assert clock is not None
        for level, wait in zip(levels[1:], minutes, strict=False):
            at += timedelta(minutes=wait)
            before, was = clock.due_at, clock.level
            run.retarget(event, level, now=at)
            clock.refresh_from_db()
            assert clock.due_at <= before
            if GRAVITY.index(level) <= GRAVITY.index(was):
                assert clock.due_at == before
            assert clock.started_at <= clock.half_at <= clock.late_at <= clock.due_at
