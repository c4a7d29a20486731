"""An event (舆情事件) and the kinds of harm it may tell of."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tinglan.analysis.levels import V1
from tinglan.events.models.level import RANK, Level
from tinglan.monitors.models import Brand, Product
from tinglan.sources.models import Post


class Nature(models.Model):
    """What kind of harm an event tells of (事件性质), with its weight H and its floor; editable."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=64)
    harm = models.PositiveSmallIntegerField()  # H of formula v1, 0–100
    floor = models.CharField(max_length=3, choices=Level, blank=True)
    query = models.TextField(blank=True)  # words that allege it
    aspects = models.JSONField(default=list)  # or a complaint with one of these aspects
    intents = models.JSONField(default=list)  # or simply one of these intents

    class Meta:
        ordering: ClassVar = ["-harm", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """Its name in the language of the page."""
        is_chinese = (get_language() or "").startswith("zh")
        return self.name if is_chinese or not self.name_en else self.name_en


class EventQuerySet(models.QuerySet["Event"]):
    def open(self) -> "EventQuerySet":
        return self.filter(ended_at__isnull=True, merged_into__isnull=True)

    def graded_or_told_by_several(self) -> "EventQuerySet":
        """What has a level, or is told by several posts of their own: one alone is chatter."""
        is_told = models.Q(n_posts__gte=models.F("n_copies") + V1.few_posts)
        return self.filter(~models.Q(level="") | is_told)

    def gravest_first(self) -> "EventQuerySet":
        rank = models.Case(
            *(models.When(level=level, then=value) for level, value in RANK.items()),
            default=0,
            output_field=models.SmallIntegerField(),
        )
        return self.annotate(rank=rank).order_by("-rank", "-score", "-last_post_at")


class Event(models.Model):
    """The same occurrence told by many posts (舆情事件)."""

    class Stage(models.TextChoices):
        BREWING = "brewing", _("Brewing")
        OUTBREAK = "outbreak", _("Outbreak")
        SPREADING = "spreading", _("Spreading")
        SUBSIDING = "subsiding", _("Subsiding")
        SUBSIDED = "subsided", _("Subsided")
        RELAPSED = "relapsed", _("Relapsed")

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="events")
    product = models.ForeignKey(
        Product, null=True, on_delete=models.SET_NULL, related_name="events"
    )
    title = models.CharField(max_length=200)
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.BREWING)
    level = models.CharField(max_length=3, choices=Level, blank=True)  # "" is below all levels
    score = models.FloatField(default=0.0)
    nature = models.ForeignKey(Nature, null=True, on_delete=models.SET_NULL, related_name="events")
    is_confirmed = models.BooleanField(default=False)  # a person confirmed the level

    first_post = models.ForeignKey(Post, null=True, on_delete=models.SET_NULL, related_name="+")
    first_post_at = models.DateTimeField()
    last_post_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    peak_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    n_posts = models.PositiveIntegerField(default=0)
    n_copies = models.PositiveIntegerField(default=0)
    is_backfill = models.BooleanField(default=False)  # only old posts: shown, never warned of
    is_drill = models.BooleanField(default=False)

    parent = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="secondary"
    )
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )

    cluster = models.JSONField(default=dict)  # analysis.clustering: what its posts speak of
    held = models.JSONField(default=dict)  # analysis.risk: state of the hysteresis
    assessed_at = models.DateTimeField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["brand", "last_post_at"], name="event_brand_last"),
            models.Index(fields=["ended_at", "assessed_at"], name="event_open"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:event", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.merged_into_id is None

    @property
    def going_on(self) -> "Event":
        """The event that it became a part of, in however many steps; itself where it is none."""
        event = self
        while event.merged_into is not None:
            event = event.merged_into
        return event

    @property
    def last_merge(self) -> "Merge | None":
        """How it became a part of another."""
        return self.merged_as.select_related("by", "into").order_by("-id").first()


class Merge(models.Model):
    """Two events turned out to be one (合并): a link, nothing is deleted."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="merged_as")
    into = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="merges")
    score = models.FloatField(null=True)  # nearness, when Tinglan merged them itself
    n_moved = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="merges"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.event} → {self.into}"

    def get_absolute_url(self) -> str:
        return self.into.get_absolute_url()

    @property
    def is_standing(self) -> bool:
        """Nobody took it back, and the event it went into goes on."""
        return not hasattr(self, "undoing") and self.event.merged_into_id == self.into_id
