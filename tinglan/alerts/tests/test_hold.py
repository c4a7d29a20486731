"""What waits, until when, and that nothing that waited is lost."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.make import make_event
from tinglan.accounts.models import Member
from tinglan.alerts import audit, issue, notify
from tinglan.alerts.acknowledge import acknowledge
from tinglan.alerts.hold import DIGEST_AFTER, GROUP_WAIT, KEPT_FOR_GRAVE, STORM, STORM_WITHIN
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
from tinglan.events.models import Event, LevelChange
from tinglan.lib import clock, heartbeat

pytestmark = pytest.mark.django_db

State, Held = Delivery.State, Delivery.Held
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def line(settings: Any) -> list[Member]:
    settings.FETCH_ALLOW = ["127.0.0.1"]
    return make_line()


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        make_rule(make_channel("email", config=box.config))
        yield box


@pytest.fixture
def group() -> Iterator[Hook]:
    """A WeCom group on loopback."""
    with hook_server(200, body=b'{"errcode": 0}') as hook:
        make_rule(make_channel("wecom", config={"url": hook.url}))
        yield hook


def issue_alert(level: str, *, now: datetime, event: Event | None = None) -> Alert:
    event = event or make_event()
    issue.handle([raise_level(event, level, now=now)], now=now)
    return event.alerts.latest("id")


def work(now: datetime) -> None:
    """As often as there is something to do at this moment."""
    let_leases_be_due()
    while notify.work(now):
        pass


@pytest.mark.parametrize("level", ["I", "II"])
def test_red_and_orange_wait_for_nothing(now: datetime, box: Mailbox, level: str) -> None:
    issue_alert(level, now=now)
    work(now)
    assert len(box.mails) == 1


def test_yellow_waits_a_minute_so_that_a_graver_alert_takes_its_place(
    now: datetime, box: Mailbox
) -> None:
    yellow = issue_alert("III", now=now)
    work(now)
    held = yellow.deliveries.get()
    assert (held.state, held.held_why, held.held_until) == (
        State.PENDING,
        Held.GROUP,
        now + GROUP_WAIT,
    )
    issue_alert("II", now=now + 30 * SECOND, event=yellow.event)
    work(now + GROUP_WAIT)
    assert len(box.mails) == 1
    assert yellow.deliveries.get().state == State.DROPPED


def test_yellow_that_waited_alone_goes_by_itself(now: datetime, box: Mailbox) -> None:
    yellow = issue_alert("III", now=now)
    work(now)
    work(now + GROUP_WAIT)
    sent = yellow.deliveries.get()
    assert (sent.state, sent.told_in, sent.sent_at) == (State.SENT, None, now + GROUP_WAIT)
    assert sent.deadline_at is not None
    assert sent.deadline_at >= now + GROUP_WAIT + timedelta(hours=24)


def test_a_red_line_waits_for_no_company(now: datetime, box: Mailbox) -> None:
    event = make_event()
    change = raise_level(event, "III", now=now)
    LevelChange.objects.filter(pk=change.pk).update(reason=LevelChange.Reason.FLOOR)
    issue.handle([LevelChange.objects.get(pk=change.pk)], now=now)
    work(now)
    assert len(box.mails) == 1


def test_blue_is_told_by_mail_in_one_digest_within_half_an_hour(
    now: datetime, box: Mailbox
) -> None:
    alerts = [
        issue_alert("IV", now=now + n * SECOND, event=make_event(f"星河新品 {n}")) for n in range(3)
    ]
    work(now + timedelta(minutes=10))
    assert not box.mails
    work(now + DIGEST_AFTER)
    assert len(box.mails) == 1
    told = str(box.mails[0].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    for alert in alerts:
        (one,) = alert.deliveries.all()
        assert (one.state, one.sent_at) == (State.SENT, now + DIGEST_AFTER)
        assert one.told_in is not None
        assert one.told_in.reason == Delivery.Reason.DIGEST
        assert alert.title in told
        assert f"/alerts/{alert.pk}" in told
    assert timedelta(minutes=30) > DIGEST_AFTER


def test_a_digest_that_is_refused_takes_each_of_its_alerts_to_the_next_channel(
    now: datetime, box: Mailbox, group: Hook
) -> None:
    box.answers["DATA"] = "554 no thanks"
    Channel.objects.filter(kind="wecom").update(position=9)
    alerts = [
        issue_alert("III", now=now + n * SECOND, event=make_event()) for n in range(STORM + 2)
    ]
    for one in alerts:
        one.deliveries.filter(channel_kind="wecom").delete()
    stormy = Delivery.objects.filter(channel_kind="email").order_by("id")
    stormy.update(held_why=Held.STORM, created_at=now - timedelta(hours=1))
    work(now + STORM_WITHIN)
    digest = Delivery.objects.get(reason=Delivery.Reason.DIGEST)
    assert digest.state == State.FAILED
    for one in alerts:
        failed = one.deliveries.get(channel_kind="email")
        assert failed.state == State.FAILED
        assert failed.replacements.get().channel_kind == "wecom"


def test_a_digest_tells_no_more_what_was_taken_on_meanwhile(
    now: datetime, box: Mailbox, line: list[Member]
) -> None:
    first, second, third = (
        issue_alert("III", now=now, event=make_event(f"事件 {n}")) for n in range(3)
    )
    Delivery.objects.update(held_why=Held.QUIET, created_at=now - timedelta(hours=1))
    let_leases_be_due()
    assert notify.work(now) == 3  # all three go into one message, which is not sent yet
    acknowledge(first, by=line[0], now=now)
    work(now)
    told = str(box.mails[0].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert second.title in told
    assert third.title in told
    assert first.title not in told
    assert first.deliveries.get().why_dropped == "acknowledged by 安琪"


def test_more_than_a_person_reads_becomes_a_summary_and_red_goes_through(
    now: datetime, box: Mailbox
) -> None:
    for n in range(STORM + 10):
        issue_alert("III", now=now, event=make_event(f"事件 {n}"))
    after = now + GROUP_WAIT
    work(after)
    assert len(box.mails) == STORM
    held = Delivery.objects.filter(held_why=Held.STORM, state=State.PENDING)
    assert held.count() == 10
    issue_alert("I", now=after)
    work(after)
    assert len(box.mails) == STORM + 1
    work(after + STORM_WITHIN)
    assert len(box.mails) == STORM + 2
    assert not Delivery.objects.exclude(state=State.SENT).exists()


def test_we_keep_to_the_rate_of_a_bot_and_red_has_room_left(now: datetime, group: Hook) -> None:
    channel = Channel.objects.get(kind="wecom")
    alerts = [issue_alert("II", now=now, event=make_event(f"事件 {n}")) for n in range(22)]
    work(now)
    assert len(group.received) == 20
    held = Delivery.objects.filter(held_why=Held.RATE)
    assert held.count() == 2
    assert held[0].held_until is not None
    assert held[0].held_until > now

    earlier = (clock.wall() - timedelta(seconds=61)).timestamp()
    Channel.objects.filter(pk=channel.pk).update(lately=[earlier] * 20)
    work(now + GROUP_WAIT)
    assert len(group.received) == 22
    assert {one.deliveries.get().state for one in alerts} == {State.SENT}

    busy = [clock.wall().timestamp()] * (20 - KEPT_FOR_GRAVE)
    Channel.objects.filter(pk=channel.pk).update(lately=busy)
    yellow, red = issue_alert("III", now=now), issue_alert("I", now=now)
    work(now + timedelta(hours=1))
    assert yellow.deliveries.get().held_why == Held.RATE
    assert red.deliveries.get().state == State.SENT


def test_what_was_tried_is_never_gathered_anew(now: datetime, box: Mailbox) -> None:
    """I-09: a message that is being tried again stays the message it was."""
    issue_alert("III", now=now, event=make_event("甲"))
    Delivery.objects.update(held_why=Held.QUIET, created_at=now - timedelta(hours=1))
    box.answers["DATA"] = "451 not now"
    work(now)
    issue_alert("III", now=now, event=make_event("乙"))
    Delivery.objects.update(held_why=Held.QUIET, created_at=now - timedelta(hours=1))
    box.answers.pop("DATA")
    work(now)
    assert len(box.mails) == 2
    assert not Delivery.objects.filter(reason=Delivery.Reason.DIGEST).exists()


def test_the_auditor_takes_a_hold_for_no_delay_and_a_lost_digest_for_a_loss(
    now: datetime, box: Mailbox
) -> None:
    for name in audit.PROCESSES:
        heartbeat.beat(name)
    change = issue_alert("IV", now=now).change
    assert change is not None
    work(now)
    later = clock.wall() + timedelta(minutes=31)
    for name in audit.PROCESSES:
        heartbeat.beat(name)

    def codes(at: datetime) -> set[str]:
        return {one["code"] for one in audit.inspect(now=at, wall=later).findings}

    assert "late_delivery" not in codes(now + timedelta(minutes=1))
    assert "late_delivery" in codes(now + timedelta(minutes=40))
    one = Delivery.objects.get(channel_kind="email")
    over = Delivery.objects.create(
        channel=one.channel,
        channel_kind="email",
        reason="digest",
        stable_id="tl_x",
        created_at=now,
        state=State.FAILED,
    )
    Delivery.objects.filter(pk=one.pk).update(state=State.JOINED, told_in=over)
    assert "lost_delivery" in codes(now)


def test_the_members_who_are_called_are_mentioned_in_the_group_at_each_call(
    now: datetime, group: Hook, line: list[Member]
) -> None:
    Member.objects.filter(pk__in=[one.pk for one in line]).update(phone="13800000001")
    alert = issue_alert("I", now=now)
    work(now)
    first = json.loads(group.received[0][1])["text"]
    assert first["mentioned_mobile_list"] == ["13800000001"]
    assert "安琪" in first["content"]
    assert alert.escalations.get(number=1).to == line[1]
