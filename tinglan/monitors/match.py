"""Posts become mentions: matched, labelled, folded, rolled up, and announced to the events.

Hears of posts in batches. What the texts say is worked out before the transaction, by the monitors
of that moment; the transaction reads what hangs on rows that others change, and writes everything
that the batch causes, so a worker that dies leaves either all of it or nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from tinglan.analysis import fingerprint
from tinglan.analysis.query import Document, Span
from tinglan.lib import changes, claims
from tinglan.lib.rows import insert, overwrite
from tinglan.lib.urgent import are_urgent
from tinglan.monitors import rollup
from tinglan.monitors.classify import SHORT, Labels, classify, label, labels_of, whole
from tinglan.monitors.copies import Originals
from tinglan.monitors.listen import Listening, document_of, listening_now
from tinglan.monitors.models import Match, Mention
from tinglan.monitors.search import index, outdated, terms_of
from tinglan.sources.models import Post


@dataclass(frozen=True, slots=True)
class Listened:
    """Posts, and for each of them what the monitors found in it."""

    posts: Sequence[Post]
    hits: Sequence[Mapping[int, Mapping[int, tuple[Span, ...]]]]  # brand → version → spans
    products: Sequence[Mapping[int, int]]  # brand → the product that is named first


@dataclass(frozen=True, slots=True)
class Judged:
    """What a text says, whoever it is about."""

    key: int | None  # of the texts that are the same
    labels: Labels
    terms: str  # for the search index
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    listened: Listened
    judged: dict[int, Judged]  # by post


@dataclass(slots=True)
class Heard:
    """A post speaks of a brand: by which versions, of which product, in whose thread."""

    post: Post
    brand_id: int
    matches: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    product_id: int | None = None
    above: Mention | None = None  # the parent's or root's mention, when inherited
    stored: Mention | None = None  # its own, when it was heard before


def warm() -> None:
    """Load tables, weights and monitors: in the first batch they would hold it up."""
    listening_now().hear([Document(text="暖")])
    classify(["暖"])


# Before the transaction


def prepare(posts: list[Post], *, now: datetime) -> Prepared:
    """Match the posts, and judge those that speak of a brand or may inherit one."""
    listened = listen(listening_now(), posts)
    links = {link for post in posts for link in _links(post)}
    wanted = links | {post.pk for post in posts}
    spoken = set(Mention.objects.filter(post__in=wanted).values_list("post_id", flat=True))
    told = [
        post
        for post, hits in zip(posts, listened.hits, strict=True)
        if hits or not spoken.isdisjoint((post.pk, *_links(post)))
    ]
    return Prepared(listened, judge(told))


def listen(listening: Listening, posts: Sequence[Post]) -> Listened:
    documents = [document_of(post) for post in posts]
    found = [listening.by_brand(hits) for hits in listening.hear(documents)]
    return Listened(posts, found, listening.products_in(documents))


def judge(posts: Sequence[Post]) -> dict[int, Judged]:
    keys = fingerprint.core_keys([post.text for post in posts], [post.title for post in posts])
    labels = classify([whole(post) for post in posts])
    urgent = are_urgent([whole(post) for post in posts])
    parts = zip(keys, labels, terms_of(posts), urgent, strict=True)
    return {post.pk: Judged(*one) for post, one in zip(posts, parts, strict=True)}


# In the transaction


def handle(prepared: Prepared, *, now: datetime) -> None:
    heard = _unedited(hear(prepared.listened))
    if not heard:
        return
    posts = list({one.post.pk: one.post for one in heard}.values())
    judged = prepared.judged
    judged |= judge(
        [post for post in posts if post.pk not in judged]
    )  # a brand only just inherited
    mentions = _write(heard, judged)
    index(posts, [judged[post.pk].terms for post in posts])
    claims.announce_by(lambda one: _rank(one, judged[one.post_id]), mentions)
    claims.announce(*_waiting_below(heard), rank=claims.USUAL)
    changes.note("mentions", "board")


def _rank(mention: Mention, judged: Judged) -> int:
    if mention.is_backfill:
        return claims.LATE
    return claims.URGENT if judged.is_urgent else claims.USUAL


def hear(listened: Listened) -> list[Heard]:
    """Which posts speak of which brands; a post that names none inherits from its thread.

    What was a mention stays one, also when an edit took the name out: it is evidence.
    """
    posts = listened.posts
    above, stored = _mentions_above(posts), _stored(posts)
    found: list[Heard] = []
    for post, hits, named in zip(posts, listened.hits, listened.products, strict=True):
        by_brand = {brand: Heard(post, brand, matches) for brand, matches in hits.items()}
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


def _unedited(heard: Sequence[Heard]) -> list[Heard]:
    """Without posts that say something else by now: with that edit they were announced again.

    Asked when their mentions are locked: who handles the edit has done so before, and is seen
    here, or comes after us.
    """
    posts = Post.objects.filter(pk__in={one.post.pk for one in heard})
    now_say = dict(posts.values_list("pk", "content_hash"))
    return [one for one in heard if now_say.get(one.post.pk) == one.post.content_hash]


def _stored(posts: Sequence[Post]) -> dict[int, list[Mention]]:
    """Post → its mentions, locked: a correction made meanwhile must not be written over."""
    rows = Mention.objects.filter(post__in=posts).select_related("post", "copy_of")
    by_post: dict[int, list[Mention]] = {}
    for mention in rows.select_for_update(of=("self",)).order_by("pk"):
        by_post.setdefault(mention.post_id, []).append(mention)
    return by_post


def _mentions_above(posts: Sequence[Post]) -> dict[int, list[Mention]]:
    """Post → mentions of its parent, what it reposts, or its root (nearest first)."""
    lines = {post.pk: _links(post) for post in posts}
    wanted = {i for line in lines.values() for i in line}
    by_post: dict[int, list[Mention]] = {}
    above = Mention.objects.filter(post_id__in=wanted).select_related("post", "copy_of")
    for mention in above:
        by_post.setdefault(mention.post_id, []).append(mention)
    return {pk: [m for i in line for m in by_post.get(i, ())] for pk, line in lines.items() if line}


def _links(post: Post) -> list[int]:
    return [pk for pk in (post.parent_id, post.repost_of_id, post.root_id) if pk]


def _waiting_below(heard: Sequence[Heard]) -> list[Post]:
    """Answers and reposts of new mentions that came before them, or with them, and name no brand.

    They are heard once more; then what they hang under speaks of a brand.
    """
    new = {one.post.pk for one in heard if one.stored is None}
    below = Q(parent__in=new) | Q(root__in=new) | Q(repost_of__in=new)
    return list(Post.objects.filter(below, is_stub=False, mentions__isnull=True).only("pk"))


def _write(heard: Sequence[Heard], judged: Mapping[int, Judged]) -> list[Mention]:
    """Create or update the mentions with their matches, copies and rollups."""
    edited = outdated([one.post for one in heard if one.stored is not None])
    before, copies_before = _buckets([one.stored for one in heard if one.stored is not None])
    mentions = [_mention(one, judged[one.post.pk]) for one in heard]
    originals = Originals(mentions)
    for mention, one in zip(mentions, heard, strict=True):
        mention.copy_of = originals.of(mention) or _passed_on(one, mention)
        label(mention, _in_context(mention, one, judged[one.post.pk].labels))
        originals.remember(mention)
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
    insert([mention for mention in new if mention.copy_of is None])
    insert([mention for mention in new if mention.copy_of is not None])
    overwrite(known, UPDATED)


def _mention(one: Heard, judged: Judged) -> Mention:
    mention = one.stored or Mention(post=one.post)
    mention.brand_id = one.brand_id
    mention.product_id = one.product_id
    mention.at = one.post.effective_at
    mention.is_backfill = one.post.is_backfill
    if one.stored is None or one.matches or one.above:
        mention.is_inherited = one.above is not None
    mention.fold_key = judged.key
    return mention


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


def _write_matches(
    mentions: Sequence[Mention], heard: Sequence[Heard], edited: Collection[int]
) -> None:
    """Spans count in the text as it is now; those in a text that was edited since point nowhere."""
    Match.objects.filter(mention__in=[m for m in mentions if m.post_id in edited]).delete()
    pairs = list(zip(mentions, heard, strict=True))
    insert(list(_matches(pair for pair in pairs if pair[1].stored is None)))
    Match.objects.bulk_create(
        _matches(pair for pair in pairs if pair[1].stored is not None),
        update_conflicts=True,
        unique_fields=["mention", "version"],
        update_fields=["spans"],
    )


def _matches(pairs: Iterable[tuple[Mention, Heard]]) -> Iterable[Match]:
    for mention, one in pairs:
        for version_id, spans in one.matches.items():
            found = [[span.field, span.start, span.end, span.term] for span in spans]
            yield Match(mention=mention, version_id=version_id, spans=found)


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
