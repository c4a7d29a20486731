"""Issuing and sending, killed at every moment of their work (run by tests/moments.py).

TINGLAN_TEST_HOOK is the address of the test's webhook server, which outlives the killed.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings

from tests import moments
from tests.make import make_event
from tinglan.alerts import notify
from tinglan.alerts.channels import registry
from tinglan.alerts.models import Alert, Channel, Delivery, Escalation, Notification
from tinglan.alerts.tests.cast import SECRET, make_channel, make_line, make_rule, raise_level
from tinglan.clocks.models import Clock
from tinglan.events.models import LevelChange
from tinglan.lib import clock, steps, worker
from tinglan.lib.models import Lease

HOOK = "TINGLAN_TEST_HOOK"


def prepare_change() -> None:
    settings.FETCH_ALLOW = ["127.0.0.1"]
    if not Channel.objects.exists():
        make_line()
        hook = make_channel("webhook", config={"url": os.environ[HOOK], "secret": SECRET})
        make_rule(make_channel("inapp"), hook)
    Lease.objects.all().delete()
    raise_level(make_event(), "I", now=clock.now())


def prepare_alert() -> None:
    prepare_change()
    hear_change()


def prepare_digest() -> None:
    """Two yellow alerts waited for the same morning, in the same group."""
    settings.FETCH_ALLOW = ["127.0.0.1"]
    if not Channel.objects.exists():
        make_line()
        hook = make_channel("webhook", config={"url": os.environ[HOOK], "secret": SECRET})
        make_rule(hook)
    Lease.objects.all().delete()
    for number in range(2):
        raise_level(make_event(f"事件 {number}"), "III", now=clock.now())
    hear_change()
    long_ago = clock.now() - timedelta(hours=8)
    Delivery.objects.filter(state="sent").update(sent_at=long_ago)  # or it would be a storm
    Delivery.objects.filter(state="pending").update(
        held_why=Delivery.Held.QUIET, created_at=long_ago
    )


def hear_change() -> None:
    step = next(one for one in steps.all_steps() if one.name == "alerts.issue")
    worker.hear(step)


def send() -> None:
    settings.FETCH_ALLOW = ["127.0.0.1"]
    notify.work(clock.now())


def let_leases_run_out() -> None:
    past = clock.wall() - timedelta(minutes=10)
    Lease.objects.update(due_at=past)
    Lease.objects.filter(leased_until__isnull=False).update(leased_until=past)


def look_at_issue() -> dict[str, Any]:
    left = _issued()
    let_leases_run_out()
    hear_change()
    return {"left": left, "in_the_end": _issued()}


def _issued() -> dict[str, int]:
    """What belongs to the newest event: all of it or nothing."""
    alert = LevelChange.objects.latest("id").event.alerts.first()
    return {
        "alerts": int(alert is not None),
        "deliveries": Delivery.objects.filter(alert=alert).count() if alert else 0,
        "promised": Lease.objects.filter(subscriber=notify.SUBSCRIBER).count(),
        "escalations": Escalation.objects.filter(alert=alert).count() if alert else 0,
        "clocks": Clock.objects.of(alert).count() if alert else 0,
        "unheard": Lease.objects.filter(subscriber="alerts.issue").count(),
    }


def look_at_deliveries() -> dict[str, Any]:
    left = _sent()
    let_leases_run_out()
    send()
    return {"left": left, "in_the_end": _sent()}


def _sent() -> dict[str, Any]:
    alert = Alert.objects.latest("id")
    return {
        "states": sorted(alert.deliveries.values_list("channel_kind", "state")),
        "webhook_id": alert.deliveries.get(channel_kind="webhook").stable_id,
        "n_deliveries": alert.deliveries.count(),
        "n_notifications": Notification.objects.filter(
            stable_id__in=alert.deliveries.values("stable_id")
        ).count(),
        "leases": Lease.objects.filter(subscriber=notify.SUBSCRIBER).count(),
    }


def send_all() -> None:
    """Gather, and send what was gathered."""
    while notify.work(clock.now()):
        pass


def look_at_digest() -> dict[str, Any]:
    left = _gathered()
    let_leases_run_out()
    send_all()
    return {"left": left, "in_the_end": _gathered()}


def _gathered() -> dict[str, Any]:
    newest = Alert.objects.order_by("-id")[:2]
    told = Delivery.objects.filter(alert__in=[one.pk for one in newest])
    digests = Delivery.objects.filter(pk__in=told.values("told_in"))
    return {
        "states": sorted(told.values_list("state", flat=True)),
        "digests": sorted(digests.values_list("state", flat=True)),
        "webhook_ids": sorted(digests.values_list("stable_id", flat=True)),
        "leases": Lease.objects.filter(subscriber=notify.SUBSCRIBER).count(),
    }


def once(act: moments.Act) -> Iterator[moments.Moment]:
    yield moments.Moment(number=0, name="once", left=moments.run(act))


def alert_waits() -> Any:
    prepare_alert()
    return _sent()


def leases_ran_out() -> Any:
    let_leases_run_out()
    return _sent()


def scenario(name: str) -> Iterator[moments.Moment]:
    registry.all_channels()  # imported here once, and not in each forked process
    match name:
        case "issue":
            return moments.kill_at_every_moment(
                prepare=prepare_change, act=hear_change, look=look_at_issue
            )
        case "send":
            return moments.kill_at_every_moment(
                prepare=prepare_alert, act=send, look=look_at_deliveries
            )
        case "gather":
            return moments.kill_at_every_moment(
                prepare=prepare_digest, act=send_all, look=look_at_digest
            )
        case "alert_waits":
            return once(alert_waits)
        case "leases_ran_out":
            return once(leases_ran_out)
    return once(_sent)
