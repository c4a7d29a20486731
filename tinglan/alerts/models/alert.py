"""An alert, the person who took it on, and the calls that follow while nobody does."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.clocks.models import ClockWarning
from tinglan.events.models import Event, Level, LevelChange


class AlertQuerySet(models.QuerySet["Alert"]):
    def waiting(self) -> "AlertQuerySet":
        """What somebody must still take on; a replaced one waits in the alert that replaced it."""
        return self.filter(
            needs_answer=True,
            acknowledgement__isnull=True,
            replaced_by__isnull=True,
            event__ended_at__isnull=True,
            event__merged_into__isnull=True,
        )

    def unreached(self) -> "AlertQuerySet":
        """No message of theirs arrived or is still on its way."""
        return self.exclude(deliveries__state__in=("pending", "sending", "sent"))

    def acknowledged(self) -> "AlertQuerySet":
        return self.filter(acknowledgement__isnull=False)


class Alert(models.Model):
    """Somebody must know this now (预警): one row for each reason to call, with its proof."""

    class Reason(models.TextChoices):
        FIRST = "first", _("first alert of the event")
        LEVEL_UP = "level_up", _("the level rose")
        TIER1 = "tier1", _("a central medium reports")
        SLA_WARN = "sla_warn", _("a due time is near")
        SLA_BREACH = "sla_breach", _("a due time has passed")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="alerts")
    change = models.ForeignKey(
        LevelChange, null=True, on_delete=models.PROTECT, related_name="alerts"
    )
    warning = models.OneToOneField(
        ClockWarning, null=True, on_delete=models.PROTECT, related_name="alert"
    )
    key = models.CharField(max_length=100, unique=True)  # one alert for one cause, however often
    level = models.CharField(max_length=3, choices=Level)
    reason = models.CharField(max_length=16, choices=Reason)
    title = models.CharField(max_length=200)
    issued_at = models.DateTimeField()
    needs_answer = models.BooleanField(default=True)
    next_action_at = models.DateTimeField(null=True)  # when the next person is called
    replaced_by = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="replaced"
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-issued_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["needs_answer", "level", "next_action_at"], name="alert_waiting"),
            models.Index(fields=["event", "issued_at"], name="alert_event"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("alerts:alert", args=[self.pk])

    @property
    def answer(self) -> "Acknowledgement | None":
        return getattr(self, "acknowledgement", None)

    @property
    def is_waiting(self) -> bool:
        return (
            self.needs_answer
            and self.answer is None
            and self.replaced_by_id is None
            and self.event.is_open
        )

    @property
    def next_call(self) -> "Escalation | None":
        """The escalation that comes next while nobody acknowledges."""
        planned = [one for one in self.escalations.all() if one.is_planned]
        return min(planned, key=lambda one: one.number, default=None)

    @property
    def reached_nobody(self) -> bool:
        """Every delivery failed, or there was nobody to deliver to."""
        over = {"failed", "dropped"}
        states = {delivery.state for delivery in self.deliveries.all()}
        return not states or (states <= over and "failed" in states)


class Acknowledgement(models.Model):
    """Somebody took an alert on (签收). The first one stands."""

    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, related_name="acknowledgement")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="acknowledgements")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.alert_id} by {self.by}"


class Escalation(models.Model):
    """The next person is called because nobody answered (上报). Its due time is stored, not timed.

    The chain is written when the alert is issued; a row without `at` is still to come.
    """

    class Reason(models.TextChoices):
        NEXT = "next", _("nobody acknowledged: the next in line")
        LEADER = "leader", _("nobody acknowledged: the leaders")
        REPEAT = "repeat", _("nobody acknowledged: everybody again")

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="escalations")
    number = models.PositiveSmallIntegerField()  # 1, 2, …
    to = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="escalations"
    )  # null: all who were called before
    due_at = models.DateTimeField()
    at = models.DateTimeField(null=True)
    dropped_why = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=16, choices=Reason)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alert", "number"], name="one_escalation_step")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="escalation_planned",
                condition=models.Q(at__isnull=True, dropped_why=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} step {self.number}"

    @property
    def is_planned(self) -> bool:
        return self.at is None and not self.dropped_why
