"""What the company says in public, version by version, and where it was published."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.rights import Right
from tinglan.approvals.models import Request
from tinglan.cases.models.case import Case
from tinglan.cases.models.finding import Finding


class StatementQuerySet(models.QuerySet["Statement"]):
    def last_versions(self) -> "StatementQuerySet":
        """The last version of each statement."""
        return self.filter(next_version__isnull=True)


class Statement(models.Model):
    """One version of a statement (声明). Its text never changes: an edit is the next version."""

    class Kind(models.TextChoices):
        HOLDING = "holding", _("Holding statement")
        FULL = "full", _("Full statement")
        CORRECTION = "correction", _("Correction")

    class Stage(models.TextChoices):
        DRAFT = "draft", _("Draft")
        FACT_CHECK = "fact_check", _("Fact check")
        LEGAL = "legal", _("Legal")
        SPOKESPERSON = "spokesperson", _("Spokesperson")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        SENT_BACK = "sent_back", _("Sent back")
        SUPERSEDED = "superseded", _("Superseded")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=16, choices=Kind)
    number = models.PositiveIntegerField()  # of the statement within its case
    version = models.PositiveIntegerField()
    previous = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="next_version"
    )
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrections"
    )
    title = models.CharField(max_length=200)
    text = models.TextField()
    strategies = models.JSONField(default=list)  # response strategies it takes, see strategies.py
    findings = models.ManyToManyField(Finding, related_name="statements", blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="statements"
    )
    at = models.DateTimeField()

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "number", "version"], name="one_statement_version"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cases:statement", args=[self.pk])

    def content_for_approval(self) -> str:
        """The words and the facts they rest on: a finding checked anew voids the approvals."""
        cited = self.findings.prefetch_related("checks").order_by("pk")
        facts = [f"{finding.pk} {finding.status} {finding.claim}" for finding in cited]
        return "\n".join([self.kind, self.title, self.text, *facts])

    def text_for_reading(self) -> str:
        return self.text

    @property
    def request(self) -> Request | None:
        """The latest request for approval of this version."""
        return Request.objects.of(self).order_by("-id").first()

    @property
    def is_approved(self) -> bool:
        """Approved at every step, and unchanged since in its words and its facts."""
        request = self.request
        return request is not None and request.is_approved_for(self.content_for_approval())

    @property
    def is_published(self) -> bool:
        return self.publications.exists()

    @property
    def is_latest(self) -> bool:
        return not hasattr(self, "next_version")

    @property
    def stage(self) -> Stage:
        """Where it stands, from the rows alone."""
        if self.is_published:
            return self.Stage.PUBLISHED
        if not self.is_latest:
            return self.Stage.SUPERSEDED
        request = self.request
        if request is None or request.state == Request.State.WITHDRAWN:
            return self.Stage.DRAFT
        if request.state == Request.State.SENT_BACK:
            return self.Stage.SENT_BACK
        if request.next_right is not None:
            return STAGE_OF[request.next_right]
        return self.Stage.APPROVED if self.is_approved else self.Stage.DRAFT


STAGE_OF = {
    Right.APPROVE_FACTS: Statement.Stage.FACT_CHECK,
    Right.APPROVE_LEGAL: Statement.Stage.LEGAL,
    Right.APPROVE_RELEASE: Statement.Stage.SPOKESPERSON,
}


class Publication(models.Model):
    """An approved statement stood on one of the company's accounts (发布记录)."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="publications")
    account = models.CharField(max_length=100)
    url = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="publications"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["statement", "account"], name="one_publication_per_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement} · {self.account}"

    def get_absolute_url(self) -> str:
        return self.statement.get_absolute_url()
