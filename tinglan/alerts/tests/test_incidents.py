"""Incidents in which other tools lost alerts, each as a regression test (warning-levels §4).

I-01 and I-12 are also killed for real in test_kill.py, I-04 stands in test_audit.py, I-19 in
test_pages.py; I-13 to I-18 concern clocks, sources and cases.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.make import NOW, make_event
from tinglan.accounts.models import Member
from tinglan.alerts import audit, escalate, issue, notify
from tinglan.alerts.acknowledge import acknowledge
from tinglan.alerts.channels.contract import Answer
from tinglan.alerts.errors import DeliveryError
from tinglan.alerts.hold import GROUP_WAIT
from tinglan.alerts.models import Alert, Delivery, Escalation
from tinglan.alerts.settings import try_channel
from tinglan.alerts.tests.cast import (
    Hook,
    Mailbox,
    hook_server,
    mail_server,
    make_channel,
    make_line,
    make_rule,
    raise_level,
)
from tinglan.events.models import Event
from tinglan.lib import claims, clock, worker
from tinglan.lib.models import Lease

pytestmark = pytest.mark.django_db

State = Delivery.State


@pytest.fixture(autouse=True)
def line(settings: Any) -> list[Member]:
    settings.FETCH_ALLOW = ["127.0.0.1"]
    return make_line()


@pytest.fixture
def server() -> Iterator[Hook]:
    with hook_server() as server:
        yield server


@pytest.fixture
def hook(server: Hook) -> Hook:
    """A webhook that the one rule uses."""
    make_rule(make_channel("webhook", config=server.config))
    return server


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


def issue_alert(level: str = "II", *, now: datetime = NOW) -> Alert:
    event = make_event()
    issue.handle([raise_level(event, level)], now=now)
    return event.alerts.get()


def let_leases_run_out() -> None:
    past = clock.wall() - timedelta(minutes=10)
    Lease.objects.filter(subscriber=notify.SUBSCRIBER).update(due_at=past)
    Lease.objects.filter(leased_until__isnull=False).update(leased_until=past)


def test_i01_a_sender_that_died_in_the_middle_leaves_a_message_that_goes_again(
    now: datetime, hook: Hook
) -> None:
    delivery = issue_alert().deliveries.get()
    [lease] = claims.claim(notify.SUBSCRIBER, now=clock.wall(), lease=notify.LEASE)
    notify.prepare(lease, now=now)  # … and it died here
    delivery.refresh_from_db()
    assert delivery.state == State.SENDING
    assert notify.work(now) == 0
    let_leases_run_out()
    notify.work(now)
    delivery.refresh_from_db()
    assert delivery.state == State.SENT
    assert len(hook.received) == 1


def test_i02_a_test_message_goes_through_the_dispatcher_and_its_silence_shows(
    now: datetime, hook: Hook, line: list[Member]
) -> None:
    channel = issue_alert().deliveries.get().channel
    test = try_channel(channel, by=None, now=now)
    assert test.state == State.PENDING  # no dispatcher runs: nothing pretends that it was sent
    assert not hook.received
    found = audit.inspect(now=now, wall=clock.wall())
    assert "worker.delivery last showed that it lives: never" in [
        one["text"] for one in found.findings
    ]
    notify.work(now)
    test.refresh_from_db()
    assert test.state == State.SENT


def test_i03_the_next_call_lies_in_the_database_and_survives_any_restart(now: datetime) -> None:
    alert = issue_alert("I")
    assert Escalation.objects.filter(alert=alert, due_at=now + timedelta(minutes=5)).exists()
    assert escalate.poll(now + timedelta(hours=8)) == 3  # a night later, by a fresh process


def test_i05_an_alert_that_went_into_another_says_where(now: datetime, hook: Hook) -> None:
    alert = issue_alert("III")
    issue.handle([raise_level(alert.event, "I")], now=now)
    graver = alert.event.alerts.latest("id")
    alert.refresh_from_db()
    assert alert.replaced_by == graver
    assert alert.deliveries.get().why_dropped == f"replaced by alert {graver.pk}"


def test_i06_an_alert_is_written_with_all_that_belongs_to_it_or_not_at_all(
    now: datetime, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_late(*_: object, **__: object) -> None:
        raise RuntimeError("the audit trail broke")

    monkeypatch.setattr(issue, "record", break_late)
    raise_level(make_event(), "I")
    worker.drain()
    assert not Alert.objects.exists()
    assert not Delivery.objects.exists()
    left = Lease.objects.get(subscriber="alerts.issue")
    assert left.last_error == "RuntimeError: the audit trail broke"


def test_i07_an_acknowledgement_stops_what_was_on_its_way(
    now: datetime, hook: Hook, line: list[Member]
) -> None:
    """The state is looked at again when the message is about to be sent."""
    alert = issue_alert("I")
    hook.status = 500
    notify.work(now)
    acknowledge(alert, by=line[0], now=now)
    # A delivery that was being sent at that moment comes back and is dropped then.
    Delivery.objects.update(state=State.SENDING)
    let_leases_run_out()
    notify.work(now)
    assert len(hook.received) == 1
    dropped = alert.deliveries.get()
    assert (dropped.state, dropped.why_dropped) == (State.DROPPED, "acknowledged by 安琪")
    assert escalate.poll(now + timedelta(hours=1)) == 0


def test_i08_a_throttled_channel_says_until_when(now: datetime, hook: Hook) -> None:
    hook.status, hook.headers = 429, {"Retry-After": "960"}
    alert = issue_alert("III")
    notify.work(now + GROUP_WAIT)
    throttled = alert.deliveries.get()
    lease = Lease.objects.get(subscriber=notify.SUBSCRIBER)
    assert throttled.retry_at is not None
    assert throttled.retry_at - clock.wall() > timedelta(minutes=15)
    assert abs(lease.due_at - throttled.retry_at) < timedelta(seconds=5)


def test_i08_a_grave_alert_takes_another_way_than_the_throttled_one(
    now: datetime, server: Hook, box: Mailbox
) -> None:
    make_rule(make_channel("webhook", config=server.config))
    make_channel("email", config=box.config)  # in no rule: the next way
    server.status, server.headers = 429, {"Retry-After": "960"}
    alert = issue_alert("II")
    notify.work(now)
    notify.work(now)
    states = dict(alert.deliveries.values_list("channel_kind", "state"))
    assert states == {"webhook": State.PENDING, "email": State.SENT}


LEGAL = {
    (State.PENDING, State.PENDING),
    (State.PENDING, State.SENDING),
    (State.PENDING, State.SENT),
    (State.PENDING, State.FAILED),
    (State.PENDING, State.DROPPED),
    (State.SENDING, State.SENDING),
    (State.SENDING, State.PENDING),
    (State.SENDING, State.SENT),
    (State.SENDING, State.FAILED),
    (State.SENDING, State.DROPPED),
}
RESULTS = {
    "taken": Answer(text="ok"),
    "busy": DeliveryError("busy"),
    "refused": DeliveryError("refused", permanent=True),
}
acts = st.lists(st.sampled_from([*RESULTS, "dies", "acknowledged", "an hour"]), max_size=8)


@given(acts=acts)
@settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_i09_a_delivery_moves_only_as_its_states_allow_and_never_loses_its_status(
    acts: list[str], hook: Hook, line: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        _play(acts, line[0], monkeypatch)
        transaction.set_rollback(True)


def _play(acts: list[str], anqi: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    now, alert = NOW, issue_alert("III")
    delivery = alert.deliveries.get()
    for act in acts:
        before = delivery.state
        now += timedelta(hours=1) if act == "an hour" else timedelta(seconds=1)
        if act == "acknowledged":
            acknowledge(alert, by=anqi, now=now)
        elif act == "dies":
            for lease in claims.claim(notify.SUBSCRIBER, now=clock.wall()):
                notify.prepare(lease, now=now)
        elif act in RESULTS:
            monkeypatch.setattr(notify, "_send", lambda job, act=act: RESULTS[act])
            notify.work(now)
        let_leases_run_out()
        delivery.refresh_from_db()
        assert before == delivery.state or (before, delivery.state) in LEGAL
        attempts = [attempt.is_ok for attempt in delivery.attempts.all()]
        assert (delivery.state == State.SENT) == any(attempts)
        assert attempts.count(True) <= 1
        has_lease = Lease.objects.filter(
            subscriber=notify.SUBSCRIBER, object_id=delivery.pk
        ).exists()
        assert has_lease or delivery.is_over  # what is not over will be looked at again


def test_i10_only_the_answer_to_the_data_counts_as_success(now: datetime, box: Mailbox) -> None:
    make_rule(make_channel("email", config=box.config))
    alert = issue_alert("II")
    box.answers["DATA"] = "451 not now"
    notify.work(now)
    assert alert.deliveries.get().state == State.PENDING
    box.answers.pop("DATA")
    box.answers["QUIT"] = "421 shutting down"  # after it took the message: no failure
    let_leases_run_out()
    notify.work(now)
    assert alert.deliveries.get().state == State.SENT
    assert len(box.mails) == 1


def test_i11_a_permanent_refusal_goes_to_the_next_channel_at_once_and_admins_see_it(
    now: datetime, hook: Hook, box: Mailbox
) -> None:
    make_channel("email", config=box.config)  # in no rule: the next way
    hook.status = 400
    alert = issue_alert("III")
    notify.work(now + GROUP_WAIT)
    notify.work(now + GROUP_WAIT)
    failed, instead = alert.deliveries.order_by("id")
    assert (failed.state, instead.state) == (State.FAILED, State.SENT)
    assert instead.instead_of == failed
    assert len(box.mails) == 1
    assert failed.channel.is_broken
    assert failed.channel.last_error == "400"


def test_i12_what_is_to_be_sent_is_written_with_the_alert(now: datetime, hook: Hook) -> None:
    raise_level(make_event(), "I")
    worker.drain()
    delivery = Delivery.objects.get()
    assert Lease.objects.filter(subscriber=notify.SUBSCRIBER, object_id=delivery.pk).exists()


def test_i07_a_merged_event_calls_nobody_more(now: datetime) -> None:
    alert = issue_alert("I")
    Event.objects.filter(pk=alert.event_id).update(merged_into=make_event("the other"))
    escalate.poll(now + timedelta(minutes=5))
    assert alert.deliveries.count() == 1
