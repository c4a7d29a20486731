"""The site clock."""

from datetime import UTC, datetime, timedelta

import pytest

from tinglan.lib import clock

pytestmark = pytest.mark.django_db


def test_site_time_is_wall_time_until_a_clock_is_set() -> None:
    assert abs(clock.now() - clock.wall()) < timedelta(minutes=1)


def test_the_site_clock_runs_at_its_rate_from_its_anchor() -> None:
    site = datetime(2026, 1, 1, tzinfo=UTC)
    row = clock.set_to(site, rate=60)
    assert row.at(row.wall_at) == site
    assert row.at(row.wall_at + timedelta(seconds=10)) == site + timedelta(minutes=10)


def test_changing_the_speed_makes_no_jump() -> None:
    site = datetime(2026, 1, 1, tzinfo=UTC)
    fast = clock.set_to(site, rate=1000)
    slow = clock.run_at(1)
    assert fast.at(slow.wall_at) - slow.site_at < timedelta(seconds=1000)
    assert slow.site_at >= site


def test_only_one_site_clock_exists() -> None:
    clock.set_to(datetime(2026, 1, 1, tzinfo=UTC))
    clock.set_to(datetime(2026, 2, 1, tzinfo=UTC))
    assert type(clock.run_at(2)).objects.count() == 1
