"""Rows that carry the program itself: leases, the site clock, changes, heartbeats."""

from datetime import datetime
from typing import ClassVar

from django.db import models


class Lease(models.Model):
    """One subscriber's claim on one announced row; it exists until the work is done."""

    subscriber = models.CharField(max_length=64)
    object_id = models.BigIntegerField()
    rank = models.PositiveSmallIntegerField(default=0)  # a lower one is claimed first
    announced_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    token = models.UUIDField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    last_error_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subscriber", "rank", "due_at", "id"], name="lease_next"),
            models.Index(fields=["token"], name="lease_token"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}/{self.object_id}"


class SiteClock(models.Model):
    """The one clock (站点时钟): site time = site_at + rate × (wall - wall_at)."""

    wall_at = models.DateTimeField()
    site_at = models.DateTimeField()
    rate = models.FloatField(default=1.0)

    def __str__(self) -> str:
        return f"{self.site_at:%Y-%m-%d %H:%M:%S} ×{self.rate:g}"

    def at(self, wall: datetime) -> datetime:
        """Site time at a moment of wall time."""
        return self.site_at + (wall - self.wall_at) * self.rate


class Change(models.Model):
    """Something that open pages should hear of; pruned after an hour."""

    topic = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.topic


class Heartbeat(models.Model):
    """When a process last showed that it lives, in wall time."""

    name = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
