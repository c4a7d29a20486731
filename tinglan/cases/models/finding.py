"""What is known about an event, and how it is judged."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tinglan.cases.models.case import Case, Cause, Cluster
from tinglan.cases.models.evidence import Evidence


class Finding(models.Model):
    """A claim about what happened (核查事项): open until somebody checks it."""

    class Status(models.TextChoices):
        UNCHECKED = "unchecked", _("Not checked")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUTED = "refuted", _("Refuted")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="findings")
    claim = models.TextField()
    evidence = models.ManyToManyField(Evidence, related_name="findings", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="findings"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.claim

    def get_absolute_url(self) -> str:
        return f"{reverse('cases:case', args=[self.case_id])}#findings"

    @property
    def last_check(self) -> "Check | None":
        """The check that counts; served from a prefetch where there is one."""
        return max(self.checks.all(), key=lambda check: check.pk, default=None)

    @property
    def status(self) -> Status:
        check = self.last_check
        return self.Status(check.verdict) if check else self.Status.UNCHECKED

    @property
    def is_checked(self) -> bool:
        return self.last_check is not None


class Check(models.Model):
    """Somebody confirmed or refuted a finding (核查结论); the last one counts."""

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        REFUTED = "refuted", _("Refuted")

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="checks")
    verdict = models.CharField(max_length=16, choices=Verdict)
    note = models.TextField()  # on what ground
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="checks"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}{gettext(': ')}{self.finding}"

    def get_absolute_url(self) -> str:
        return self.finding.get_absolute_url()


class Assessment(models.Model):
    """How the case is judged at a moment (研判): what it is, its risks, what was decided."""

    class Kind(models.TextChoices):
        JUDGEMENT = "judgement", _("Judgement")
        LEGAL = "legal", _("Legal assessment")
        IMPACT = "impact", _("Impact")
        DECISION = "decision", _("Decision")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assessments")
    kind = models.CharField(max_length=16, choices=Kind)
    text = models.TextField()
    cause = models.CharField(max_length=16, choices=Cause, blank=True)
    cluster = models.CharField(max_length=16, choices=Cluster, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{gettext(': ')}{Truncator(self.text).chars(40)}"

    def get_absolute_url(self) -> str:
        return f"{reverse('cases:case', args=[self.case_id])}#findings"
