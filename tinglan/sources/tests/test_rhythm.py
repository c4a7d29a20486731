"""A source is looked at against its own rhythm."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.make import make_source
from tinglan.sources import rhythm
from tinglan.sources.health import reports
from tinglan.sources.models import Run, Source

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
Health = Source.Health


def make_steady(*, until: datetime, now: datetime, **fields: Any) -> Source:
    """Two weeks with four posts an hour, up to a moment."""
    source = make_source(last_run_at=now, last_success_at=now, last_post_at=until, **fields)
    start = now.replace(minute=0) - 14 * 24 * HOUR
    Run.objects.bulk_create(
        Run(source=source, started_at=start + number * HOUR, n_created=4)
        for number in range(14 * 24)
        if start + number * HOUR < until
    )
    return source


def test_a_source_that_stops_is_silent_though_nobody_said_after_how_long(now: datetime) -> None:
    source = make_steady(until=now - 8 * HOUR, now=now)
    rhythm.work(now)
    source.refresh_from_db()
    assert source.health(now) is Health.SILENT
    assert "32" in reports([source], now=now)[0].reason


def test_what_somebody_set_goes_before_the_rhythm(now: datetime) -> None:
    source = make_steady(until=now - 8 * HOUR, now=now, silent_after_minutes=24 * 60)
    rhythm.work(now)
    source.refresh_from_db()
    assert source.health(now) is Health.OK


def test_a_post_is_a_sign_of_life(now: datetime) -> None:
    source = make_steady(until=now - 8 * HOUR, now=now)
    rhythm.work(now)
    source.refresh_from_db()
    source.last_post_at = now + timedelta(minutes=1)
    assert source.health(now + timedelta(minutes=2)) is Health.OK


def test_a_steady_source_is_well(now: datetime) -> None:
    source = make_steady(until=now, now=now)
    rhythm.work(now)
    source.refresh_from_db()
    assert source.health(now) is Health.OK


def test_a_trickle_is_far_below_the_usual_and_blind(now: datetime) -> None:
    source = make_steady(until=now - 24 * HOUR, now=now)
    Run.objects.create(source=source, started_at=now - 2 * HOUR, n_created=3)
    rhythm.work(now)
    source.refresh_from_db()
    assert source.health(now) is Health.LOW
    assert source.is_blind(now)
    assert "96" in reports([source], now=now)[0].reason


def test_what_cannot_be_read_is_told(now: datetime) -> None:
    source = make_steady(until=now, now=now)
    Run.objects.create(source=source, started_at=now - HOUR, n_rejected=400)
    rhythm.work(now)
    source.refresh_from_db()
    assert source.health(now) is Health.LOW
    assert "%" in reports([source], now=now)[0].reason


def test_files_handed_in_by_hand_have_no_rhythm(now: datetime) -> None:
    source = make_steady(until=now - 30 * HOUR, now=now, kind="file")
    rhythm.work(now)
    source.refresh_from_db()
    assert source.rhythm == {}


def test_a_new_source_is_left_alone(now: datetime) -> None:
    source = make_source(last_run_at=now, last_success_at=now)
    rhythm.work(now)
    source.refresh_from_db()
    assert source.health(now) is Health.OK
