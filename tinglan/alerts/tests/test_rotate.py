"""Rotations write the roster ahead: turns, handovers, holidays, and who cannot."""

from datetime import date, datetime, timedelta

import pytest

from tests.make import make_member
from tinglan.accounts.duty import on_duty, take_off_duty
from tinglan.accounts.members import deactivate
from tinglan.accounts.models import Duty, Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.accounts.stand_in import stand_in
from tinglan.alerts import rotate
from tinglan.alerts.errors import AlertError
from tinglan.alerts.models import Days, Rotation, Turn
from tinglan.alerts.rotate import delete_rotation, in_turn, save_rotation
from tinglan.audit.models import AuditEntry
from tinglan.clocks import defaults

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
def admin() -> Member:
    return make_member("管理员", Role.ADMINISTRATOR)


@pytest.fixture
def crew() -> list[Member]:
    return [make_member(name, Role.DUTY_OFFICER) for name in ("安琪", "博文", "思远")]


def begin(admin: Member, crew: list[Member], now: datetime, **fields: object) -> Rotation:
    values = {"name": "主班", "shift": "whole", "starts_on": MONDAY, **fields}
    return save_rotation(Rotation(**values), crew, by=admin, now=now)


def names(first: date, last: date) -> list[str]:
    days = [first + n * DAY for n in range((last - first).days + 1)]
    found = {turn.day: turn.duty.member.name for turn in _turns() if turn.duty}
    return [found.get(day, "") for day in days]


def _turns() -> list[Turn]:
    return list(Turn.objects.select_related("duty__member"))


def test_each_week_is_the_next_ones(now: datetime, admin: Member, crew: list[Member]) -> None:
    begin(admin, crew, now)
    assert names(MONDAY, MONDAY + 6 * DAY) == ["安琪"] * 7
    assert names(MONDAY + 7 * DAY, MONDAY + 13 * DAY) == ["博文"] * 7
    assert names(MONDAY + 21 * DAY, MONDAY + 21 * DAY) == ["安琪"]
    assert Duty.objects.count() == 29
    assert AuditEntry.objects.filter(verb="alerts.save_rotation").count() == 1


def test_a_daily_handover_counts_the_days_that_are_covered(
    now: datetime, admin: Member, crew: list[Member]
) -> None:
    begin(admin, crew, now, handover="daily", days=Days.WORKING)
    week = names(MONDAY, MONDAY + 7 * DAY)
    assert week == ["安琪", "博文", "思远", "安琪", "博文", "", "", "思远"]


def test_holidays_have_their_own_rotation_and_workdays_in_their_stead_do_not(
    admin: Member, crew: list[Member]
) -> None:
    """National Day 2026: 1–7 October off, Saturday 10 October worked."""
    now = datetime.fromisoformat("2026-09-28T09:00+08:00")
    defaults.ensure_defaults(now)
    begin(admin, crew, now, days=Days.OFF, handover="daily", starts_on=now.date())
    holiday = names(date(2026, 10, 1), date(2026, 10, 7))
    assert "" not in holiday
    assert names(date(2026, 10, 8), date(2026, 10, 10)) == ["", "", ""]
    assert names(date(2026, 10, 11), date(2026, 10, 11)) != [""]


def test_it_is_written_further_each_day_and_once(
    now: datetime, admin: Member, crew: list[Member]
) -> None:
    begin(admin, crew, now)
    assert rotate.poll(now) == 0
    assert rotate.poll(now + DAY) == 1
    assert rotate.poll(now + DAY) == 0


def test_a_duty_that_was_taken_away_stays_away(
    now: datetime, admin: Member, crew: list[Member]
) -> None:
    begin(admin, crew, now)
    take_off_duty(Duty.objects.get(turn__day=MONDAY + DAY), by=admin, now=now)
    assert rotate.poll(now) == 0
    assert names(MONDAY + DAY, MONDAY + DAY) == [""]


def test_who_left_makes_room_for_the_next(now: datetime, admin: Member, crew: list[Member]) -> None:
    begin(admin, crew, now)
    deactivate(crew[0], by=admin, now=now)
    rotate.poll(now)
    assert names(MONDAY + DAY, MONDAY + 6 * DAY) == ["博文"] * 6


def test_who_is_on_duty_by_hand_is_passed_over(
    now: datetime, admin: Member, crew: list[Member]
) -> None:
    Duty.objects.create(member=crew[0], starts_at=now + DAY, ends_at=now + DAY + DAY / 24, order=2)
    begin(admin, crew, now)
    assert names(MONDAY, MONDAY + 2 * DAY) == ["安琪", "博文", "安琪"]


def test_with_nobody_free_the_day_stays_open_and_is_tried_again(
    now: datetime, admin: Member, crew: list[Member]
) -> None:
    for member in crew:
        member.appointments.all().delete()
    begin(admin, crew, now)
    assert not Duty.objects.exists()
    crew[1].appointments.create(role=Role.DUTY_OFFICER)
    assert rotate.poll(now) == 29


def test_a_new_order_leaves_what_was_swapped(
    now: datetime, admin: Member, crew: list[Member]
) -> None:
    rotation = begin(admin, crew, now)
    tuesday = Duty.objects.get(turn__day=MONDAY + DAY)
    stand_in(tuesday, crew[2], by=crew[0], now=now)
    save_rotation(rotation, crew[1:], by=admin, now=now)
    assert names(MONDAY + DAY, MONDAY + 2 * DAY) == ["思远", "博文"]
    assert on_duty(now) == [crew[0]]  # what has begun is not taken away


def test_the_duties_to_come_go_with_their_rotation(
    now: datetime, admin: Member, crew: list[Member]
) -> None:
    rotation = begin(admin, crew, now)
    delete_rotation(rotation, by=admin, now=now)
    assert [duty.member.name for duty in Duty.objects.all()] == ["安琪"]  # the one that runs


def test_only_administrators_change_rotations(now: datetime, crew: list[Member]) -> None:
    with pytest.raises(ForbiddenError):
        begin(crew[0], crew, now)
    assert not Rotation.objects.exists()


def test_a_rotation_of_nobody_is_refused(now: datetime, admin: Member) -> None:
    with pytest.raises(AlertError):
        begin(admin, [], now)


def test_in_turn_of_nobody_is_nobody() -> None:
    assert in_turn([], 3) == []
