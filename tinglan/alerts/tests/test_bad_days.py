"""What goes wrong on the way: other sides that lie or hang, empty rosters, levels that flap."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.make import make_duty, make_event, make_member
from tinglan.accounts.members import deactivate
from tinglan.accounts.models import Appointment, Duty
from tinglan.accounts.rights import Role
from tinglan.alerts import audit, escalate, issue, notify
from tinglan.alerts.acknowledge import acknowledge
from tinglan.alerts.channels import web
from tinglan.alerts.hold import GROUP_WAIT
from tinglan.alerts.models import Alert, Channel, Delivery
from tinglan.alerts.tests.cast import (
    Hook,
    Mailbox,
    hook_server,
    let_leases_be_due,
    mail_server,
    make_channel,
    make_line,
    make_rule,
    raise_level,
)
from tinglan.events.models import Event, LevelChange, TimelineEntry
from tinglan.lib import claims, clock

pytestmark = pytest.mark.django_db

State, Held = Delivery.State, Delivery.Held
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _allow_loopback(settings: Any) -> None:
    settings.FETCH_ALLOW = ["127.0.0.1"]


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def group() -> Iterator[Hook]:
    with hook_server(200) as hook:
        answer(hook, 0)
        yield hook


def answer(group: Hook, code: int, text: str = "ok") -> None:
    group.body = json.dumps({"errcode": code, "errmsg": text}).encode()


def issue_alert(level: str, *, now: datetime, event: Event | None = None) -> Alert:
    event = event or make_event()
    issue.handle([raise_level(event, level, now=now)], now=now)
    return event.alerts.latest("id")


def work(now: datetime) -> None:
    let_leases_be_due()
    while notify.work(now):
        pass


def states(alert: Alert) -> dict[str, str]:
    return dict(alert.deliveries.values_list("channel_kind", "state"))


def make_both(group: Hook, box: Mailbox) -> None:
    """A rule that uses the group; mail is the next way."""
    make_rule(make_channel("wecom", config={"url": group.url}))
    make_channel("email", config=box.config)


def test_i11_a_bot_that_answers_200_with_an_error_is_passed_over_at_once(
    now: datetime, group: Hook, box: Mailbox
) -> None:
    make_line()
    admin = make_member("管理员", Role.ADMINISTRATOR)
    make_both(group, box)
    answer(group, 93000, "invalid webhook url")
    alert = issue_alert("II", now=now)
    work(now)
    assert states(alert) == {"wecom": State.FAILED, "email": State.SENT}
    failed = alert.deliveries.get(channel_kind="wecom")
    assert "invalid webhook url" in failed.attempts.get().answer
    assert failed.channel.is_broken
    assert admin.notifications.count() == 1


def test_a_bot_that_is_too_busy_is_asked_again_and_a_grave_alert_takes_another_way(
    now: datetime, group: Hook, box: Mailbox
) -> None:
    make_line()
    make_both(group, box)
    Channel.objects.filter(kind="wecom").update(kind="dingtalk")
    answer(group, 130101, "send too fast")
    alert = issue_alert("II", now=now)
    work_once(now)
    notify.work(now)
    assert states(alert) == {"dingtalk": State.PENDING, "email": State.SENT}
    waiting = alert.deliveries.get(channel_kind="dingtalk")
    assert waiting.retry_at is not None
    assert waiting.retry_at - clock.wall() > 9 * MINUTE
    answer(group, 0)
    work(now + 10 * MINUTE)
    assert states(alert)["dingtalk"] == State.SENT


def work_once(now: datetime) -> None:
    let_leases_be_due()
    notify.work(now)


def test_a_group_that_asks_for_a_pause_gets_it_and_loses_nothing(
    now: datetime, group: Hook
) -> None:
    make_line()
    make_rule(make_channel("wecom", config={"url": group.url}))
    group.status, group.headers = 429, {"Retry-After": "300"}
    alert = issue_alert("III", now=now)
    work_once(now + GROUP_WAIT)
    waiting = alert.deliveries.get()
    assert waiting.retry_at is not None
    assert waiting.retry_at - clock.wall() > 4 * MINUTE
    group.status, group.headers = 200, {}
    work_once(now + 10 * MINUTE)
    assert states(alert) == {"wecom": State.SENT}


def test_a_bot_that_hangs_holds_up_no_other_message(
    now: datetime, group: Hook, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_line()
    monkeypatch.setattr(web, "TIMEOUT", 0.3)
    make_rule(
        make_channel("wecom", config={"url": group.url}), make_channel("email", config=box.config)
    )
    over = threading.Event()
    group.on_post = lambda: over.wait(30)
    try:
        alert = issue_alert("II", now=now)
        work_once(now)
    finally:
        over.set()
    assert states(alert) == {"wecom": State.PENDING, "email": State.SENT}
    assert "in time" in alert.deliveries.get(channel_kind="wecom").last_error


def test_i05_what_is_told_with_others_says_in_which_message(now: datetime, box: Mailbox) -> None:
    make_line()
    make_rule(make_channel("email", config=box.config))
    alerts = [issue_alert("IV", now=now, event=make_event(f"事件 {n}")) for n in range(2)]
    work(now)
    work(now + timedelta(minutes=26))
    digest = Delivery.objects.get(reason=Delivery.Reason.DIGEST)
    for alert in alerts:
        one = alert.deliveries.get()
        assert one.told_in == digest
        assert [attempt.answer for attempt in one.tries] == [digest.attempts.get().answer]


def test_i10_two_workers_at_the_same_group_lose_and_double_nothing(
    now: datetime, box: Mailbox
) -> None:
    """Each has claimed a message; the first takes both into one, the second finds it done."""
    make_line()
    make_rule(make_channel("email", config=box.config))
    for n in range(2):
        issue_alert("III", now=now, event=make_event(f"事件 {n}"))
    Delivery.objects.update(held_why=Held.QUIET, created_at=now - timedelta(hours=1))
    let_leases_be_due()
    [first] = claims.claim(notify.SUBSCRIBER, now=clock.wall(), limit=1, lease=notify.LEASE)
    [second] = claims.claim(notify.SUBSCRIBER, now=clock.wall(), limit=1, lease=notify.LEASE)
    assert notify.prepare(first, now=now) is None
    assert notify.prepare(second, now=now) is None
    work(now)
    assert len(box.mails) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}
    assert not Delivery.objects.filter(told_in__isnull=True).exclude(reason="digest").exists()


def test_i03_what_waited_for_the_morning_goes_though_every_process_was_restarted(
    now: datetime, box: Mailbox
) -> None:
    """The wait is a row and not a timer: nothing in memory is needed to resume it."""
    make_line()
    make_rule(make_channel("email", config=box.config))
    alert = issue_alert("III", now=now)
    work_once(now)
    assert alert.deliveries.get().held_until == now + GROUP_WAIT
    work(now + timedelta(hours=8))
    assert states(alert) == {"email": State.SENT}


def test_an_empty_roster_is_said_and_who_comes_is_called(now: datetime) -> None:
    make_rule(make_channel("inapp"))
    alert = issue_alert("I", now=now)
    assert not alert.deliveries.exists()
    assert alert.reached_nobody
    assert TimelineEntry.objects.filter(kind="alert_reached_nobody").exists()
    found = audit.inspect(now=now, wall=clock.wall()).findings
    assert "reached_nobody" in {one["code"] for one in found}
    make_duty(make_member("安琪", Role.DUTY_OFFICER))
    escalate.poll(now + 5 * MINUTE)
    work(now + 5 * MINUTE)
    assert alert.deliveries.get().state == State.SENT
    assert not Alert.objects.get(pk=alert.pk).reached_nobody


def test_a_member_who_left_is_no_gap_in_the_chain(now: datetime) -> None:
    _anqi, bowen, leader = make_line()
    admin = make_member("管理员", Role.ADMINISTRATOR)
    make_rule(make_channel("inapp"))
    alert = issue_alert("I", now=now)
    deactivate(bowen, by=admin, now=now)
    escalate.poll(now + 5 * MINUTE)
    assert alert.escalations.get(number=1).to == leader
    assert not Duty.objects.filter(member=bowen, ends_at__gt=now).exists()


def test_the_chain_of_a_running_alert_is_the_one_it_started_with(now: datetime) -> None:
    """Who takes the roster over meanwhile does not rewrite it; the next alert has them."""
    _anqi, bowen, _leader = make_line()
    make_rule(make_channel("inapp"))
    alert = issue_alert("I", now=now)
    Duty.objects.filter(member=bowen).delete()
    Appointment.objects.filter(member=bowen).delete()
    make_duty(make_member("思远", Role.DUTY_OFFICER), order=2)
    escalate.poll(now + 5 * MINUTE)
    assert alert.escalations.get(number=1).to == bowen


def test_a_level_that_flaps_calls_once_while_somebody_has_it_on(now: datetime) -> None:
    anqi = make_line()[0]
    make_rule(make_channel("inapp"))
    event = make_event()
    for n in range(6):
        issue.handle([raise_level(event, "III" if n % 2 == 0 else "IV")], now=now + n * MINUTE)
    assert event.alerts.count() == 1
    acknowledge(event.alerts.get(), by=anqi, now=now + 7 * MINUTE)
    issue.handle([raise_level(event, "III")], now=now + 8 * MINUTE)
    assert event.alerts.count() == 1


def test_a_flap_hides_nothing_graver_no_red_line_and_nothing_late(now: datetime) -> None:
    make_line()
    make_rule(make_channel("inapp"))
    event = make_event()
    issue_alert("III", now=now, event=event)
    raise_level(event, "IV")
    change = raise_level(event, "III")
    LevelChange.objects.filter(pk=change.pk).update(reason=LevelChange.Reason.FLOOR)
    change.refresh_from_db()
    issue.handle([change], now=now + MINUTE)
    assert event.alerts.count() == 2
    issue_alert("II", now=now + 2 * MINUTE, event=event)
    assert event.alerts.count() == 3
    raise_level(event, "III")
    issue_alert("II", now=now + timedelta(hours=1), event=event)
    assert event.alerts.count() == 4
