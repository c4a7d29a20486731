"""Posts become mentions: matched, labelled, folded, rolled up, and announced to the events.

Hears of posts in batches. One transaction writes everything that a batch causes, so a worker that
dies leaves either all of it or nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from tinglan.analysis import fingerprint
from tinglan.analysis.query import Document, Span
from tinglan.lib import changes, claims
from tinglan.lib.rows import overwrite
from tinglan.monitors import rollup
from tinglan.monitors.classify import SHORT, Labels, classify, label, labels_of, whole
from tinglan.monitors.listen import Listening, document_of, listening_now
from tinglan.monitors.models import Match, Mention
from tinglan.monitors.search import index, outdated
from tinglan.sources.models import Post

FOLD_WINDOW = timedelta(days=7)  # a text that returns later is news again


@dataclass(slots=True)
class Heard:
    """A post speaks of a brand: by which versions, of which product, in whose thread."""

    post: Post
    brand_id: int
    matches: dict[int, tuple[Span, ...]] = field(default_factory=dict)
    product_id: int | None = None
    above: Mention | None = None  # the parent's or root's mention, when inherited
    stored: Mention | None = None  # its own, when it was heard before


def warm() -> None:
    """Load tables, weights and monitors: in the first batch they would hold its transaction."""
    listening_now().hear([Document(text="暖")])
    classify(["暖"])


def handle(posts: list[Post], *, now: datetime) -> None:
    heard = hear(listening_now(), posts)
    if not heard:
        return
    edited = outdated([one.post for one in heard])
    mentions = _write(heard, edited)
    index([one.post for one in heard])
    claims.announce(*mentions, *_waiting_below(heard))
    changes.note("mentions", "board")


def hear(listening: Listening, posts: Sequence[Post]) -> list[Heard]:
    """Which posts speak of which brands; a post that names none inherits from its thread.

    What was a mention stays one, also when an edit took the name out: it is evidence.
    """
    documents = [document_of(post) for post in posts]
    products = listening.products_in(documents)
    above, stored = _mentions_above(posts), _stored(posts)
    found: list[Heard] = []
    for post, hits, named in zip(posts, listening.hear(documents), products, strict=True):
        by_brand = _named_in(post, hits, listening)
        for mention in () if by_brand else above.get(post.pk, ()):
            inherited = Heard(post, mention.brand_id, product_id=mention.product_id, above=mention)
            by_brand.setdefault(mention.brand_id, inherited)
        for mention in stored.get(post.pk, ()):
            kept = Heard(post, mention.brand_id, product_id=mention.product_id)
            by_brand.setdefault(mention.brand_id, kept).stored = mention
        for one in by_brand.values():
            one.product_id = named.get(one.brand_id, one.product_id)
        found.extend(by_brand.values())
    return found


def _named_in(
    post: Post, hits: Mapping[int, tuple[Span, ...]], listening: Listening
) -> dict[int, Heard]:
    by_brand: dict[int, Heard] = {}
    for version_id, spans in hits.items():
        brand_id = listening.brand_of[version_id]
        by_brand.setdefault(brand_id, Heard(post, brand_id)).matches[version_id] = spans
    return by_brand


def _stored(posts: Sequence[Post]) -> dict[int, list[Mention]]:
    """Post → its mentions, locked: a correction made meanwhile must not be written over."""
    rows = Mention.objects.filter(post__in=posts).select_related("post", "copy_of")
    by_post: dict[int, list[Mention]] = {}
    for mention in rows.select_for_update(of=("self",)).order_by("pk"):
        by_post.setdefault(mention.post_id, []).append(mention)
    return by_post


def _mentions_above(posts: Sequence[Post]) -> dict[int, list[Mention]]:
    """Post → mentions of its parent, what it reposts, or its root (nearest first)."""
    lines = {p.pk: [i for i in (p.parent_id, p.repost_of_id, p.root_id) if i] for p in posts}
    wanted = {i for line in lines.values() for i in line}
    by_post: dict[int, list[Mention]] = {}
    above = Mention.objects.filter(post_id__in=wanted).select_related("post", "copy_of")
    for mention in above:
        by_post.setdefault(mention.post_id, []).append(mention)
    return {pk: [m for i in line for m in by_post.get(i, ())] for pk, line in lines.items() if line}


def _waiting_below(heard: Sequence[Heard]) -> list[Post]:
    """Answers and reposts of new mentions that came before them, or with them, and name no brand.

    They are heard once more; then what they hang under speaks of a brand.
    """
    new = {one.post.pk for one in heard if one.stored is None}
    below = Q(parent__in=new) | Q(root__in=new) | Q(repost_of__in=new)
    return list(Post.objects.filter(below, is_stub=False, mentions__isnull=True).only("pk"))


def _write(heard: Sequence[Heard], edited: Collection[int]) -> list[Mention]:
    """Create or update the mentions with their matches, copies and rollups."""
    known = [one.stored for one in heard if one.stored is not None]
    keys = fingerprint.core_keys(
        [one.post.text for one in heard], [one.post.title for one in heard]
    )
    originals = _Originals(heard, keys)
    labels = classify([whole(one.post) for one in heard])
    before, copies_before = _buckets(known)
    mentions: list[Mention] = []
    for one, key, judged in zip(heard, keys, labels, strict=True):
        mention = one.stored or Mention(post=one.post)
        _fill(mention, one, key)
        mention.copy_of = originals.of(mention) or _passed_on(one, mention)
        label(mention, _in_context(mention, one, judged))
        originals.remember(mention)
        mentions.append(mention)
    _store(mentions)
    _write_matches(mentions, heard, edited)
    after, copies_after = _buckets(mentions)
    rollup.shift(rollup.difference(after, before), rollup.difference(copies_after, copies_before))
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
    "is_sarcastic",
    "is_sarcastic_method",
    "is_spam",
    "is_spam_method",
    "fold_key",
    "copy_of",
]


def _store(mentions: Sequence[Mention]) -> None:
    """New originals before the copies that point at them, be those new or stored."""
    known = [mention for mention in mentions if mention.pk is not None]
    new = [mention for mention in mentions if mention.pk is None]
    Mention.objects.bulk_create([m for m in new if m.copy_of is None])
    Mention.objects.bulk_create([m for m in new if m.copy_of is not None])
    overwrite(known, UPDATED)


def _fill(mention: Mention, one: Heard, key: int | None) -> None:
    mention.brand_id = one.brand_id
    mention.product_id = one.product_id
    mention.at = one.post.effective_at
    mention.is_backfill = one.post.is_backfill
    if one.stored is None or one.matches or one.above:
        mention.is_inherited = one.above is not None
    mention.fold_key = key


def _passed_on(one: Heard, mention: Mention) -> Mention | None:
    """What a repost passes on, when its author wrote nothing."""
    above = one.above
    if above is None or mention.fold_key is not None or above.post_id != one.post.repost_of_id:
        return None
    if fingerprint.repost_root(one.post.text):
        return None
    return above.copy_of or above


def _in_context(mention: Mention, one: Heard, judged: Labels) -> Labels:
    """A copy says what its original says; a short comment says what it is under."""
    if mention.copy_of is not None:
        return labels_of(mention.copy_of)
    if one.above is not None and len(one.post.text.strip()) < SHORT:
        return labels_of(one.above)
    return judged


class _Originals:
    """The mentions that are nobody's copy, by text: stored ones, and earlier ones of the batch."""

    def __init__(self, heard: Sequence[Heard], keys: Iterable[int | None]) -> None:
        self._by_text: dict[tuple[int, int], list[Mention]] = {}
        at = [one.post.effective_at for one in heard]
        stored = Mention.objects.originals().filter(
            fold_key__in={key for key in keys if key is not None},
            at__gte=min(at) - FOLD_WINDOW,
            at__lte=max(at) + FOLD_WINDOW,
            brand_id__in={one.brand_id for one in heard},
        )
        batch = {one.stored.pk: one.stored for one in heard if one.stored is not None}
        copies = Mention.objects.filter(copy_of__in=batch)
        self._with_copies = set(copies.values_list("copy_of_id", flat=True).distinct())
        for mention in stored.select_related("post").order_by("at", "id"):
            self.remember(batch.get(mention.pk, mention))

    def of(self, mention: Mention) -> Mention | None:
        """The first original of the same text within the window, if that is another post.

        What has copies stays an original, whatever it was edited into: no copy has copies.
        """
        if mention.pk in self._with_copies:
            return None
        for first in self._by_text.get((mention.brand_id, mention.fold_key or 0), ()):
            if first is mention:
                return None
            is_still_one = first.copy_of is None and first.fold_key == mention.fold_key
            if is_still_one and abs(mention.at - first.at) <= FOLD_WINDOW:
                return first
        return None

    def remember(self, mention: Mention) -> None:
        if mention.fold_key is None or mention.copy_of is not None:
            return
        known = self._by_text.setdefault((mention.brand_id, mention.fold_key), [])
        if all(one is not mention for one in known):
            known.append(mention)


def _write_matches(
    mentions: Sequence[Mention], heard: Sequence[Heard], edited: Collection[int]
) -> None:
    """Spans count in the text as it is now; those in a text that was edited since point nowhere."""
    Match.objects.filter(mention__in=[m for m in mentions if m.post_id in edited]).delete()
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


def _buckets(
    mentions: Sequence[Mention],
) -> tuple[Counter[rollup.Bucket], Counter[rollup.Bucket]]:
    """All mentions and, of them, the copies, by the hour."""
    return (
        rollup.count(_bucket(mention) for mention in mentions),
        rollup.count(_bucket(mention) for mention in mentions if mention.copy_of is not None),
    )


def _bucket(mention: Mention) -> rollup.Bucket:
    return rollup.bucket_of(mention, platform=mention.post.platform)


def _as_list(span: Span) -> list[str | int]:
    return [span.field, span.start, span.end, span.term]
