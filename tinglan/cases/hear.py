"""What was decided elsewhere and belongs into the story of a case.

Approvals are decided in their own app, which knows no case; replies to consumers likewise. Their
rows are announced, and the case hears of them here.
"""

from collections.abc import Sequence
from datetime import datetime

from tinglan.approvals.models import Approval
from tinglan.cases.complete import complete_by
from tinglan.cases.models import Case, Statement
from tinglan.events import timeline
from tinglan.lib import changes
from tinglan.plans.models import Step
from tinglan.replies.models import Sending


def decisions(approvals: Sequence[Approval], *, now: datetime) -> None:
    """A step of a statement was approved or sent back."""
    for approval in approvals:
        request = approval.request
        if request.subject_kind == Statement._meta.label:
            _note_decision(approval, Statement.objects.get(pk=request.subject_id))


def sendings(sent: Sequence[Sending], *, now: datetime) -> None:
    """A reply to a consumer of the event completes the task that asks for one."""
    for sending in sent:
        mention = sending.reply.mention
        case = Case.objects.filter(event__memberships__mention=mention).first()
        if case is not None and case.is_open:
            complete_by(case, Step.Proof.REPLY, by_row=sending, by=sending.by, now=now)
            changes.note(case.topic)


def _note_decision(approval: Approval, statement: Statement) -> None:
    is_yes = approval.decision == Approval.Decision.APPROVED
    timeline.add(
        statement.case.event,
        "statement_approved" if is_yes else "statement_sent_back",
        at=approval.at,
        by=approval.by,
        statement=statement.kind,
        title=statement.title,
        step=approval.right.value,
        comment=approval.comment,
    )
    changes.note(statement.case.topic, "cases")
