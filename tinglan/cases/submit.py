"""Submit a statement: fact check, then legal, then the spokesperson, nobody twice.

Before people read it, its wording is checked: what must never go out stops here, and who keeps a
wording of which the check warns says why (`replies.outgoing`).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.analysis import tone
from tinglan.approvals import submit as approvals
from tinglan.approvals.models import Request
from tinglan.cases.errors import CaseError, UncheckedError
from tinglan.cases.models import Case, Finding, Statement
from tinglan.cases.story import require_open, tell
from tinglan.replies.outgoing import remarks_on, require_clear, rules_of
from tinglan.replies.remarks import Remark

STEPS = (Right.APPROVE_FACTS, Right.APPROVE_LEGAL, Right.APPROVE_RELEASE)


@transaction.atomic
def submit(statement: Statement, *, by: Member, now: datetime, reason: str = "") -> Request:
    """A full statement or a correction rests on checked findings; a holding one may go at once.

    `reason` says why a wording is kept of which the check warns; see WordingError.
    """
    require(by, Right.WRITE_STATEMENTS)
    require_open(statement.case)
    _check(statement)
    found = remarks_on_statement(statement.case, statement.title, statement.text)
    require_clear(found, reason=reason)
    request = approvals.submit(statement, STEPS, authors=_authors(statement), by=by, now=now)
    data = {"statement": statement.kind, "title": statement.title, "version": statement.version}
    tell(statement.case, "submit", statement, kind="statement_submitted", by=by, now=now, **data)
    if found:
        kept = {"rules": rules_of(found), "reason": reason.strip()}
        tell(statement.case, "keep_wording", statement, kind="wording_kept", by=by, now=now, **kept)
    return request


def remarks_on_statement(case: Case, title: str, text: str) -> list[Remark]:
    """What the check says of a wording, knowing what was checked in the case."""
    draft = tone.Draft(tone.Kind.STATEMENT, f"{title}\n{text}", context=case.event.title)
    checked = [
        finding for finding in case.findings.prefetch_related("checks") if finding.is_checked
    ]
    facts = [
        tone.Fact(finding.claim, is_true=finding.status == Finding.Status.CONFIRMED)
        for finding in checked
    ]
    return remarks_on(draft, facts=facts)


def _check(statement: Statement) -> None:
    if not statement.is_latest:
        raise CaseError(_("“%(title)s” has a newer version: submit that.") % {"title": statement})
    stage = statement.stage
    if stage == Statement.Stage.SENT_BACK:
        raise CaseError(
            _("“%(title)s” was sent back: write a new version first.") % {"title": statement}
        )
    if stage != Statement.Stage.DRAFT:
        raise CaseError(
            _("“%(title)s” was submitted already: it is at “%(stage)s”.")
            % {"title": statement, "stage": stage.label}
        )
    if statement.kind != Statement.Kind.HOLDING:
        _check_facts(statement)


def _check_facts(statement: Statement) -> None:
    cited = list(statement.findings.prefetch_related("checks"))
    open_ones = [finding.claim for finding in cited if not finding.is_checked]
    if open_ones:
        raise UncheckedError(
            _("“%(title)s” rests on what nobody has checked: %(claims)s.")
            % {"title": statement, "claims": "; ".join(open_ones)}
        )
    if not cited:
        raise UncheckedError(
            _("“%(title)s” cites no finding: name the checked facts it rests on.")
            % {"title": statement}
        )


def _authors(statement: Statement) -> list[Member]:
    """Whoever wrote any version of it."""
    versions = Statement.objects.filter(case=statement.case, number=statement.number)
    return list(Member.objects.filter(statements__in=versions).distinct())
