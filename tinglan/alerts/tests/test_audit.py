"""The auditor finds what should have happened and did not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.make import make_event
from tinglan.alerts import audit, escalate, issue, notify
from tinglan.alerts.models import Alert, Delivery, Inspection
from tinglan.alerts.tests.cast import make_line, raise_level
from tinglan.lib import clock, heartbeat
from tinglan.lib.models import Heartbeat, Lease

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _all_alive() -> None:
    make_line()
    for name in audit.PROCESSES:
        heartbeat.beat(name)


def codes(now: datetime, *, later: timedelta = timedelta(0)) -> list[str]:
    found = audit.inspect(now=now, wall=clock.wall() + later)
    return [one["code"] for one in found.findings]


def issue_alert(now: datetime, level: str = "I") -> Alert:
    event = make_event()
    change = raise_level(event, level)
    issue.handle([change], now=now)
    Lease.objects.filter(object_id=change.pk).exclude(subscriber=notify.SUBSCRIBER).delete()
    return event.alerts.get()


def test_when_all_is_well_it_says_so(now: datetime) -> None:
    issue_alert(now)
    notify.work(now)
    assert codes(now) == []
    assert Inspection.objects.get().is_ok


def test_a_level_change_nobody_handles_is_found_after_30_seconds(now: datetime) -> None:
    raise_level(make_event(), "II")
    assert codes(now) == []
    assert codes(now, later=timedelta(seconds=31)) == ["unheard_change"]


def test_a_level_without_an_alert_is_found(now: datetime) -> None:
    event = make_event()
    change = raise_level(event, "II")
    Lease.objects.all().delete()
    assert codes(now) == ["change_without_alert"]
    assert Inspection.objects.get().findings[0]["ids"] == [change.pk]


@pytest.mark.parametrize(("level", "minutes"), [("I", 1), ("II", 1), ("III", 5)])
def test_a_delivery_later_than_promised_is_found(now: datetime, level: str, minutes: int) -> None:
    issue_alert(now, level)
    assert "late_delivery" not in codes(
        now, later=timedelta(minutes=minutes) - timedelta(seconds=30)
    )
    assert "late_delivery" in codes(now, later=timedelta(minutes=minutes, seconds=1))


def test_a_delivery_that_no_worker_will_pick_up_is_found(now: datetime) -> None:
    issue_alert(now)
    Lease.objects.all().delete()
    assert codes(now) == ["lost_delivery"]


def test_an_open_red_alert_that_calls_nobody_is_found(now: datetime) -> None:
    alert = issue_alert(now)
    notify.work(now)
    assert codes(now + timedelta(minutes=8)) == ["no_next_action"]  # the call of 5 min was missed
    escalate.poll(now + timedelta(minutes=8))
    notify.work(now + timedelta(minutes=8))
    assert codes(now + timedelta(minutes=8)) == []
    Alert.objects.filter(pk=alert.pk).update(next_action_at=None)
    assert codes(now + timedelta(minutes=8)) == ["no_next_action"]


def test_an_alert_that_reached_nobody_is_found(now: datetime) -> None:
    issue_alert(now)
    Delivery.objects.update(state=Delivery.State.FAILED)
    assert codes(now) == ["reached_nobody"]


@pytest.mark.parametrize("name", audit.PROCESSES)
def test_a_silent_or_missing_worker_is_found(now: datetime, name: str) -> None:
    Heartbeat.objects.filter(name=name).update(at=clock.wall() - timedelta(minutes=3))
    assert codes(now) == ["silent_process"]
    Heartbeat.objects.filter(name=name).delete()
    assert codes(now) == ["silent_process"]
    assert name in Inspection.objects.latest("id").findings[0]["text"]


def test_the_health_page_tells_the_last_result(now: datetime) -> None:
    client = Client()
    assert client.get("/healthz/audit").status_code == 503  # nobody has looked yet
    audit.inspect(now=now, wall=clock.wall())
    answer = client.get("/healthz/audit")
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    Heartbeat.objects.all().delete()
    audit.inspect(now=now, wall=clock.wall())
    answer = client.get("/healthz/audit")
    assert answer.status_code == 503
    assert [one["code"] for one in answer.json()["findings"]] == ["silent_process"] * 3


def test_i04_an_auditor_that_fell_silent_is_not_well(now: datetime) -> None:
    audit.inspect(now=now, wall=clock.wall() - timedelta(minutes=12))
    answer = Client().get("/healthz/audit")
    assert answer.status_code == 503
    assert answer.json()["stale"] is True


@pytest.fixture
def outside(settings: Any) -> Iterator[list[str]]:
    """A monitoring service that waits for our heartbeat."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.HEARTBEAT_URL = f"http://127.0.0.1:{server.server_address[1]}/beat"
    settings.FETCH_ALLOW = ["127.0.0.1"]
    yield heard
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_outside_hears_a_heartbeat_only_while_all_is_well(outside: list[str]) -> None:
    call_command("auditor", "--once")
    assert outside == ["/beat"]
    Heartbeat.objects.filter(name="worker.delivery").delete()
    call_command("auditor", "--once")
    assert outside == ["/beat"]
    assert not Inspection.objects.latest("id").is_ok
