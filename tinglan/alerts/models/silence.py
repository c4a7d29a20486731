"""A time in which alerts of some kind call nobody; they are issued and counted all the same."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.events.models import Event, Level, is_at_least
from tinglan.monitors.models import Brand


class SilenceQuerySet(models.QuerySet["Silence"]):
    def running(self, now: datetime) -> "SilenceQuerySet":
        return self.filter(starts_at__lte=now, ends_at__gt=now, end__isnull=True)


class Silence(models.Model):
    """Known matters call nobody for a while (静默). Level I and red lines are never silenced."""

    class Gravest(models.TextChoices):
        ORANGE = Level.ORANGE.value, _("II, III and IV")
        YELLOW = Level.YELLOW.value, _("III and IV")
        BLUE = Level.BLUE.value, _("IV alone")

    brand = models.ForeignKey(
        Brand, null=True, on_delete=models.CASCADE, related_name="silences"
    )  # null: every brand
    event = models.ForeignKey(
        Event, null=True, on_delete=models.CASCADE, related_name="silences"
    )  # null: every event
    gravest = models.CharField(max_length=3, choices=Gravest)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="silences")

    objects = SilenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="silence_has_length"
            ),
            models.CheckConstraint(
                condition=~models.Q(gravest=Level.RED.value), name="silence_never_covers_red"
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    def get_absolute_url(self) -> str:
        return reverse("alerts:silences")

    @property
    def stopped(self) -> "SilenceEnd | None":
        """Who ended it before its time."""
        return getattr(self, "end", None)

    def is_running(self, now: datetime) -> bool:
        return self.stopped is None and self.starts_at <= now < self.ends_at

    def covers(self, event: Event, level: str) -> bool:
        """Red is out of its reach, whatever a row says."""
        is_meant = self.brand_id in {None, event.brand_id} and self.event_id in {None, event.pk}
        return is_meant and level != Level.RED and is_at_least(self.gravest, level)


class SilenceEnd(models.Model):
    """Somebody ended a silence before its time (提前结束静默)."""

    silence = models.OneToOneField(Silence, on_delete=models.CASCADE, related_name="end")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="ended_silences")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.silence} ended"
