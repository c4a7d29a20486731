"""One message to one recipient by one channel, each attempt at it, and what the product shows."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.alerts.models.alert import Alert
from tinglan.alerts.models.channel import Channel
from tinglan.approvals.models import Request
from tinglan.events.models import Level


class Delivery(models.Model):
    """A message on its way (送达记录), and the proof that it arrived.

    pending → sending → sent | failed | dropped; sending → pending when the attempt failed or the
    process that made it died. A held one stays pending until its time; pending → joined when it is
    told in one message with others, whose fate it then shares.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("delivered")
        FAILED = "failed", _("failed")
        DROPPED = "dropped", _("not needed any more")
        JOINED = "joined", _("in one message with others")

    class Held(models.TextChoices):
        GROUP = "group", _("gathered with what follows in the same minute")
        DIGEST = "digest", _("gathered to one message for half an hour")
        QUIET = "quiet", _("quiet hours")
        STORM = "storm", _("too many messages: the rest is told as a summary")
        RATE = "rate", _("the channel takes no more this minute")

    class Reason(models.TextChoices):
        FIRST = "first", _("first alert of the event")
        LEVEL_UP = "level_up", _("the level rose")
        TIER1 = "tier1", _("a central medium reports")
        SLA_WARN = "sla_warn", _("a due time is near")
        SLA_BREACH = "sla_breach", _("a due time has passed")
        UNSILENCED = "unsilenced", _("a silence is over")
        ESCALATION = "escalation", _("nobody acknowledged")
        REPEAT = "repeat", _("still not acknowledged")
        REOPENED = "reopened", _("nobody has it on any more")
        REMINDER = "reminder", _("taken on, and nothing was done since")
        DIGEST = "digest", _("several alerts in one message")
        APPROVAL = "approval", _("an approval waits for you")
        TEST = "test", _("a test")

    alert = models.ForeignKey(
        Alert, null=True, on_delete=models.PROTECT, related_name="deliveries"
    )  # null: a test, a digest, an approval
    request = models.ForeignKey(
        Request, null=True, on_delete=models.PROTECT, related_name="deliveries"
    )  # the approval that it asks for
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
    mentioned = models.JSONField(default=list)  # members whom a group's message calls by name
    instead_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="replacements"
    )
    told_in = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="joined"
    )  # the message that told it together with others

    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    n_attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True)  # when we give up; null: only when acknowledged
    retry_at = models.DateTimeField(null=True)  # wall time: when the next attempt is due
    held_until = models.DateTimeField(null=True)  # site time: before it, nothing is sent
    held_why = models.CharField(max_length=8, choices=Held, blank=True)
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
        """Nothing is left to do with it by itself."""
        return self.state not in {self.State.PENDING, self.State.SENDING}

    @property
    def tries(self) -> list["Attempt"]:
        """The proof: its own attempts, or those of the message that told it with others."""
        return list((self.told_in or self).attempts.all())

    @property
    def called(self) -> list[Member]:
        """Members whom the message of a group calls by name."""
        return list(Member.objects.filter(pk__in=self.mentioned)) if self.mentioned else []

    def is_held(self, now: datetime) -> bool:
        return (
            self.state == self.State.PENDING
            and self.held_until is not None
            and self.held_until > now
        )

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
