"""How an event went hour by hour, and how it was expected to go."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from tinglan.events.models.event import Event
from tinglan.events.models.level import Level


class Snapshot(models.Model):
    """One assessment of an event (研判快照): signals, factors and shares, as they were."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="snapshots")
    at = models.DateTimeField()
    score = models.FloatField()
    level = models.CharField(max_length=3, choices=Level, blank=True)
    formula = models.CharField(max_length=16)
    factors = models.JSONField()  # [{"code","value","weight","share"}, …], shares sum to score
    signals = models.JSONField()
    floors = models.JSONField(default=list)
    caps = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    n_posts = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["event", "at"], name="snapshot_event_at")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.score:.0f}"


FORECAST_FOR = timedelta(days=1)
LIKELY = 0.5


class Forecast(models.Model):
    """How large an event was told to become within a day, and what came (走势预测)."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="forecasts")
    at = models.DateTimeField()
    began_at = models.DateTimeField()  # its first post, or the first after a long silence
    milestone = models.PositiveSmallIntegerField()  # minutes after that: 15, 30, 60 …
    n_seen = models.PositiveIntegerField()  # posts since it began
    size = models.PositiveIntegerField()  # a day after it began: the middle, and the 80 % band
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    big = models.PositiveIntegerField()  # the line of "big" then
    p_big = models.FloatField()
    p_over = models.FloatField()  # that its busiest hour is over
    peak_at = models.DateTimeField()  # of the busiest hour, should it still be to come
    ninety_at = models.DateTimeField()  # nine tenths have come
    plain = models.FloatField()  # ln(1 + size) and the reach of its band, before the correction
    down = models.FloatField()
    up = models.FloatField()
    n_refit = models.PositiveIntegerField(default=0)  # ended events that corrected it
    version = models.CharField(max_length=32)
    came = models.PositiveIntegerField(null=True)  # posts after a day; None until it is over

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "began_at", "milestone"], name="one_forecast_at_a_milestone"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["came", "began_at"], name="forecast_open")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.size} ({self.low}–{self.high})"

    @property
    def ends_at(self) -> datetime:
        return self.began_at + FORECAST_FOR

    @property
    def age(self) -> timedelta:
        """How old the wave was at its milestone."""
        return timedelta(minutes=self.milestone)

    @property
    def error(self) -> float:
        """How far from what came it was told, as a share of that."""
        came = max(1, self.came or 0)
        return abs(self.size - came) / came

    @property
    def is_peak_over(self) -> bool:
        return self.p_over >= LIKELY

    @property
    def was_held(self) -> bool:
        """Whether what came lies within the band."""
        return self.came is not None and self.low <= self.came <= self.high
