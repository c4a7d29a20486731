"""A burst of a brand's volume is told in the product, once, to those on duty."""

from datetime import datetime
from typing import Any

import pytest

from tests.make import make_brand, make_duty, make_event, make_member
from tinglan.accounts.rights import Role
from tinglan.alerts.burst import tell_of
from tinglan.alerts.models import Delivery, Notification
from tinglan.events.models import Burst, Level
from tinglan.lib import worker
from tinglan.lib.claims import announce
from tinglan.monitors.models import Brand

pytestmark = pytest.mark.django_db


def make_burst(*, now: datetime, **fields: Any) -> Burst:
    values = {"started_at": now, "last_at": now, "peak_at": now, "volume": 86, "expected": 12.0}
    brand = fields.pop("brand", None) or make_brand()
    return Burst.objects.create(brand=brand, surprise=9.0, n_negative=40, **values, **fields)


def test_those_on_duty_are_told_at_the_lowest_level(now: datetime) -> None:
    anqi, bowen = make_member("安琪", Role.DUTY_OFFICER), make_member("博文", Role.PR_LEAD)
    make_duty(anqi, now=now)
    assert tell_of(make_burst(now=now), now=now) == [anqi]
    told = anqi.notifications.get()
    assert (told.level, told.url.endswith("/risk")) == (Level.BLUE, True)
    assert "86" in told.text
    assert not bowen.notifications.exists()
    assert not Delivery.objects.exists()  # nothing leaves the house


def test_it_is_told_once(now: datetime) -> None:
    anqi = make_member("安琪", Role.DUTY_OFFICER)
    burst = make_burst(now=now)
    tell_of(burst, now=now)
    tell_of(burst, now=now)
    assert anqi.notifications.count() == 1


def test_an_event_with_a_level_has_its_own_alerts(now: datetime) -> None:
    make_member("安琪", Role.DUTY_OFFICER)
    event = make_event(level="III")
    tell_of(make_burst(now=now, event=event, event_share=0.8), now=now)
    assert not Notification.objects.exists()


def test_of_a_competitor_nobody_is_told(now: datetime) -> None:
    make_member("安琪", Role.DUTY_OFFICER)
    rival = make_brand("云岭电器", kind=Brand.Kind.COMPETITOR)
    tell_of(make_burst(now=now, brand=rival), now=now)
    assert not Notification.objects.exists()


def test_the_worker_hears_of_it(now: datetime) -> None:
    anqi = make_member("安琪", Role.DUTY_OFFICER)
    announce(make_burst(now=now))
    worker.drain()
    assert anqi.notifications.exists()
