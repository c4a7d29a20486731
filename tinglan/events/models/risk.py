"""What a brand lives with: bursts of its volume, its standing in the risk register."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tinglan.events.models.event import Event
from tinglan.monitors.models import Brand


class Burst(models.Model):
    """A brand's volume rose far above what its hours usually bring (声量突增): one episode.

    It is about the brand and not about one post: where most of it is one event or one thread,
    that is told, and the event's own level warns.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="bursts")
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()  # when it was last above the usual
    ended_at = models.DateTimeField(null=True)
    peak_at = models.DateTimeField()
    volume = models.PositiveIntegerField()  # mentions in the sixty minutes up to the peak
    expected = models.FloatField()
    surprise = models.FloatField()  # analysis.bursts
    n_negative = models.PositiveIntegerField()
    event = models.ForeignKey(Event, null=True, on_delete=models.SET_NULL, related_name="bursts")
    event_share = models.FloatField(default=0.0)  # of the mentions, in that event
    thread_share = models.FloatField(default=0.0)  # of the mentions, under one post

    class Meta:
        ordering: ClassVar = ["-started_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brand"], condition=models.Q(ended_at=None), name="one_open_burst"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["brand", "-started_at"], name="burst_brand")]

    def __str__(self) -> str:
        return f"{self.brand_id} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def window_start(self) -> datetime:
        """Where the sixty minutes of its peak begin."""
        return self.peak_at - timedelta(hours=1)

    @property
    def window_end(self) -> datetime:
        """To the minute after the peak: addresses know minutes."""
        return self.peak_at + timedelta(minutes=1)

    @property
    def is_one_thread(self) -> bool:
        """One post that spreads, and no talk of the brand at large."""
        return self.thread_share >= 0.5

    @property
    def is_one_event(self) -> bool:
        return self.event_id is not None and self.event_share >= 0.5


class RiskEntry(models.Model):
    """How a brand stood in one week (风险台账): periodic, kept as it was assessed."""

    class Band(models.TextChoices):
        CALM = "calm", _("Calm")
        WATCH = "watch", _("Watch")
        RAISED = "raised", _("Raised")
        HIGH = "high", _("High")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="risk_entries")
    week = models.DateField()  # its Monday
    score = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=8, choices=Band)
    parts = models.JSONField()  # analysis.register: [{"code", "points", "of", "seen"}, …]
    n_mentions = models.PositiveIntegerField()
    n_negative = models.PositiveIntegerField()
    coverage = models.FloatField(null=True)  # share of the sources heard when it was assessed
    assessed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["week"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "week"], name="one_risk_entry")
        ]

    def __str__(self) -> str:
        return f"{self.brand_id} {self.week:%G-W%V} {self.score}"
