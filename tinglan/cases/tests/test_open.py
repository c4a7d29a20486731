"""A plan that a level starts opens the case; a stricter one adds to it."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_duty, make_event, make_member
from tests.make_response import make_crew, make_level_change
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Task
from tinglan.cases.open import open_case
from tinglan.clocks.models import Clock, Kind
from tinglan.events.models import Event, Nature
from tinglan.lib import worker
from tinglan.lib.claims import announce
from tinglan.plans.models import Activation

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def _event(nature: str = "safety") -> Event:
    values = {"name": nature, "name_en": nature, "harm": 100}
    return make_event(nature=Nature.objects.get_or_create(code=nature, defaults=values)[0])


def _go_to(event: Event, level: str, *, at: datetime) -> None:
    """The whole way through the worker, as it happens."""
    announce(make_level_change(event, level, at=at))
    worker.drain()


def test_level_three_opens_a_case_with_the_tasks_of_the_plan(now: datetime) -> None:
    crew = make_crew()
    event = _event()
    _go_to(event, "III", at=now)
    case = Case.objects.get(event=event)
    assert case.lead == crew.lead
    assert set(case.tasks.values_list("code", flat=True)) == {
        *("preserve", "contact", "verify", "holding", "lines", "batch", "sales", "legal")
    }
    by_code = {task.code: task for task in case.tasks.all()}
    assert by_code["preserve"].assignee == crew.duty
    assert by_code["contact"].assignee == crew.agent
    assert by_code["sales"].assignee == crew.leader
    kinds = list(event.timeline.values_list("kind", flat=True))
    assert kinds.count("case_opened") == 1
    assert "tasks_added" in kinds


def test_hearing_it_twice_changes_nothing(now: datetime) -> None:
    event = _event()
    _go_to(event, "III", at=now)
    announce(Activation.objects.get())
    n_tasks = Task.objects.count()
    worker.drain()
    assert (Case.objects.count(), Task.objects.count()) == (1, n_tasks)


def test_level_four_opens_no_case(now: datetime) -> None:
    _go_to(_event("service"), "IV", at=now)
    assert not Case.objects.exists()


def test_a_rise_adds_the_stricter_tasks_and_brings_the_others_nearer(now: datetime) -> None:
    event = _event()
    _go_to(event, "III", at=now)
    case = event.case
    before = {task.code: task.due_at for task in case.tasks.all()}
    _go_to(event, "II", at=now)
    codes = list(case.tasks.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) == len(before) + 5
    assert {"group", "leaders", "full", "regulators", "employees"} <= set(codes)
    after = {task.code: task.due_at for task in case.tasks.all()}
    assert all(after[code] < due_at for code, due_at in before.items())
    running = Clock.objects.running().filter(kind=Kind.TASK)
    assert {clock.due_at for clock in running} == set(after.values())
    assert running.count() == len(codes)


def test_tasks_go_to_whoever_is_on_duty_first_then_to_who_has_least(now: datetime) -> None:
    first, on_duty = make_member("甲", Role.ANALYST), make_member("乙", Role.ANALYST)
    make_duty(on_duty)
    event = _event()
    _go_to(event, "III", at=now)
    taken = event.case.tasks.filter(role=Role.ANALYST).values_list("assignee", flat=True)
    assert set(taken) == {on_duty.pk}
    on_duty.duties.all().delete()
    other = _event()
    _go_to(other, "III", at=now)
    assert first.pk in set(other.case.tasks.values_list("assignee", flat=True))


def test_without_people_the_tasks_wait_unassigned(now: datetime) -> None:
    event = _event()
    _go_to(event, "III", at=now)
    assert event.case.lead is None
    assert not event.case.tasks.filter(assignee__isnull=False).exists()


def test_a_full_crew_at_level_two_is_an_assembled_working_group(now: datetime) -> None:
    make_crew()
    event = _event()
    _go_to(event, "II", at=now)
    assert Clock.objects.of(event).get(kind=Kind.ASSEMBLE).met_by_kind == "cases.Case"


def test_an_unfilled_task_leaves_the_working_group_open(now: datetime) -> None:
    make_member("博文", Role.PR_LEAD)
    event = _event()
    _go_to(event, "II", at=now)
    assert Clock.objects.of(event).get(kind=Kind.ASSEMBLE).is_running


def test_cases_are_numbered_by_year(now: datetime) -> None:
    crew = make_crew()
    first = open_case(_event(), by=crew.duty, now=now)
    second = open_case(_event(), by=crew.duty, now=now)
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=now.tzinfo)  # already 2027 in Beijing
    third = open_case(_event(), by=crew.duty, now=new_year)
    assert [case.number for case in (first, second, third)] == ["2026-001", "2026-002", "2027-001"]


def test_a_person_opens_a_case_once_and_an_outsider_never(now: datetime) -> None:
    crew, event = make_crew(), _event()
    case = open_case(event, by=crew.duty, now=now)
    assert open_case(event, by=crew.lead, now=now) == case
    with pytest.raises(ForbiddenError):
        open_case(_event(), by=make_member("晨曦"), now=now)


def test_a_merged_event_gets_no_case_of_its_own(now: datetime) -> None:
    crew, into = make_crew(), _event()
    event = make_event(merged_into=into)
    with pytest.raises(CaseError):
        open_case(event, by=crew.lead, now=now)
