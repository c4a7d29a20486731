"""Forecasts of cascades: sound at every age, calibrated as told, bent by what came."""

import numpy as np
import pytest

from tinglan.analysis.forecast import DAY, Cascades, forecast, outlook, shipped
from tinglan.analysis.forecast_features import FEATURES, features, seen_by
from tinglan.analysis.forecast_refit import NO_CORRECTION, Correction, Outcome, refit
from tinglan.analysis.trees import LEAF, sum_of

SLOW = [1.0, 4, 9, 15, 18, 22, 30, 37, 41, 48, 55]
FAST = list(np.linspace(0.2, 59, 300))


def of(*delays: list[float], followers: float | None = 3_000) -> Cascades:
    return Cascades.of(delays, followers=[followers] * len(delays))


def at(minutes: float, n: int = 1) -> np.ndarray:
    return np.full(n, minutes)


def test_more_posts_in_the_same_time_are_told_larger_and_likelier_to_be_big() -> None:
    told = forecast(of(SLOW, FAST), at(60, 2))
    assert told.sizes[1] > told.sizes[0]
    assert told.p_big[1] > told.p_big[0]


@pytest.mark.parametrize("age", [0.0, 1, 15, 33.3, 60, 500, 1439])
def test_the_band_holds_the_middle_and_nothing_is_told_below_what_was_seen(age: float) -> None:
    told = forecast(of([], [2.0], SLOW, FAST), at(age, 4))
    assert (told.seen <= told.lows).all()
    assert (told.lows <= told.sizes).all()
    assert (told.sizes <= told.highs).all()
    assert ((told.p_big >= 0) & (told.p_big <= 1)).all()


def test_only_what_had_come_by_then_is_looked_at() -> None:
    later = [*SLOW, 61.0, 62, 63, 500]
    told, known = forecast(of(later), at(60)), forecast(of(SLOW), at(60))
    assert told.sizes[0] == known.sizes[0]
    assert told.seen[0] == len(SLOW)


def test_after_a_day_what_came_is_what_is_told() -> None:
    told = forecast(of([*SLOW, DAY + 5]), at(3 * DAY), big=11)
    assert (told.lows[0], told.sizes[0], told.highs[0]) == (11, 11, 11)
    assert told.p_big[0] == 1.0


def test_a_lower_line_is_likelier_to_be_crossed_and_one_behind_it_is_certain() -> None:
    chances = [forecast(of(FAST), at(60), big=big).p_big[0] for big in (250, 400, 700, 5_000)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == 1.0
    assert chances[-1] < 0.05


def test_the_order_of_delays_and_a_skewed_clock_change_nothing() -> None:
    mixed = forecast(of([*reversed(SLOW), -3.0]), at(60))
    assert mixed.sizes[0] == forecast(of([0.0, *SLOW]), at(60)).sizes[0]


def test_what_is_unknown_is_neither_zero_nor_refused() -> None:
    table = features(of(SLOW, followers=None), np.array([0]), at(60))[0]
    assert np.isnan(table[FEATURES.index("followers")])
    assert np.isnan(table[FEATURES.index("hour_sine")])
    assert np.isfinite(forecast(of(SLOW, followers=None), at(60)).sizes[0])


def test_every_feature_of_a_known_cascade_is_a_number() -> None:
    known = Cascades.of([SLOW, [], FAST], followers=[10, 0, 10**9], hours=[3.5, 0, 23.9])
    for age in (1.0, 60.0, DAY):
        assert np.isfinite(features(known, np.arange(3), at(age, 3))).all()


def test_posts_at_the_border_of_the_age_came_after_it() -> None:
    assert seen_by(of([5.0, 60.0]), np.array([0]), at(60)).tolist() == [1]


def test_the_busiest_hour_and_most_of_the_day_lie_ahead_or_are_said_to_be_over() -> None:
    told = outlook(of(SLOW, FAST), at(60, 2))
    assert ((told.peaks >= 60) & (told.peaks <= DAY)).all()
    assert ((told.ninety >= 60) & (told.ninety <= DAY)).all()
    assert ((told.p_over >= 0) & (told.p_over <= 1)).all()


def test_a_site_whose_events_end_larger_is_told_larger_next_time() -> None:
    larger = refit([Outcome(5.0, 0.5, 0.5, came=5.6)] * 40)
    plain = forecast(of(SLOW), at(60))
    assert forecast(of(SLOW), at(60), correction=larger).sizes[0] > plain.sizes[0]


def test_a_few_outcomes_move_little_and_many_move_nearly_all_the_way() -> None:
    few, many = (refit([Outcome(5.0, 0.5, 0.5, came=6.0)] * n) for n in (2, 2_000))
    assert few.shift < 0.1
    assert many.shift > 0.98
    assert refit([]) == NO_CORRECTION


def test_a_refitted_band_would_have_held_four_of_five() -> None:
    chance = np.random.default_rng(4)
    outcomes = [Outcome(5.0, 0.5, 0.5, came=5.0 + error) for error in chance.normal(0, 1, 1_000)]
    found = refit(outcomes)
    reach = 0.5 * found.widen
    held = [abs(one.came - 5.0 - found.shift) <= reach for one in outcomes]
    assert 0.76 <= float(np.mean(held)) <= 0.84


def test_a_wider_correction_widens_the_band_and_calms_the_chance() -> None:
    plain = forecast(of(FAST), at(60), big=2_000)
    wide = forecast(of(FAST), at(60), big=2_000, correction=Correction(widen=2.0, n_events=9))
    assert wide.highs[0] > plain.highs[0]
    assert wide.p_big[0] > plain.p_big[0]


def test_every_node_of_the_shipped_trees_leads_to_a_leaf() -> None:
    model = shipped()
    for trees in (model.growth, model.spread, model.is_over, model.peak, model.ninety):
        inner = trees.features != LEAF
        here = np.arange(len(trees.features))
        assert (trees.lefts[inner] > here[inner]).all()
        assert (trees.rights[inner] > here[inner]).all()
        assert (trees.features < len(FEATURES)).all()
        assert np.isfinite(sum_of(trees, np.full((1, len(FEATURES)), np.nan))).all()
