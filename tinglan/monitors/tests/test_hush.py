"""Zero mentions of a brand that is spoken of every hour are an alarm."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_brand
from tinglan.monitors.hush import hushed
from tinglan.monitors.models import Brand, Intent, Polarity, Rollup

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def make_talk(*, until: datetime, now: datetime, n: int = 4) -> Brand:
    brand = make_brand()
    start = now.replace(minute=0) - 14 * 24 * HOUR
    Rollup.objects.bulk_create(
        Rollup(
            brand=brand,
            hour=start + number * HOUR,
            platform="weibo",
            polarity=Polarity.NEUTRAL,
            intent=Intent.OTHER,
            n_mentions=n,
        )
        for number in range(14 * 24)
        if start + number * HOUR < until
    )
    return brand


def test_a_brand_that_is_spoken_of_every_hour_and_now_by_nobody(now: datetime) -> None:
    brand = make_talk(until=now - 6 * HOUR, now=now)
    found = hushed(now=now)
    assert [(one.brand, one.since, one.missed) for one in found] == [(brand, now - 6 * HOUR, 24)]


def test_an_hour_without_mentions_is_nothing(now: datetime) -> None:
    make_talk(until=now - HOUR, now=now)
    assert hushed(now=now) == []


def test_a_brand_of_which_little_is_heard_is_not_missed(now: datetime) -> None:
    make_talk(until=now - 8 * HOUR, now=now, n=1)
    assert hushed(now=now) == []


def test_a_paused_brand_is_not_missed(now: datetime) -> None:
    make_talk(until=now - 6 * HOUR, now=now)
    Brand.objects.update(is_active=False)
    assert hushed(now=now) == []
