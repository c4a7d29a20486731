"""Events are forecast while they grow; what came is kept beside it and corrects the next."""

from datetime import datetime, timedelta
from itertools import count
from math import log1p

import pytest
from django.utils import translation

from tests.make import make_brand, make_event, make_mention
from tinglan.analysis.forecast import shipped
from tinglan.events import forecast, record
from tinglan.events.course import chart_of
from tinglan.events.models import Event, Forecast, Membership
from tinglan.events.outlook import outlook_of

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_numbers = count()


@pytest.fixture
def growing(now: datetime) -> Event:
    """Twelve posts in its first 24 minutes; it is 25 minutes old now."""
    return event_with(now - 25 * MINUTE, [2 * n for n in range(12)])


def event_with(began_at: datetime, minutes: list[float], **fields: object) -> Event:
    posts = [make_mention(f"漏电 {next(_numbers)}", at=began_at + m * MINUTE) for m in minutes]
    return make_event(
        "星河水壶漏电",
        *posts,
        first_post_at=posts[0].at,
        last_post_at=posts[-1].at,
        **fields,
    )


def test_a_growing_event_is_forecast_at_the_last_milestone_it_reached(
    growing: Event, now: datetime
) -> None:
    assert forecast.work(now) == 1
    told = growing.forecasts.get()
    assert (told.milestone, told.n_seen, told.began_at) == (15, 12, growing.first_post_at)
    assert 12 <= told.low <= told.size <= told.high
    assert told.big == round(shipped().big)


def test_a_milestone_is_told_once_and_the_next_one_later(growing: Event, now: datetime) -> None:
    forecast.work(now)
    assert forecast.work(now + MINUTE) == 0
    assert forecast.work(now + 5 * MINUTE) == 1
    assert [one.milestone for one in growing.forecasts.all()] == [15, 30]


def test_nothing_is_told_of_few_posts_old_posts_or_the_first_minutes(now: datetime) -> None:
    event_with(now - HOUR, [1, 2, 3])
    event_with(now - HOUR, list(range(12)), is_backfill=True)
    event_with(now - 14 * MINUTE, list(range(12)))
    event_with(now - 2 * DAY, [60.0 * n for n in range(40)])
    assert forecast.work(now) == 0


def test_after_hours_of_silence_a_new_wave_has_a_day_of_its_own(now: datetime) -> None:
    wave = [60 * 40 + n for n in range(15)]
    event = event_with(now - timedelta(hours=41), [*range(12), *wave])
    forecast.work(now)
    told = event.forecasts.get()
    assert told.n_seen == 15
    assert told.began_at == now - HOUR


def test_posts_dated_ahead_of_the_clock_are_not_counted_yet(now: datetime) -> None:
    event = event_with(now - 20 * MINUTE, [*range(12), 50, 55])
    forecast.work(now)
    assert event.forecasts.get().n_seen == 12


def test_what_came_in_the_day_is_counted_when_it_is_over(growing: Event, now: datetime) -> None:
    forecast.work(now)
    for at in (growing.first_post_at + 20 * HOUR, growing.first_post_at + 25 * HOUR):
        mention = make_mention(f"漏电 {next(_numbers)}", at=at)
        Membership.objects.create(event=growing, mention=mention, reason="similar", at=now)
    assert not forecast.settle(now + DAY)  # late posts may still be collected
    forecast.settle(now + DAY + 3 * HOUR)
    assert growing.forecasts.get().came == 13


def test_ended_events_that_came_larger_make_the_next_forecast_larger(
    growing: Event, now: datetime
) -> None:
    forecast.work(now)
    plain = growing.forecasts.get()
    for _ in range(30):
        ended(plain, came=plain.size * 2, at=now - 3 * DAY)
    growing.forecasts.all().delete()
    forecast.work(now)
    corrected = growing.forecasts.get()
    assert corrected.n_refit == 30
    assert corrected.size > 1.3 * plain.size
    assert corrected.plain == pytest.approx(plain.plain)


def test_drills_teach_nothing(growing: Event, now: datetime) -> None:
    forecast.work(now)
    told = growing.forecasts.get()
    ended(told, came=9_999, at=now - 3 * DAY, is_drill=True)
    assert forecast.correction_at(15).n_events == 0


def test_big_is_what_a_twentieth_of_this_sites_events_grew_beyond(now: datetime) -> None:
    assert forecast.big_line() == shipped().big
    for n in range(1, 101):
        ended(None, came=n, at=now - 3 * DAY)
    assert 94 <= forecast.big_line() <= 96


def test_a_merge_keeps_the_forecasts_of_both_and_breaks_nothing(
    growing: Event, now: datetime
) -> None:
    forecast.work(now)
    other = event_with(now - HOUR, list(range(12)))
    growing.memberships.update(event=other, origin=growing)
    growing.merged_into = other
    growing.save()
    forecast.settle(now + 2 * DAY)
    assert growing.forecasts.get().came == 12


def test_the_page_says_why_nothing_can_be_told_yet(now: datetime) -> None:
    young = event_with(now - 30 * MINUTE, [1, 2, 3])
    old = event_with(now - 3 * DAY, [60.0 * n for n in range(70)])
    with translation.override("en"):
        assert "10 posts" in outlook_of(young, now=now).silence
        assert "more than a day" in outlook_of(old, now=now).silence


def test_the_band_is_drawn_ahead_of_the_bars_and_meets_the_forecast(
    growing: Event, now: datetime
) -> None:
    forecast.work(now)
    told = growing.forecasts.get()
    chart = chart_of(growing, now=now)
    floor, top, middle = chart["series"][-3:]
    ahead = [n for n, value in enumerate(middle["values"]) if value is not None]
    assert ahead
    assert all(floor["values"][n] <= middle["values"][n] <= top["values"][n] for n in ahead)
    assert told.n_seen + sum(middle["values"][n] for n in ahead) <= told.size + len(ahead) * 0.05
    bars = chart["series"][0]["values"]
    assert sum(bars[n] or 0 for n in range(len(bars))) == 12
    assert bars[-1] is None
    assert len(bars) == len(chart["labels"]) == len(top["values"])


def test_an_event_without_a_forecast_has_no_band(now: datetime) -> None:
    chart = chart_of(event_with(now - HOUR, [1, 2]), now=now)
    assert {one["kind"] for one in chart["series"]} == {"bar", "line"}


def test_the_record_counts_what_was_held(now: datetime) -> None:
    for came in (50, 60, 70, 400):
        ended(None, came=came, at=now - 3 * DAY)
    (row,) = record.by_milestone()
    assert (row.minutes, row.n_told, row.n_held, row.is_enough) == (60, 4, 3, False)
    assert {one.came for one in record.latest()} == {50, 60, 70, 400}


def ended(like: Forecast | None, *, came: int, at: datetime, is_drill: bool = False) -> Forecast:
    """A forecast of another event whose day is over."""
    event = make_event("星河水壶", brand=make_brand(), first_post_at=at, is_drill=is_drill)
    plain = like.plain if like else log1p(60)
    return Forecast.objects.create(
        event=event,
        at=at + HOUR,
        began_at=at + timedelta(seconds=next(_numbers)),
        milestone=like.milestone if like else 60,
        n_seen=20,
        size=like.size if like else 60,
        low=40,
        high=90,
        big=700,
        p_big=0.1,
        p_over=0.4,
        peak_at=at + 2 * HOUR,
        ninety_at=at + 9 * HOUR,
        plain=plain,
        down=0.5,
        up=0.5,
        version="forecast-1",
        came=came,
    )
