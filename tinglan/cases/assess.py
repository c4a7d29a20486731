"""Judge a case (研判): what it is, its legal side, its impact, what was decided, and why.

The first judgement ends the clock of that name; its cluster proposes how a statement may answer.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Assessment, Case
from tinglan.cases.story import require_open, tell
from tinglan.clocks import run
from tinglan.clocks.models import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What somebody holds of the case; cause and cluster may stay open ("")."""

    kind: Assessment.Kind
    text: str
    cause: str = ""
    cluster: str = ""


@transaction.atomic
def assess(case: Case, opinion: Opinion, *, by: Member, now: datetime) -> Assessment:
    require(by, Right.WORK_CASES)
    require_open(case)
    if not opinion.text.strip():
        raise CaseError(_("Write down the judgement and what it rests on."))
    assessment = Assessment.objects.create(
        case=case,
        kind=opinion.kind,
        text=opinion.text.strip(),
        cause=opinion.cause,
        cluster=opinion.cluster,
        by=by,
        at=now,
    )
    if assessment.kind == Assessment.Kind.JUDGEMENT:
        run.meet(case.event.going_on, [Kind.JUDGE], by_row=assessment, now=now)
    data = {"assessment": assessment.kind, "text": assessment.text}
    tell(case, "assess", assessment, kind="case_assessed", by=by, now=now, **data)
    return assessment
