"""The phases of an event's whole life."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.make import make_event, make_mention
from tinglan.events.models import Event
from tinglan.events.phases import phases, strip_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def make_life(hourly: list[int], *, start: datetime) -> Event:
    mentions = [
        make_mention(f"漏水 {hour} {number}", at=start + hour * HOUR)
        for hour, n in enumerate(hourly)
        for number in range(n)
    ]
    last = start + (len(hourly) - 1) * HOUR
    return make_event("漏水", *mentions, first_post_at=start, last_post_at=last)


def test_an_open_event_has_its_phases_up_to_now(now: datetime) -> None:
    event = make_life([1, 12, 14, 2, 1], start=now - 12 * HOUR)
    found = phases(event, now=now)
    assert [phase.stage.value for phase in found] == ["brewing", "outbreak", "subsiding"]
    assert (found[0].start, found[-1].end) == (now - 12 * HOUR, now)
    assert all(one.end == two.start for one, two in pairwise(found))


def test_an_ended_event_has_them_up_to_its_end(now: datetime) -> None:
    event = make_life([12, 1], start=now - 90 * HOUR)
    event.ended_at = now - 10 * HOUR
    event.save()
    assert phases(event, now=now)[-1].end == now - 10 * HOUR


def test_an_event_without_posts_brews(now: datetime) -> None:
    assert [phase.stage.value for phase in phases(make_event(), now=now)] == ["brewing"]


def test_the_strip_is_as_long_as_the_phases(now: datetime) -> None:
    strip = strip_of(phases(make_life([1, 12, 14, 2, 1], start=now - 12 * HOUR), now=now))
    widths = [float(stretch.width.rstrip("%")) for stretch in strip]
    assert sum(widths) == pytest.approx(100, abs=0.1)
    assert (strip[0].x, strip[-1].has_room) == ("0.00%", True)
    assert strip_of([]) == []
