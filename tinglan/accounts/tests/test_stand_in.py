"""Somebody takes a duty over, whole or in part; two swap."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_member
from tinglan.accounts.duty import on_duty
from tinglan.accounts.errors import DutyError
from tinglan.accounts.models import Duty, Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.accounts.stand_in import Part, stand_in, swap
from tinglan.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def pair() -> list[Member]:
    return [make_member("安琪", Role.DUTY_OFFICER), make_member("博文", Role.DUTY_OFFICER)]


def make_duty(member: Member, starts_at: datetime, *, order: int = 1) -> Duty:
    ends_at = starts_at + 12 * HOUR
    return Duty.objects.create(member=member, starts_at=starts_at, ends_at=ends_at, order=order)


def test_a_whole_duty_changes_hands_and_says_whose_it_was(
    now: datetime, pair: list[Member]
) -> None:
    anqi, bowen = pair
    duty = stand_in(make_duty(anqi, now + HOUR), bowen, by=anqi, now=now)
    assert (duty.member, duty.stands_in_for) == (bowen, anqi)
    assert on_duty(now + 2 * HOUR) == [bowen]
    told = AuditEntry.objects.get(verb="accounts.stand_in")
    assert (told.data["name"], told.data["before"]) == ("博文", "安琪")


def test_a_part_leaves_the_rest_with_whose_it_is(now: datetime, pair: list[Member]) -> None:
    anqi, bowen = pair
    part = Part(now + 3 * HOUR, now + 5 * HOUR)
    stand_in(make_duty(anqi, now + HOUR), bowen, part=part, by=anqi, now=now)
    hours = [2, 3, 4, 5, 12]
    called = [on_duty(now + n * HOUR)[0].name for n in hours]
    assert called == ["安琪", "博文", "博文", "安琪", "安琪"]
    assert Duty.objects.count() == 3


def test_what_is_past_stays_with_whoever_had_it(now: datetime, pair: list[Member]) -> None:
    anqi, bowen = pair
    stand_in(make_duty(anqi, now - 2 * HOUR), bowen, by=anqi, now=now)
    assert on_duty(now - HOUR) == [anqi]
    assert on_duty(now) == [bowen]


def test_given_back_it_is_theirs_as_before(now: datetime, pair: list[Member]) -> None:
    anqi, bowen = pair
    duty = stand_in(make_duty(anqi, now + HOUR), bowen, by=anqi, now=now)
    duty = stand_in(duty, anqi, by=bowen, now=now)
    assert (duty.member, duty.stands_in_for) == (anqi, None)


def test_two_swap_their_duties_even_at_the_same_time(now: datetime, pair: list[Member]) -> None:
    anqi, bowen = pair
    first, second = make_duty(anqi, now + HOUR), make_duty(bowen, now + HOUR, order=2)
    swap(first, second, by=anqi, now=now)
    assert on_duty(now + 2 * HOUR) == [bowen, anqi]
    first.refresh_from_db()
    assert first.stands_in_for == anqi


def test_a_swap_that_cannot_be_is_none_at_all(now: datetime, pair: list[Member]) -> None:
    anqi, bowen = pair
    first, second = make_duty(anqi, now + HOUR), make_duty(bowen, now + 48 * HOUR)
    make_duty(anqi, now + 50 * HOUR, order=2)
    with pytest.raises(DutyError, match="安琪"):
        swap(first, second, by=anqi, now=now)
    first.refresh_from_db()
    assert first.member == anqi


def test_nobody_gives_away_what_is_not_theirs(now: datetime, pair: list[Member]) -> None:
    anqi, bowen = pair
    duty = make_duty(anqi, now + HOUR)
    with pytest.raises(ForbiddenError):
        stand_in(duty, bowen, by=bowen, now=now)
    stand_in(duty, bowen, by=make_member("管理员", Role.ADMINISTRATOR), now=now)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 20), (3, 3), (5, 4)])
def test_the_part_lies_in_the_duty(now: datetime, pair: list[Member], start: int, end: int) -> None:
    anqi, bowen = pair
    duty = make_duty(anqi, now + HOUR)
    part = Part(duty.starts_at + start * HOUR, duty.starts_at + end * HOUR)
    with pytest.raises(DutyError):
        stand_in(duty, bowen, part=part, by=anqi, now=now)
    assert Duty.objects.count() == 1


def test_a_duty_that_is_over_stays(now: datetime, pair: list[Member]) -> None:
    anqi, bowen = pair
    with pytest.raises(DutyError):
        stand_in(make_duty(anqi, now - 20 * HOUR), bowen, by=anqi, now=now)


def test_who_may_not_acknowledge_or_is_on_duty_cannot_stand_in(
    now: datetime, pair: list[Member]
) -> None:
    anqi, bowen = pair
    duty = make_duty(anqi, now + HOUR)
    with pytest.raises(DutyError, match="晨曦"):
        stand_in(duty, make_member("晨曦", Role.AGENT), by=anqi, now=now)
    make_duty(bowen, now + 2 * HOUR, order=2)
    with pytest.raises(DutyError, match="博文"):
        stand_in(duty, bowen, by=anqi, now=now)
    with pytest.raises(DutyError, match="安琪"):
        stand_in(duty, anqi, by=anqi, now=now)
