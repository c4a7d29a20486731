"""Hours in which what is not grave waits for the morning."""

from datetime import time
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member


class Days(models.TextChoices):
    """Which days are meant; public holidays are days off, and 调休 days are working days."""

    EVERY = "every", _("every day")
    WORKING = "working", _("working days")
    OFF = "off", _("weekends and public holidays")


class QuietHours(models.Model):
    """Levels III and IV are told after these hours (免打扰时段); I and II pass."""

    member = models.ForeignKey(
        Member, null=True, on_delete=models.CASCADE, related_name="quiet_hours"
    )  # null: everybody's, and the groups'
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))  # before `starts`: on the next day
    days = models.CharField(_("days"), max_length=8, choices=Days, default=Days.EVERY)

    class Meta:
        ordering: ClassVar = ["starts", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(starts=models.F("ends")), name="quiet_hours_end"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("alerts:quiet_hours")

    @property
    def runs_past_midnight(self) -> bool:
        return self.ends < self.starts

    def lasts(self, at: time) -> bool:
        """Whether a time of day lies in it, its end left out."""
        if self.runs_past_midnight:
            return at >= self.starts or at < self.ends
        return self.starts <= at < self.ends


DEFAULT_STARTS, DEFAULT_ENDS = time(22), time(8)
