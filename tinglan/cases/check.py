"""Check a finding: confirm or refute it, and say on what ground. The last check counts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.cases.complete import complete_by
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Check, Finding
from tinglan.cases.story import require_open, tell
from tinglan.plans.models import Step


@transaction.atomic
def check(
    finding: Finding, verdict: Check.Verdict, *, note: str, by: Member, now: datetime
) -> Check:
    """A different verdict than before voids the approvals of statements that cite the finding."""
    require(by, Right.CHECK_FACTS)
    require_open(finding.case)
    if not note.strip():
        raise CaseError(_("Say on what ground “%(claim)s” was checked.") % {"claim": finding})
    done = Check.objects.create(finding=finding, verdict=verdict, note=note.strip(), by=by, at=now)
    if not finding.case.findings.filter(checks__isnull=True).exists():
        complete_by(finding.case, Step.Proof.FINDING, by_row=done, by=by, now=now)
    data = {"claim": finding.claim, "verdict": done.verdict, "note": done.note}
    tell(finding.case, "check", finding, kind="finding_checked", by=by, now=now, **data)
    return done
