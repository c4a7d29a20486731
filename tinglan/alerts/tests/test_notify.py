"""The dispatcher: what is sent, tried again, given to another channel, or not needed any more."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.make import make_event, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.alerts import issue, notify
from tinglan.alerts.channels.contract import Answer
from tinglan.alerts.hold import GROUP_WAIT
from tinglan.alerts.models import Alert, Delivery
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
from tinglan.events.models import Event, TimelineEntry
from tinglan.lib import claims, clock
from tinglan.lib.models import Lease

pytestmark = pytest.mark.django_db

State = Delivery.State


@pytest.fixture(autouse=True)
def line(settings: Any) -> list[Member]:
    settings.FETCH_ALLOW = ["127.0.0.1"]
    return make_line()


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hook_server() as hook:
        yield hook


def issue_alert(now: datetime, level: str = "II", event: Event | None = None) -> Alert:
    event = event or make_event()
    issue.handle([raise_level(event, level)], now=now)
    alert = event.alerts.order_by("-id").first()
    assert alert is not None
    return alert


def work(now: datetime) -> None:
    """As often as something is due: a batch is of one rank."""
    let_leases_be_due()
    while notify.work(now):
        pass


def states(alert: Alert) -> dict[str, str]:
    return {one.channel_kind: one.state for one in alert.deliveries.all()}


def test_sent_is_what_the_other_side_took_with_its_answer_as_proof(
    now: datetime, box: Mailbox
) -> None:
    make_rule(make_channel("inapp"), make_channel("email", config=box.config))
    alert = issue_alert(now)
    assert notify.work(now) == 2
    assert states(alert) == {"inapp": State.SENT, "email": State.SENT}
    mail = alert.deliveries.get(channel_kind="email")
    assert mail.sent_at == now
    assert mail.stable_id in mail.attempts.get().answer
    assert box.mails[0]["X-Tinglan-Id"] == mail.stable_id
    assert not Lease.objects.filter(subscriber=notify.SUBSCRIBER).exists()
    assert notify.work(now) == 0


def test_the_recipient_reads_it_in_their_language(
    now: datetime, box: Mailbox, line: list[Member]
) -> None:
    Member.objects.filter(pk=line[0].pk).update(language="en")
    make_rule(make_channel("email", config=box.config))
    alert = issue_alert(now)
    notify.work(now)
    assert box.mails[0]["Subject"] == f"[Level II, orange] {alert.title}"


def test_a_failed_attempt_is_kept_and_tried_again_under_the_same_id(
    now: datetime, hook: Hook
) -> None:
    make_rule(make_channel("webhook", config=hook.config))
    hook.status = 500
    delivery = issue_alert(now - GROUP_WAIT, "III").deliveries.get()
    notify.work(now)
    delivery.refresh_from_db()
    assert delivery.state == State.PENDING
    assert delivery.last_error == "500"
    assert delivery.retry_at is not None
    assert delivery.channel.last_error == "500"
    assert notify.work(now) == 0  # not before its back-off

    hook.status = 200
    let_leases_be_due()
    notify.work(now + timedelta(minutes=1))
    delivery.refresh_from_db()
    assert delivery.state == State.SENT
    assert [attempt.is_ok for attempt in delivery.attempts.all()] == [False, True]
    assert set(hook.ids()) == {delivery.stable_id}
    assert len(hook.received) == 2


def test_yellow_is_given_up_after_its_deadline_and_red_is_not(now: datetime, hook: Hook) -> None:
    make_rule(make_channel("webhook", config=hook.config))
    hook.status = 500
    yellow, red = issue_alert(now, "III"), issue_alert(now, "I")
    work(now)
    work(now + timedelta(hours=25))
    assert states(yellow) == {"webhook": State.FAILED}
    assert states(red) == {"webhook": State.PENDING}


def test_gone_switches_the_channel_off(now: datetime, hook: Hook) -> None:
    channel = make_channel("webhook", config=hook.config)
    make_rule(channel)
    hook.status = 410
    issue_alert(now)
    notify.work(now)
    channel.refresh_from_db()
    assert not channel.is_enabled
    assert channel.is_broken
    assert "410" in channel.last_error


def test_a_success_heals_a_broken_channel(now: datetime, hook: Hook) -> None:
    channel = make_channel("webhook", config=hook.config, is_broken=True)
    make_rule(channel)
    issue_alert(now)
    notify.work(now)
    channel.refresh_from_db()
    assert not channel.is_broken
    assert channel.last_success_at == now


def test_a_refused_recipient_does_not_break_the_channel_for_all(
    now: datetime, box: Mailbox
) -> None:
    channel = make_channel("email", config=box.config)
    make_rule(channel)
    box.answers["RCPT"] = "550 no such user"
    alert = issue_alert(now)
    notify.work(now)
    channel.refresh_from_db()
    assert not channel.is_broken
    assert states(alert) == {"email": State.FAILED}
    assert alert.reached_nobody
    assert TimelineEntry.objects.filter(event=alert.event, kind="alert_reached_nobody").exists()


def test_pending_messages_of_a_channel_switched_off_go_another_way(
    now: datetime, box: Mailbox, hook: Hook
) -> None:
    mail = make_channel("email", config=box.config)
    make_channel("webhook", config=hook.config)
    make_rule(mail)
    alert = issue_alert(now)
    mail.is_enabled = False
    mail.save()
    notify.work(now)
    notify.work(now)
    assert states(alert) == {"email": State.FAILED, "webhook": State.SENT}


def test_settings_sealed_with_another_key_break_the_channel_and_not_the_loop(
    now: datetime, hook: Hook
) -> None:
    channel = make_channel("webhook", config=hook.config)
    make_rule(channel)
    alert = issue_alert(now)
    channel.sealed = b"not ours"
    channel.save()
    notify.work(now)
    channel.refresh_from_db()
    assert channel.is_broken
    assert "sealed with another key" in channel.last_error
    assert states(alert) == {"webhook": State.FAILED}


def test_a_channel_that_breaks_in_an_unforeseen_way_is_tried_again(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_rule(make_channel("webhook", config={"url": "https://a.example", "secret": "whsec_!"}))
    alert = issue_alert(now - GROUP_WAIT, "III")
    notify.work(now)
    assert states(alert) == {"webhook": State.PENDING}
    assert "Error" in alert.deliveries.get().last_error


def test_who_was_overtaken_while_sending_writes_nothing(now: datetime, hook: Hook) -> None:
    make_rule(make_channel("webhook", config=hook.config))
    delivery = issue_alert(now).deliveries.get()
    wall = clock.wall()
    [lease] = claims.claim(notify.SUBSCRIBER, now=wall, lease=notify.LEASE)
    job = notify.prepare(lease, now=now)
    assert job is not None
    claims.claim(notify.SUBSCRIBER, now=wall + 2 * notify.LEASE)
    with pytest.raises(claims.LeaseLostError):
        notify.settle(job, Answer(text="taken"), now=now)
    delivery.refresh_from_db()
    assert delivery.state == State.SENDING
    assert not delivery.attempts.exists()


def test_a_merged_event_needs_no_more_messages_and_they_say_where_it_went(
    now: datetime, hook: Hook
) -> None:
    make_rule(make_channel("webhook", config=hook.config))
    alert, parent = issue_alert(now), make_event("another")
    Event.objects.filter(pk=alert.event_id).update(merged_into=parent)
    notify.work(now)
    assert alert.deliveries.get().why_dropped == f"merged into event {parent.pk}"
    assert not hook.received


def test_300_blue_messages_do_not_hold_up_a_red_one(now: datetime, hook: Hook) -> None:
    make_rule(make_channel("inapp"), make_channel("webhook", config=hook.config))
    events = [make_event(f"blue {n}") for n in range(300)]
    issue.handle([raise_level(event, "IV") for event in events], now=now)
    red = issue_alert(now + timedelta(seconds=1), "I")
    notify.work(now)
    assert states(red) == {"inapp": State.SENT, "webhook": State.SENT}
    assert Delivery.objects.filter(state=State.PENDING).count() > 280


def test_administrators_hear_once_of_a_channel_that_broke(now: datetime, hook: Hook) -> None:
    admin = make_member("管理员", Role.ADMINISTRATOR)
    make_rule(make_channel("webhook", config=hook.config))
    hook.status = 403
    issue_alert(now)
    issue_alert(now)
    notify.work(now)
    assert admin.notifications.count() == 1
