"""Clocks speak once at each stage, and not of what is over."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_event
from tinglan.clocks import defaults, run, tick
from tinglan.clocks.models import Calendar, ClockWarning, Kind, Policy, Target

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def _stages() -> list[str]:
    return list(ClockWarning.objects.order_by("id").values_list("stage", flat=True))


def test_a_clock_speaks_at_half_at_late_and_when_due_once_each(now: datetime) -> None:
    run.start(Kind.HOLDING, make_event(), "I", now=now)
    for minute in range(0, 121, 5):
        tick.poll(now + timedelta(minutes=minute))
    assert _stages() == ["half", "late", "breached"]


def test_before_half_nothing_is_said(now: datetime) -> None:
    run.start(Kind.HOLDING, make_event(), "I", now=now)
    assert tick.poll(now + timedelta(minutes=29)) == 0


def test_after_an_outage_only_the_gravest_warning_is_given(now: datetime) -> None:
    run.start(Kind.HOLDING, make_event(), "I", now=now)
    assert tick.poll(now + 3 * HOUR) == 1
    assert tick.poll(now + 4 * HOUR) == 0
    assert _stages() == ["breached"]


def test_a_breach_is_kept_on_the_clock(now: datetime) -> None:
    clock = run.start(Kind.HOLDING, make_event(), "I", now=now)
    assert clock is not None
    tick.poll(now + HOUR)
    clock.refresh_from_db()
    assert clock.breached_at == now + HOUR


def test_met_and_stopped_clocks_are_silent(now: datetime) -> None:
    met, stopped = make_event("met"), make_event("stopped")
    run.start(Kind.HOLDING, met, "I", now=now)
    run.start(Kind.HOLDING, stopped, "I", now=now)
    run.meet(met, [Kind.HOLDING], by_row=met, now=now)
    run.stop(stopped, now=now)
    assert tick.poll(now + 5 * HOUR) == 0


def test_a_nearer_due_time_brings_its_warnings_nearer(now: datetime) -> None:
    event = make_event()
    run.start(Kind.HOLDING, event, "II", now=now)
    run.retarget(event, "I", now=now + HOUR / 2)  # due after 60 minutes instead of 120
    tick.poll(now + timedelta(minutes=50))
    assert _stages() == ["late"]


def test_defaults_are_written_once_and_edits_stay(now: datetime) -> None:
    defaults.ensure_defaults(now)
    Target.objects.filter(kind=Kind.HOLDING, level="I").update(amount=45)
    assert defaults.ensure_defaults(now) == Policy.objects.get()
    assert Target.objects.get(kind=Kind.HOLDING, level="I").amount == 45


def test_the_business_calendar_knows_the_holidays_of_the_year(now: datetime) -> None:
    defaults.ensure_defaults(now)
    days = Calendar.objects.get(code="business").days
    assert days["2026-10-01"] == []
    assert days["2026-10-10"] == [["09:00", "18:00"]]


def test_holidays_entered_by_hand_are_not_overwritten(now: datetime) -> None:
    defaults.ensure_defaults(now)
    Calendar.objects.filter(code="business").update(days={"2026-10-01": [["09:00", "12:00"]]})
    assert tick.extend_calendars(now) == 0
    assert Calendar.objects.get(code="business").days == {"2026-10-01": [["09:00", "12:00"]]}
