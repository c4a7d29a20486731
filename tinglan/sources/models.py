"""Where posts come from and the posts themselves: Source, Run, Post and what hangs on them."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SourceQuerySet(models.QuerySet["Source"]):
    def due(self, now: datetime) -> "SourceQuerySet":
        """Enabled sources whose time to be polled has come."""
        return self.filter(is_enabled=True, next_poll_at__lte=now).order_by("next_poll_at", "id")


class Source(models.Model):
    """Where posts come from (信源): a feed, a kind of file, a push."""

    class Keep(models.TextChoices):
        ALL = "all", _("Everything; what matched nothing goes after 30 days")
        MATCHED = "matched", _("Only what a monitor matched, and one in a hundred of the rest")

    class Health(models.TextChoices):
        OK = "ok", _("Working")
        NEW = "new", _("Not used yet")
        FAILING = "failing", _("Failing")
        SILENT = "silent", _("Silent")
        LOW = "low", _("Far below its usual")
        PAUSED = "paused", _("Paused")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=32)  # a connector: feed, file, push
    platform = models.CharField(_("platform"), max_length=64)  # weibo, news, forum:host …
    url = models.URLField(_("address"), max_length=1000, blank=True)
    profile = models.CharField(_("file format"), max_length=64, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="Asia/Shanghai")
    keep = models.CharField(_("keep"), max_length=16, choices=Keep, default=Keep.ALL)
    interval_minutes = models.PositiveIntegerField(_("poll every (minutes)"), default=15)
    silent_after_minutes = models.PositiveIntegerField(
        _("silent after (minutes without a new post)"), null=True, blank=True
    )
    weight = models.FloatField(default=1.0)  # share in coverage
    is_enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField()

    token_hash = models.CharField(max_length=64, blank=True, db_index=True)  # push: bearer token
    signing_secret = models.BinaryField(null=True)  # push: sealed Standard Webhooks secret

    state = models.JSONField(default=dict)  # the connector's memory: etag, last_modified …
    next_poll_at = models.DateTimeField(null=True, db_index=True)
    last_run_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    last_post_at = models.DateTimeField(null=True)  # when it last brought a new post
    rhythm = models.JSONField(default=dict)  # rhythm.Found: what it used to bring, at the last look
    last_error = models.TextField(blank=True)
    last_error_code = models.CharField(max_length=32, blank=True)  # of causes.CAUSES
    last_error_at = models.DateTimeField(null=True)
    n_failures = models.PositiveIntegerField(default=0)  # in a row
    disabled_reason = models.CharField(max_length=500, blank=True)  # "410 Gone", say

    # A push that was refused says so here and not as a failure: anybody can send a bad one.
    last_refusal = models.CharField(max_length=500, blank=True)
    last_refusal_code = models.CharField(max_length=32, blank=True)
    last_refusal_at = models.DateTimeField(null=True)
    window_at = models.DateTimeField(null=True)  # wall time: the minute in which pushes count
    n_in_window = models.PositiveIntegerField(default=0)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sources:source", args=[self.pk])

    def health(self, now: datetime) -> Health:
        """Failing beats silent: what cannot be read says nothing about silence."""
        if not self.is_enabled:
            return self.Health.PAUSED
        if self.n_failures:
            return self.Health.FAILING
        if self.last_run_at is None:
            return self.Health.NEW
        if self.is_silent(now):
            return self.Health.SILENT
        return self.Health.LOW if self.is_low else self.Health.OK

    def is_silent(self, now: datetime) -> bool:
        """A polled source not read for 3 intervals, or one that brought nothing new for long.

        How long is what somebody set, or else what its own rhythm says.
        """
        since = self.last_success_at or self.created_at
        if self.next_poll_at and now - since > 3 * timedelta(minutes=self.interval_minutes):
            return True
        if self.silent_after_minutes is None:
            return self._is_out_of_rhythm("is_silent")
        return now - (self.last_post_at or since) > timedelta(minutes=self.silent_after_minutes)

    @property
    def is_low(self) -> bool:
        """It answers, and brings far less than it used to, or hardly anything that can be read."""
        return self._is_out_of_rhythm("is_low") or bool(self.rhythm.get("is_garbled"))

    def _is_out_of_rhythm(self, how: str) -> bool:
        """At the last look; a post that came since is a sign of life."""
        looked_at = self.rhythm.get("at")
        if not looked_at or not self.rhythm.get(how):
            return False
        is_alive = self.last_post_at and self.last_post_at > datetime.fromisoformat(looked_at)
        return how != "is_silent" or not is_alive

    def is_blind(self, now: datetime) -> bool:
        """What it should bring is missing, or may be: figures that rest on it are too low."""
        return self.health(now) in {self.Health.FAILING, self.Health.SILENT, self.Health.LOW}


class Run(models.Model):
    """One reading of a source: a poll, a file, a push (采集记录)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=255, blank=True)  # file name, push id
    n_created = models.PositiveIntegerField(default=0)
    n_updated = models.PositiveIntegerField(default=0)
    n_duplicate = models.PositiveIntegerField(default=0)
    n_rejected = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    error_code = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"


class Rejection(models.Model):
    """A line or entry of a run that could not become a post, and why (拒收记录)."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rejections")
    position = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    sample = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.position}: {self.reason}"


class PushReceipt(models.Model):
    """A push that was taken in: the same id is answered alike and not taken twice (推送回执)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="receipts")
    message_id = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    received_at = models.DateTimeField(db_index=True)  # wall time
    answer = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "message_id"], name="one_receipt")
        ]

    def __str__(self) -> str:
        return self.message_id


class Upload(models.Model):
    """A file that somebody handed in, read by the worker in pieces (上传文件)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="uploads")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="upload")
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=500)  # under MEDIA_ROOT; gone when it has been read
    size = models.BigIntegerField()  # bytes
    n_read = models.PositiveIntegerField(default=0)  # lines and entries, good and bad
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Outlet(models.Model):
    """A medium (媒体): tier 1 central, 2 provincial or national portal, 3 city or trade."""

    name = models.CharField(max_length=100, unique=True)
    domain = models.CharField(max_length=200, blank=True, db_index=True)
    tier = models.PositiveSmallIntegerField(default=3)

    class Meta:
        ordering: ClassVar = ["tier", "name"]

    def __str__(self) -> str:
        return self.name


class Author(models.Model):
    """An account that publishes (发布账号): what its posts carry, never a profile of a person."""

    class Verified(models.TextChoices):
        NONE = "none", _("Not verified")
        PERSON = "person", _("Verified person")
        ORG = "org", _("Organisation")
        MEDIA = "media", _("Medium")
        GOV = "gov", _("Government")

    platform = models.CharField(max_length=64)
    native_id = models.CharField(max_length=128)
    name = models.CharField(max_length=128, blank=True)
    followers = models.BigIntegerField(null=True)
    verified = models.CharField(max_length=8, choices=Verified, null=True)  # noqa: DJ001  unknown is not none
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.SET_NULL, related_name="authors")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["platform", "native_id"], name="one_author")
        ]

    def __str__(self) -> str:
        return self.name or self.native_id


class Post(models.Model):
    """Any published item (舆情信息). Identity: platform, id space, native id."""

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        COMMENT = "comment", pgettext_lazy("kind of post", "Comment")
        REPOST = "repost", _("Repost")
        ARTICLE = "article", _("Article")
        REVIEW = "review", pgettext_lazy("kind of post", "Review")
        COMPLAINT = "complaint", _("Complaint")
        VIDEO = "video", _("Video")
        MAIL = "mail", pgettext_lazy("kind of post", "E-mail")
        FORM = "form", _("Form")
        CALL = "call", _("Call")

    class Precision(models.TextChoices):
        SECOND = "second", _("to the second")
        MINUTE = "minute", _("to the minute")
        DAY = "day", _("to the day")
        NONE = "none", _("not known")

    platform = models.CharField(max_length=64)
    id_space = models.CharField(max_length=8, default="content")
    native_id = models.CharField(max_length=128)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.POST)
    url = models.CharField(max_length=1000, blank=True)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    content_hash = models.CharField(max_length=32)  # of title and text: a change is a revision

    published_at = models.DateTimeField(null=True)  # as the source says; None when it does not
    precision = models.CharField(max_length=8, choices=Precision, default=Precision.NONE)
    first_seen_at = models.DateTimeField()
    effective_at = models.DateTimeField(db_index=True)  # published_at, else first_seen_at
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)  # gone at the source; our copy stays
    is_backfill = models.BooleanField(default=False)  # older than 48 h when it came: never alerts

    author = models.ForeignKey(Author, null=True, on_delete=models.SET_NULL, related_name="posts")
    author_name = models.CharField(max_length=128, blank=True)
    channel = models.CharField(max_length=128, blank=True)  # board, forum or outlet
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.SET_NULL, related_name="posts")
    region = models.CharField(max_length=64, blank=True)
    region_kind = models.CharField(max_length=8, blank=True)

    parent = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="children"
    )
    root = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="thread")
    repost_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="reposts"
    )
    is_stub = models.BooleanField(default=False)  # known only as somebody's parent

    n_likes = models.BigIntegerField(null=True)  # the latest reading; unknown is not 0
    n_comments = models.BigIntegerField(null=True)
    n_reposts = models.BigIntegerField(null=True)
    n_views = models.BigIntegerField(null=True)

    media = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    vendor_labels = models.JSONField(default=dict)
    flags = models.JSONField(default=list)  # what intake had to set right: "future_date" …
    is_drill = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["platform", "id_space", "native_id"], name="one_post")
        ]
        indexes: ClassVar = [models.Index(fields=["first_seen_at", "id"], name="post_first_seen")]

    def __str__(self) -> str:
        return self.title or Truncator(self.text).chars(40)


class Revision(models.Model):
    """What a post said before it was edited (历史版本)."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    content_hash = models.CharField(max_length=32, default="")
    edited_at = models.DateTimeField(null=True)  # as the source said of this version
    seen_at = models.DateTimeField()  # when it was put aside for another version

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.post_id} {self.seen_at:%Y-%m-%d %H:%M}"


class Sighting(models.Model):
    """A source delivered a post (发现记录): provenance."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="sightings")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="sightings")
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="sightings")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "source"], name="one_sighting_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} saw {self.post_id}"


class Reading(models.Model):
    """Counts of a post at one time (互动量读数); unknown is not 0."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="readings")
    at = models.DateTimeField()
    n_likes = models.BigIntegerField(null=True)
    n_comments = models.BigIntegerField(null=True)
    n_reposts = models.BigIntegerField(null=True)
    n_views = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.post_id} {self.at:%Y-%m-%d %H:%M}"


class Raw(models.Model):
    """The record as it came, sealed; let go after 30 days unless a case holds it (原始记录)."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="raw")
    sealed = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"raw of {self.post_id}"


class Hold(models.Model):
    """A post is kept as long as this stands (留存): a case's evidence, with its reason."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.post_id}: {self.reason}"
