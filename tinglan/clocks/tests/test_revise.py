"""Targets change by version; what runs keeps its time."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.make import make_event, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.audit.models import AuditEntry
from tinglan.clocks import run
from tinglan.clocks.defaults import ensure_defaults
from tinglan.clocks.errors import ClockError
from tinglan.clocks.models import Clock, Kind, Policy, Target
from tinglan.clocks.revise import revise

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Member:
    return make_member("管理员", Role.ADMINISTRATOR)


def _target(kind: Kind = Kind.HOLDING, level: str = "I") -> Target:
    return Target.objects.filter(kind=kind, level=level).latest("id")


def test_a_new_version_holds_for_new_clocks_only(admin: Member, now: datetime) -> None:
    ensure_defaults(now)
    first, second = make_event("first"), make_event("second")
    run.start(Kind.HOLDING, first, "I", now=now)
    policy = revise({_target().pk: 45}, by=admin, now=now)
    run.start(Kind.HOLDING, second, "I", now=now)
    assert Clock.objects.of(first).get().due_at == now + timedelta(minutes=60)
    assert Clock.objects.of(second).get().due_at == now + timedelta(minutes=45)
    assert policy.targets.count() == Policy.objects.get(version=1).targets.count()
    assert AuditEntry.objects.get(verb="clocks.revise").data == {"changed": ["holding I: 60 → 45"]}


def test_a_target_is_so_long_by_the_clock_or_so_many_days(now: datetime) -> None:
    ensure_defaults(now)
    assert _target().minutes == timedelta(hours=1)
    review = Target.objects.get(kind=Kind.REVIEW, level="I")
    assert (review.minutes, review.amount) == (None, 5)


def test_nothing_changed_is_no_new_version(admin: Member, now: datetime) -> None:
    ensure_defaults(now)
    assert revise({_target().pk: 60}, by=admin, now=now).version == 1


def test_nonsense_and_strangers_are_refused(admin: Member, now: datetime) -> None:
    ensure_defaults(now)
    with pytest.raises(ClockError):
        revise({_target().pk: 0}, by=admin, now=now)
    with pytest.raises(ForbiddenError):
        revise({_target().pk: 45}, by=make_member("安琪", Role.DUTY_OFFICER), now=now)
    assert Policy.objects.count() == 1


def test_the_page_shows_targets_and_lets_administrators_change_them(admin: Member) -> None:
    client = Client()
    client.force_login(admin)
    page = client.get("/settings/clocks").content.decode()
    assert f'name="target-{_target().pk}" value="60"' in page
    client.post("/settings/clocks", {f"target-{_target().pk}": "30", "target-999": "1"})
    assert (_target().amount, Policy.objects.count()) == (30, 2)


def test_others_read_and_outsiders_do_not(admin: Member) -> None:
    client = Client()
    client.force_login(make_member("安琪", Role.DUTY_OFFICER))
    assert "target-" not in client.get("/settings/clocks").content.decode()
    assert client.post("/settings/clocks", {}).status_code == 403
    client.force_login(make_member("晨曦"))
    assert client.get("/settings/clocks").status_code == 403
