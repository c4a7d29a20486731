"""Taking an alert on."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_event, make_member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.alerts import issue
from tinglan.alerts.acknowledge import acknowledge, note_on
from tinglan.alerts.errors import AlertError
from tinglan.alerts.models import Alert
from tinglan.alerts.tests.cast import make_line, raise_level
from tinglan.audit.models import AuditEntry
from tinglan.clocks.models import Clock
from tinglan.events.models import TimelineEntry

pytestmark = pytest.mark.django_db


def issue_alert(now: datetime, level: str = "I") -> Alert:
    event = make_event()
    issue.handle([raise_level(event, level)], now=now)
    return event.alerts.get()


def test_it_stops_the_clock_the_calls_and_the_waiting(now: datetime) -> None:
    anqi = make_line()[0]
    alert = issue_alert(now)
    answer = acknowledge(alert, by=anqi, now=now + timedelta(minutes=3), note=" 我来处理 ")
    alert.refresh_from_db()
    assert not alert.is_waiting
    assert alert.next_action_at is None
    assert alert.next_call is None
    clock = Clock.objects.of(alert).get()
    assert (clock.met_at, clock.met_by_id) == (answer.at, answer.pk)
    told = TimelineEntry.objects.get(kind="alert_acknowledged")
    assert (told.by, told.data["minutes"], told.data["note"]) == (anqi, 3, "我来处理")
    assert AuditEntry.objects.filter(verb="alerts.acknowledge", actor=anqi).exists()


def test_the_first_one_stands(now: datetime) -> None:
    anqi, bowen, _ = make_line()
    alert = issue_alert(now)
    first = acknowledge(alert, by=anqi, now=now)
    assert acknowledge(alert, by=bowen, now=now + timedelta(minutes=1)) == first
    assert acknowledge(alert, by=anqi, now=now + timedelta(minutes=1)).at == now
    assert TimelineEntry.objects.filter(kind="alert_acknowledged").count() == 1


def test_an_outsider_may_not(now: datetime) -> None:
    alert = issue_alert(now)
    with pytest.raises(ForbiddenError):
        acknowledge(alert, by=make_member("晨曦", Role.AGENT), now=now)
    assert alert.is_waiting


def test_a_replaced_alert_sends_one_to_the_graver_one(now: datetime) -> None:
    anqi = make_line()[0]
    alert = issue_alert(now, "III")
    issue.handle([raise_level(alert.event, "I")], now=now)
    graver = alert.event.alerts.latest("id")
    with pytest.raises(AlertError, match=str(graver.pk)):
        acknowledge(alert, by=anqi, now=now)


def test_a_note_may_be_added_later_by_the_same_person_only(now: datetime) -> None:
    anqi, bowen, _ = make_line()
    answer = acknowledge(issue_alert(now), by=anqi, now=now)
    note_on(answer, "已联系客服", by=anqi, now=now + timedelta(minutes=2))
    answer.refresh_from_db()
    assert (answer.note, answer.at) == ("已联系客服", now)
    with pytest.raises(ForbiddenError):
        note_on(answer, "不是我", by=bowen, now=now)
