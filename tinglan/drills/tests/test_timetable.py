"""What is told and when: the same each time, in order, without the same words twice in a row."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tinglan.drills import timetable
from tinglan.drills.scenario import DEMO, load

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
BEIJING = ZoneInfo("Asia/Shanghai")
ACTS = tuple(load(DEMO).acts)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_told_the_same_way_each_time(act: str) -> None:
    first = timetable.of_act(load(DEMO), act, "drill1-", NOON)
    timetable.of_act.cache_clear()
    assert timetable.of_act(load(DEMO), act, "drill1-", NOON) == first


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_told_in_order_and_from_its_beginning(act: str) -> None:
    times = [due.at for due in timetable.of_act(load(DEMO), act, "drill1-", NOON)]
    assert times == sorted(times)
    assert times[0] >= NOON
    assert times[-1] <= NOON + timetable.end_of(load(DEMO).acts[act])


@pytest.mark.parametrize("act", ACTS)
def test_a_reading_tells_a_known_post_again_with_its_own_words(act: str) -> None:
    words: dict[tuple[str, str], str] = {}
    for due in timetable.of_act(load(DEMO), act, "drill1-", NOON):
        key = (due.item.platform, due.item.native_id)
        assert words.setdefault(key, due.item.text) == due.item.text


def test_another_playing_has_ids_of_its_own() -> None:
    scenario = load(DEMO)
    one, two = (
        {due.item.native_id for due in timetable.of_act(scenario, "wave", key, NOON)}
        for key in ("drill1-", "drill2-")
    )
    assert one.isdisjoint(two)


def test_days_follow_the_rhythm_of_people() -> None:
    hours: Counter[int] = Counter()
    for number in range(-28, 0):
        day = date(2026, 11, 23) + timedelta(days=number)
        for due in timetable.everyday(load(DEMO), day, number, BEIJING):
            hours[due.at.astimezone(BEIJING).hour] += 1
    assert 1_000 < sum(hours.values()) < 1_800
    assert hours[21] > 3 * hours[4]


def test_a_text_returns_only_after_the_others() -> None:
    told = timetable.everyday(load(DEMO), date(2026, 11, 24), 1, BEIJING)
    exact = Counter(due.item.text for due in told)
    assert max(exact.values()) == 1


def test_the_launch_lies_about_a_day_before() -> None:
    for hour in range(24):
        before = NOON + timedelta(hours=hour)
        start = timetable.launch_at(before, BEIJING)
        assert timedelta(hours=16) <= before - start < timedelta(hours=40)
        assert start.astimezone(BEIJING).hour == 10
