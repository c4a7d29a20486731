"""Scenarios in play: the stage of the demo, drills, the acts that have begun, and how they ended.

What is told lies in package data (scenarios/<name>/); rows hold only what happens while it is told.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext


class Stage(models.Model):
    """A database made for a scenario (布景): its ordinary talk, and how far that has been told."""

    scenario = models.CharField(max_length=32, unique=True)
    opens_at = models.DateTimeField()  # site time: what is older was there before anybody came
    told_until = models.DateTimeField()  # ordinary posts up to here are taken in

    def __str__(self) -> str:
        return gettext("Demonstration")

    @property
    def is_ready(self) -> bool:
        return self.told_until >= self.opens_at


class DrillQuerySet(models.QuerySet["Drill"]):
    def running(self) -> "DrillQuerySet":
        return self.filter(ending__isnull=True)


class Drill(models.Model):
    """A scenario is played through the real path (演练)."""

    scenario = models.CharField(max_length=32)
    started_at = models.DateTimeField()  # site time, as everything that is told
    started_wall_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: the first sign-in did

    objects = DrillQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        started = timezone.localtime(self.started_at)
        return gettext("Drill of %(day)s") % {"day": f"{started:%Y-%m-%d %H:%M}"}

    @property
    def key(self) -> str:
        """What the ids of its posts begin with: another playing tells other posts."""
        return f"drill{self.pk}-"


class Cue(models.Model):
    """An act of the scenario has begun (情景推进): with the drill, a case or a publication."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="cues")
    act = models.CharField(max_length=32)
    at = models.DateTimeField()
    n_told = models.PositiveIntegerField(default=0)  # posts of its timetable that are over

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["drill", "act"], name="one_cue_per_act")
        ]

    def __str__(self) -> str:
        return f"{self.drill_id} {self.act}"


class Ending(models.Model):
    """A drill is over (演练结束): somebody plays it again."""

    drill = models.OneToOneField(Drill, on_delete=models.CASCADE, related_name="ending")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.drill_id} ended"
