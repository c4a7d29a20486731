"""While nobody acknowledges, the next person is called at stored times."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_duty, make_event, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.alerts import escalate, issue
from tinglan.alerts.acknowledge import acknowledge
from tinglan.alerts.models import Alert
from tinglan.alerts.tests.cast import make_line, raise_level
from tinglan.events.models import Event, TimelineEntry
from tinglan.lib.models import Lease

pytestmark = pytest.mark.django_db


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@pytest.fixture
def line() -> list[Member]:
    return make_line()


def issue_alert(now: datetime, level: str = "I") -> Alert:
    event = make_event()
    issue.handle([raise_level(event, level)], now=now)
    return event.alerts.get()


def called(alert: Alert) -> list[tuple[str, str]]:
    """(who, why), in the order of the calls"""
    return [(d.recipient.name, d.reason) for d in alert.deliveries.all() if d.recipient]


@pytest.mark.parametrize(
    ("level", "times"), [("I", (5, 10, 15)), ("II", (10, 20, 30)), ("III", (30, 60))]
)
def test_each_level_calls_the_next_at_its_times(
    now: datetime, level: str, times: tuple[int, ...]
) -> None:
    make_line()
    make_member("德华", Role.LEADER)
    alert = issue_alert(now, level)
    for number, at in enumerate(times, start=1):
        assert escalate.poll(now + minutes(at) - timedelta(seconds=1)) == 0
        assert escalate.poll(now + minutes(at)) == 1
        assert alert.escalations.filter(at__isnull=False).count() == number
    assert len({name for name, _ in called(alert)}) == len(times) + 1  # somebody new each time


def test_an_unacknowledged_red_alert_goes_to_the_next_on_duty(
    now: datetime, line: list[Member]
) -> None:
    alert = issue_alert(now)
    escalate.poll(now + minutes(5))
    alert.refresh_from_db()
    assert called(alert) == [("安琪", "first"), ("博文", "escalation")]
    assert alert.next_action_at == now + minutes(10)
    told = TimelineEntry.objects.get(kind="alert_escalated")
    assert told.data == {"alert": alert.pk, "level": "I", "number": 1, "to": "博文"}
    assert Lease.objects.filter(subscriber="alerts.notify").count() == 2


def test_an_acknowledged_alert_calls_nobody(now: datetime, line: list[Member]) -> None:
    alert = issue_alert(now)
    acknowledge(alert, by=line[0], now=now + minutes(4))
    assert escalate.poll(now + minutes(60)) == 0
    assert called(alert) == [("安琪", "first")]


def test_an_event_that_is_over_calls_nobody(now: datetime, line: list[Member]) -> None:
    alert = issue_alert(now)
    Event.objects.filter(pk=alert.event_id).update(ended_at=now)
    escalate.poll(now + minutes(5))
    alert.refresh_from_db()
    assert called(alert) == [("安琪", "first")]
    assert alert.next_call is None
    assert alert.next_action_at is None


def test_two_workers_make_one_call(now: datetime, line: list[Member]) -> None:
    alert = issue_alert(now)
    step = alert.escalations.get(number=1)
    assert escalate.escalate(step.pk, now=now + minutes(5)) is not None
    assert escalate.escalate(step.pk, now=now + minutes(5)) is None
    assert len(called(alert)) == 2


def test_when_the_line_is_at_its_end_all_are_called_again_until_somebody_answers(
    now: datetime, line: list[Member]
) -> None:
    alert = issue_alert(now)
    for at in (5, 10, 15):
        escalate.poll(now + minutes(at))
    assert [name for name, reason in called(alert) if reason == "repeat"] == [
        "安琪",
        "博文",
        "晨星",
    ]
    alert.refresh_from_db()
    assert alert.next_action_at == now + minutes(30)
    escalate.poll(now + minutes(30))
    assert len([1 for _, reason in called(alert) if reason == "repeat"]) == 6
    assert TimelineEntry.objects.filter(kind="alert_repeated").count() == 2


def test_yellow_is_not_repeated_for_ever(now: datetime, line: list[Member]) -> None:
    alert = issue_alert(now, "III")
    for at in (30, 60):
        escalate.poll(now + minutes(at))
    alert.refresh_from_db()
    assert alert.next_action_at is None
    assert escalate.poll(now + timedelta(days=1)) == 0


def test_who_left_is_skipped_for_the_next_in_line(now: datetime, line: list[Member]) -> None:
    alert = issue_alert(now)
    Member.objects.filter(name="博文").update(is_active=False)
    escalate.poll(now + minutes(5))
    assert called(alert)[-1] == ("晨星", "escalation")


def test_who_came_on_duty_meanwhile_is_called_before_all_are_called_again(now: datetime) -> None:
    make_duty(make_member("安琪", Role.DUTY_OFFICER))
    alert = issue_alert(now)
    make_duty(make_member("博文", Role.DUTY_OFFICER), order=2)
    escalate.poll(now + minutes(5))
    assert called(alert) == [("安琪", "first"), ("博文", "escalation")]
