"""The level over time: twice for blue and yellow, slow to fall, people above the formula."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.held import Held, Override, dump, load
from tinglan.analysis.levels import V1, Level
from tinglan.analysis.risk import Bound, Count, Flag, Grade, NatureSeen, Signals, grade
from tinglan.analysis.settle import (
    NotLowerableError,
    can_lower,
    confirm,
    lift,
    lower,
    override,
    settle,
)

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TICK = timedelta(minutes=5)
ALL_KNOWN = frozenset({"media", "strength", "development", "urgency", "harm", "attitude"})


def graded(score: int, *, floor: Level = Level.NONE, cap: Level = Level.RED) -> Grade:
    by_score = V1.level_of(score)
    return Grade(
        score=score,
        exact_score=float(score),
        factors=(),
        by_score=by_score,
        proposed=max(floor, min(by_score, cap)),
        floors=(Bound("test", floor),) if floor else (),
        caps=(Bound("test", cap),) if cap < Level.RED else (),
        flags=frozenset(),
        known=ALL_KNOWN,
        formula_version="v1",
    )


def run(scores: list[int], held: Held | None = None) -> list[Held]:
    """One assessment every five minutes."""
    states = [held or Held()]
    first = states[0].assessed_at or START - TICK
    for n, score in enumerate(scores, start=1):
        states.append(settle(states[-1], graded(score), now=first + n * TICK))
    return states[1:]


def levels(states: list[Held]) -> list[Level]:
    return [state.level for state in states]


def held_at(score: int) -> Held:
    return run([score, score])[-1]


def test_yellow_needs_two_assessments_and_blue_comes_with_the_second() -> None:
    assert levels(run([40, 40])) == [Level.NONE, Level.YELLOW]
    assert levels(run([22, 40, 40])) == [Level.NONE, Level.BLUE, Level.YELLOW]


def test_two_assessments_within_five_minutes_are_one() -> None:
    once = settle(Held(), graded(40), now=START)
    twice = settle(once, graded(40), now=START + timedelta(minutes=4))
    assert twice.level == Level.NONE
    assert settle(twice, graded(40), now=START + TICK).level == Level.YELLOW


def test_a_dip_between_starts_the_count_again() -> None:
    assert levels(run([40, 10, 40])) == [Level.NONE] * 3


def test_orange_red_and_floors_rise_at_once() -> None:
    assert levels(run([56])) == [Level.ORANGE]
    assert levels(run([80])) == [Level.RED]
    by_floor = settle(Held(), graded(3, floor=Level.YELLOW), now=START)
    assert (by_floor.level, by_floor.reason) == (Level.YELLOW, "floor:test")


def test_red_awaits_confirmation_and_stays_red_without() -> None:
    red = held_at(80)
    assert red.awaits_confirmation
    assert not confirm(red).awaits_confirmation
    assert not run([80, 60], confirm(red))[-1].awaits_confirmation
    assert run([10] * 300, red)[-1].level == Level.RED


def test_yellow_falls_after_two_hours_under_its_lower_mark() -> None:
    yellow = held_at(40)
    states = run([26] * 26, yellow)
    assert levels(states)[:24] == [Level.YELLOW] * 24
    assert states[24].level == Level.BLUE
    assert run([28] * 100, yellow)[-1].level == Level.YELLOW


def test_yellow_falls_to_nothing_where_blue_is_over_too() -> None:
    assert run([5] * 25, held_at(40))[-1].level == Level.NONE


def test_one_assessment_over_the_lower_mark_starts_the_time_again() -> None:
    yellow = held_at(40)
    assert run([20] * 24 + [30] + [20] * 24, yellow)[-1].level == Level.YELLOW


def test_a_cap_lets_a_level_fall_in_its_time() -> None:
    held = held_at(40)
    for n in range(1, 26):
        held = settle(held, graded(60, cap=Level.BLUE), now=START + TICK + n * TICK)
    assert held.level == Level.BLUE


def test_orange_goes_down_only_by_a_person_and_only_in_its_time() -> None:
    orange = held_at(60)
    early, late = run([20] * 40, orange)[-1], run([20] * 50, orange)[-1]
    assert late.level == Level.ORANGE
    with pytest.raises(NotLowerableError, match="4:00:00"):
        lower(early, Level.YELLOW, now=START + 41 * TICK)
    now = START + 51 * TICK
    assert can_lower(late, now=now)
    assert lower(late, Level.YELLOW, now=now).level == Level.YELLOW


def test_red_goes_down_one_step_at_a_time() -> None:
    red = run([10] * 80, held_at(80))[-1]
    now = START + 82 * TICK
    with pytest.raises(NotLowerableError, match="one step"):
        lower(red, Level.BLUE, now=now)
    with pytest.raises(NotLowerableError, match="not lower"):
        lower(red, Level.RED, now=now)
    assert lower(red, Level.ORANGE, now=now).level == Level.ORANGE


def test_a_lowered_level_stays_down_while_the_score_does() -> None:
    low = lower(run([20] * 50, held_at(60))[-1], Level.YELLOW, now=START + 51 * TICK)
    assert set(levels(run([30] * 40, low))) == {Level.YELLOW}


def test_stale_sources_freeze_the_level_downwards_only() -> None:
    yellow = held_at(40)
    stale = replace(graded(5), flags=frozenset({Flag.STALE_SOURCES}))
    held = yellow
    for n in range(1, 60):
        held = settle(held, stale, now=START + TICK + n * TICK)
    assert (held.level, held.is_frozen) == (Level.YELLOW, True)
    worse = replace(graded(60), flags=frozenset({Flag.STALE_SOURCES}))
    assert settle(held, worse, now=START + 70 * TICK).level == Level.ORANGE


def test_the_time_of_stale_sources_counts_for_nothing() -> None:
    held = run([20] * 20, held_at(40))[-1]
    stale = replace(graded(20), flags=frozenset({Flag.STALE_SOURCES}))
    held = settle(held, stale, now=START + 22 * TICK)
    assert run([20] * 20, held)[-1].level == Level.YELLOW


@given(st.sampled_from(sorted(ALL_KNOWN)), st.integers(0, 34))
def test_missing_data_never_lowers_a_level(missing: str, score: int) -> None:
    held = held_at(40)
    for n in range(1, 60):
        gap = replace(graded(score), known=ALL_KNOWN - {missing})
        held = settle(held, gap, now=START + TICK + n * TICK)
    assert held.level == Level.YELLOW


def test_a_level_is_left_when_nobody_posts_any_more() -> None:
    silent = grade(
        Signals(
            posts=Count(0), negatives=Count(0), posts_by_tier={}, platforms=0, on_hot_list=False
        )
    )
    held = held_at(40)
    for n in range(1, 60):
        held = settle(held, silent, now=START + TICK + n * TICK)
    assert held.level == Level.NONE


def test_a_level_set_by_hand_stands_until_lifted() -> None:
    by_hand = Override(Level.BLUE, "old video, replaced product", "anqi", START)
    held = run([80] * 3, override(held_at(40), by_hand))[-1]
    assert (held.level, held.is_contested) == (Level.BLUE, True)
    assert not held.awaits_confirmation
    assert lift(held).level == Level.RED


def test_a_level_set_by_hand_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        override(Held(), Override(Level.BLUE, " ", "anqi", START))


def test_a_grade_that_comes_late_changes_nothing() -> None:
    held = held_at(40)
    assert settle(held, graded(90), now=START - TICK) == held


@given(st.lists(st.integers(0, 54), max_size=400))
def test_a_wobbling_score_turns_at_most_once_in_the_time_of_a_level(scores: list[int]) -> None:
    states = run(scores)
    rises = [START]
    for before, after in zip([Held(), *states], states, strict=False):
        if after.level > before.level:
            rises.append(after.since or START)
        if after.level < before.level:
            assert after.since is not None
            assert after.since - rises[-1] >= V1.bands[before.level].leave_after


@given(st.lists(st.integers(0, 100), max_size=200))
def test_without_people_nothing_falls_from_orange(scores: list[int]) -> None:
    highest = Level.NONE
    for state in run(scores):
        highest = max(highest, state.level)
        assert highest < Level.ORANGE or state.level == highest


@given(st.lists(st.integers(0, 100), max_size=60))
def test_the_state_survives_its_row(scores: list[int]) -> None:
    for state in run(scores):
        assert load(json.loads(json.dumps(dump(state)))) == state
    by_hand = override(Held(), Override(Level.BLUE, "tested", "anqi", START))
    assert load(json.loads(json.dumps(dump(by_hand)))) == by_hand


def story(posts_per_tick: list[int], *, negative: float, harm: float) -> list[Level]:
    """An event that grows by so many posts each five minutes, assessed at each."""
    held, seen_levels = Held(), []
    for n in range(1, len(posts_per_tick) + 1):
        posts = sum(posts_per_tick[:n])
        signals = Signals(
            posts=Count(posts),
            posts_by_tier={"other": Count(posts)},
            platforms=2,
            negatives=Count(int(posts * negative)),
            reposts=Count(4 * posts),
            comments=Count(4 * posts),
            likes=Count(8 * posts),
            last_hour=sum(posts_per_tick[max(0, n - 12) : n]),
            on_hot_list=False,
            natures=(NatureSeen("nature", harm, posts),),
            posts_by_author=(1,) * posts,
        )
        held = settle(held, grade(signals), now=START + n * TICK)
        seen_levels.append(held.level)
    return seen_levels


BURST = [1, 1, 2, 3, 5, 8, 12, 16, 20, 24, 26, 28, 28, 26, 24, 20, 16, 12, 8, 5, 3, 2, 1, 1]


def test_a_defect_burst_reaches_yellow_and_then_orange_within_the_hour() -> None:
    path = story(BURST, negative=0.8, harm=60)
    assert path.index(Level.YELLOW) < path.index(Level.ORANGE) <= 12
    assert path == sorted(path)


def test_the_same_burst_of_a_happy_launch_never_reaches_yellow() -> None:
    assert max(story(BURST, negative=0.05, harm=10)) <= Level.BLUE
