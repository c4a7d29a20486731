"""Take up a closed case again: a person says why, or the event comes back at level III or above."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Reopening
from tinglan.cases.story import tell
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.events.models import Level, LevelChange, is_at_least


def handle(changes: Sequence[LevelChange], *, now: datetime) -> None:
    """The worker's step: a rise of an event whose case is closed."""
    for change in changes:
        case = Case.objects.filter(event=change.event).first()
        if case is None or not change.is_rise or not is_at_least(change.to_level, Level.YELLOW):
            continue
        closure = case.closure
        if closure is not None and closure.at < change.at:
            reopen(case, reason=f"level {change.to_level}", by=None, now=now)


@transaction.atomic
def reopen(case: Case, *, reason: str, by: Member | None, now: datetime) -> Reopening:
    """The review's clock stops, those of the response start anew where they had been stopped."""
    require(by, Right.CLOSE_CASES)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    closure = case.closure
    if closure is None:
        raise CaseError(_("Case %(number)s is open.") % {"number": case.number})
    if not reason.strip():
        raise CaseError(_("Say why case %(number)s is reopened.") % {"number": case.number})
    reopening = Reopening.objects.create(closure=closure, reason=reason.strip(), by=by, at=now)
    run.stop(case, now=now, kinds=[Kind.REVIEW])
    run.start_for_level(case.event, case.event.level, now=now)
    for task in case.tasks.open().filter(due_at__gt=now):
        run.start_until(Kind.TASK, task, task.due_at, now=now)
    tell(case, "reopen", reopening, kind="case_reopened", by=by, now=now, reason=reopening.reason)
    return reopening
