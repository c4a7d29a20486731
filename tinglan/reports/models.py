"""Reports that are due again and again, and the editions that were built."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tinglan.cases.models import Case
from tinglan.monitors.models import Brand


class Kind(models.TextChoices):
    DAILY = "daily", _("Daily report")
    REVIEW = "review", _("Review of a case")


class Report(models.Model):
    """A report with a schedule (定期报告): daily at an hour of the site, about the day before."""

    kind = models.CharField(max_length=16, choices=Kind, default=Kind.DAILY)
    brand = models.ForeignKey(Brand, null=True, on_delete=models.CASCADE, related_name="reports")
    hour = models.PositiveSmallIntegerField(_("hour of the day"), default=8)
    is_enabled = models.BooleanField(_("built by itself"), default=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(hour__lte=23), name="hour_of_a_day")
        ]

    def __str__(self) -> str:
        about = f" · {self.brand}" if self.brand else ""
        return f"{self.get_kind_display()}{about}"

    def get_absolute_url(self) -> str:
        return reverse("reports:reports")


class Edition(models.Model):
    """One report as it was built (报告期): its figures do not change when the rows do."""

    kind = models.CharField(max_length=16, choices=Kind)
    report = models.ForeignKey(
        Report, null=True, on_delete=models.SET_NULL, related_name="editions"
    )
    brand = models.ForeignKey(Brand, null=True, on_delete=models.SET_NULL, related_name="editions")
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="editions")
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    data = models.JSONField()  # what daily.py or review.py counted; codes, no words
    built_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="editions"
    )  # null: built by its schedule

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "period_start"],
                condition=models.Q(by__isnull=True),
                name="one_scheduled_edition",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period_start:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("reports:edition", args=[self.pk])


class Printing(models.Model):
    """An edition as a PDF in one language (打印件): the bytes that were handed out."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="printings")
    language = models.CharField(max_length=16)
    pdf = models.BinaryField()  # in the database, so that every web server has it
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "language"], name="one_printing")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.language} {self.sha256[:12]}"
