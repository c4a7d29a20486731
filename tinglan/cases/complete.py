"""A task is done: its clock ends, and what shows it is kept.

Where the proof of a task is an act of Tinglan itself (evidence preserved, a statement published),
that act completes the task: nobody has to say it twice.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Completion, Task
from tinglan.cases.story import require_open, tell
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.plans.models import Step

Proof = Step.Proof


@transaction.atomic
def complete(task: Task, *, by: Member, now: datetime, note: str = "") -> Completion:
    """Its assignee, or who works on cases, says that it is done, and how."""
    if by.pk != task.assignee_id:
        require(by, Right.WORK_CASES)
    require_open(task.case)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if task.is_done:
        raise CaseError(_("“%(task)s” is done already.") % {"task": task})
    if task.proof != Proof.NONE and not note.strip():
        raise CaseError(_("Say what was done for “%(task)s”.") % {"task": task})
    return _complete(task, None, note=note.strip(), by=by, now=now)


def complete_by(
    case: Case,
    proof: Step.Proof,
    *,
    by_row: Model,
    by: Member | None,
    now: datetime,
    code: str = "",
) -> list[Completion]:
    """An act just done is the proof of these open tasks, or of the one with this code.

    Called in the act's transaction.
    """
    waiting = case.tasks.open().filter(proof=proof).select_for_update(of=("self",))
    if code:
        waiting = waiting.filter(code=code)
    return [_complete(task, by_row, note="", by=by, now=now) for task in waiting]


def _complete(
    task: Task, by_row: Model | None, *, note: str, by: Member | None, now: datetime
) -> Completion:
    completion = Completion.objects.create(
        task=task,
        note=note,
        proof_kind=by_row._meta.label if by_row else "",
        proof_id=by_row.pk if by_row else None,
        by=by,
        at=now,
    )
    run.meet(task, [Kind.TASK], by_row=completion, now=now)
    data = {"task": task.title, "task_en": task.title_en}
    tell(task.case, "complete", task, kind="task_completed", by=by, now=now, **data)
    return completion
