"""What one item does to its post: begin it, edit it, fill what was unknown, or nothing.

The order in which deliveries come must not matter where the source tells it apart: a version with
an edit time beats one without, a later one an earlier one. Versions that carry no edit time count
as they arrive, but one that was already put aside does not come back, so two sources that spell a
post differently do not rewrite it in turns.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tinglan.sources.models import Author, Outlet, Post, Reading, Revision
from tinglan.sources.tidy import BACKFILL_AFTER, Tidy

Status = Literal["created", "updated", "duplicate"]


@dataclass(slots=True)
class Draft:
    """A post while a batch works on it, and the rows that go with it."""

    post: Post
    known_texts: set[str] = field(default_factory=set)  # hashes of versions put aside
    revisions: list[Revision] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    status: Status = "duplicate"  # the most that happened to it in this batch
    was_stub: bool = False
    is_made_here: bool = False  # its row is new with this batch
    is_urgent: bool = False
    is_dirty: bool = False  # the row must be written
    latest: Tidy | None = None  # whose raw record is kept
    raw: bytes | None = None

    @property
    def is_news(self) -> bool:
        """Subscribers should hear of it."""
        return self.status != "duplicate"

    def learn(self, name: str, value: Post | Outlet) -> None:
        """Set what was unknown of the post; what hangs under another may now inherit from it."""
        setattr(self.post, name, value)
        self.is_dirty = True
        self.status = "updated" if self.status == "duplicate" else self.status


def stub(key: tuple[str, str, str], *, now: datetime, is_drill: bool) -> Draft:
    """A post that is known only because others refer to it."""
    platform, id_space, native_id = key
    post = Post(
        platform=platform,
        id_space=id_space,
        native_id=native_id,
        kind=Post.Kind.COMMENT if id_space == "comment" else Post.Kind.POST,
        first_seen_at=now,
        effective_at=now,
        is_stub=True,
        is_drill=is_drill,
    )
    return Draft(post)


def apply(draft: Draft, one: Tidy, *, author: Author | None, now: datetime) -> Status:
    """Bring an item into its post; says what it was: created, updated or a duplicate."""
    status: Status = "duplicate"
    if draft.post.is_stub:
        _begin(draft, one, now=now)
        status = "created"
    elif one.content_hash == draft.post.content_hash:
        _touch(draft, one)
    elif _edit(draft, one, now=now):
        status = "updated"
    if _fill(draft.post, one, author=author):
        draft.is_dirty = True
        status = "updated" if status == "duplicate" else status
    _read_counts(draft, one, now=now)
    if status != "duplicate":
        draft.status = "created" if "created" in {draft.status, status} else "updated"
        draft.is_dirty, draft.latest = True, one
    return status


def _begin(draft: Draft, one: Tidy, *, now: datetime) -> None:
    post = draft.post
    draft.was_stub = post.pk is not None
    post.is_stub = False
    post.kind = one.item.kind
    post.first_seen_at = post.effective_at = now
    post.flags = sorted(one.flags)
    _say(post, one)


def _say(post: Post, one: Tidy) -> None:
    post.title, post.text = one.item.title, one.item.text
    post.content_hash, post.edited_at = one.content_hash, one.item.edited_at


def _touch(draft: Draft, one: Tidy) -> None:
    """The same words with a later edit time: older versions that come after lose to it."""
    if _beats(one.item.edited_at, draft.post.edited_at):
        draft.post.edited_at, draft.is_dirty = one.item.edited_at, True


def _edit(draft: Draft, one: Tidy, *, now: datetime) -> bool:
    """Whether the post says something else now; the version that lost stays as a revision."""
    post, is_later = draft.post, _beats(one.item.edited_at, draft.post.edited_at)
    if one.content_hash in draft.known_texts and not is_later:
        return False
    draft.known_texts |= {one.content_hash, post.content_hash}
    if not is_later and _beats(post.edited_at, one.item.edited_at):
        draft.revisions.append(_revision(post, one, now=now))
        return False
    draft.revisions.append(_put_aside(post, now=now))
    _say(post, one)
    post.flags = sorted({*post.flags, *one.flags})
    return True


def _beats(edited_at: datetime | None, other: datetime | None) -> bool:
    return edited_at is not None and (other is None or edited_at > other)


def _put_aside(post: Post, *, now: datetime) -> Revision:
    return Revision(
        post=post,
        title=post.title,
        text=post.text,
        content_hash=post.content_hash,
        edited_at=post.edited_at,
        seen_at=now,
    )


def _revision(post: Post, one: Tidy, *, now: datetime) -> Revision:
    return Revision(
        post=post,
        title=one.item.title,
        text=one.item.text,
        content_hash=one.content_hash,
        edited_at=one.item.edited_at,
        seen_at=now,
    )


def _fill(post: Post, one: Tidy, *, author: Author | None) -> bool:
    """Learn what was unknown; what is known stays. Whether anything was learned."""
    item, before = one.item, _known(post)
    post.url = post.url or item.url
    post.channel = post.channel or item.channel
    if not post.region:
        post.region, post.region_kind = item.region, item.region_kind if item.region else ""
    if item.author:
        post.author_name = post.author_name or item.author.name or ""
        post.author = post.author or author
    if post.published_at is None and item.published_at is not None:
        post.published_at, post.precision = item.published_at, item.precision
        post.effective_at = item.published_at
        post.is_backfill = item.published_at < post.first_seen_at - BACKFILL_AFTER
    post.media = post.media or [dict(one) for one in item.media]
    post.tags = post.tags or list(item.tags)
    post.vendor_labels = {**item.vendor_labels, **post.vendor_labels}
    return _known(post) != before


def _known(post: Post) -> tuple[object, ...]:
    return (
        post.url,
        post.channel,
        post.region,
        post.author_name,
        post.author_id,
        post.published_at,
        post.media,
        post.tags,
        post.vendor_labels,
    )


def place(draft: Draft, outlet: Outlet | None) -> None:
    """Give the post its medium; one it has stays."""
    if outlet is not None and draft.post.outlet_id is None:
        draft.learn("outlet", outlet)


def _read_counts(draft: Draft, one: Tidy, *, now: datetime) -> None:
    """A reading only when a count is another than the last one known; unknown is not 0."""
    told = {column: n for column, n in one.counts.items() if n is not None}
    if all(getattr(draft.post, column) == n for column, n in told.items()):
        return
    for column, n in told.items():
        setattr(draft.post, column, n)
    draft.readings.append(Reading(post=draft.post, at=now, **one.counts))
    draft.is_dirty = True
