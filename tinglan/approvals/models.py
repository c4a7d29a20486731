"""Four eyes for plans, scripts, statements and reports alike."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Request(models.Model):
    """A thing waits for approvals, one step after the other (送审)."""

    subject_kind = models.CharField(max_length=64)  # "cases.Statement"
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    steps = models.JSONField()  # ["approve_facts", "approve_legal", "approve_release"]: rights
    content_hash = models.CharField(
        max_length=64
    )  # of what is approved; a change voids the request
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approval_requests"
    )
    requested_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="request_subject")
        ]

    def __str__(self) -> str:
        return self.title


class Approval(models.Model):
    """One person's yes or no to one step (审批意见)."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Sent back")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="approvals")
    step = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=16, choices=Decision)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals"
    )
    at = models.DateTimeField()
    comment = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["step", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "step"], name="one_decision_per_step"),
            models.UniqueConstraint(fields=["request", "by"], name="nobody_approves_twice"),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.step} {self.decision}"
