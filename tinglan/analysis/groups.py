"""The clusters of one brand at work: they take posts one by one, merge, rest and are forgotten.

`clustering` tells by which rules; this is where they are followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tinglan.analysis.background import Background, Terms, Vector, terms_of_all
from tinglan.analysis.clusters import DEFAULT, Cluster, Config
from tinglan.analysis.clusters_index import Index

GRAVE_ASPECTS = frozenset({"safety", "privacy", "ethics"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A post to be grouped: what it says, and its labels.

    `links` name what it shares with others: "copy:<fold key>" for its near-duplicates,
    "thread:<id>" for its root; an original post carries the thread of its own id.
    """

    key: str
    text: str
    at: datetime
    polarity: str = "neutral"
    intent: str = "other"
    aspects: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def is_seed(self) -> bool:
        """Alone enough to open an event, provided that it says something."""
        is_grave_question = self.intent == "inquiry" and bool(GRAVE_ASPECTS & {*self.aspects})
        return self.intent == "complaint" or self.polarity == "negative" or is_grave_question


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where a post went and why: copy, thread, similar, first; waiting has no cluster."""

    post: str
    cluster: str | None
    score: float
    reason: str


@dataclass(slots=True)
class _Member:
    """What a cluster at work holds beside its row of the index."""

    key: str
    row: int
    serial: int
    opened_at: datetime
    last_at: datetime
    n_posts: int
    is_event: bool
    links: dict[str, None] = field(default_factory=dict)  # the latest, the newest last
    waiting: list[str] = field(default_factory=list)


class Groups:
    """The clusters of one brand at work: they take posts, merge, rest and are forgotten.

    What `value` gives of each, taken up by another, goes on exactly as this one would have.
    """

    def __init__(self, background: Background, *, config: Config = DEFAULT) -> None:
        self._background = background
        self._config = config
        self._index = Index(config)
        self._members: dict[str, _Member] = {}
        self._of_row: dict[int, _Member] = {}
        self._by_link: dict[str, str] = {}
        self._changed: set[str] = set()
        self._waiting: set[str] = set()
        self._next_serial = 1

    def __iter__(self) -> Iterator[str]:
        """The keys of its clusters."""
        return iter(list(self._members))

    def __contains__(self, key: str) -> bool:
        return key in self._members

    def awaits(self, post: str) -> bool:
        """Whether a post waits for its cluster to become an event."""
        return post in self._waiting

    def changed(self) -> frozenset[str]:
        """The keys of the clusters that changed since this was asked last."""
        changed, self._changed = frozenset(self._changed), set()
        return changed

    def take_up(self, cluster: Cluster) -> None:
        """A stored cluster goes on."""
        member = self._admit(
            cluster.key,
            serial=cluster.serial,
            opened_at=cluster.opened_at,
            last_at=cluster.last_at,
            base=cluster.base,
            is_event=cluster.is_event,
        )
        member.n_posts = cluster.n_posts
        member.links = dict.fromkeys(cluster.links)
        member.waiting = list(cluster.waiting)
        self._waiting.update(cluster.waiting)
        self._index.fill(member.row, cluster.terms, cluster.weights)
        self._by_link.update(dict.fromkeys(cluster.links, cluster.key))

    def know(self, homes: Mapping[str, str]) -> None:
        """Where copies and threads belong that a cluster has long let go of."""
        for link, key in homes.items():
            if key in self._members:
                self._by_link[link] = key

    def value(self, key: str) -> Cluster:
        """A cluster as a value."""
        member = self._members[key]
        terms, weights = self._index.content(member.row)
        return Cluster(
            key=key,
            opened_at=member.opened_at,
            last_at=member.last_at,
            terms=terms,
            weights=weights,
            base=self._index.base(member.row),
            serial=member.serial,
            n_posts=member.n_posts,
            is_event=member.is_event,
            links=tuple(member.links),
            waiting=tuple(member.waiting),
        )

    def place(self, ordered: Sequence[Piece], *, terms: Terms | None = None) -> list[Assignment]:
        """Put posts, in the order of their times, where they belong."""
        cut = terms_of_all([post.text for post in ordered]) if terms is None else terms
        made: list[Assignment] = []
        for at, post in enumerate(ordered):
            numbers, counts = cut.of(at)
            common = self._background.is_common(numbers)
            says_enough = len(numbers) - int(common.sum()) >= _MIN_TERMS
            size = self._config.terms_per_post
            vector = self._background.vector(numbers, counts, size=size)
            is_copy = any(link.startswith("copy:") and link in self._by_link for link in post.links)
            member, assigned = self._placed(post, vector, is_seed=post.is_seed and says_enough)
            if not is_copy and _is_heard(member.n_posts):
                self._background.learn(numbers)
            made += assigned
        return made

    def gather(self, key: str, posts: Sequence[Piece]) -> None:
        """Make one event of posts that belong together, whatever they say."""
        first = posts[0].at
        member = self._admit(
            key,
            serial=self._next_serial,
            opened_at=first,
            last_at=first,
            base=first.timestamp(),
            is_event=True,
        )
        cut = terms_of_all([post.text for post in posts])
        for at, post in enumerate(posts):
            vector = self._background.vector(*cut.of(at), size=self._config.terms_per_post)
            self._index.learn(member.row, vector, post.at.timestamp())
            self._join(member, post, score=1.0, reason="person", is_seed=True)

    def forget_before(self, at: datetime) -> list[str]:
        """Leave alone what no post from this time on could join; the keys."""
        over = [
            member.key
            for member in self._members.values()
            if member.last_at + self._rest_of(member) < at
        ]
        for key in over:
            self._drop(key)
        return over

    def twins_of(self, keys: Iterable[str]) -> list[tuple[str, str, float]]:
        """The pairs (smaller, larger, nearness) that should be one, nearest first; among `keys`
        one of each pair."""
        found: dict[tuple[str, str], float] = {}
        for key in keys:
            member = self._members.get(key)
            if member is None or not member.is_event:
                continue
            for row, cosine in self._index.near_events(member.row):
                other = self._of_row[row]
                if cosine >= self._config.merge_at and self._meet(member, other):
                    smaller, larger = sorted((member, other), key=_size)
                    found[smaller.key, larger.key] = cosine
        ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(*pair, score) for pair, score in ranked]

    def merge(self, smaller: str, larger: str) -> None:
        """Two clusters become one; the larger goes on."""
        gone, kept = self._members[smaller], self._members[larger]
        self._index.absorb(kept.row, gone.row)
        kept.opened_at = min(kept.opened_at, gone.opened_at)
        kept.last_at = max(kept.last_at, gone.last_at)
        kept.n_posts += gone.n_posts
        links = {**gone.links, **kept.links}
        self._drop(smaller)
        kept.links = {}
        self._link(kept, tuple(links))
        self._changed = (self._changed - {smaller}) | {larger}

    def _admit(
        self,
        key: str,
        *,
        serial: int,
        opened_at: datetime,
        last_at: datetime,
        base: float,
        is_event: bool,
    ) -> _Member:
        row = self._index.add(
            serial=serial,
            opened=opened_at.timestamp(),
            last=last_at.timestamp(),
            base=base,
            is_event=is_event,
        )
        member = _Member(key, row, serial, opened_at, last_at, 0, is_event)
        self._members[key] = self._of_row[row] = member
        self._next_serial = max(self._next_serial, serial + 1)
        return member

    def _placed(
        self, post: Piece, vector: Vector, *, is_seed: bool
    ) -> tuple[_Member, list[Assignment]]:
        member, score, reason = self._by_links(post, vector) or self._by_nearness(
            post, vector, is_seed=is_seed
        )
        if member is None:
            member = self._admit(
                f"new:{post.key}",
                serial=self._next_serial,
                opened_at=post.at,
                last_at=post.at,
                base=post.at.timestamp(),
                is_event=False,
            )
        if reason in {"similar", "first"} and (is_seed or not member.is_event):
            # Chatter teaches no event, or it would drift.
            self._index.learn(member.row, vector, post.at.timestamp())
        return member, self._join(member, post, score=score, reason=reason, is_seed=is_seed)

    def _by_links(self, post: Piece, vector: Vector) -> tuple[_Member, float, str] | None:
        """The cluster of a copy or of the thread, unless a reply's own words take it elsewhere."""
        for link in post.links:
            key = self._by_link.get(link)
            if key is None:
                continue
            reason = link.partition(":")[0]
            if reason == "thread":
                stray = self._config.stray_at
                nearest, score = self._nearest(post, vector, event_at=stray, waiting_at=stray)
                if nearest is not None and nearest.key != key:
                    return nearest, score, "similar"
            return self._members[key], 1.0, reason
        return None

    def _by_nearness(
        self, post: Piece, vector: Vector, *, is_seed: bool
    ) -> tuple[_Member | None, float, str]:
        config = self._config
        event_at = config.join_at if is_seed else config.chatter_join_at
        waiting_at = max(event_at, config.gather_at)
        member, score = self._nearest(post, vector, event_at=event_at, waiting_at=waiting_at)
        return member, score, "similar" if member else "first"

    def _nearest(
        self, post: Piece, vector: Vector, *, event_at: float, waiting_at: float
    ) -> tuple[_Member | None, float]:
        row, score = self._index.nearest(
            vector, post.at.timestamp(), event_at=event_at, waiting_at=waiting_at
        )
        return (self._of_row[row], score) if row >= 0 else (None, 0.0)

    def _join(
        self, member: _Member, post: Piece, *, score: float, reason: str, is_seed: bool
    ) -> list[Assignment]:
        """Write the post into the cluster; make the cluster an event if this post does."""
        member.n_posts += reason != "copy"
        member.opened_at = min(member.opened_at, post.at)
        member.last_at = max(member.last_at, post.at)
        self._index.note_time(member.row, post.at.timestamp())
        self._link(member, post.links)
        self._changed.add(member.key)
        born: list[Assignment] = []
        gathered = member.n_posts >= self._config.gathered_enough
        if not member.is_event and (is_seed or gathered):
            born = [
                Assignment(key, member.key, 1.0, "similar" if n else "first")
                for n, key in enumerate(member.waiting)
            ]
            self._waiting.difference_update(member.waiting)
            member.is_event, member.waiting = True, []
            self._index.make_event(member.row)
        if not member.is_event:
            member.waiting.append(post.key)
            self._waiting.add(post.key)
            return [Assignment(post.key, None, score, "waiting")]
        return [*born, Assignment(post.key, member.key, score or 1.0, reason)]

    def _link(self, member: _Member, links: tuple[str, ...]) -> None:
        """Note the latest links of a cluster; the oldest of too many are let go."""
        for link in links:
            member.links.pop(link, None)
            member.links[link] = None
            self._by_link.setdefault(link, member.key)
        while len(member.links) > self._config.links_per_cluster:
            oldest = next(iter(member.links))
            del member.links[oldest]
            if self._by_link.get(oldest) == member.key:
                del self._by_link[oldest]

    def _drop(self, key: str) -> None:
        member = self._members.pop(key)
        self._index.forget(member.row)
        del self._of_row[member.row]
        self._changed.discard(key)
        self._waiting.difference_update(member.waiting)
        for link in member.links:
            if self._by_link.get(link) == key:
                del self._by_link[link]

    def _rest_of(self, member: _Member) -> timedelta:
        return self._config.window if member.is_event else self._config.waiting_window

    def _meet(self, one: _Member, other: _Member) -> bool:
        """Near enough in time that a post could belong to both."""
        rest = self._config.window
        return one.opened_at - rest <= other.last_at and other.opened_at - rest <= one.last_at


_MIN_TERMS = 3
_HEARD_BITS = 4


def _is_heard(n_posts: int) -> bool:
    """Whether the latest of so many posts tells what is ordinary: ever fewer of a large event do.

    Ordinary is what is said about many things, and one that everybody talks of is not: otherwise
    the words of a crisis would weigh nothing soon, and it would fall to pieces.

    >>> [n for n in range(12, 60) if _is_heard(n)]
    [12, 13, 14, 15, 16, 18, 20, 22, 24, 26, 28, 30, 32, 36, 40, 44, 48, 52, 56]
    """
    shift = max(0, n_posts.bit_length() - _HEARD_BITS)
    return n_posts >> shift << shift == n_posts


def _size(member: _Member) -> tuple[int, str]:
    return member.n_posts, member.key
