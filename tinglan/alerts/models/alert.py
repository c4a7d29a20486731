"""An alert, the person who took it on, and the calls that follow while nobody does."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.alerts.models.silence import Silence
from tinglan.clocks.models import ClockWarning
from tinglan.events.models import Event, Level, LevelChange


class AlertQuerySet(models.QuerySet["Alert"]):
    def waiting(self) -> "AlertQuerySet":
        """What somebody must still take on; a replaced one waits in the alert that replaced it."""
        return self.filter(
            ~models.Exists(_standing()),
            needs_answer=True,
            replaced_by__isnull=True,
            event__ended_at__isnull=True,
            event__merged_into__isnull=True,
        )

    def unreached(self) -> "AlertQuerySet":
        """No message of theirs arrived or is still on its way."""
        return self.exclude(deliveries__state__in=("pending", "sending", "joined", "sent"))

    def acknowledged(self) -> "AlertQuerySet":
        return self.filter(models.Exists(_standing()))

    def silenced(self) -> "AlertQuerySet":
        return self.filter(silence__isnull=False)


def _standing() -> "models.QuerySet[Acknowledgement]":
    answers = Acknowledgement.objects.filter(alert=models.OuterRef("pk"))
    return answers.filter(handed_back__isnull=True)


class Alert(models.Model):
    """Somebody must know this now (预警): one row for each reason to call, with its proof."""

    class Reason(models.TextChoices):
        FIRST = "first", _("first alert of the event")
        LEVEL_UP = "level_up", _("the level rose")
        TIER1 = "tier1", _("a central medium reports")
        SLA_WARN = "sla_warn", _("a due time is near")
        SLA_BREACH = "sla_breach", _("a due time has passed")
        UNSILENCED = "unsilenced", _("a silence is over")

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
    silence = models.ForeignKey(
        Silence, null=True, on_delete=models.PROTECT, related_name="alerts"
    )  # it called nobody because of this

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
        """Who has it on now; what was handed back counts no more."""
        return next((one for one in self.acknowledgements.all() if one.is_standing), None)

    @property
    def handed_back(self) -> list["Acknowledgement"]:
        """Who had it on before, in the order of time."""
        return [one for one in self.acknowledgements.all() if not one.is_standing]

    @property
    def can_be_handed_back(self) -> bool:
        return self.answer is not None and self.replaced_by_id is None and self.event.is_open

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
    """Somebody took an alert on (签收). The first one stands until it is handed back."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="acknowledgements")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="acknowledgements")
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    remind_at = models.DateTimeField(null=True, db_index=True)  # null: nothing to remind of
    n_reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.alert_id} by {self.by}"

    @property
    def is_standing(self) -> bool:
        return getattr(self, "handed_back", None) is None


class HandBack(models.Model):
    """Who took the alert on cannot see it through (退回): it waits for somebody else again."""

    acknowledgement = models.OneToOneField(
        Acknowledgement, on_delete=models.PROTECT, related_name="handed_back"
    )
    by = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="hand_backs"
    )  # null: Tinglan, since nothing was done
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.acknowledgement} handed back"


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
