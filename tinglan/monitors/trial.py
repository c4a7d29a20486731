"""A query is tried on stored posts before it listens: what it would have heard (试跑)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from tinglan.analysis import fingerprint
from tinglan.analysis.query import Matcher, parse
from tinglan.monitors.compose import composed
from tinglan.monitors.excerpt import Excerpt, excerpt
from tinglan.monitors.listen import document_of
from tinglan.monitors.models import Brand, KeywordList, Mention
from tinglan.monitors.scan import Scan, scan
from tinglan.sources.models import Post, Source

MOST_POSTS = 1_000_000  # read for one trial: some seconds
SAMPLES = 20
LOOKED_THROUGH = 400  # newest hits from which different texts are chosen as samples
PAST = timedelta(days=30)  # from which the rate of warnings is taken
ENOUGH = 50  # mentions below which a rate says nothing


@dataclass(frozen=True, slots=True)
class Sample:
    """A post that would have matched, and the words that make it one."""

    post: Post
    spans: list[list[str | int]]

    @property
    def excerpt(self) -> Excerpt:
        return excerpt(self.post.text, self.spans)

    @property
    def terms(self) -> list[str]:
        return list(dict.fromkeys(str(span[3]) for span in self.spans))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many mentions of the past became events that were warned of."""

    n_mentions: int
    n_warned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a query would have heard, and on what base that was found."""

    query: str  # as composed
    n_days: int
    since: datetime
    n_read: int
    n_stored: int  # posts of these days that are stored; more than read when there are many
    n_thinned: int  # sources that keep only what matched, and a sample
    days: tuple[tuple[date, int], ...]
    samples: tuple[Sample, ...]
    n_hits: int
    n_known: int  # of the hits, those that are mentions of the brand already
    rate: Rate | None

    @property
    def is_partial(self) -> bool:
        return self.n_read < self.n_stored

    @property
    def share(self) -> float:
        return self.n_hits / self.n_read if self.n_read else 0.0

    @property
    def hits_per_day(self) -> float:
        return self.n_hits / max(self.n_days_read, 1)

    @property
    def per_day(self) -> int:
        """For people: whole hits."""
        return round(self.hits_per_day)

    @property
    def n_days_read(self) -> int:
        return len(self.days)

    @property
    def alerts_per_week(self) -> float | None:
        """Warned events to expect, were these posts like the brand's past mentions."""
        if self.rate is None:
            return None
        return self.hits_per_day * 7 * self.rate.n_warned / self.rate.n_mentions


def trial(
    query: str,
    *,
    brand: Brand,
    lists: Collection[KeywordList] = (),
    by_sound: bool = False,
    days: int = 7,
    now: datetime,
) -> Trial:
    """Run a query over the posts of the last days; QueryError where it cannot be run."""
    source = composed(query, brand=brand, lists=lists)
    matcher = Matcher({0: parse(source)}, by_sound=by_sound)
    since = _midnight(now) - timedelta(days=days - 1)
    stored = Post.objects.filter(is_stub=False, effective_at__gte=since, effective_at__lte=now)
    found = scan(matcher, stored, most=MOST_POSTS)
    is_partial = found.n_read == MOST_POSTS
    first = found.oldest_at if is_partial and found.oldest_at else since
    return Trial(
        query=source,
        n_days=days,
        since=first,
        n_read=found.n_read,
        n_stored=stored.count() if is_partial else found.n_read,
        n_thinned=Source.objects.filter(keep=Source.Keep.MATCHED, is_enabled=True).count(),
        days=_per_day(found.by_minute, since=first, now=now),
        samples=tuple(_samples(matcher, found.hits)),
        n_hits=len(found.hits),
        n_known=_known(found, brand, now),
        rate=_rate(brand, now) or _rate(None, now),
    )


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _per_day(
    by_minute: Mapping[datetime, int], *, since: datetime, now: datetime
) -> tuple[tuple[date, int], ...]:
    counted: Counter[date] = Counter()
    for at, n in by_minute.items():
        counted[timezone.localtime(at).date()] += n
    first, last = timezone.localtime(since).date(), timezone.localtime(now).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple((day, counted[day]) for day in days)


def _samples(matcher: Matcher, hits: Sequence[int]) -> Iterator[Sample]:
    """The newest different texts."""
    newest = hits[:LOOKED_THROUGH]
    posts = Post.objects.in_bulk(newest)
    ordered = [posts[pk] for pk in newest if pk in posts]
    keys = fingerprint.exact_keys([post.text for post in ordered])
    seen: set[int] = set()
    chosen: list[Post] = []
    for post, key in zip(ordered, keys, strict=True):
        if key is None or key not in seen:
            chosen.append(post)
        seen |= {key} if key is not None else set()
    del chosen[SAMPLES:]
    found = matcher.match([document_of(post) for post in chosen])
    for post, matched in zip(chosen, found, strict=True):
        spans = matched.get(0, ())  # () when it was edited meanwhile
        yield Sample(post, [[one.field, one.start, one.end, one.term] for one in spans])


def _known(found: Scan, brand: Brand, now: datetime) -> int:
    """How many hits are mentions of the brand already."""
    if not found.hits or not brand.pk:
        return 0
    known = Mention.objects.filter(brand=brand, at__gte=found.oldest_at, at__lte=now)
    return len(set(found.hits).intersection(known.values_list("post_id", flat=True)))


def _rate(brand: Brand | None, now: datetime) -> Rate | None:
    """Of the past mentions of a brand, or of all brands, how many events were warned of."""
    past = Mention.objects.filter(at__gte=now - PAST, at__lte=now)
    if brand is not None:
        past = past.filter(brand=brand) if brand.pk else past.none()
    n_mentions = past.count()
    if n_mentions < ENOUGH:
        return None
    warned = past.filter(membership__event__level_changes__isnull=False)
    n_warned = warned.values("membership__event").distinct().count()
    return Rate(n_mentions=n_mentions, n_warned=n_warned)
