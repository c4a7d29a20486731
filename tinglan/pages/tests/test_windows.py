"""Windows of the board end now and begin at a whole hour or day."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils import timezone

from tinglan.pages.windows import SPANS, Window, chosen_span


def test_a_day_is_24_hours_with_the_current_one(now: datetime) -> None:
    window = Window.ending(now + timedelta(minutes=40), span=SPANS["24h"])
    assert window.start == now - timedelta(hours=23)
    assert len(list(window.steps())) == 24
    assert window.labels()[-1] == "09:00"


def test_a_month_begins_at_a_midnight_of_the_site(now: datetime) -> None:
    window = Window.ending(now, span=SPANS["30d"])
    assert window.start.isoformat() == "2026-10-25T00:00:00+08:00"
    assert window.labels()[-1] == "11-23"


def test_the_time_before_is_as_long(now: datetime) -> None:
    window = Window.ending(now, span=SPANS["24h"])
    start, end = window.before()
    assert (end - start, end) == (now - window.start, now - timedelta(hours=24))


def test_an_hour_passes_also_when_clocks_are_put_back() -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        night = datetime(2026, 10, 25, 3, 0, tzinfo=UTC)
        steps = list(Window.ending(night, span=SPANS["24h"]).steps())
    apart = {b.astimezone(UTC) - a.astimezone(UTC) for a, b in pairwise(steps)}
    assert apart == {timedelta(hours=1)}


def test_an_unknown_window_is_a_day() -> None:
    assert chosen_span({"window": "9y"}).code == "24h"
