"""Events (舆情事件): posts that tell of the same thing, how grave it is, and its story."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tinglan.analysis.levels import V1
from tinglan.monitors.models import Brand, Mention, Product
from tinglan.sources.models import Post


class Level(models.TextChoices):
    """Warning level (预警等级), an internal grading of the company."""

    RED = "I", _("Level I, red")
    ORANGE = "II", _("Level II, orange")
    YELLOW = "III", _("Level III, yellow")
    BLUE = "IV", _("Level IV, blue")


FORECAST_FOR = timedelta(days=1)
LIKELY = 0.5
RANK = {"": 0, "IV": 1, "III": 2, "II": 3, "I": 4}


def is_at_least(level: str, other: str) -> bool:
    """Whether a level is as grave as another: is_at_least("II", "III") is true."""
    return RANK[level] >= RANK[other]


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


class Membership(models.Model):
    """A mention belongs to an event, and why (归并)."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="memberships")
    mention = models.OneToOneField(Mention, on_delete=models.CASCADE, related_name="membership")
    origin = models.ForeignKey(
        Event, null=True, on_delete=models.SET_NULL, related_name="+"
    )  # the event it first joined, when that was merged since
    score = models.FloatField(default=0.0)
    reason = models.CharField(max_length=32)  # "similar", "thread", "copy", "first", "person"
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["event", "id"], name="membership_event")]

    def __str__(self) -> str:
        return f"{self.mention_id} in {self.event_id}"


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


class Split(models.Model):
    """Posts of an event became an event of their own (拆分): Tinglan never joins the two again."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="splits")
    into = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="split_off")
    undoes = models.OneToOneField(
        Merge, null=True, on_delete=models.PROTECT, related_name="undoing"
    )  # the merge that it takes back
    n_moved = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="splits"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.event} ⇥ {self.into}"

    def get_absolute_url(self) -> str:
        return self.into.get_absolute_url()


class Ordinary(models.Model):
    """What is ordinary in the posts about a brand (常态): how many of them hold each term."""

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="ordinary")
    known = models.BinaryField()  # analysis.background
    mark = models.UUIDField()  # another at every writing: whether one's own copy is the latest

    def __str__(self) -> str:
        return f"{self.brand_id}"


class Waiting(models.Model):
    """Posts that tell of the same thing and are no event yet (待聚类): ordinary chatter, mostly."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="waiting")
    cluster = models.JSONField()  # analysis.clusters
    last_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["brand", "last_at"], name="waiting_brand_last")]

    def __str__(self) -> str:
        return f"{self.brand_id} {self.last_at:%Y-%m-%d %H:%M}"


class Allegation(models.Model):
    """A post of an event tells of this nature of harm (指称)."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="allegations")
    nature = models.ForeignKey(Nature, on_delete=models.CASCADE, related_name="allegations")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["membership", "nature"], name="one_allegation")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} alleges {self.nature_id}"


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
