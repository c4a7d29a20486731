"""Whose turn it is: members who take a shift one after the other."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.duty import SHIFTS
from tinglan.accounts.models import Duty, Member
from tinglan.alerts.models.quiet import Days


class Rotation(models.Model):
    """Members take a shift in turn (轮班); the duties are written weeks ahead, for all to see."""

    class Handover(models.TextChoices):
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every Monday")

    name = models.CharField(max_length=64, unique=True)
    shift = models.CharField(max_length=8)  # a code of accounts.duty.SHIFTS
    order = models.PositiveSmallIntegerField(default=1)  # of the duties: 1 is called first
    days = models.CharField(max_length=8, choices=Days, default=Days.EVERY)
    handover = models.CharField(max_length=8, choices=Handover, default=Handover.WEEKLY)
    starts_on = models.DateField()
    is_enabled = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("alerts:rotation", args=[self.pk])

    @property
    def shift_label(self) -> str:
        return str(SHIFTS[self.shift].label)

    @property
    def members(self) -> list[Member]:
        """In the order of their turns."""
        return [place.member for place in self.places.all()]


class Place(models.Model):
    """A member's place in the order of a rotation (轮班顺序)."""

    rotation = models.ForeignKey(Rotation, on_delete=models.CASCADE, related_name="places")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rotation", "member"], name="one_place"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.member}"


class Turn(models.Model):
    """A day of a rotation was given to a member (轮值); with the duty that came of it.

    A turn whose duty somebody took away stays without one: the rotation does not put it back.
    """

    rotation = models.ForeignKey(Rotation, on_delete=models.CASCADE, related_name="turns")
    day = models.DateField()
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="turns")
    duty = models.OneToOneField(Duty, null=True, on_delete=models.SET_NULL, related_name="turn")

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rotation", "day"], name="one_turn_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.member}"
