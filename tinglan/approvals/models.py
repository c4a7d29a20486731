"""Four eyes for plans, scripts, statements and reports alike."""

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right


class RequestQuerySet(models.QuerySet["Request"]):
    def pending(self) -> "RequestQuerySet":
        """Requests with a step to decide: none sent back, none withdrawn, not all approved."""
        sent_back = models.Q(approvals__decision=Approval.Decision.REJECTED)
        return (
            self.filter(withdrawal__isnull=True)
            .exclude(sent_back)
            .annotate(n_decided=models.Count("approvals"))
            .filter(n_decided__lt=models.F("n_steps"))
        )

    def of(self, subject: models.Model) -> "RequestQuerySet":
        return self.filter(subject_kind=subject._meta.label, subject_id=subject.pk)


class Request(models.Model):
    """A thing waits for approvals, one step after the other (送审)."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        APPROVED = "approved", _("Approved")
        SENT_BACK = "sent_back", _("Sent back")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    subject_kind = models.CharField(max_length=64)  # "cases.Statement"
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    steps = models.JSONField()  # ["approve_facts", "approve_legal", "approve_release"]: rights
    n_steps = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64)  # of what is approved: a change voids it
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approval_requests"
    )
    requested_at = models.DateTimeField()
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="authored_requests"
    )  # who wrote it: they approve none of its steps

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="request_subject")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def decisions(self) -> list["Approval"]:
        """Decisions in the order of the steps; served from a prefetch where there is one."""
        return sorted(self.approvals.all(), key=lambda approval: approval.step)

    @property
    def state(self) -> State:
        decisions = self.decisions
        if any(each.decision == Approval.Decision.REJECTED for each in decisions):
            return self.State.SENT_BACK
        if len(decisions) == self.n_steps:
            return self.State.APPROVED
        return self.State.WITHDRAWN if hasattr(self, "withdrawal") else self.State.PENDING

    @property
    def next_right(self) -> Right | None:
        """The right that the step at hand asks for; None when nothing is left to decide."""
        if self.state != self.State.PENDING:
            return None
        return Right(self.steps[self.step])

    @property
    def step(self) -> int:
        """The number of the step at hand, from 0."""
        return len(self.decisions)

    def is_approved_for(self, content: str) -> bool:
        """Whether exactly this content went through every step."""
        return self.state == self.State.APPROVED and self.content_hash == content_hash(content)

    def has_hand_in(self, member: Member) -> bool:
        """Whether the member wrote it, asked for it, or decided a step of it already."""
        return (
            self.requested_by_id == member.pk
            or any(author.pk == member.pk for author in self.authors.all())
            or any(each.by_id == member.pk for each in self.decisions)
        )

    def waits_for(self, member: Member) -> bool:
        """Whether the member may decide the step at hand."""
        right = self.next_right
        return right is not None and member.can(right) and not self.has_hand_in(member)


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

    @property
    def right(self) -> Right:
        return Right(self.request.steps[self.step])


class Withdrawal(models.Model):
    """A request was taken back before its end (撤回): by its author, or because it changed."""

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="withdrawals"
    )
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.request} withdrawn"


def content_hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
