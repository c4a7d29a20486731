"""What waits for a member's decision."""

from tinglan.accounts.models import Member
from tinglan.approvals.models import Request


def inbox(member: Member) -> list[Request]:
    """Requests whose step at hand this member may decide, oldest first."""
    waiting = Request.objects.pending().select_related("requested_by", "withdrawal")
    return [
        request
        for request in waiting.prefetch_related("approvals__by", "authors")
        if request.waits_for(member)
    ]
