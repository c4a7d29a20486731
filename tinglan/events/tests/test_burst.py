"""Bursts of a brand's volume are noted once an episode, with what most of them is."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.make import make_brand, make_event, make_member, make_mention, make_post
from tinglan.accounts.rights import Role
from tinglan.events import burst
from tinglan.events.models import Burst, Membership
from tinglan.monitors.models import Brand, Intent, Polarity, Rollup

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def brand(now: datetime) -> Brand:
    """Four weeks in which each hour brought three or four mentions."""
    made = make_brand()
    start = now.replace(minute=0) - timedelta(weeks=4)
    Rollup.objects.bulk_create(
        Rollup(
            brand=made,
            hour=start + number * HOUR,
            platform="weibo",
            polarity=Polarity.NEUTRAL,
            intent=Intent.OTHER,
            n_mentions=3 + number % 2,
        )
        for number in range(4 * 168)
    )
    return made


def speak(n_posts: int, *, at: datetime, **fields: object) -> None:
    """So many mentions in the last minutes before `at`."""
    for number in range(n_posts):
        make_mention(f"星河水壶漏电 {number}", at=at - (number % 50) * MINUTE, **fields)


def test_far_more_than_usual_is_a_burst_of_talk_at_large(brand: Brand, now: datetime) -> None:
    speak(40, at=now)
    burst.work(now)
    found = brand.bursts.get()
    assert (found.volume, round(found.expected), found.n_negative) == (40, 4, 40)
    assert not found.is_one_event
    assert not found.is_one_thread


def test_a_little_more_than_usual_is_none(brand: Brand, now: datetime) -> None:
    speak(11, at=now)
    burst.work(now)
    assert not Burst.objects.exists()


def test_few_mentions_are_no_burst_however_quiet_it_was(brand: Brand, now: datetime) -> None:
    Rollup.objects.update(n_mentions=0)
    speak(burst.FEWEST - 1, at=now)
    burst.work(now)
    assert not Burst.objects.exists()


def test_of_a_brand_that_is_new_nothing_is_usual_yet(now: datetime) -> None:
    make_brand()
    speak(80, at=now)
    burst.work(now)
    assert not Burst.objects.exists()


def test_old_posts_that_came_now_are_no_burst(brand: Brand, now: datetime) -> None:
    for number in range(60):
        make_mention(f"旧 {number}", at=now - timedelta(days=9), is_backfill=True)
    burst.work(now)
    assert not Burst.objects.exists()


def test_an_episode_is_one_row_and_ends(brand: Brand, now: datetime) -> None:
    speak(30, at=now)
    burst.work(now)
    later = now + 20 * MINUTE
    speak(30, at=later)
    burst.work(later)
    found = brand.bursts.get()
    assert (found.started_at, found.peak_at, found.volume > 40) == (now, later, True)
    burst.work(later + 3 * HOUR)
    assert brand.bursts.get().ended_at is None  # it may rise again
    burst.work(later + 7 * HOUR)
    assert brand.bursts.get().ended_at == later + 7 * HOUR


def test_one_post_that_spreads_is_told_apart(brand: Brand, now: datetime) -> None:
    root = make_post("星河水壶漏电", at=now - timedelta(days=1))
    speak(40, at=now, post_fields={"repost_of": root})
    burst.work(now)
    assert brand.bursts.get().is_one_thread


def test_one_event_is_named_and_its_story_tells_it(brand: Brand, now: datetime) -> None:
    event = make_event("星河水壶漏电")
    speak(40, at=now)
    Membership.objects.bulk_create(
        Membership(event=event, mention=mention, reason="similar", at=now)
        for mention in brand.mentions.all()[:30]
    )
    burst.work(now)
    found = brand.bursts.get()
    assert (found.event, found.event_share, found.is_one_event) == (event, 0.75, True)
    assert event.timeline.get().kind == "burst_noted"


def test_a_drill_is_no_burst(brand: Brand, now: datetime) -> None:
    speak(40, at=now, post_fields={"is_drill": True})
    burst.work(now)
    assert not Burst.objects.exists()


def test_the_burst_of_a_brand_that_is_paused_ends(brand: Brand, now: datetime) -> None:
    speak(40, at=now)
    burst.work(now)
    Brand.objects.update(is_active=False)
    burst.work(now + 8 * HOUR)
    assert brand.bursts.get().ended_at is not None


def test_a_paused_brand_is_left_alone(brand: Brand, now: datetime) -> None:
    Brand.objects.update(is_active=False)
    speak(40, at=now)
    burst.work(now)
    assert not Burst.objects.exists()


def test_the_page_of_the_brand_shows_its_bursts(
    brand: Brand, now: datetime, client: Client
) -> None:
    speak(40, at=now)
    burst.work(now)
    client.force_login(make_member("安琪", Role.DUTY_OFFICER))
    page = client.get(f"/brands/{brand.pk}/risk").content.decode()
    assert f"/mentions?brand={brand.pk}" in page
    assert "40" in page
