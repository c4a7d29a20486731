"""A level that rises becomes an alert with its deliveries; nothing else does."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_brand, make_event, make_member
from tinglan.accounts.language import speak
from tinglan.accounts.rights import Role
from tinglan.alerts import issue, notify
from tinglan.alerts.acknowledge import acknowledge
from tinglan.alerts.defaults import ensure_defaults
from tinglan.alerts.models import Alert, AlertRule, Channel, Delivery, Escalation
from tinglan.alerts.tests.cast import make_channel, make_line, make_rule, raise_level
from tinglan.clocks.models import Clock
from tinglan.events.models import TimelineEntry
from tinglan.lib import worker
from tinglan.lib.models import Lease

pytestmark = pytest.mark.django_db


def called(alert: Alert) -> set[tuple[str, str]]:
    """(who, by which channel)"""
    return {
        (one.recipient.name if one.recipient else "", one.channel_kind)
        for one in alert.deliveries.all()
    }


def test_a_rise_calls_the_first_in_line_by_the_product_and_by_mail(now: datetime) -> None:
    make_line()
    ensure_defaults(now)
    Channel.objects.filter(kind="email").update(is_enabled=True)
    event = make_event()
    raise_level(event, "II")
    worker.drain()
    alert = event.alerts.get()
    assert (alert.level, alert.reason, alert.title) == ("II", "first", event.title)
    assert called(alert) == {("安琪", "inapp"), ("安琪", "email")}


def test_the_mail_channel_waits_switched_off_for_its_server(now: datetime) -> None:
    make_line()
    event = make_event()
    raise_level(event, "II")
    worker.drain()
    assert called(event.alerts.get()) == {("安琪", "inapp")}


def test_the_lease_ends_with_the_alert_and_its_deliveries(now: datetime) -> None:
    make_line()
    event = make_event()
    change = raise_level(event, "II")
    assert Lease.objects.filter(subscriber="alerts.issue", object_id=change.pk).exists()
    worker.drain()
    assert not Lease.objects.filter(subscriber="alerts.issue").exists()
    waiting = Lease.objects.filter(subscriber="alerts.notify").values_list("object_id", flat=True)
    assert set(waiting) == set(event.alerts.get().deliveries.values_list("pk", flat=True))


def test_the_same_change_heard_twice_is_one_alert(now: datetime) -> None:
    make_line()
    change = raise_level(make_event(), "II")
    issue.handle([change], now=now)
    issue.handle([change], now=now)
    assert Alert.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_a_level_that_falls_calls_nobody(now: datetime) -> None:
    make_line()
    event = make_event(level="II")
    issue.handle([raise_level(event, "III")], now=now)
    assert not Alert.objects.exists()


def test_old_posts_taken_in_later_call_nobody(now: datetime) -> None:
    make_line()
    issue.handle([raise_level(make_event(is_backfill=True), "I")], now=now)
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("level", "is_drill", "kinds"), [("IV", False, {"inapp", "email"}), ("I", True, {"inapp"})]
)
def test_blue_leaves_the_product_by_digest_alone_and_a_drill_not_at_all(
    now: datetime, level: str, is_drill: bool, kinds: set[str]
) -> None:
    make_line()
    make_rule(make_channel("inapp"), make_channel("email"), make_channel("webhook"))
    event = make_event(is_drill=is_drill)
    issue.handle([raise_level(event, level)], now=now)
    assert {kind for _, kind in called(event.alerts.get())} == kinds


def test_blue_needs_no_answer_and_calls_nobody_else(now: datetime) -> None:
    make_line()
    event = make_event()
    issue.handle([raise_level(event, "IV")], now=now)
    alert = event.alerts.get()
    assert not alert.needs_answer
    assert not alert.escalations.exists()
    assert not Clock.objects.of(alert).exists()


def test_the_acknowledgement_clock_starts_with_the_alert(now: datetime) -> None:
    make_line()
    event = make_event()
    issue.handle([raise_level(event, "I")], now=now)
    clock = Clock.objects.of(event.alerts.get()).get()
    assert (clock.kind, clock.due_at) == ("acknowledge", now + timedelta(minutes=5))


def test_the_chain_of_calls_is_written_at_once_with_its_times(now: datetime) -> None:
    make_line()
    event = make_event()
    issue.handle([raise_level(event, "I")], now=now)
    alert = event.alerts.get()
    chain = [
        (one.due_at - now, one.to and one.to.name, one.reason) for one in alert.escalations.all()
    ]
    minutes = [timedelta(minutes=n) for n in (5, 10, 15)]
    assert chain == [
        (minutes[0], "博文", Escalation.Reason.NEXT),
        (minutes[1], "晨星", Escalation.Reason.NEXT),
        (minutes[2], None, Escalation.Reason.REPEAT),
    ]
    assert alert.next_action_at == now + minutes[0]


def test_the_last_call_goes_to_a_leader_however_long_the_line(now: datetime) -> None:
    make_line()
    for name in ("一", "二", "三"):
        make_member(name, Role.PR_LEAD)
    event = make_event()
    issue.handle([raise_level(event, "III")], now=now)
    last = event.alerts.get().escalations.last()
    assert last is not None
    assert last.to is not None
    assert last.to.name == "晨星"
    assert last.due_at == now + timedelta(minutes=60)


def test_a_graver_alert_takes_the_place_of_the_one_that_waits(now: datetime) -> None:
    make_line()
    event = make_event()
    issue.handle([raise_level(event, "III")], now=now)
    issue.handle([raise_level(event, "II")], now=now)
    older, newer = event.alerts.order_by("id")
    assert newer.reason == "level_up"
    assert older.replaced_by == newer
    assert not older.is_waiting
    assert {one.state for one in older.deliveries.all()} == {"dropped"}
    assert not older.escalations.filter(dropped_why="").exists()
    assert not Clock.objects.of(older).running().exists()


def test_who_has_the_graver_parent_on_is_not_called_for_what_grows_out_of_it(
    now: datetime,
) -> None:
    anqi = make_line()[0]
    make_rule(make_channel("inapp"), audience="on_duty")
    parent = make_event()
    issue.handle([raise_level(parent, "II")], now=now)
    acknowledge(parent.alerts.get(), by=anqi, now=now)
    child = make_event(parent=parent)
    issue.handle([raise_level(child, "III")], now=now)
    alert = child.alerts.get()
    assert not alert.is_waiting
    assert not alert.escalations.exists()
    while notify.work(now):
        pass
    fates = {one.recipient.name: one.state for one in alert.deliveries.all() if one.recipient}
    assert fates == {"安琪": "dropped", "博文": "sent"}
    assert "graver event" in alert.deliveries.get(recipient=anqi).why_dropped


def test_what_grows_out_of_an_event_and_is_as_grave_calls_all(now: datetime) -> None:
    anqi = make_line()[0]
    make_rule(make_channel("inapp"))
    parent = make_event()
    issue.handle([raise_level(parent, "II")], now=now)
    acknowledge(parent.alerts.get(), by=anqi, now=now)
    child = make_event(parent=parent)
    issue.handle([raise_level(child, "II")], now=now)
    assert child.alerts.get().is_waiting


def test_rules_say_who_hears_of_which_brand_and_level(now: datetime) -> None:
    make_line()
    lawyer = make_member("法务", Role.LEGAL)
    inside = make_channel("inapp")
    galaxy, other = make_brand("星河"), make_brand("月湖")
    make_rule(inside, brand=galaxy, lowest_level="II", audience="role", role=Role.LEGAL)
    make_rule(inside, brand=other, audience="members").members.add(lawyer)
    make_rule(inside, lowest_level="III", audience="on_duty")
    yellow, orange = make_event(brand=galaxy), make_event(brand=galaxy)
    issue.handle([raise_level(yellow, "III"), raise_level(orange, "II")], now=now)
    assert called(yellow.alerts.get()) == {("安琪", "inapp"), ("博文", "inapp")}
    assert called(orange.alerts.get()) == {("安琪", "inapp"), ("博文", "inapp"), ("法务", "inapp")}


def test_a_channel_of_its_own_gets_one_message_whoever_is_named(now: datetime) -> None:
    make_line()
    hook = make_channel("webhook", config={"url": "https://hook.xinghe.example/x"})
    make_rule(hook, audience="on_duty")
    event = make_event()
    issue.handle([raise_level(event, "II")], now=now)
    assert called(event.alerts.get()) == {("", "webhook")}


def test_where_nobody_can_be_called_the_story_says_so(now: datetime) -> None:
    event = make_event()
    issue.handle([raise_level(event, "I")], now=now)
    alert = event.alerts.get()
    assert alert.reached_nobody
    kinds = TimelineEntry.objects.filter(event=event).values_list("kind", flat=True)
    assert set(kinds) == {"alert_issued", "alert_reached_nobody"}
    assert alert.escalations.count() == 3  # and the next look may find somebody


def test_defaults_are_written_once(now: datetime) -> None:
    make_member("安琪")
    ensure_defaults(now)
    ensure_defaults(now)
    assert [channel.kind for channel in Channel.objects.all()] == ["inapp", "email"]
    assert AlertRule.objects.get().channels.count() == 2


def test_defaults_wait_for_the_founder_and_speak_their_language(now: datetime) -> None:
    ensure_defaults(now)
    assert not Channel.objects.exists()
    founder = make_member("安琪")
    speak(founder, "en")
    ensure_defaults(now)
    assert AlertRule.objects.get().name == "Line of duty"
