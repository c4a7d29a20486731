"""Write down a claim about what happened, open until somebody checks it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Evidence, Finding
from tinglan.cases.story import require_open, tell


@transaction.atomic
def find(
    case: Case, claim: str, *, by: Member, now: datetime, evidence: Sequence[Evidence] = ()
) -> Finding:
    require(by, Right.WORK_CASES)
    require_open(case)
    if not claim.strip():
        raise CaseError(_("Write the claim that is to be checked."))
    if any(each.case_id != case.pk for each in evidence):
        raise CaseError(_("Evidence of another case was linked: preserve it in this one."))
    finding = Finding.objects.create(case=case, claim=claim.strip(), by=by, at=now)
    finding.evidence.set(evidence)
    tell(case, "find", finding, kind="finding_noted", by=by, now=now, claim=finding.claim)
    return finding
