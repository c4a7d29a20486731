"""Give work to people: a task to a member, the case to a lead, and tasks that no plan foresaw."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.cases import crew
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Task
from tinglan.cases.story import require_open, tell
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.lib import changes


@transaction.atomic
def assign(task: Task, to: Member, *, by: Member, now: datetime) -> Task:
    """交办: the member finds it among their own tasks."""
    require(by, Right.WORK_CASES)
    require_open(task.case)
    if task.is_done:
        raise CaseError(_("“%(task)s” is done already.") % {"task": task})
    _require_active(to)
    task.assignee = to
    task.save(update_fields=["assignee"])
    crew.note_assembled(task.case, now=now)
    changes.note(f"member:{to.pk}")
    data = {"task": task.title, "task_en": task.title_en, "to": to.name}
    tell(task.case, "assign", task, kind="task_assigned", by=by, now=now, **data)
    return task


@transaction.atomic
def appoint(case: Case, lead: Member, *, by: Member, now: datetime) -> Case:
    """Hand the case to a lead."""
    require(by, Right.WORK_CASES)
    require_open(case)
    _require_active(lead)
    case.lead = lead
    case.save(update_fields=["lead"])
    crew.note_assembled(case, now=now)
    tell(case, "appoint", case, kind="lead_appointed", by=by, now=now, lead=lead.name)
    return case


@transaction.atomic
def add_task(
    case: Case, title: str, *, to: Member, due_at: datetime, by: Member, now: datetime
) -> Task:
    """Add a task that no plan foresaw; closing does not wait for it."""
    require(by, Right.WORK_CASES)
    require_open(case)
    _require_active(to)
    if due_at <= now:
        raise CaseError(_("“%(task)s” would be due in the past.") % {"task": title})
    task = Task.objects.create(
        case=case, title=title, assignee=to, due_at=due_at, added_by=by, added_at=now
    )
    run.start_until(Kind.TASK, task, due_at, now=now)
    changes.note(f"member:{to.pk}")
    data = {"task": title, "task_en": "", "to": to.name}
    tell(case, "add_task", task, kind="task_assigned", by=by, now=now, **data)
    return task


def _require_active(member: Member) -> None:
    if not member.is_active:
        raise CaseError(
            _("%(name)s no longer works with Tinglan: choose somebody else.")
            % {"name": member.name}
        )
