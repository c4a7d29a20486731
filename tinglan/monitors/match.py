"""Posts become mentions: matched, labelled, folded, rolled up, and announced to the events.

Hears of posts in batches. One transaction writes everything that a batch causes, so a worker that
dies leaves either all of it or nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from tinglan.analysis import fingerprint
from tinglan.analysis.query import Span
from tinglan.lib import changes, claims
from tinglan.monitors import rollup
from tinglan.monitors.classify import Labels, classify, label, labels_of
from tinglan.monitors.listen import Listening, document_of, listening_now
from tinglan.monitors.models import Match, Mention
from tinglan.monitors.search import index
from tinglan.sources.models import Post

FOLD_WINDOW = timedelta(days=7)  # a text that returns later is news again
SHORT = 8  # characters: "同求" says nothing without the post above it


@dataclass(slots=True)
class Heard:
    """A post speaks of a brand: by which versions, of which product, in whose thread."""

    post: Post
    brand_id: int
    matches: dict[int, tuple[Span, ...]] = field(default_factory=dict)
    product_id: int | None = None
    above: Mention | None = None  # the parent's or root's mention, when inherited


def handle(posts: list[Post], *, now: datetime) -> None:
    heard = hear(listening_now(), posts)
    if not heard:
        return
    mentions = _write(heard)
    index([one.post for one in heard])
    claims.announce(*mentions)
    changes.note("mentions", "board")


def hear(listening: Listening, posts: Sequence[Post]) -> list[Heard]:
    """Which posts speak of which brands; a post that names none inherits from its thread."""
    documents = [document_of(post) for post in posts]
    products = listening.products_in(documents)
    above = _mentions_above(posts)
    found: list[Heard] = []
    for post, hits, named in zip(posts, listening.hear(documents), products, strict=True):
        by_brand: dict[int, Heard] = {}
        for version_id, spans in hits.items():
            brand_id = listening.brand_of[version_id]
            one = by_brand.setdefault(
                brand_id, Heard(post, brand_id, product_id=named.get(brand_id))
            )
            one.matches[version_id] = spans
        for mention in () if by_brand else above.get(post.pk, ()):
            inherited = Heard(post, mention.brand_id, product_id=mention.product_id, above=mention)
            by_brand.setdefault(mention.brand_id, inherited)
        found.extend(by_brand.values())
    return found


def _mentions_above(posts: Sequence[Post]) -> dict[int, list[Mention]]:
    """Post → mentions of its parent, what it reposts, or its root (nearest first)."""
    lines = {p.pk: [i for i in (p.parent_id, p.repost_of_id, p.root_id) if i] for p in posts}
    wanted = {i for line in lines.values() for i in line}
    by_post: dict[int, list[Mention]] = {}
    for mention in Mention.objects.filter(post_id__in=wanted).select_related("post"):
        by_post.setdefault(mention.post_id, []).append(mention)
    return {pk: [m for i in line for m in by_post.get(i, ())] for pk, line in lines.items() if line}


def _write(heard: Sequence[Heard]) -> list[Mention]:
    """Create or update the mentions with their matches, copies and rollups."""
    existing = _existing(heard)
    originals = _Originals(heard)
    labels = classify([_whole(one.post) for one in heard])
    before = rollup.count(_bucket(m) for m in existing.values())
    copies_before = rollup.count(_bucket(m) for m in existing.values() if m.copy_of)
    mentions: list[Mention] = []
    for one, judged in zip(heard, labels, strict=True):
        mention = existing.get((one.post.pk, one.brand_id)) or Mention(post=one.post)
        _fill(mention, one, originals)
        label(mention, _in_context(mention, one, judged))
        originals.remember(mention)
        mentions.append(mention)
    _store(mentions)
    _write_matches(mentions, heard)
    after = rollup.count(_bucket(m) for m in mentions)
    copies_after = rollup.count(_bucket(m) for m in mentions if m.copy_of)
    rollup.shift(_less(after, before), _less(copies_after, copies_before))
    return mentions


UPDATED = [
    "product",
    "at",
    "is_inherited",
    "polarity",
    "polarity_confidence",
    "polarity_method",
    "intent",
    "intent_confidence",
    "intent_method",
    "aspects",
    "aspects_method",
    "fold_key",
    "copy_of",
]


def _store(mentions: Sequence[Mention]) -> None:
    """Originals before the copies that point at them."""
    new = [mention for mention in mentions if mention.pk is None]
    Mention.objects.bulk_update([m for m in mentions if m.pk is not None], UPDATED)
    Mention.objects.bulk_create([m for m in new if m.copy_of is None])
    Mention.objects.bulk_create([m for m in new if m.copy_of is not None])


def _fill(mention: Mention, one: Heard, originals: "_Originals") -> None:
    mention.brand_id = one.brand_id
    mention.product_id = one.product_id
    mention.at = one.post.effective_at
    mention.is_backfill = one.post.is_backfill
    mention.is_inherited = one.above is not None
    mention.fold_key = fingerprint.exact_key(_whole(one.post))
    mention.copy_of = originals.of(mention)


def _in_context(mention: Mention, one: Heard, judged: Labels) -> Labels:
    """A copy says what its original says; a short comment says what it is under."""
    if mention.copy_of is not None:
        return labels_of(mention.copy_of)
    if one.above is not None and len(one.post.text.strip()) < SHORT:
        return labels_of(one.above)
    return judged


class _Originals:
    """The first mention of each text, stored or earlier in the batch, within the fold window."""

    def __init__(self, heard: Iterable[Heard]) -> None:
        keys = {fingerprint.exact_key(_whole(one.post)) for one in heard} - {None}
        start = min((one.post.effective_at for one in heard), default=None)
        self._first: dict[tuple[int, int], Mention] = {}
        if not keys or start is None:
            return
        stored = Mention.objects.originals().filter(
            fold_key__in=keys, at__gte=start - FOLD_WINDOW, brand_id__in={o.brand_id for o in heard}
        )
        for mention in stored.select_related("post", "copy_of").order_by("at", "id"):
            self.remember(mention)

    def of(self, mention: Mention) -> Mention | None:
        first = self._first.get((mention.brand_id, mention.fold_key or 0))
        if first is None or first.post_id == mention.post_id:
            return None
        return first if abs(mention.at - first.at) <= FOLD_WINDOW else None

    def remember(self, mention: Mention) -> None:
        if mention.fold_key is not None and mention.copy_of is None:
            self._first.setdefault((mention.brand_id, mention.fold_key), mention)


def _write_matches(mentions: Sequence[Mention], heard: Sequence[Heard]) -> None:
    rows = [
        Match(mention=mention, version_id=version_id, spans=[_as_list(span) for span in spans])
        for mention, one in zip(mentions, heard, strict=True)
        for version_id, spans in one.matches.items()
    ]
    Match.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["mention", "version"],
        update_fields=["spans"],
    )


def _existing(heard: Sequence[Heard]) -> dict[tuple[int, int], Mention]:
    wanted = {(one.post.pk, one.brand_id) for one in heard}
    stored = Mention.objects.filter(Q(post_id__in={post for post, _ in wanted}))
    found = {(m.post_id, m.brand_id): m for m in stored.select_related("post", "copy_of")}
    return {key: mention for key, mention in found.items() if key in wanted}


def _whole(post: Post) -> str:
    return f"{post.title}\n{post.text}" if post.title else post.text


def _bucket(mention: Mention) -> rollup.Bucket:
    return rollup.bucket_of(mention, platform=mention.post.platform)


def _less(after: Counter[rollup.Bucket], before: Counter[rollup.Bucket]) -> Counter[rollup.Bucket]:
    """after − before, negatives kept (Counter's own minus drops them)."""
    change = Counter(after)
    change.subtract(before)
    return change


def _as_list(span: Span) -> list[str | int]:
    return [span.field, span.start, span.end, span.term]
