"""Decide the step at hand of a request: approve it, or send it back with a reason.

1. The step's right is required, and no hand in the work: neither as author or requester nor by
   another step.
2. The content must still be what was submitted.
3. The decision is announced: the app whose row it is hears of it.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import require
from tinglan.approvals.errors import ApprovalError, ChangedError, DecidedError, NotYoursError
from tinglan.approvals.models import Approval, Request, content_hash
from tinglan.approvals.subjects import subject_of
from tinglan.audit.record import record
from tinglan.lib import changes, claims

Decision = Approval.Decision


def approve(
    request: Request, step: int | None = None, *, by: Member, now: datetime, comment: str = ""
) -> Approval:
    """Say yes to the step at hand; `step` is the one that was seen, if a page showed it."""
    return _decide(request, step, Decision.APPROVED, comment=comment, by=by, now=now)


def send_back(
    request: Request, step: int | None = None, *, comment: str, by: Member, now: datetime
) -> Approval:
    if not comment.strip():
        raise ApprovalError(_("Say what has to change in “%(it)s”.") % {"it": request})
    return _decide(request, step, Decision.REJECTED, comment=comment, by=by, now=now)


@transaction.atomic
def _decide(
    request: Request,
    step: int | None,
    decision: Decision,
    *,
    comment: str,
    by: Member,
    now: datetime,
) -> Approval:
    request = Request.objects.select_for_update().get(pk=request.pk)
    if step is not None and step != request.step:
        raise DecidedError(
            _("Somebody decided this step of “%(it)s” before you.") % {"it": request}
        )
    _check(request, by)
    approval = Approval.objects.create(
        request=request,
        step=request.step,
        decision=decision,
        by=by,
        at=now,
        comment=comment.strip(),
    )
    claims.announce(approval)
    changes.note("approvals")
    record(f"approvals.{_VERB[decision]}", request, by=by, now=now, data={"step": approval.step})
    return approval


_VERB = {Decision.APPROVED: "approve", Decision.REJECTED: "send_back"}


def _check(request: Request, by: Member) -> None:
    right = request.next_right
    if right is None:
        raise DecidedError(
            _("“%(it)s” has nothing left to decide: %(state)s.")
            % {"it": request, "state": request.state.label.lower()}
        )
    require(by, right)
    if request.has_hand_in(by):
        raise NotYoursError(
            _("“%(it)s” needs other eyes: you wrote it, submitted it or decided a step of it.")
            % {"it": request}
        )
    if content_hash(subject_of(request).content_for_approval()) != request.content_hash:
        raise ChangedError(
            _("“%(it)s” changed after it was submitted: submit it anew.") % {"it": request}
        )
