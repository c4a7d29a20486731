"""The posts of an event as the columns that `analysis.spread` reads, and what their rows stand for.

One query for the posts, one for their repost chains, and a few for parents that are no posts of the
event. Of a very large event the first posts are taken, and the page says so.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from django.db.models import QuerySet
from django.db.models.functions import Left

from tinglan.analysis.spread import NOBODY, Ints, Posts
from tinglan.analysis.spread_chain import Hands, hands
from tinglan.events.members import members_of
from tinglan.events.models import Event, Membership
from tinglan.sources.models import Post

N_POSTS = 20_000
PIECE = 500  # ids in one query
TEXT_LENGTH = 2000  # of a text; platforms cut a chain long before


class Told(NamedTuple):
    """What a post says of itself."""

    post: int
    at: datetime
    platform: str
    author: int | None
    account_name: str | None
    name: str
    parent: int | None
    repost_of: int | None
    root: int | None
    is_stub: bool

    @property
    def above(self) -> list[int]:
        """The posts it refers to, itself left out."""
        named = (self.parent, self.root, self.repost_of)
        return [post for post in named if post is not None and post != self.post]

    @property
    def thread(self) -> int:
        """The root of its thread, as far as it is told."""
        named = (self.root, self.repost_of, self.parent)
        return next((post for post in named if post is not None and post != self.post), NOBODY)


FIELDS = (
    "id",
    "effective_at",
    "platform",
    "author_id",
    "author__name",
    "author_name",
    "parent_id",
    "repost_of_id",
    "root_id",
    "is_stub",
)


@dataclass(frozen=True, slots=True)
class Rows:
    """Which post stands in which row, and which mention it is."""

    posts: Posts
    post_ids: Sequence[int]
    mention_ids: Sequence[int | None]  # None: no post of the event, only somebody's parent
    platforms: Sequence[str]  # by their number
    stub_rows: frozenset[int]  # never collected
    is_cut: bool  # the event has more posts than are taken


def rows_of(event: Event) -> Rows:
    members = members_of(event).order_by("mention__at", "id")
    fields = (f"mention__post__{field}" for field in FIELDS)
    rows = members.values_list("mention_id", "mention__copy_of__post_id", *fields)[: N_POSTS + 1]
    taken = list(rows[:N_POSTS])
    told = {row[2]: Told(*row[2:]) for row in taken}
    mentions = {row[2]: row[0] for row in taken}
    copied = {row[2]: row[1] for row in taken if row[1] is not None}
    told |= _parents_of(told)
    order = _in_order(told, mentions)
    platforms = sorted({one.platform for one in told.values()})
    found = [told[post] for post in order]
    columns = _Columns(found, {post: row for row, post in enumerate(order)}, platforms)
    return Rows(
        posts=columns.posts(mentions=mentions, copied=copied, chains=_chains(members, found)),
        post_ids=order,
        mention_ids=[mentions.get(post) for post in order],
        platforms=platforms,
        stub_rows=frozenset(row for row, one in enumerate(found) if one.is_stub),
        is_cut=event.n_posts > N_POSTS,
    )


def _parents_of(told: Mapping[int, Told]) -> dict[int, Told]:
    """Posts that the event's posts refer to and that are not of the event."""
    wanted = sorted({post for one in told.values() for post in one.above} - told.keys())
    found: dict[int, Told] = {}
    for start in range(0, len(wanted), PIECE):
        rows = Post.objects.filter(pk__in=wanted[start : start + PIECE]).values_list(*FIELDS)
        found.update({row[0]: Told(*row) for row in rows})
    return found


def _in_order(told: Mapping[int, Told], members: Collection[int]) -> list[int]:
    """By time; a stub has none of its own and stands just before the first that names it."""
    first: dict[int, datetime] = {}
    for one in told.values():
        for post in one.above:
            first[post] = min(first.get(post, one.at), one.at)

    def place(one: Told) -> tuple[datetime, bool, int]:
        at = first.get(one.post, one.at) if one.is_stub else one.at
        return at, one.post in members, one.post

    return [one.post for one in sorted(told.values(), key=place)]


def _chains(members: QuerySet[Membership], told: Sequence[Told]) -> dict[int, Hands]:
    """Whose hands each post names, by its id; only of those that state no parent."""
    if not told:
        return {}
    wanted = {one.post for one in told if one.parent is None}
    texts = members.filter(mention__post__text__contains="@", mention__at__lte=told[-1].at)
    rows = texts.values_list("mention__post_id", Left("mention__post__text", TEXT_LENGTH))
    read = {post: hands(text) for post, text in rows[:N_POSTS] if post in wanted}
    return {post: found for post, found in read.items() if found.names or found.cut}


@dataclass(frozen=True, slots=True)
class _Columns:
    """Posts in their rows, about to become columns."""

    told: Sequence[Told]
    row_of: Mapping[int, int]
    platforms: Sequence[str]

    def posts(
        self,
        *,
        mentions: Mapping[int, int],
        copied: Mapping[int, int],
        chains: Mapping[int, Hands],
    ) -> Posts:
        times = np.array([one.at.timestamp() for one in self.told], dtype=np.float64)
        number = {name: at for at, name in enumerate(self.platforms)}
        return Posts(
            times=np.minimum.accumulate(times[::-1])[::-1],  # a stub's was when it was found
            weights=self._ints(lambda one: int(one.post in mentions)),
            authors=np.array(list(self._accounts()), dtype=np.int64),
            names=[one.account_name or one.name for one in self.told],
            platforms=self._ints(lambda one: number[one.platform]),
            stated=self._ints(lambda one: self._row(one.parent, one)),
            roots=self._ints(lambda one: self._row(one.thread, one)),
            copied=self._ints(lambda one: self._row(copied.get(one.post), one)),
            hands={self.row_of[post]: found for post, found in chains.items()},
        )

    def _ints(self, value: Callable[[Told], int]) -> Ints:
        return np.array([value(one) for one in self.told], dtype=np.int64)

    def _row(self, post: int | None, one: Told) -> int:
        return NOBODY if post is None or post == one.post else self.row_of.get(post, NOBODY)

    def _accounts(self) -> Iterable[int]:
        """A number for each account, or for each name where a source gives no more than that."""
        numbers: dict[tuple[str, int | str], int] = {}
        for one in self.told:
            key = one.author or one.name
            yield numbers.setdefault((one.platform, key), len(numbers)) if key else NOBODY
