"""Due times and central media call people too."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_event, make_mention, make_post
from tinglan.accounts.models import Member
from tinglan.alerts import issue, warn
from tinglan.alerts.acknowledge import acknowledge
from tinglan.alerts.models import Alert
from tinglan.alerts.tests.cast import make_line, raise_level
from tinglan.clocks import run, tick
from tinglan.clocks.models import ClockWarning, Kind
from tinglan.events.models import Event, Membership
from tinglan.lib import worker
from tinglan.sources.models import Outlet

pytestmark = pytest.mark.django_db

Stage = ClockWarning.Stage


@pytest.fixture(autouse=True)
def line() -> list[Member]:
    return make_line()


def warn_event(event: Event, stage: Stage, now: datetime) -> ClockWarning:
    clock = run.start(Kind.HOLDING, event, event.level, now=now)
    assert clock is not None
    return ClockWarning.objects.create(clock=clock, stage=stage, at=now)


def names(alert: Alert | None) -> list[str]:
    assert alert is not None
    return [one.recipient.name for one in alert.deliveries.all() if one.recipient]


def test_a_late_clock_calls_who_took_the_event_on(now: datetime, line: list[Member]) -> None:
    event = make_event()
    issue.handle([raise_level(event, "II")], now=now)
    acknowledge(event.alerts.get(), by=line[1], now=now)
    alert = warn.warn_of(warn_event(event, Stage.LATE, now), now=now)
    assert names(alert) == ["博文"]
    assert alert is not None
    assert (alert.reason, alert.level, alert.needs_answer) == ("sla_warn", "II", False)


def test_a_breach_also_reaches_the_next_in_line(now: datetime, line: list[Member]) -> None:
    event = make_event(level="II")
    issue.handle([], now=now)
    alert = warn.warn_of(warn_event(event, Stage.BREACHED, now), now=now)
    assert names(alert) == ["安琪", "博文"]
    assert alert is not None
    assert alert.reason == "sla_breach"


def test_each_warning_is_told_once(now: datetime) -> None:
    warning = warn_event(make_event(level="II"), Stage.BREACHED, now)
    warn.handle([warning, warning], now=now)
    assert Alert.objects.count() == 1


def test_half_of_the_time_and_the_acknowledgement_clock_call_nobody(now: datetime) -> None:
    event = make_event()
    assert warn.warn_of(warn_event(make_event(level="II"), Stage.HALF, now), now=now) is None
    issue.handle([raise_level(event, "I")], now=now)
    own = run.start(Kind.ACKNOWLEDGE, event.alerts.get(), "I", now=now)
    assert own is not None
    warning = ClockWarning.objects.create(clock=own, stage=Stage.BREACHED, at=now)
    assert warn.warn_of(warning, now=now) is None
    assert Alert.objects.count() == 1


def test_a_clock_that_was_met_meanwhile_calls_nobody(now: datetime) -> None:
    event = make_event(level="II")
    warning = warn_event(event, Stage.LATE, now)
    run.meet(event, [Kind.HOLDING], by_row=event, now=now)
    warning.refresh_from_db()
    assert warn.warn_of(warning, now=now) is None


def test_a_due_time_calls_nobody_away_from_the_alert_that_waits(now: datetime) -> None:
    event = make_event()
    issue.handle([raise_level(event, "II")], now=now)
    warn.warn_of(warn_event(event, Stage.LATE, now), now=now)
    assert event.alerts.get(reason="first").is_waiting


def test_the_worker_hears_of_clocks(now: datetime) -> None:
    event = make_event(level="II")
    clock = run.start(Kind.HOLDING, event, "II", now=now)
    assert clock is not None
    tick.poll(clock.due_at)
    worker.drain()
    assert event.alerts.get().reason == "sla_breach"


def report_by(tier: int, event: Event, at: datetime) -> None:
    outlet, _ = Outlet.objects.get_or_create(name=f"日报 {tier}", tier=tier)
    post = make_post("星河水壶再被曝光", at=at, outlet=outlet)
    Membership.objects.create(
        event=event, mention=make_mention(post=post, at=at), at=at, reason="similar"
    )


def test_a_central_medium_is_told_once(now: datetime) -> None:
    event = make_event()
    issue.handle([raise_level(event, "III")], now=now)
    report_by(1, event, now + timedelta(minutes=1))
    assert warn.poll_central_media(now + timedelta(minutes=2)) == 1
    assert warn.poll_central_media(now + timedelta(minutes=3)) == 0
    first, second = event.alerts.order_by("id")
    assert second.reason == "tier1"
    assert first.replaced_by == second


def test_a_city_paper_or_what_the_first_alert_knew_is_not_told_again(now: datetime) -> None:
    event, old = make_event(), make_event()
    report_by(1, old, now - timedelta(minutes=1))
    issue.handle([raise_level(event, "III"), raise_level(old, "III")], now=now)
    report_by(3, event, now + timedelta(minutes=1))
    assert warn.poll_central_media(now + timedelta(minutes=2)) == 0
