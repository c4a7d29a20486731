"""What is learnt from a case: the review and the actions that keep the cause from coming back."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext

from tinglan.cases.models.case import Case


class Review(models.Model):
    """The look back (复盘): how long each part took, what went well, what is learnt."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="review")
    milestones = models.JSONField()  # {"detected": ISO time or null, …} when it was written
    went_well = models.TextField()
    lessons = models.TextField()
    plan_changes = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return gettext("Review of case %(number)s") % {"number": self.case.number}

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()


class CorrectiveAction(models.Model):
    """What is changed so that the cause does not come back (整改措施)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="actions")
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="corrective_actions"
    )
    due_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["due_at", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('cases:case', args=[self.case_id])}#actions"

    @property
    def is_done(self) -> bool:
        return hasattr(self, "completion")

    def is_overdue(self, now: datetime) -> bool:
        return not self.is_done and self.due_at <= now


class ActionCompletion(models.Model):
    """A corrective action was carried out (整改完成), and what shows it."""

    action = models.OneToOneField(
        CorrectiveAction, on_delete=models.CASCADE, related_name="completion"
    )
    note = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.action)

    def get_absolute_url(self) -> str:
        return self.action.get_absolute_url()
