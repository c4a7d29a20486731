"""Submit a statement: fact check, then legal, then the spokesperson, nobody twice."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.approvals import submit as approvals
from tinglan.approvals.models import Request
from tinglan.cases.errors import CaseError, UncheckedError
from tinglan.cases.models import Statement
from tinglan.cases.story import require_open, tell

STEPS = (Right.APPROVE_FACTS, Right.APPROVE_LEGAL, Right.APPROVE_RELEASE)


@transaction.atomic
def submit(statement: Statement, *, by: Member, now: datetime) -> Request:
    """A full statement or a correction rests on checked findings; a holding one may go at once."""
    require(by, Right.WRITE_STATEMENTS)
    require_open(statement.case)
    _check(statement)
    request = approvals.submit(statement, STEPS, authors=_authors(statement), by=by, now=now)
    data = {"statement": statement.kind, "title": statement.title, "version": statement.version}
    tell(statement.case, "submit", statement, kind="statement_submitted", by=by, now=now, **data)
    return request


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
