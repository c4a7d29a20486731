"""Close a case (办结): why it happened, how much of it is ours, and what came of it.

Required tasks hold it open, unless a reason says why it may close without them. With the closure
the clock of the review starts and those of the response stop.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.approvals.models import Request
from tinglan.approvals.submit import withdraw
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Closure
from tinglan.cases.models.case import Cause, Cluster
from tinglan.cases.story import require_open, tell
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.events.models import RANK
from tinglan.lib import claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What the closure says; `reason` where required tasks are still open."""

    cause: Cause
    cluster: Cluster
    summary: str
    reason: str = ""


@transaction.atomic
def close(case: Case, ending: Ending, *, by: Member, now: datetime) -> Closure:
    require(by, Right.CLOSE_CASES)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    require_open(case)
    _check(case, ending)
    closure = Closure.objects.create(
        case=case,
        cause=ending.cause,
        cluster=ending.cluster,
        summary=ending.summary.strip(),
        reason=ending.reason.strip(),
        by=by,
        at=now,
    )
    level = _gravest_level(case)
    run.stop(case.event, now=now)
    for task in case.tasks.open():
        run.stop(task, now=now)
    run.start(Kind.REVIEW, case, level, now=now)
    _withdraw_requests(case, by=by, now=now)
    claims.announce(closure)
    data = {"cause": closure.cause, "cluster": closure.cluster, "summary": closure.summary}
    tell(case, "close", closure, kind="case_closed", by=by, now=now, **data)
    return closure


def _check(case: Case, ending: Ending) -> None:
    if not ending.summary.strip():
        raise CaseError(_("Sum up what happened and what came of it."))
    left = [str(task) for task in case.tasks.required().open()]
    if left and not ending.reason.strip():
        raise CaseError(
            _("Required tasks are open: %(tasks)s. Complete them, or say why not.")
            % {"tasks": "; ".join(left)}
        )


def _withdraw_requests(case: Case, *, by: Member, now: datetime) -> None:
    """What still waits for approval is needed no more."""
    for statement in case.statements.last_versions():
        for request in Request.objects.of(statement).pending():
            withdraw(request, reason=_("The case was closed."), by=by, now=now)


def _gravest_level(case: Case) -> str:
    """The review is due by how grave it was, not by what is left of it."""
    levels = case.event.level_changes.values_list("to_level", flat=True)
    return max([case.event.level, *levels], key=RANK.__getitem__)
