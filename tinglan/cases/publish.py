"""Record that an approved statement stands on an account of the company.

Tinglan posts nothing by itself: a person does, and records account, address and time. Only this
record ends the clocks of the first public word; drafts and approvals do not.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.cases.complete import complete_by
from tinglan.cases.errors import CaseError, NotApprovedError
from tinglan.cases.models import Publication, Statement
from tinglan.cases.story import require_open, tell
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.lib import claims
from tinglan.plans.models import Step

FIRST_WORD = (Kind.HOLDING,)
INFORMATION = (Kind.HOLDING, Kind.INFORM, Kind.FULL)
A_MINUTE = timedelta(minutes=1)  # people note the time to the minute


@transaction.atomic
def publish(
    statement: Statement, *, account: str, url: str, at: datetime, by: Member, now: datetime
) -> Publication:
    """`at` is when it appeared: between the last approval and now."""
    require(by, Right.PUBLISH)
    require_open(statement.case)
    _check(statement, account.strip(), at, now)
    publication, is_new = Publication.objects.get_or_create(
        statement=statement,
        account=account.strip(),
        defaults={"url": url.strip(), "at": at, "by": by, "recorded_at": now},
    )
    if not is_new:
        raise CaseError(
            _("“%(title)s” is recorded on %(account)s already.")
            % {"title": statement, "account": publication.account}
        )
    _meet(publication, by=by, now=now)
    claims.announce(publication)
    data = {
        "statement": statement.kind,
        "title": statement.title,
        "account": publication.account,
        "url": publication.url,
    }
    tell(statement.case, "publish", publication, kind="statement_published", by=by, now=now, **data)
    return publication


def _check(statement: Statement, account: str, at: datetime, now: datetime) -> None:
    request = statement.request
    if request is None or not statement.is_latest or not statement.is_approved:
        raise NotApprovedError(
            _("“%(title)s” is at “%(stage)s”: publish it once it is approved at every step.")
            % {"title": statement, "stage": statement.stage.label}
        )
    if not account:
        raise CaseError(_("Name the account on which “%(title)s” stands.") % {"title": statement})
    if not request.decisions[-1].at - A_MINUTE < at <= now:
        raise CaseError(
            _("“%(title)s” can only have appeared between its approval and now: mend the time.")
            % {"title": statement}
        )


def _meet(publication: Publication, *, by: Member, now: datetime) -> None:
    """The clocks end when it appeared, not when somebody came to record it."""
    statement, case = publication.statement, publication.statement.case
    is_holding = statement.kind == Statement.Kind.HOLDING
    kinds = FIRST_WORD if is_holding else INFORMATION
    run.meet(case.event.going_on, kinds, by_row=publication, now=publication.at)
    run.restart(Kind.UPDATE, case.event, by_row=publication, now=publication.at)
    complete_by(case, Step.Proof.HOLDING, by_row=publication, by=by, now=now)
    if not is_holding:
        complete_by(case, Step.Proof.FULL, by_row=publication, by=by, now=now)
