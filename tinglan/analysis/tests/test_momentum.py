"""Momentum: the more posts at an age the higher, the larger the author the lower."""

import numpy as np
import pytest

from tinglan.analysis.momentum import momentum, shipped, tier_of


@pytest.mark.parametrize("followers", [0, 50_000, 400_000, 9_000_000, None])
@pytest.mark.parametrize("age", [1, 7, 60, 100, 1440, 5000])
def test_more_posts_never_rank_lower(followers: float | None, age: float) -> None:
    ranks = [momentum(n, age, followers=followers).percentile for n in (0, 1, 5, 30, 200, 2_000)]
    assert ranks == sorted(ranks)
    assert ranks[0] >= 0
    assert ranks[-1] <= 1
    assert ranks[-1] > 0.97


def test_the_same_count_is_less_from_a_larger_author_and_less_when_older() -> None:
    by_reach = [momentum(60, 60, followers=n).percentile for n in (1e3, 5e4, 5e5, 5e6)]
    assert by_reach == sorted(by_reach, reverse=True)
    by_age = [momentum(60, age, followers=1e3).percentile for age in (15, 60, 240, 1440)]
    assert by_age == sorted(by_age, reverse=True)


def test_the_usual_count_stands_in_the_middle() -> None:
    usual = momentum(0, 60, followers=2_000_000).usual
    assert 0.45 < momentum(round(usual), 60, followers=2_000_000).percentile < 0.55
    assert momentum(round(usual), 60, followers=2_000_000).times_usual == pytest.approx(1, rel=0.05)


def test_every_tier_has_a_table_and_counts_only_grow_with_age() -> None:
    paces = shipped()
    assert len(paces.tables) == tier_of(None) + 1
    assert (np.diff(paces.tables, axis=1) >= -1e-6).all()
    assert (np.diff(paces.tables, axis=2) >= -1e-6).all()
