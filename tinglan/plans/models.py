"""Response plans (预案): what is done, by whom and until when, once an event reaches a level."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.rights import Role
from tinglan.events.models import RANK, Event, Level, LevelChange


def in_language(chinese: str, english: str) -> str:
    """The text for the reader's language, where rows carry both."""
    return english if (get_language() or "").startswith("en") and english else chinese


class PlanQuerySet(models.QuerySet["Plan"]):
    def current(self) -> "PlanQuerySet":
        """The latest version of each plan."""
        latest = (
            Plan.objects.filter(code=models.OuterRef("code"))
            .order_by("-version")
            .values("version")[:1]
        )
        return self.filter(version=models.Subquery(latest))


class Plan(models.Model):
    """A response plan for a kind of event from a level on (预案); one row per version."""

    class Kind(models.TextChoices):
        SAFETY = "safety", _("Product safety")
        QUALITY = "quality", _("Quality complaint")
        GENERAL = "general", _("General")

    code = models.CharField(max_length=32)  # "safety-III": the same through all versions
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=16, choices=Kind)
    level = models.CharField(max_length=3, choices=Level)  # from this level on
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    natures = models.JSONField(default=list)  # codes of events.Nature; none: any event
    created_at = models.DateTimeField()

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["kind", "code", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="one_plan_version")
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("plans:plan", args=[self.pk])

    @property
    def gravity(self) -> int:
        """How strict it is: a plan from level II on is stricter than one from III on."""
        return RANK[self.level]


class Step(models.Model):
    """One thing the plan asks for (预案步骤): it becomes a task of the case."""

    class Proof(models.TextChoices):
        NONE = "none", _("Nothing")
        NOTE = "note", _("A note")
        EVIDENCE = "evidence", _("Preserved evidence")
        FINDING = "finding", _("A checked finding")
        HOLDING = "holding", _("A published holding statement")
        FULL = "full", _("A published full statement")
        REPLY = "reply", _("A sent reply")
        TELLING = "telling", _("A record of who was told")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=32)  # the same act has the same code in every plan
    title = models.CharField(max_length=100)
    title_en = models.CharField(max_length=100, blank=True)
    instructions = models.TextField(blank=True)
    instructions_en = models.TextField(blank=True)
    role = models.CharField(max_length=16, choices=Role)
    due_minutes = models.PositiveIntegerField()
    proof = models.CharField(max_length=16, choices=Proof, default=Proof.NOTE)
    is_required = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["plan", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "code"], name="one_step_per_code")
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def instruction(self) -> str:
        return in_language(self.instructions, self.instructions_en)

    @property
    def due_after(self) -> timedelta:
        return timedelta(minutes=self.due_minutes)


class Activation(models.Model):
    """A plan was started for an event by its level (启动预案): the message that cases hear."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="activations")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="activations")
    level = models.CharField(max_length=3, choices=Level)
    change = models.ForeignKey(
        LevelChange, null=True, on_delete=models.SET_NULL, related_name="activations"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "plan"], name="one_activation_per_plan")
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.event}"

    def get_absolute_url(self) -> str:
        return self.event.get_absolute_url()
