"""Open the case of an event and give it the tasks of its plan.

A plan that a level started opens the case by itself; a person may open one for any event. A
stricter plan that follows adds what is new and brings nearer what is there, so that no task stands
twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member, line_of_duty
from tinglan.accounts.rights import Right, Role, require
from tinglan.cases import crew
from tinglan.cases.errors import CaseError
from tinglan.cases.follow import adopt
from tinglan.cases.models import Case, Task
from tinglan.cases.reopen import reopen
from tinglan.cases.story import tell
from tinglan.cases.tasks import bring_nearer
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.events.models import Event
from tinglan.lib import claims
from tinglan.plans.models import Activation, Step


def handle(activations: Sequence[Activation], *, now: datetime) -> None:
    """The worker's step: each plan that was started finds its case or opens it."""
    for activation in activations:
        case = adopt(activation.event, now=now)
        if case is None:
            case = _open(activation.event, level=activation.level, by=None, now=now)
        elif not case.is_open:
            reopen(case, reason=_reason(activation), by=None, now=now)
        add_plan(case, activation.plan.steps.all(), since=activation.at, now=now)


@transaction.atomic
def open_case(event: Event, *, by: Member, now: datetime) -> Case:
    """A person opens a case, below level III say; the plan's tasks follow with the level."""
    require(by, Right.WORK_CASES)
    if event.merged_into_id is not None:
        raise CaseError(
            _("“%(event)s” was merged into another event: open the case there.") % {"event": event}
        )
    existing = adopt(event, now=now)
    return existing or _open(event, level=event.level, by=by, now=now)


def add_plan(case: Case, steps: Iterable[Step], *, since: datetime, now: datetime) -> list[Task]:
    """Add the tasks of a plan that the case lacks; those it has become due no later than now."""
    held = {task.code: task for task in case.tasks.exclude(code="")}
    added = []
    for step in steps:
        due_at = since + timedelta(minutes=step.due_minutes)
        task = held.get(step.code)
        if task is None:
            added.append(_task(case, step, due_at=due_at, now=now))
        elif not task.is_done and due_at < task.due_at:
            bring_nearer(task, due_at, now=now)
    crew.note_assembled(case, now=now)
    if added:
        titles = {
            "tasks": [task.title for task in added],
            "tasks_en": [task.title_en for task in added],
        }
        tell(case, "add_plan", case, kind="tasks_added", by=None, now=now, **titles)
    return added


def _open(event: Event, *, level: str, by: Member | None, now: datetime) -> Case:
    year = now.astimezone(ZoneInfo(settings.TIME_ZONE)).year
    last = Case.objects.filter(year=year).aggregate(last=Max("serial"))["last"] or 0
    case = Case.objects.create(
        event=event, year=year, serial=last + 1, lead=_lead(by, now), opened_by=by, opened_at=now
    )
    run.start_for_level(event, level, now=now)
    claims.announce(case)
    lead = case.lead.name if case.lead else ""
    tell(case, "open", case, kind="case_opened", by=by, now=now, number=case.number, lead=lead)
    return case


def _lead(by: Member | None, now: datetime) -> Member | None:
    """A PR lead: who opens it, else whom the duty line names first, else the first in line."""
    if by is not None and Role.PR_LEAD in by.roles:
        return by
    line = list(line_of_duty(now))
    leads = [member for member in line if Role.PR_LEAD in member.roles]
    return next(iter([*leads, *line]), None)


def _task(case: Case, step: Step, *, due_at: datetime, now: datetime) -> Task:
    task = Task.objects.create(
        case=case,
        code=step.code,
        title=step.title,
        title_en=step.title_en,
        instructions=step.instructions,
        instructions_en=step.instructions_en,
        role=step.role,
        assignee=crew.who_takes(Role(step.role), case, now=now),
        due_at=due_at,
        proof=step.proof,
        is_required=step.is_required,
        added_at=now,
    )
    run.start_until(Kind.TASK, task, due_at, now=now)
    return task


def _reason(activation: Activation) -> str:
    return f"level {activation.level}: {activation.plan.code}"
