"""Submit a thing for approval by several people, one after the other, and take it back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right
from tinglan.approvals.errors import ApprovalError, DecidedError
from tinglan.approvals.models import Request, Withdrawal, content_hash
from tinglan.approvals.subjects import subject_of
from tinglan.audit.record import record
from tinglan.lib import changes, claims


@transaction.atomic
def submit(
    subject: Model,
    steps: Sequence[Right],
    *,
    authors: Sequence[Member],
    by: Member,
    now: datetime,
) -> Request:
    """Ask for one approval per step, in order. The calling verb has checked the right to ask."""
    if not steps:
        raise ApprovalError(_("Name at least one step that approves “%(it)s”.") % {"it": subject})
    if Request.objects.of(subject).pending().exists():
        raise ApprovalError(
            _("“%(it)s” waits for approval already: withdraw that first.") % {"it": subject}
        )
    request = Request(
        subject_kind=subject._meta.label,
        subject_id=subject.pk,
        title=str(subject)[:200],
        steps=[right.value for right in steps],
        n_steps=len(steps),
        requested_by=by,
        requested_at=now,
    )
    request.content_hash = content_hash(subject_of(request).content_for_approval())
    request.save()
    request.authors.set({by, *authors})
    claims.announce(request)
    changes.note("approvals")
    record("approvals.submit", request, by=by, now=now, data={"steps": request.steps})
    return request


@transaction.atomic
def withdraw(request: Request, *, reason: str, by: Member | None, now: datetime) -> Withdrawal:
    """Take back what waits; approvals already given stay on record and count no more."""
    request = Request.objects.select_for_update().get(pk=request.pk)
    if request.state != Request.State.PENDING:
        raise DecidedError(_("“%(it)s” does not wait for approval any more.") % {"it": request})
    withdrawal = Withdrawal.objects.create(request=request, by=by, at=now, reason=reason[:200])
    changes.note("approvals")
    record("approvals.withdraw", request, by=by, now=now, data={"reason": reason})
    return withdrawal
