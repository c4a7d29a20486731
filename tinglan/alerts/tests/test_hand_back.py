"""An alert that was taken on goes back to all: by a person, or since nothing was done."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_event, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.alerts import escalate, issue, notify, remind
from tinglan.alerts.acknowledge import acknowledge, note_on
from tinglan.alerts.errors import AlertError
from tinglan.alerts.hand_back import hand_back
from tinglan.alerts.models import Acknowledgement, Alert, Delivery
from tinglan.alerts.tests.cast import make_channel, make_line, make_rule, raise_level
from tinglan.audit.models import AuditEntry
from tinglan.clocks.models import Clock
from tinglan.events import timeline
from tinglan.events.models import Event, TimelineEntry

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def line() -> list[Member]:
    line = make_line()
    make_rule(make_channel("inapp"))
    return line


def taken_alert(by: Member, *, now: datetime, level: str = "I") -> Alert:
    event = make_event()
    issue.handle([raise_level(event, level, now=now)], now=now)
    alert = event.alerts.get()
    acknowledge(alert, by=by, now=now)
    return alert


def fresh(alert: Alert) -> Alert:
    return Alert.objects.get(pk=alert.pk)


def test_it_waits_again_and_the_next_in_line_is_called(now: datetime, line: list[Member]) -> None:
    alert = taken_alert(line[0], now=now)
    hand_back(alert, reason="要上飞机了", by=line[0], now=now + MINUTE)
    alert = fresh(alert)
    assert alert.is_waiting
    assert Alert.objects.waiting().get() == alert
    called = alert.deliveries.get(reason=Delivery.Reason.REOPENED)
    assert called.recipient == line[1]
    coming = [one.to for one in alert.escalations.filter(at=None, dropped_why="")]
    assert coming[0] == line[2]
    assert alert.next_action_at == now + 6 * MINUTE
    running = Clock.objects.of(alert).running().get()
    assert running.due_at == now + 6 * MINUTE
    told = TimelineEntry.objects.get(kind="alert_reopened")
    assert (told.by, told.data["name"], told.data["reason"]) == (line[0], "安琪", "要上飞机了")
    assert AuditEntry.objects.filter(verb="alerts.hand_back").exists()


def test_who_took_it_first_stays_on_record_and_another_takes_it(
    now: datetime, line: list[Member]
) -> None:
    alert = taken_alert(line[0], now=now)
    hand_back(alert, reason="要上飞机了", by=line[0], now=now + MINUTE)
    acknowledge(alert, by=line[1], now=now + 2 * MINUTE)
    assert [one.by for one in Acknowledgement.objects.all()] == line[:2]
    alert = fresh(alert)
    assert alert.answer is not None
    assert alert.answer.by == line[1]
    hand_back(alert, reason="也不行", by=line[1], now=now + 3 * MINUTE)
    assert fresh(alert).is_waiting
    assert fresh(alert).deliveries.filter(reason=Delivery.Reason.REOPENED).count() == 2


def test_it_goes_on_being_escalated(now: datetime, line: list[Member]) -> None:
    alert = taken_alert(line[0], now=now)
    hand_back(alert, reason="要上飞机了", by=line[0], now=now + MINUTE)
    assert escalate.poll(now + 6 * MINUTE) == 1
    assert fresh(alert).deliveries.filter(reason=Delivery.Reason.ESCALATION).count() == 1


def test_what_nobody_has_or_what_is_over_cannot_be_handed_back(
    now: datetime, line: list[Member]
) -> None:
    alert = taken_alert(line[0], now=now)
    hand_back(alert, reason="要上飞机了", by=line[0], now=now)
    with pytest.raises(AlertError, match=r"Nobody|无人"):
        hand_back(alert, reason="再来", by=line[0], now=now)
    over = taken_alert(line[0], now=now)
    with pytest.raises(AlertError):
        hand_back(over, reason=" ", by=line[0], now=now)
    Event.objects.filter(pk=over.event_id).update(ended_at=now)
    with pytest.raises(AlertError):
        hand_back(over, reason="x", by=line[0], now=now)


def test_an_outsider_may_not(now: datetime, line: list[Member]) -> None:
    alert = taken_alert(line[0], now=now)
    with pytest.raises(ForbiddenError):
        hand_back(alert, reason="x", by=make_member("晨曦", Role.AGENT), now=now)


def reminders(alert: Alert) -> int:
    return alert.deliveries.filter(reason=Delivery.Reason.REMINDER).count()


def test_who_did_nothing_is_reminded_and_in_the_end_others_are_called(
    now: datetime, line: list[Member]
) -> None:
    alert = taken_alert(line[0], now=now)
    assert remind.poll(now + 29 * MINUTE) == 0
    assert remind.poll(now + 30 * MINUTE) == 1
    assert reminders(alert) == 1
    notify.work(now + 30 * MINUTE)
    told = alert.deliveries.get(reason=Delivery.Reason.REMINDER)
    assert (told.recipient, told.state) == (line[0], Delivery.State.SENT)
    remind.poll(now + 60 * MINUTE)
    assert reminders(alert) == 2
    remind.poll(now + 90 * MINUTE)
    alert = fresh(alert)
    assert alert.is_waiting
    back = TimelineEntry.objects.get(kind="alert_taken_back")
    assert (back.by, back.data["name"]) == (None, "安琪")
    assert remind.poll(now + 24 * 60 * MINUTE) == 0


def test_yellow_is_reminded_and_stays_with_who_took_it(now: datetime, line: list[Member]) -> None:
    alert = taken_alert(line[0], now=now, level="III")
    for hours in (4, 8, 12):
        remind.poll(now + timedelta(hours=hours))
    assert reminders(alert) == 2
    assert not fresh(alert).is_waiting


def test_any_act_of_a_person_on_the_event_is_progress(now: datetime, line: list[Member]) -> None:
    alert = taken_alert(line[0], now=now)
    timeline.add(alert.event, "case_opened", at=now + MINUTE, by=line[1], number="1", lead="博文")
    remind.poll(now + 30 * MINUTE)
    assert reminders(alert) == 0
    assert Acknowledgement.objects.get().remind_at is None


def test_what_tinglan_does_by_itself_is_no_progress(now: datetime, line: list[Member]) -> None:
    alert = taken_alert(line[0], now=now)
    timeline.add(alert.event, "posts_joined", at=now + MINUTE)
    remind.poll(now + 30 * MINUTE)
    assert reminders(alert) == 1


def test_a_note_says_that_somebody_is_at_it(now: datetime, line: list[Member]) -> None:
    alert = taken_alert(line[0], now=now)
    assert alert.answer is not None
    note_on(alert.answer, "已联系工厂", by=line[0], now=now + MINUTE)
    assert remind.poll(now + 30 * MINUTE) == 0


def test_who_left_is_not_reminded_but_others_are_called(now: datetime, line: list[Member]) -> None:
    alert = taken_alert(line[0], now=now, level="III")
    Member.objects.filter(pk=line[0].pk).update(is_active=False)
    remind.poll(now + timedelta(hours=4))
    assert fresh(alert).is_waiting
    assert reminders(alert) == 0


def test_an_event_that_is_over_reminds_nobody(now: datetime, line: list[Member]) -> None:
    alert = taken_alert(line[0], now=now)
    Event.objects.filter(pk=alert.event_id).update(ended_at=now)
    remind.poll(now + 30 * MINUTE)
    assert reminders(alert) == 0


def test_a_reminder_is_dropped_where_it_was_handed_back_meanwhile(
    now: datetime, line: list[Member]
) -> None:
    alert = taken_alert(line[0], now=now)
    remind.poll(now + 30 * MINUTE)
    hand_back(alert, reason="x", by=line[0], now=now + 30 * MINUTE)
    notify.work(now + 31 * MINUTE)
    told = alert.deliveries.get(reason=Delivery.Reason.REMINDER)
    assert told.state == Delivery.State.DROPPED
