"""What lies behind a demo: ordinary talk and a happy launch, heard and graded, alarming nobody."""

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.drills.models import Stage
from tinglan.drills.prepare import prepare
from tinglan.drills.scenario import DEMO
from tinglan.drills.tell import LAUNCH_KEY
from tinglan.events.models import Event, LevelChange
from tinglan.lib import clock, heartbeat
from tinglan.lib.models import Heartbeat, Lease
from tinglan.monitors.models import Mention
from tinglan.sources.models import Post, Source

pytestmark = pytest.mark.django_db

DAYS = 2  # the launch lies within them


def test_ordinary_talk_and_a_happy_launch_alarm_nobody(now: datetime) -> None:
    stage = prepare(DEMO, wall=now, days=DAYS)
    assert not LevelChange.objects.exists()
    launch = Event.objects.filter(
        memberships__mention__post__native_id__startswith=LAUNCH_KEY
    ).distinct()
    largest = max(launch, key=lambda event: event.n_posts)
    assert largest.n_posts >= 30
    assert largest.nature is not None
    assert largest.nature.code == "praise"
    assert Post.objects.filter(is_backfill=True).count() == 0
    assert Post.objects.filter(effective_at__gt=stage.opens_at).count() == 0
    assert not Lease.objects.exists()


def test_most_of_what_is_told_is_heard_and_nothing_looks_broken(now: datetime) -> None:
    stage = prepare(DEMO, wall=now, days=1)
    assert Mention.objects.values("post").distinct().count() >= 0.95 * Post.objects.count()
    blind = [source.name for source in Source.objects.all() if source.is_blind(stage.opens_at)]
    assert blind == []


def test_prepared_again_it_changes_nothing(now: datetime) -> None:
    prepare(DEMO, wall=now, days=1)
    before = (Post.objects.count(), Member.objects.count(), Event.objects.count())
    prepare(DEMO, wall=now + timedelta(hours=5), days=1)
    assert (Post.objects.count(), Member.objects.count(), Event.objects.count()) == before


def test_killed_halfway_it_goes_on_where_it_stood(now: datetime) -> None:
    stage = prepare(DEMO, wall=now, days=1)
    told = set(Post.objects.values_list("native_id", flat=True))
    Stage.objects.update(told_until=stage.opens_at - timedelta(hours=10))
    prepare(DEMO, wall=now, days=1)
    assert set(Post.objects.values_list("native_id", flat=True)) == told
    assert Stage.objects.get().is_ready


def test_every_role_has_a_seat_for_a_person_and_the_loop_has_scripted_colleagues(
    stage: Stage,
) -> None:
    for role in Role:
        seats = Member.objects.holding(role)
        assert seats.filter(is_scripted=False).exists(), role
    scripted = {role for each in Member.objects.filter(is_scripted=True) for role in each.roles}
    assert scripted == set(Role) - {Role.LEADER, Role.ADMINISTRATOR}


def test_time_stands_still_while_the_demo_is_not_running(stage: Stage, now: datetime) -> None:
    stood = clock.set_to(stage.opens_at, rate=1.0)
    heartbeat.beat("worker.ingest")
    Heartbeat.objects.update(at=stood.wall_at + timedelta(minutes=7))
    prepare(DEMO, wall=stood.wall_at + timedelta(days=3))
    behind = clock.now() - (stage.opens_at + timedelta(minutes=7))
    assert abs(behind) < timedelta(minutes=1)


def test_a_database_of_real_posts_is_never_filled(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="made-up posts"):
        call_command("prepare_demo")
    assert not Stage.objects.exists()
