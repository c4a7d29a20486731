"""What the independent auditor found."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

FRESH_FOR = timedelta(minutes=11)  # two rounds and a little


class Inspection(models.Model):
    """One look of the auditor at the delivery of alerts (巡检). Its time is wall time."""

    at = models.DateTimeField(db_index=True)
    findings = models.JSONField(default=list)  # [{"code": "late_delivery", "count": 2, "ids": …}]

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {len(self.findings)}"

    @property
    def is_ok(self) -> bool:
        return not self.findings

    def is_stale(self, wall: datetime) -> bool:
        """Nobody audits the auditor but the clock (I-04)."""
        return wall - self.at > FRESH_FOR
