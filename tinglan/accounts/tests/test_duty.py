"""The duty roster: who is called when, and the gaps in it."""

from datetime import date, datetime, timedelta

import pytest

from tests.make import make_duty, make_member
from tinglan.accounts.duty import SHIFTS, fill_roster, gaps, on_duty, put_on_duty, take_off_duty
from tinglan.accounts.errors import DutyError
from tinglan.accounts.models import Duty
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MONDAY = date(2026, 11, 23)


def test_a_night_ends_on_the_next_morning_of_the_site(now: datetime) -> None:
    anqi = make_member("安琪", Role.DUTY_OFFICER)
    (duty,) = fill_roster(anqi, [MONDAY], shift=SHIFTS["night"], by=None, now=now)
    assert duty.starts_at.isoformat() == "2026-11-23T20:00:00+08:00"
    assert duty.ends_at.isoformat() == "2026-11-24T08:00:00+08:00"


def test_a_roster_is_filled_wholly_or_not_at_all(now: datetime) -> None:
    anqi = make_member("安琪", Role.DUTY_OFFICER)
    week = [MONDAY + timedelta(days=n) for n in range(3)]
    fill_roster(anqi, week[2:], shift=SHIFTS["day"], by=None, now=now)
    with pytest.raises(DutyError, match="安琪"):
        fill_roster(anqi, week, shift=SHIFTS["day"], by=None, now=now)
    assert Duty.objects.count() == AuditEntry.objects.count() == 1


def test_who_may_not_acknowledge_is_not_put_on_duty(now: datetime) -> None:
    agent = make_member("晨曦", Role.AGENT)
    with pytest.raises(DutyError, match="晨曦"):
        put_on_duty(agent, starts_at=now, ends_at=now + HOUR, by=None, now=now)


def test_a_duty_ends_after_it_starts(now: datetime) -> None:
    anqi = make_member("安琪", Role.DUTY_OFFICER)
    with pytest.raises(DutyError):
        put_on_duty(anqi, starts_at=now, ends_at=now, by=None, now=now)


def test_only_administrators_fill_the_roster(now: datetime) -> None:
    anqi = make_member("安琪", Role.DUTY_OFFICER)
    with pytest.raises(ForbiddenError):
        put_on_duty(anqi, starts_at=now, ends_at=now + HOUR, by=anqi, now=now)
    assert not Duty.objects.exists()


def test_a_duty_taken_away_is_told_in_the_trail(now: datetime) -> None:
    duty = make_duty(make_member("安琪", Role.DUTY_OFFICER))
    take_off_duty(duty, by=None, now=now)
    assert not Duty.objects.exists()
    assert AuditEntry.objects.get().data["name"] == "安琪"


def test_those_on_duty_are_called_in_their_order_and_once(now: datetime) -> None:
    anqi, bowen = make_member("安琪"), make_member("博文")
    make_duty(anqi, order=2)
    make_duty(bowen)
    make_duty(anqi, order=3)
    assert on_duty(now) == [bowen, anqi]


def test_gaps_are_what_no_duty_covers(now: datetime) -> None:
    anqi = make_member("安琪")
    duties = [
        Duty(member=anqi, starts_at=now + 2 * HOUR, ends_at=now + 4 * HOUR),
        Duty(member=anqi, starts_at=now + 3 * HOUR, ends_at=now + 5 * HOUR),
    ]
    found = gaps(duties, start=now, end=now + 6 * HOUR)
    assert [(gap.starts_at, gap.ends_at) for gap in found] == [
        (now, now + 2 * HOUR),
        (now + 5 * HOUR, now + 6 * HOUR),
    ]


def test_an_overlapping_roster_has_no_gap(now: datetime) -> None:
    anqi = make_member("安琪")
    duties = [Duty(member=anqi, starts_at=now - HOUR, ends_at=now + HOUR)]
    assert gaps(duties, start=now, end=now + HOUR) == []
