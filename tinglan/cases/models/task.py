"""What is to be done in a case, by whom and until when."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from tinglan.accounts.rights import Role
from tinglan.cases.models.case import Case
from tinglan.plans.models import Step, in_language


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> "TaskQuerySet":
        return self.filter(completion__isnull=True)

    def required(self) -> "TaskQuerySet":
        return self.filter(is_required=True)

    def in_order(self) -> "TaskQuerySet":
        """Open ones first, the soonest due of them on top."""
        done_last = models.F("completion__at").asc(nulls_first=True)
        return self.order_by(done_last, "due_at", "id")


class Task(models.Model):
    """One thing to do in a case (任务), from a plan's step or added by a person."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    code = models.CharField(max_length=32, blank=True)  # the plan's step; "" for added ones
    title = models.CharField(max_length=100)
    title_en = models.CharField(max_length=100, blank=True)
    instructions = models.TextField(blank=True)
    instructions_en = models.TextField(blank=True)
    role = models.CharField(max_length=16, choices=Role, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="tasks"
    )
    due_at = models.DateTimeField()
    proof = models.CharField(max_length=16, choices=Step.Proof, default=Step.Proof.NONE)
    is_required = models.BooleanField(default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "code"], condition=~models.Q(code=""), name="one_task_per_step"
            )
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    def get_absolute_url(self) -> str:
        return f"{reverse('cases:case', args=[self.case_id])}#tasks"

    @property
    def instruction(self) -> str:
        return in_language(self.instructions, self.instructions_en)

    @property
    def is_done(self) -> bool:
        return hasattr(self, "completion")

    def is_overdue(self, now: datetime) -> bool:
        return not self.is_done and self.due_at <= now


class Completion(models.Model):
    """A task was done (完成), with what shows it."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="completion")
    note = models.TextField(blank=True)
    proof_kind = models.CharField(max_length=64, blank=True)  # the row that shows it
    proof_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="completions"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.task)

    def get_absolute_url(self) -> str:
        return self.task.get_absolute_url()
