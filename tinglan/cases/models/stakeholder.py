"""Who outside and inside was told what."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tinglan.cases.models.case import Case
from tinglan.cases.models.statement import Statement


class Stakeholder(models.Model):
    """A group or person was told of it (利益相关方告知): who, what, how and when."""

    class Group(models.TextChoices):
        EMPLOYEES = "employees", _("Employees")
        CUSTOMERS = "customers", _("Customers")
        PARTNERS = "partners", _("Partners and dealers")
        SHAREHOLDERS = "shareholders", _("Shareholders")
        REGULATORS = "regulators", _("Regulators")
        MEDIA = "media", _("Media")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="stakeholders")
    group = models.CharField(max_length=16, choices=Group)
    name = models.CharField(max_length=100, blank=True)  # a body or an office
    channel = models.CharField(max_length=100)  # meeting, letter, telephone …
    told = models.TextField()
    statement = models.ForeignKey(
        Statement, null=True, on_delete=models.PROTECT, related_name="told_to"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tellings"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_group_display()} {self.name}".strip()

    def get_absolute_url(self) -> str:
        return f"{reverse('cases:case', args=[self.case_id])}#stakeholders"
