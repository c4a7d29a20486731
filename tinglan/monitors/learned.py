"""What a site teaches the label model: that it learnt, what came of it, and what is in force."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Retraining(models.Model):
    """The corrections were learnt from (再训练): how far it is, and what came of it."""

    class Outcome(models.TextChoices):
        PROPOSED = "proposed", _("Something is proposed")
        NO_GAIN = "no_gain", _("Nothing learnt would make the labels better")
        TOO_FEW = "too_few", _("There are too few corrections to learn from")

    by = models.ForeignKey(  # nobody: Tinglan itself
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    last_correction = models.BigIntegerField(default=0)  # the newest there was
    n_done = models.PositiveIntegerField(default=0)
    n_steps = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    n_posts = models.PositiveIntegerField(default=0)  # that somebody said something of
    figures = models.JSONField(default=list)  # list of tinglan.monitors.retrain.Figure

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.outcome}"


class SiteModel(models.Model):
    """The site's own model (本站模型): weights beside the shipped ones, used once switched on."""

    number = models.PositiveIntegerField(unique=True)
    retraining = models.OneToOneField(Retraining, on_delete=models.PROTECT, related_name="model")
    made_for = models.CharField(max_length=64)  # analysis.adjustment.made_for
    content = models.BinaryField()  # analysis.adjustment.Adjustment.content
    fields = models.JSONField(default=list)  # the kinds of labels that it changes

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"site-{self.number}"


class Switch(models.Model):
    """From now on these weights label what is heard (启用记录); no model: those shipped alone."""

    model = models.ForeignKey(
        SiteModel, null=True, on_delete=models.PROTECT, related_name="switches"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.model or 'shipped'} {self.at:%Y-%m-%d %H:%M}"
