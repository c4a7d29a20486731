"""The stream of mentions: what is asked for, and one page of it, newest first.

Pages are cut by (time, id) and never by number, so that a stream that grows at its head neither
repeats nor skips a mention, and the thousandth page costs what the first one does.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from tinglan.lib.asked import YEARS, number
from tinglan.monitors.excerpt import Excerpt, excerpt
from tinglan.monitors.models import Aspect, Intent, Match, Mention, Polarity
from tinglan.monitors.search import find
from tinglan.sources.models import Author, Post

PAGE = 40
COUNTED = 10_000  # beyond, a figure says "more than": counting on would cost more than it tells
WINDOWS: Final = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a reader asks of the stream; "" and None ask nothing."""

    brand: int | None = None
    product: int | None = None
    monitor: int | None = None
    polarity: str = ""
    intent: str = ""
    aspect: str = ""
    platform: str = ""
    kind: str = ""
    window: str = ""
    start: datetime | None = None
    end: datetime | None = None
    words: str = ""
    with_copies: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """From a query string; what means nothing is left out, so that old links still open."""
        return cls(
            brand=number(query.get("brand")),
            product=number(query.get("product")),
            monitor=number(query.get("monitor")),
            polarity=_one_of(Polarity.values, query.get("polarity")),
            intent=_one_of(Intent.values, query.get("intent")),
            aspect=_one_of(Aspect.values, query.get("aspect")),
            platform=query.get("platform", ""),
            kind=_one_of(Post.Kind.values, query.get("kind")),
            window=_one_of(WINDOWS, query.get("window")),
            start=_moment(query.get("from")),
            end=_moment(query.get("to")),
            words=query.get("q", "").strip()[:200],
            with_copies=query.get("copies") == "1",
        )

    def apply(self, mentions: QuerySet[Mention], *, now: datetime) -> QuerySet[Mention]:
        """Narrow the mentions, copies included; SearchError when the words say nothing."""
        mentions = mentions.filter(**self._equal())
        start = self.start or (now - WINDOWS[self.window] if self.window else None)
        if start:
            mentions = mentions.filter(at__gte=start)
        if self.end:
            mentions = mentions.filter(at__lt=self.end)
        if self.aspect:
            # SQLite cannot ask whether a JSON list contains a value; both stores write it alike.
            mentions = mentions.annotate(aspects_text=Cast("aspects", TextField()))
            mentions = mentions.filter(aspects_text__contains=f'"{self.aspect}"')
        if self.monitor:
            matched = Match.objects.filter(mention=OuterRef("pk"), version__monitor=self.monitor)
            mentions = mentions.filter(Exists(matched))
        return find(mentions, self.words) if self.words else mentions

    def _equal(self) -> dict[str, str | int]:
        asked = {
            "brand": self.brand,
            "product": self.product,
            "polarity": self.polarity,
            "intent": self.intent,
            "post__platform": self.platform,
            "post__kind": self.kind,
        }
        return {name: value for name, value in asked.items() if value}

    @property
    def is_any(self) -> bool:
        """Whether anything is asked at all."""
        return self != Filters(with_copies=self.with_copies)

    def query(self, **changed: object) -> str:
        """The query string of these filters, with some of them changed."""
        values = asdict(replace(self, **changed)) if changed else asdict(self)  # type: ignore[arg-type]
        named = {"start": "from", "end": "to", "words": "q", "with_copies": "copies"}
        values = {named.get(name, name): shown(value) for name, value in values.items() if value}
        return f"?{urlencode(values)}" if values else "?"


@dataclass(frozen=True, slots=True)
class Row:
    """A mention as the stream lists it."""

    mention: Mention
    excerpt: Excerpt
    spans: list[list[str | int]]
    n_copies: int = 0

    @property
    def address(self) -> str:
        return address_of(self.mention.post)

    @property
    def is_public(self) -> bool:
        return is_public(self.mention.post)

    @property
    def reasons(self) -> list[str]:
        return list(dict.fromkeys(str(span[3]) for span in self.spans))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the stream; `older` is the place where the next one begins, if there is one."""

    rows: list[Row]
    older: str
    newest_id: int  # of all mentions: what is newer has come since


def page_of(mentions: QuerySet[Mention], *, place: str = "", with_copies: bool = False) -> Page:
    """The mentions before a place, or the newest."""
    newest = Mention.objects.aggregate(newest=Max("pk"))["newest"] or 0
    listed = mentions if with_copies else mentions.filter(copy_of__isnull=True)
    before = _place(place)
    if before:
        at, pk = before
        listed = listed.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    related = listed.select_related("post__author", "brand", "product", "membership__event")
    found = list(related.prefetch_related("matches").order_by("-at", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(
        rows=rows_of(shown),
        older=_name(shown[-1]) if len(found) > PAGE else "",
        newest_id=newest,
    )


def rows_of(mentions: Sequence[Mention]) -> list[Row]:
    copies = copies_of(mentions)
    rows: list[Row] = []
    for mention in mentions:
        spans = spans_of(mention)
        cut = excerpt(mention.post.text, spans)
        rows.append(Row(mention, cut, spans, copies.get(mention.pk, 0)))
    return rows


def address_of(post: Post) -> str:
    """Where it was published; only what a browser may open safely."""
    return post.url if post.url.startswith(("https://", "http://")) else ""


def is_public(post: Post) -> bool:
    """Whether its author speaks for an organisation, whose name is no personal data."""
    public = {Author.Verified.ORG, Author.Verified.MEDIA, Author.Verified.GOV}
    return post.outlet_id is not None or (
        post.author is not None and post.author.verified in public
    )


def spans_of(mention: Mention) -> list[list[str | int]]:
    """Of all monitors that matched, each place once."""
    places = {tuple(span[:3]): span for match in mention.matches.all() for span in match.spans}
    return sorted(places.values(), key=lambda span: (span[0] != "title", span[1]))


def copies_of(mentions: Sequence[Mention]) -> dict[int, int]:
    """Mention → how many copies it has, in one query."""
    rows = Mention.objects.filter(copy_of__in=mentions).values_list("copy_of")
    return {pk: n for pk, n in rows.annotate(n=Count("pk")) if pk is not None}


def counted(mentions: QuerySet[Mention]) -> int:
    """How many there are; COUNTED + 1 stands for more."""
    return mentions.order_by()[: COUNTED + 1].count()


def _name(mention: Mention) -> str:
    return f"{mention.at.isoformat()}~{mention.pk}"


def _place(name: str) -> tuple[datetime, int] | None:
    at, _, pk = name.partition("~")
    moment, row = _moment(at), number(pk)
    return (moment, row) if moment and row else None


def _one_of(allowed: Container[str], value: str | None) -> str:
    return value if value and value in allowed else ""


def _moment(text: str | None) -> datetime | None:
    """Site time, as a form sends it: 2026-11-23T09:00."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if at.year not in YEARS:
        return None
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def shown(value: object) -> str:
    """As it stands in an address."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
    return "1" if value is True else str(value)
