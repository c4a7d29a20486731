"""What is listened for and what was heard: brands, monitors, mentions and their labels."""

from datetime import datetime
from typing import ClassVar, TypedDict

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tinglan.monitors.learned import Retraining, SiteModel, Switch
from tinglan.sources.models import Post

__all__ = [
    "LABELS",
    "LABEL_NAMES",
    "MARKS",
    "Ambiguous",
    "Aspect",
    "Brand",
    "Correction",
    "Intent",
    "KeywordList",
    "Match",
    "Mention",
    "MentionQuerySet",
    "Monitor",
    "MonitorVersion",
    "Polarity",
    "Product",
    "Retraining",
    "Rollup",
    "SearchEntry",
    "SiteModel",
    "Switch",
    "label_of",
]


class Ambiguous(TypedDict):
    """A name that is also a common word (歧义词), and the words near which it is the name."""

    word: str
    context: list[str]


class Brand(models.Model):
    """A name the company cares for (品牌): its own, a competitor's, or a topic."""

    class Kind(models.TextChoices):
        OWN = "own", _("Own brand")
        COMPETITOR = "competitor", _("Competitor")
        TOPIC = "topic", _("Topic")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.OWN)
    names = models.JSONField(default=list)  # short names and nicknames
    ambiguous = models.JSONField(default=list)  # names that need context: list of Ambiguous
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["kind", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("monitors:brand", args=[self.pk])


class Product(models.Model):
    """A product or line of a brand (产品)."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="products")
    name = models.CharField(max_length=100)
    names = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "name"], name="one_product")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("monitors:product", args=[self.pk])


class KeywordList(models.Model):
    """Words used together by several monitors (关键词组): problem words, say."""

    name = models.CharField(max_length=100, unique=True)
    words = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("monitors:keyword_list", args=[self.pk])


class Monitor(models.Model):
    """A standing search for one brand (监测方案); its query lives in versions."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="monitors")
    name = models.CharField(_("name"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["brand__name", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "name"], name="one_monitor")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("monitors:monitor", args=[self.pk])

    @property
    def current(self) -> "MonitorVersion | None":
        return self.versions.order_by("-number").first()


class MonitorVersion(models.Model):
    """One wording of a monitor (方案版本): the Boolean query that was in force."""

    monitor = models.ForeignKey(Monitor, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    query = models.TextField()
    problem_lists = models.ManyToManyField(KeywordList, blank=True, related_name="versions")
    by_sound = models.BooleanField(default=False)  # 谐音: what sounds the same counts too
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["monitor", "number"], name="one_monitor_version")
        ]

    def __str__(self) -> str:
        return f"{self.monitor} v{self.number}"


class Polarity(models.TextChoices):
    POSITIVE = "positive", _("Positive")
    NEUTRAL = "neutral", _("Neutral")
    NEGATIVE = "negative", _("Negative")
    UNKNOWN = "unknown", _("Unknown")


class Intent(models.TextChoices):
    PRAISE = "praise", _("Praise")
    INQUIRY = "inquiry", _("Inquiry")
    COMPLAINT = "complaint", _("Complaint")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unknown")


class Aspect(models.TextChoices):
    QUALITY = "quality", _("Quality")
    SAFETY = "safety", _("Safety")
    FUNCTION = "function", _("Function")
    DESIGN = "design", _("Design")
    PRICE = "price", _("Price")
    DELIVERY = "delivery", _("Delivery")
    AFTER_SALES = "after_sales", _("After-sales")
    STAFF = "staff", _("Staff")
    ADVERTISING = "advertising", _("Advertising")
    PRIVACY = "privacy", _("Privacy")
    ETHICS = "ethics", _("Ethics")
    MANAGEMENT = "management", _("Management")
    OTHER = "other", _("Other")


LABELS: dict[str, type[models.TextChoices]] = {
    "polarity": Polarity,
    "intent": Intent,
    "aspects": Aspect,
}

LABEL_NAMES = {
    "polarity": _("Polarity"),
    "intent": _("Intent"),
    "aspects": _("Aspects"),
    "is_sarcastic": _("Sarcasm"),
    "is_spam": _("Advertising or bait"),
}

MARKS = {  # field → what it says where it is set, and where it is not
    "is_sarcastic": (_("Sarcasm"), _("No sarcasm")),
    "is_spam": (_("Advertising or bait"), _("No advertising")),
}


def label_of(field: str, value: str | list[str] | bool) -> str:
    """A label, or several, in the reader's language; a dash for no aspect at all."""
    if field in MARKS:
        return str(MARKS[field][0 if value else 1])
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    known = LABELS[field]
    return "、".join(str(known(one).label) for one in values if one in known.values) or "–"


class MentionQuerySet(models.QuerySet["Mention"]):
    def negative(self) -> "MentionQuerySet":
        return self.filter(polarity=Polarity.NEGATIVE)

    def about(self, product: Product) -> "MentionQuerySet":
        return self.filter(product=product)

    def since(self, start: datetime) -> "MentionQuerySet":
        return self.filter(at__gte=start)

    def originals(self) -> "MentionQuerySet":
        """Without folded copies."""
        return self.filter(copy_of__isnull=True)


class Mention(models.Model):
    """A post speaks of a brand (提及); the labels are toward that brand."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="mentions")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="mentions")
    product = models.ForeignKey(
        Product, null=True, on_delete=models.SET_NULL, related_name="mentions"
    )
    at = models.DateTimeField()  # the post's effective_at, for windows
    is_backfill = models.BooleanField(default=False)
    is_inherited = models.BooleanField(default=False)  # names no brand; its parent or root does

    polarity = models.CharField(max_length=8, choices=Polarity, default=Polarity.UNKNOWN)
    polarity_confidence = models.FloatField(default=0.0)
    polarity_method = models.CharField(max_length=32, blank=True)  # "model labels-1", "person"
    intent = models.CharField(max_length=16, choices=Intent, default=Intent.UNKNOWN)
    intent_confidence = models.FloatField(default=0.0)
    intent_method = models.CharField(max_length=32, blank=True)  # "model labels-1", "person"
    aspects = models.JSONField(default=list)
    aspects_method = models.CharField(max_length=32, blank=True)
    is_sarcastic = models.BooleanField(default=False)  # 反讽: the opposite of what it says
    is_sarcastic_method = models.CharField(max_length=32, blank=True)
    is_spam = models.BooleanField(default=False)  # 广告引流: advertising, bait, resale
    is_spam_method = models.CharField(max_length=32, blank=True)

    fold_key = models.BigIntegerField(null=True)  # analysis.fingerprint.core_keys
    copy_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="copies")

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "brand"], name="one_mention")
        ]
        indexes: ClassVar = [
            models.Index(fields=["brand", "at"], name="mention_brand_at"),
            models.Index(fields=["brand", "fold_key"], name="mention_fold"),
            models.Index(fields=["at", "id"], name="mention_at"),
        ]

    def __str__(self) -> str:
        return f"{self.brand} · {self.post}"

    def get_absolute_url(self) -> str:
        return reverse("monitors:mention", args=[self.pk])


class Match(models.Model):
    """Why a mention is one (命中): the monitor version and where its words stand in the text."""

    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="matches")
    version = models.ForeignKey(MonitorVersion, on_delete=models.CASCADE, related_name="matches")
    spans = models.JSONField(default=list)  # [["text", start, end, term], …] in the original

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mention", "version"], name="one_match")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} in {self.mention_id}"

    @property
    def terms(self) -> list[str]:
        """The words that were found, each once."""
        return list(dict.fromkeys(str(span[3]) for span in self.spans))


class Correction(models.Model):
    """A person says what a label should be (纠正): truth to learn from."""

    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=16)  # polarity, intent, aspects, is_sarcastic, is_spam
    old = models.JSONField()
    old_method = models.CharField(max_length=32, blank=True)
    old_confidence = models.FloatField(default=0.0)
    new = models.JSONField()  # the same as before where a person confirmed it
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="corrections"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["at"], name="correction_at")]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"

    @property
    def is_confirmation(self) -> bool:
        return bool(self.old == self.new)

    @property
    def old_label(self) -> str:
        return label_of(self.field, self.old)

    @property
    def new_label(self) -> str:
        return label_of(self.field, self.new)


class Rollup(models.Model):
    """Mentions of one hour (小时汇总), written with them: what the board counts."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="rollups")
    hour = models.DateTimeField()
    platform = models.CharField(max_length=64)
    polarity = models.CharField(max_length=8, choices=Polarity)
    intent = models.CharField(max_length=16, choices=Intent)
    n_mentions = models.IntegerField(default=0)
    n_copies = models.IntegerField(default=0)  # of them, folded copies

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brand", "hour", "platform", "polarity", "intent"], name="one_rollup"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["hour"], name="rollup_hour")]

    def __str__(self) -> str:
        return f"{self.brand_id} {self.hour:%Y-%m-%d %H}:00"


class SearchEntry(models.Model):
    """A post's words are in the search index, as of this content (检索条目)."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="search_entry")
    content_hash = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"{self.post_id}"
