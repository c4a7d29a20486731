"""The rhythm of what comes: silence that is one, and days far below the usual."""

from tinglan.analysis.rhythm import rhythm_of

DAY = [0.0] * 8 + [3.0] * 16  # quiet nights


def test_a_night_is_no_silence() -> None:
    assert not rhythm_of(DAY * 14 + [0.0] * 8).is_silent


def test_a_morning_without_posts_is_one() -> None:
    found = rhythm_of(DAY * 14 + [0.0] * 14)
    assert found.is_silent
    assert (found.silent_hours, found.missed) == (14, 18.0)


def test_a_source_that_often_rests_for_days_is_not_silent_after_one() -> None:
    weekly = [30.0] + [0.0] * (7 * 24 - 1)
    assert not rhythm_of(weekly * 4).is_silent


def test_of_a_short_history_nothing_is_said() -> None:
    found = rhythm_of(DAY * 5 + [0.0] * 24)
    assert not found.is_known
    assert not found.is_silent
    assert not found.is_low
    assert not rhythm_of([]).is_known


def test_a_day_with_a_trickle_is_low_and_not_silent() -> None:
    found = rhythm_of(DAY * 14 + [0.0] * 20 + [1.0] * 4)
    assert found.is_low
    assert not found.is_silent


def test_a_source_of_few_posts_has_no_drift() -> None:
    rare = [0.0] * 12 + [1.0] + [0.0] * 11
    assert not rhythm_of(rare * 14 + [0.0] * 24).is_low


def test_one_loud_day_does_not_make_the_next_a_low_one() -> None:
    assert not rhythm_of(DAY * 14 + [100.0] * 24 + DAY).is_low
