"""Blind spots are told in the product, once a day, to those on duty."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_member, make_source
from tinglan.accounts.rights import Role
from tinglan.alerts.blind import poll
from tinglan.alerts.models import Delivery
from tinglan.events.models import Level

pytestmark = pytest.mark.django_db


def test_a_failing_source_is_told_once_a_day(now: datetime) -> None:
    anqi = make_member("安琪", Role.DUTY_OFFICER)
    source = make_source("某社区", n_failures=3, last_error="no answer", last_run_at=now)
    assert poll(now) == 1
    assert poll(now + timedelta(minutes=5)) == 0
    told = anqi.notifications.get()
    assert (told.url, told.level) == (source.get_absolute_url(), Level.BLUE)
    assert "某社区" in told.title
    assert poll(now + timedelta(days=1)) == 1
    assert not Delivery.objects.exists()


def test_where_all_is_well_nobody_is_told(now: datetime) -> None:
    anqi = make_member("安琪", Role.DUTY_OFFICER)
    make_source(last_run_at=now, last_success_at=now)
    assert poll(now) == 0
    assert not anqi.notifications.exists()


def test_with_nobody_here_there_is_nobody_to_tell(now: datetime) -> None:
    make_source(n_failures=3, last_run_at=now)
    assert poll(now) == 0
