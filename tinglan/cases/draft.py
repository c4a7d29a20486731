"""Write a statement, and write it again: each wording is a version that stays as it was."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.approvals.models import Request
from tinglan.approvals.submit import withdraw
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Finding, Statement
from tinglan.cases.story import require_open, tell
from tinglan.cases.strategies import Strategy, is_mixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a version says, the findings it rests on and how it answers."""

    title: str
    text: str
    findings: tuple[Finding, ...] = ()
    strategies: tuple[str, ...] = ()


@transaction.atomic
def draft(
    case: Case,
    kind: Statement.Kind,
    wording: Wording,
    *,
    by: Member,
    now: datetime,
    corrects: Statement | None = None,
) -> Statement:
    """Begin a statement; a correction names the published one that it corrects."""
    require(by, Right.WRITE_STATEMENTS)
    require_open(case)
    _check(case, wording)
    if (kind == Statement.Kind.CORRECTION) != (corrects is not None and corrects.is_published):
        raise CaseError(_("A correction corrects a published statement: choose which."))
    number = (case.statements.aggregate(last=Max("number"))["last"] or 0) + 1
    first = Statement(case=case, kind=kind, number=number, version=1, corrects=corrects)
    return _write(first, wording, by=by, now=now)


@transaction.atomic
def revise(statement: Statement, wording: Wording, *, by: Member, now: datetime) -> Statement:
    """Write the next version; what waited for approval is withdrawn, for it is no longer it."""
    require(by, Right.WRITE_STATEMENTS)
    require_open(statement.case)
    _check(statement.case, wording)
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    if not statement.is_latest:
        raise CaseError(
            _("Version %(version)s of “%(title)s” was revised meanwhile: start from the latest.")
            % {"version": statement.version, "title": statement.title}
        )
    if statement.is_published:
        raise CaseError(
            _("“%(title)s” is published: write a correction.") % {"title": statement.title}
        )
    if _says(statement) == wording:
        return statement
    for request in Request.objects.of(statement).pending():
        withdraw(request, reason=gettext_noop("A new version was written."), by=by, now=now)
    after = Statement(
        case=statement.case,
        kind=statement.kind,
        number=statement.number,
        version=statement.version + 1,
        previous=statement,
        corrects=statement.corrects,
    )
    return _write(after, wording, by=by, now=now)


def _write(statement: Statement, wording: Wording, *, by: Member, now: datetime) -> Statement:
    statement.title = wording.title.strip()
    statement.text = wording.text.strip()
    statement.strategies = list(wording.strategies)
    statement.author, statement.at = by, now
    statement.save()
    statement.findings.set(wording.findings)
    data = {"statement": statement.kind, "title": statement.title, "version": statement.version}
    tell(statement.case, "draft", statement, kind="statement_drafted", by=by, now=now, **data)
    return statement


def _says(statement: Statement) -> Wording:
    return Wording(
        title=statement.title,
        text=statement.text,
        findings=tuple(statement.findings.order_by("pk")),
        strategies=tuple(statement.strategies),
    )


def _check(case: Case, wording: Wording) -> None:
    if not wording.title.strip() or not wording.text.strip():
        raise CaseError(_("A statement needs a title and a text."))
    if any(finding.case_id != case.pk for finding in wording.findings):
        raise CaseError(_("A finding of another case was cited."))
    if not set(wording.strategies) <= set(Strategy.values):
        raise CaseError(_("Choose the kinds of answer from the list."))
    if is_mixed(wording.strategies):
        raise CaseError(
            _("One statement cannot deny and also excuse or apologise: choose one of them.")
        )
