"""Open events are followed through time: assessed again, staged, ended, never under a level."""

from datetime import timedelta

import pytest

from tests.make import NOW, make_brand, make_event, make_mention, make_monitor, make_post
from tinglan.analysis import held as remembered
from tinglan.analysis.held import Held
from tinglan.analysis.levels import Level as Rank
from tinglan.events import track
from tinglan.events.models import Event
from tinglan.lib import clock, worker
from tinglan.lib.claims import announce

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_an_event_is_assessed_again_after_five_minutes_and_not_before() -> None:
    event = make_event("总坏", make_mention())
    assert track.work(NOW) == 1
    assert track.work(NOW + 4 * MINUTE) == 0
    assert track.work(NOW + 5 * MINUTE) == 1
    assert event.snapshots.count() == 2


def test_a_burst_is_an_outbreak_and_its_ebb_is_told_too() -> None:
    burst = [make_mention(f"坏了{i}", at=NOW - i * MINUTE) for i in range(30)]
    event = make_event("总坏", *burst)
    track.work(NOW)
    event.refresh_from_db()
    assert event.stage == Event.Stage.OUTBREAK
    assert event.peak_at is not None
    track.work(NOW + 6 * HOUR)
    event.refresh_from_db()
    assert event.stage == Event.Stage.SUBSIDING
    told = event.timeline.filter(kind="stage_changed").values_list("data__stage", flat=True)
    assert list(told) == ["outbreak", "subsiding"]


def test_posts_that_keep_coming_change_the_stage_at_once() -> None:
    """A batch assesses its events itself, so that `track` finds them fresh: the stage must not
    wait for a pause."""
    clock.set_to(NOW, rate=1)
    make_monitor("星河")
    texts = ("星河水壶漏电，手被电麻了", "星河水壶漏电把孩子电到了", "星河水壶漏电，客服不理")
    posts = [make_post(f"{texts[i % 3]}{'啊' * i}", at=NOW - i * MINUTE) for i in range(24)]
    announce(*posts)
    worker.drain()
    assert Event.objects.get().stage == Event.Stage.OUTBREAK


def test_a_quiet_event_ends_after_72_hours() -> None:
    event = make_event("小事", make_mention(at=NOW))
    track.work(NOW + 72 * HOUR)
    event.refresh_from_db()
    assert event.is_open
    later = NOW + 72 * HOUR + 5 * MINUTE
    track.work(later)
    event.refresh_from_db()
    assert (event.ended_at, event.stage) == (later, Event.Stage.SUBSIDED)
    assert event.timeline.filter(kind="event_ended").exists()
    assert track.work(later + HOUR) == 0


def test_an_event_with_a_level_never_ends_by_itself() -> None:
    event = make_event("大事", make_mention(at=NOW), level="II", held=_held("II"))
    for days in (4, 8, 12):
        track.work(NOW + timedelta(days=days))
    event.refresh_from_db()
    assert event.is_open
    assert event.level == "II"


def test_fifty_are_followed_at_a_time_the_longest_waiting_first() -> None:
    brand = make_brand()
    for i in range(track.BATCH + 1):
        make_event(f"事{i}", brand=brand, assessed_at=NOW - HOUR - i * MINUTE)
    assert track.work(NOW) == track.BATCH
    left = Event.objects.get(assessed_at__lt=NOW)
    assert left.title == "事0"


def _held(level: str) -> dict[str, object]:
    return dict(remembered.dump(Held(Rank.from_roman(level), since=NOW, reason="score")))
