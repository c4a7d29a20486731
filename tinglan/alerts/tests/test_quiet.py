"""Quiet hours defer what is not grave, and never drop it."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.make import make_event, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.alerts import escalate, issue, notify
from tinglan.alerts.errors import AlertError
from tinglan.alerts.models import Alert, Days, Delivery, QuietHours
from tinglan.alerts.quiet import delete_quiet_hours, quiet_until, save_quiet_hours
from tinglan.alerts.tests.cast import (
    Mailbox,
    let_leases_be_due,
    mail_server,
    make_channel,
    make_line,
    make_rule,
    raise_level,
)
from tinglan.clocks import defaults

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = {"starts": time(22), "ends": time(8)}


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def line(settings: Any) -> list[Member]:
    return make_line()


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        make_rule(make_channel("inapp"), make_channel("email", config=box.config))
        yield box


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(23, 21, 59), None),
        (at(23, 22), at(24, 8)),
        (at(24, 0), at(24, 8)),
        (at(24, 7, 59), at(24, 8)),
        (at(24, 8), None),
    ],
)
def test_a_night_lasts_past_midnight_and_ends_to_the_minute(
    now: datetime, until: datetime | None
) -> None:
    QuietHours.objects.create(**NIGHT)
    assert quiet_until(None, now) == until


def test_hours_that_follow_on_one_another_are_one_night(line: list[Member]) -> None:
    QuietHours.objects.create(**NIGHT)
    QuietHours.objects.create(member=line[0], starts=time(7), ends=time(9, 30))
    assert quiet_until(line[0], at(23, 23)) == at(24, 9, 30)
    assert quiet_until(line[1], at(23, 23)) == at(24, 8)


def test_holidays_are_days_off_and_the_weekend_worked_for_them_is_not() -> None:
    """National Day 2026: off from 1 October, worked on Saturday the 10th (调休)."""
    defaults.ensure_defaults(at(1, 9, month=9))
    QuietHours.objects.create(starts=time(0), ends=time(23, 59), days=Days.OFF)
    assert quiet_until(None, at(1, 12, month=10)) == at(1, 23, 59, month=10)
    assert quiet_until(None, at(10, 12, month=10)) is None
    assert quiet_until(None, at(11, 12, month=10)) is not None


def test_hours_round_the_clock_end_at_last() -> None:
    for starts, ends in ((time(0), time(12)), (time(12), time(0))):
        QuietHours.objects.create(starts=starts, ends=ends)
    until = quiet_until(None, at(23, 10))
    assert until is not None
    assert until <= at(23, 10) + timedelta(days=3)


def issue_alert(level: str, *, now: datetime) -> Alert:
    event = make_event()
    issue.handle([raise_level(event, level, now=now)], now=now)
    return event.alerts.get()


def work(now: datetime) -> None:
    let_leases_be_due()
    while notify.work(now):
        pass


def test_yellow_waits_for_the_morning_and_red_does_not(box: Mailbox) -> None:
    QuietHours.objects.create(**NIGHT)
    yellow, red = issue_alert("III", now=at(23, 23)), issue_alert("I", now=at(23, 23))
    work(at(23, 23, 1))
    mail = yellow.deliveries.get(channel_kind="email")
    assert (mail.held_why, mail.held_until) == (Delivery.Held.QUIET, at(24, 8))
    assert yellow.deliveries.get(channel_kind="inapp").state == Delivery.State.SENT
    assert red.deliveries.get(channel_kind="email").state == Delivery.State.SENT
    work(at(24, 8))
    mail.refresh_from_db()
    assert mail.state == Delivery.State.SENT
    assert len(box.mails) == 2


def test_a_night_longer_than_the_deadline_drops_nothing(box: Mailbox) -> None:
    yellow = issue_alert("III", now=at(20, 18))
    mail = yellow.deliveries.get(channel_kind="email")
    Delivery.objects.filter(pk=mail.pk).update(deadline_at=at(20, 23))
    QuietHours.objects.create(**NIGHT)
    work(at(20, 22, 30))
    work(at(21, 8))
    mail.refresh_from_db()
    assert mail.state == Delivery.State.SENT


def test_hours_round_the_clock_keep_no_message_longer_than_a_day(box: Mailbox) -> None:
    for starts, ends in ((time(0), time(12)), (time(12), time(0))):
        QuietHours.objects.create(starts=starts, ends=ends)
    yellow = issue_alert("III", now=at(23, 9))
    work(at(23, 9, 2))
    mail = yellow.deliveries.get(channel_kind="email")
    assert mail.held_until == at(24, 9)
    work(at(24, 9))
    mail.refresh_from_db()
    assert mail.state == Delivery.State.SENT


def test_all_of_a_night_is_one_message_in_the_morning(box: Mailbox) -> None:
    QuietHours.objects.create(**NIGHT)
    for minute in range(4):
        issue_alert("III", now=at(23, 23, minute))
    work(at(23, 23, 30))
    work(at(24, 8))
    assert len(box.mails) == 1
    assert not Delivery.objects.exclude(state=Delivery.State.SENT).exists()


def test_nobody_is_called_for_an_alert_that_nobody_was_told_of_yet(box: Mailbox) -> None:
    QuietHours.objects.create(**NIGHT)
    yellow = issue_alert("III", now=at(23, 23))
    work(at(23, 23, 1))
    escalate.poll(at(23, 23, 30))
    yellow.refresh_from_db()
    dues = list(yellow.escalations.values_list("due_at", flat=True))
    assert dues == [at(24, 8, 30), at(24, 9)]
    assert yellow.next_action_at == at(24, 8, 30)
    work(at(24, 8))
    assert escalate.poll(at(24, 8, 30)) == 1
    assert yellow.escalations.get(number=1).at == at(24, 8, 30)


def test_everybody_keeps_their_own_hours_and_administrators_those_of_all(
    line: list[Member],
) -> None:
    admin, now = make_member("管理员", Role.ADMINISTRATOR), at(23, 9)
    own = save_quiet_hours(QuietHours(member=line[0], **NIGHT), by=line[0], now=now)
    save_quiet_hours(QuietHours(**NIGHT), by=admin, now=now)
    with pytest.raises(ForbiddenError):
        save_quiet_hours(QuietHours(**NIGHT), by=line[0], now=now)
    with pytest.raises(ForbiddenError):
        delete_quiet_hours(own, by=line[1], now=now)
    delete_quiet_hours(own, by=line[0], now=now)
    assert QuietHours.objects.count() == 1


def test_hours_without_length_are_refused(line: list[Member]) -> None:
    hours = QuietHours(member=line[0], starts=time(8), ends=time(8))
    with pytest.raises(AlertError):
        save_quiet_hours(hours, by=line[0], now=at(23, 9))
