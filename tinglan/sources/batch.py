"""One batch of items, written in its caller's transaction by a fixed number of statements.

Nobody waits in it for anybody in another order: authors, posts and sightings are written sorted.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from django.db.models import Q

from tinglan.lib import changes, claims
from tinglan.lib.rows import insert, overwrite
from tinglan.sources import merge
from tinglan.sources.merge import Draft
from tinglan.sources.models import Post, Raw, Revision, Run, Sighting, Source
from tinglan.sources.people import Outlets, author_key, authors_of
from tinglan.sources.threads import Key, Link, adopt, chosen, connect, key_of, links_of
from tinglan.sources.tidy import Tidy

RAW_KEPT: Final = timedelta(days=30)
UNCHANGING: Final = {"id", "platform", "id_space", "native_id"}
MUTABLE: Final = [f.name for f in Post._meta.concrete_fields if f.name not in UNCHANGING]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one item or reject."""

    position: int
    status: Literal["created", "updated", "duplicate", "rejected"]
    post_id: int | None = None
    reason: str = ""
    native_id: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A tidy item with its raw record, sealed before the transaction because that takes time."""

    one: Tidy
    raw: bytes | None
    is_urgent: bool = False


@dataclass(slots=True)
class Batch:
    """The posts of one batch while it is written; made anew for each try."""

    source: Source
    run: Run
    now: datetime
    is_drill: bool
    batch: Sequence[Sealed]
    drafts: dict[Key, Draft] = field(default_factory=dict)

    def write(self) -> list[Result]:
        if not self.batch:
            return []
        outlets = Outlets.load()
        authors = authors_of([sealed.one for sealed in self.batch], outlets)
        self._load()
        statuses = []
        for sealed in self.batch:
            one = sealed.one
            author = authors.get(author_key(one.item) or ("", ""))
            draft = self._draft(key_of(one.item))
            statuses.append(merge.apply(draft, one, author=author, now=self.now))
            draft.raw = sealed.raw if draft.latest is one else draft.raw
            draft.is_urgent |= sealed.is_urgent
            merge.place(draft, outlets.of_post(draft.post, author))
        self._store()
        self._announce()
        return [self._result(s.one, status) for s, status in zip(self.batch, statuses, strict=True)]

    def _result(self, one: Tidy, status: merge.Status) -> Result:
        post = self.drafts[key_of(one.item)].post
        return Result(one.item.position, status, post_id=post.pk, native_id=one.item.native_id)

    def _draft(self, key: Key) -> Draft:
        if key not in self.drafts:
            self.drafts[key] = merge.stub(key, now=self.now, is_drill=self.is_drill)
        return self.drafts[key]

    def _load(self) -> None:
        """Every stored post that the batch speaks of, locked, with its versions put aside."""
        wanted = {key_of(sealed.one.item) for sealed in self.batch}
        for sealed in self.batch:
            wanted.update(itertools.chain.from_iterable(links_of(sealed.one.item).values()))
        # No key of theirs changes: whoever writes mentions of them meanwhile need not wait.
        stored = Post.objects.select_for_update(no_key=True).filter(
            platform__in={key[0] for key in wanted},
            id_space__in={key[1] for key in wanted},
            native_id__in={key[2] for key in wanted},
        )
        for post in stored.order_by("id"):
            key = (post.platform, post.id_space, post.native_id)
            if key in wanted:
                self.drafts[key] = Draft(post)
        self._load_versions()

    def _load_versions(self) -> None:
        told = ((key_of(sealed.one.item), sealed.one.content_hash) for sealed in self.batch)
        edited = {
            draft.post.pk: draft
            for key, content_hash in told
            if (draft := self.drafts.get(key)) and draft.post.content_hash != content_hash
        }
        versions = (
            Revision.objects.filter(post_id__in=edited) if edited else Revision.objects.none()
        )
        for post_id, content_hash in versions.values_list("post_id", "content_hash"):
            edited[post_id].known_texts.add(content_hash)

    def _store(self) -> None:
        """Rows first, then the links between them: a post may answer one of its own batch."""
        links: dict[Key, dict[Link, Key]] = {}
        for sealed in self.batch:
            told = links_of(sealed.one.item)
            known = links.setdefault(key_of(sealed.one.item), {})
            known |= {name: chosen(keys, self.drafts) for name, keys in told.items()}
        for target in itertools.chain.from_iterable(one.values() for one in links.values()):
            self._draft(target)
        connect(self.drafts, links)
        new = sorted(key for key, draft in self.drafts.items() if draft.post.pk is None)
        insert([self.drafts[key].post for key in new])
        for key in new:
            self.drafts[key].is_dirty, self.drafts[key].is_made_here = False, True
        connect(self.drafts, links)
        self._update()
        adopt(self.drafts)
        self._store_rest()

    def _update(self) -> None:
        overwrite([draft.post for draft in self.drafts.values() if draft.is_dirty], MUTABLE)

    def _store_rest(self) -> None:
        drafts = list(self.drafts.values())
        insert([one for draft in drafts for one in draft.revisions])
        insert([one for draft in drafts for one in draft.readings])
        self._store_sightings()
        self._store_raw()

    def _store_sightings(self) -> None:
        """Nobody can have seen a post before us that is made here; another may have been seen."""
        seen = {(draft := self.drafts[key_of(s.one.item)]).post.pk: draft for s in self.batch}
        rows = {
            pk: Sighting(post_id=pk, source=self.source, run=self.run, at=self.now)
            for pk in sorted(seen)
        }
        insert([rows[pk] for pk in rows if seen[pk].is_made_here])
        known = [rows[pk] for pk in rows if not seen[pk].is_made_here]
        Sighting.objects.bulk_create(known, ignore_conflicts=True)

    def _store_raw(self) -> None:
        told = [draft for draft in self.drafts.values() if draft.raw is not None]
        told.sort(key=lambda draft: draft.post.pk)
        rows = {
            draft.post.pk: Raw(post=draft.post, sealed=draft.raw, expires_at=self.now + RAW_KEPT)
            for draft in told
        }
        insert([rows[draft.post.pk] for draft in told if draft.is_made_here])
        Raw.objects.bulk_create(
            [rows[draft.post.pk] for draft in told if not draft.is_made_here],
            update_conflicts=True,
            unique_fields=["post"],
            update_fields=["sealed", "expires_at"],
        )

    def _announce(self) -> None:
        """New and changed posts, and what waited under a stub: it may inherit a brand now."""
        news = [draft.post for draft in self.drafts.values() if draft.is_news]
        if not news:
            return
        filled = {draft.post.pk for draft in self.drafts.values() if draft.was_stub}
        told = {post.pk for post in news}
        below = Post.objects.none()
        if filled:
            under = Q(parent__in=filled) | Q(root__in=filled) | Q(repost_of__in=filled)
            below = Post.objects.filter(under, is_stub=False).exclude(pk__in=told).order_by("id")
        claims.announce_by(self._rank, [*news, *below])
        changes.note("mentions")

    def _rank(self, post: Post) -> int:
        """A month of old posts must not stand before what was said just now."""
        if post.is_backfill:
            return claims.LATE
        draft = self.drafts.get((post.platform, post.id_space, post.native_id))
        return claims.URGENT if draft is not None and draft.is_urgent else claims.USUAL
