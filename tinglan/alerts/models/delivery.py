"""One message to one recipient by one channel, each attempt at it, and what the product shows."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.alerts.models.alert import Alert
from tinglan.alerts.models.channel import Channel
from tinglan.events.models import Level


class Delivery(models.Model):
    """A message on its way (送达记录), and the proof that it arrived.

    pending → sending → sent | failed | dropped; sending → pending when the attempt failed or the
    process that made it died.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("delivered")
        FAILED = "failed", _("failed")
        DROPPED = "dropped", _("not needed any more")

    class Reason(models.TextChoices):
        FIRST = "first", _("first alert of the event")
        LEVEL_UP = "level_up", _("the level rose")
        TIER1 = "tier1", _("a central medium reports")
        SLA_WARN = "sla_warn", _("a due time is near")
        SLA_BREACH = "sla_breach", _("a due time has passed")
        ESCALATION = "escalation", _("nobody acknowledged")
        REPEAT = "repeat", _("still not acknowledged")
        TEST = "test", _("a test")

    alert = models.ForeignKey(
        Alert, null=True, on_delete=models.PROTECT, related_name="deliveries"
    )  # null: a test
    recipient = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="deliveries"
    )  # null: the channel itself is the recipient
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    channel_kind = models.CharField(max_length=32)
    address = models.CharField(max_length=254, blank=True)
    level = models.CharField(max_length=3, choices=Level, blank=True)
    reason = models.CharField(max_length=16, choices=Reason)
    number = models.PositiveSmallIntegerField(default=0)  # of the escalation that caused it
    stable_id = models.CharField(max_length=64, unique=True)  # the same in every attempt
    instead_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="replacements"
    )

    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    n_attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True)  # when we give up; null: only when acknowledged
    retry_at = models.DateTimeField(null=True)  # wall time: when the next attempt is due
    last_error = models.TextField(blank=True)
    why_dropped = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alert", "recipient", "channel", "reason", "number"],
                name="one_delivery",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
                name="delivery_sent_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="delivery_state"),
        ]

    def __str__(self) -> str:
        return self.stable_id

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.SENT, self.State.FAILED, self.State.DROPPED}

    def has_run_out(self, now: datetime) -> bool:
        return self.deadline_at is not None and self.deadline_at <= now

    def drop(self, why: str) -> None:
        self.state, self.why_dropped = self.State.DROPPED, why
        self.save(update_fields=["state", "why_dropped"])


class Attempt(models.Model):
    """One try at a delivery, with what the other side answered (发送尝试)."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    is_ok = models.BooleanField()
    answer = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} #{self.number}"


class Notification(models.Model):
    """What the product itself tells a member (站内通知)."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notifications")
    stable_id = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    level = models.CharField(max_length=3, choices=Level, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "stable_id"], name="one_notification")
        ]
        indexes: ClassVar = [
            models.Index(fields=["member", "seen_at"], name="notification_unseen"),
        ]

    def __str__(self) -> str:
        return self.title
