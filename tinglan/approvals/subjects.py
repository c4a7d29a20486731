"""What can be approved: any row that says what exactly is to be approved.

A request names its subject by model label and id, so that this app knows none of those above it.
"""

from typing import Protocol, cast

from django.apps import apps

from tinglan.approvals.models import Request


class Approvable(Protocol):
    """A row that can be submitted for approval."""

    pk: int

    def content_for_approval(self) -> str:
        """Everything that the approvers vouch for, as text: any change of it voids a request."""

    def text_for_reading(self) -> str:
        """What the approvers read."""

    def get_absolute_url(self) -> str:
        """Where it is read in its surroundings."""


def subject_of(request: Request) -> Approvable:
    model = apps.get_model(request.subject_kind)
    return cast(Approvable, model._default_manager.get(pk=request.subject_id))
