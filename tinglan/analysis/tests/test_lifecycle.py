"""The life of an event: what comes after what, live and marked afterwards."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.lifecycle import Phase, Stage, phases, stage_of


def stages(hourly: list[int]) -> list[str]:
    return [phase.stage.value for phase in phases(hourly)]


def test_a_short_lull_is_no_relapse() -> None:
    assert "relapsed" not in stages([10, 60, 58, 10, 9, 50, 20, 5, 4, 3])


def test_half_of_the_peak_after_a_long_ebb_is_a_relapse() -> None:
    assert stages([60, 58, *[5] * 8, 40, 42, 6, 5, 4]) == [
        "outbreak",
        "subsiding",
        "relapsed",
        "subsiding",
    ]


def test_a_ripple_after_an_ebb_is_none() -> None:
    assert stages([60, 58, *[5] * 8, 20, 22, 6, 5, 4]) == ["outbreak", "subsiding"]


def test_a_trickle_counts_as_subsided() -> None:
    trickle = [*[0] * 11, 1] * 3
    assert stages([60, 90, 40, 20, 10, *trickle])[-1] == "subsided"


def test_what_subsided_comes_back_with_a_few_posts_an_hour() -> None:
    assert stages([60, 90, 10, *[0] * 40, 6, 7])[-2:] == ["subsided", "relapsed"]
    assert stage_of([0] * 40 + [3], before=Stage.SUBSIDED) is Stage.SUBSIDED


def test_few_posts_brew() -> None:
    assert stages([1, 0, 2, 1]) == ["brewing"]
    assert stages([]) == []


@given(st.lists(st.integers(0, 80), min_size=1, max_size=90))
def test_phases_cover_the_curve_without_gaps(hourly: list[int]) -> None:
    found = phases(hourly)
    assert (found[0].start, found[-1].end) == (0, len(hourly))
    assert all(one.end == two.start for one, two in pairwise(found))
    assert all(one.stage is not two.stage for one, two in pairwise(found))
    assert all(isinstance(one, Phase) and one.start < one.end for one in found)
