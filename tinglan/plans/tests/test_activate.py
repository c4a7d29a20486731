"""A level starts clocks and, from III on, the plan that fits; once."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_event
from tests.make_response import make_level_change
from tinglan.clocks.models import Clock, Kind
from tinglan.events.models import Event, Nature
from tinglan.lib.models import Lease
from tinglan.plans import defaults
from tinglan.plans.activate import handle, plan_for
from tinglan.plans.models import Activation, Plan, Step

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def _event(nature: str = "") -> Event:
    found = Nature.objects.get_or_create(
        code=nature, defaults={"name": nature, "name_en": nature, "harm": 60}
    )[0]
    return make_event(nature=found if nature else None)


def test_level_three_starts_the_plan_of_its_nature_once(now: datetime) -> None:
    change = make_level_change(_event("safety"), "III")
    handle([change], now=now)
    handle([change], now=now)
    activation = Activation.objects.get()
    assert (activation.plan.code, activation.level) == ("safety-III", "III")
    assert Lease.objects.filter(subscriber="cases.open").count() == 1
    assert change.event.timeline.filter(kind="plan_activated").count() == 1


def test_level_four_starts_clocks_but_no_plan(now: datetime) -> None:
    handle([make_level_change(_event("defect"), "IV")], now=now)
    assert not Activation.objects.exists()
    assert Clock.objects.running().filter(kind=Kind.CONTACT).exists()


def test_a_rise_to_two_adds_the_stricter_plan(now: datetime) -> None:
    event = _event("defect")
    for level in ("III", "II", "I"):
        handle([make_level_change(event, level)], now=now)
    codes = [activation.plan.code for activation in event.activations.all()]
    assert codes == ["quality-III", "quality-II"]


def test_an_event_that_is_red_at_once_gets_the_strictest_plan_alone(now: datetime) -> None:
    event = _event("casualty")
    handle([make_level_change(event, "I")], now=now)
    assert [each.plan.code for each in event.activations.all()] == ["safety-II"]


def test_an_event_of_no_known_nature_gets_the_general_plan(now: datetime) -> None:
    handle([make_level_change(_event(), "III")], now=now)
    assert Activation.objects.get().plan.kind == Plan.Kind.GENERAL


def test_clocks_count_from_the_change_however_late_it_is_heard(now: datetime) -> None:
    change = make_level_change(_event(), "I", at=now - HOUR)
    handle([change], now=now)
    clock = Clock.objects.get(kind=Kind.HOLDING)
    assert (clock.started_at, clock.due_at) == (now - HOUR, now)


def test_changes_heard_out_of_order_do_not_lower_the_level_of_clocks(now: datetime) -> None:
    event = _event()
    first, second = make_level_change(event, "III"), make_level_change(event, "I")
    handle([second], now=now)
    handle([first], now=now)
    assert Clock.objects.get(kind=Kind.HOLDING).due_at == now + HOUR


def test_a_rise_brings_running_clocks_nearer(now: datetime) -> None:
    event = _event()
    handle([make_level_change(event, "III")], now=now)
    handle([make_level_change(event, "I", at=now + HOUR / 2)], now=now + HOUR / 2)
    assert Clock.objects.get(kind=Kind.HOLDING).due_at == now + HOUR
    assert Clock.objects.filter(kind=Kind.ASSEMBLE).count() == 1


def test_old_posts_start_neither_clock_nor_plan(now: datetime) -> None:
    event = _event("safety")
    event.is_backfill = True
    handle([make_level_change(event, "II")], now=now)
    assert not Activation.objects.exists()
    assert not Clock.objects.exists()


def test_a_lifted_level_stops_the_clocks_unless_a_plan_runs(now: datetime) -> None:
    mild, grave = _event(), make_event("grave")
    for event, level in ((mild, "IV"), (grave, "III")):
        handle([make_level_change(event, level)], now=now)
        handle([make_level_change(event, "")], now=now)
    assert not Clock.objects.of(mild).running().exists()
    assert Clock.objects.of(grave).running().filter(kind=Kind.HOLDING).exists()


def test_a_new_version_of_a_plan_takes_the_place_of_the_old(now: datetime) -> None:
    defaults.ensure_defaults(now)
    newer = Plan.objects.create(
        code="general-III", version=2, kind="general", level="III", name="新版", created_at=now
    )
    assert plan_for(_event(), "III", now=now) == newer


def test_shipped_plans_are_written_once_and_name_known_natures(now: datetime) -> None:
    defaults.ensure_defaults(now)
    Step.objects.filter(code="holding").update(due_minutes=30)
    defaults.ensure_defaults(now)
    assert Plan.objects.count() == len(defaults.PLANS)
    assert set(Step.objects.filter(code="holding").values_list("due_minutes", flat=True)) == {30}
    named = {code for plan in Plan.objects.all() for code in plan.natures}
    assert named <= set(Nature.objects.values_list("code", flat=True))


def test_a_stricter_plan_repeats_the_milder_one_with_less_time(now: datetime) -> None:
    defaults.ensure_defaults(now)
    for kind in Plan.Kind:
        mild, strict = (
            {step.code: step.due_minutes for step in Step.objects.filter(plan__code=f"{kind}-{at}")}
            for at in ("III", "II")
        )
        assert set(mild) < set(strict)
        assert all(strict[code] < minutes for code, minutes in mild.items())
