"""What happened to an event: its levels and its timeline."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tinglan.events.models.course import Snapshot
from tinglan.events.models.event import Event
from tinglan.events.models.level import RANK, Level


class LevelChange(models.Model):
    """The level of an event rose or fell (等级变动): the message that alerts and plans hear."""

    class Reason(models.TextChoices):
        SCORE = "score", _("the score")
        FLOOR = "floor", _("a red line")
        PERSON = "person", _("a person's decision")
        MERGE = "merge", _("a merge")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="level_changes")
    number = models.PositiveIntegerField()  # 1, 2, … per event
    from_level = models.CharField(max_length=3, choices=Level, blank=True)
    to_level = models.CharField(max_length=3, choices=Level, blank=True)
    reason = models.CharField(max_length=16, choices=Reason)
    note = models.TextField(blank=True)  # a person's reason
    snapshot = models.ForeignKey(
        Snapshot, null=True, on_delete=models.SET_NULL, related_name="level_changes"
    )
    score = models.FloatField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="level_changes"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "number"], name="one_level_change")
        ]

    def __str__(self) -> str:
        before, after = self.from_level or "–", self.to_level or "–"
        return f"{self.event}{gettext(': ')}{before} → {after}"

    def get_absolute_url(self) -> str:
        return self.event.get_absolute_url()

    @property
    def is_rise(self) -> bool:
        return RANK[self.to_level] > RANK[self.from_level]


class TimelineEntry(models.Model):
    """One thing that happened in an event's story (时间线); append-only."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="timeline")
    at = models.DateTimeField()
    kind = models.CharField(max_length=48)  # "level_raised", "alert_acknowledged": see timeline.py
    data = models.JSONField(default=dict)  # what the sentence needs
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["event", "at", "id"], name="timeline_event")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.kind}"
