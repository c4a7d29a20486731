"""What is usual for a brand, and what is a burst of its volume."""

from itertools import pairwise

import numpy as np
import pytest

from tinglan.analysis.bursts import ALARM, HOURS_OF_WEEK, at_minute, surprise, usual

WEEKS = 6


def week(*, friday_night: float = 20.0) -> list[float]:
    """Quiet nights, busy days, and what Friday at 20:00 brings."""
    hours = [4.0 if hour % 24 < 8 else 20.0 for hour in range(HOURS_OF_WEEK)]
    hours[4 * 24 + 20] = friday_night
    return hours


def surprise_after(history: list[float], volume: float) -> float:
    known = usual(history, [hour % HOURS_OF_WEEK for hour in range(len(history) + 1)])
    expected, spread = at_minute(known, 60)
    return surprise(volume, expected=expected, spread=spread)


def test_the_same_volume_is_a_burst_at_night_and_none_by_day() -> None:
    weeks = week() * WEEKS
    at_3, at_noon = weeks + weeks[:3], weeks + weeks[:12]
    assert surprise_after(at_3, 40) > surprise_after(at_noon, 40)
    assert surprise_after(at_3, 60) > ALARM > surprise_after(at_noon, 26)


def test_what_comes_every_friday_is_no_burst() -> None:
    until_friday = week()[: 4 * 24 + 20]
    with_sale = week(friday_night=120) * WEEKS + until_friday
    without = week() * WEEKS + until_friday
    assert surprise_after(without, 120) > ALARM > surprise_after(with_sale, 120)


def test_one_burst_does_not_become_the_usual() -> None:
    quiet = week() * WEEKS
    burst = [*quiet[:-5], 2000.0, *quiet[-4:]]
    hours = [hour % HOURS_OF_WEEK for hour in range(len(quiet) + 1)]
    assert usual(burst, hours).expected[-1] == pytest.approx(
        usual(quiet, hours).expected[-1], rel=0.5
    )


def test_nothing_is_known_of_what_comes_after() -> None:
    hours = [hour % HOURS_OF_WEEK for hour in range(200)]
    random = np.random.default_rng(0).poisson(9.0, 199).astype(float)
    whole, part = usual(random, hours), usual(random[:120], hours[:121])
    assert np.array_equal(whole.expected[:121], part.expected)
    assert np.array_equal(whole.spread[:121], part.spread)


def test_a_brand_without_history_expects_nothing() -> None:
    known = usual([], [0])
    assert (list(known.expected), list(known.spread)) == ([0.0], [0.0])
    assert at_minute(known, 30) == (0.0, 0.0)


def test_more_posts_are_never_less_of_a_surprise() -> None:
    found = [surprise(volume, expected=12, spread=4) for volume in range(100)]
    assert all(before < after for before, after in pairwise(found))
