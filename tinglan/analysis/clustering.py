"""Group the posts of one brand into events (舆情事件归并), online and in one pass.

A post joins the event that holds a copy of it or its thread, or else the one whose centre of terms
is nearest, if near enough. What joins nothing opens an event only if it is a *seed*:

- it complains, or its polarity is negative, or it inquires about safety, privacy or ethics, and
- it says something: three terms at least that are not in every other post of the brand.

Everything else waits in a cluster that is no event. It becomes one when a seed joins it, or when it
has gathered enough posts that are not copies: a launch or a joke everybody repeats is an event too,
ordinary chatter is not. Only seeds move the centre of an event, or chatter would make it drift.
Clusters that have rested longer than the window are forgotten. Two events that turn out to be one
are named by `twins`; merging is the caller's act.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tinglan.analysis.clusters import DEFAULT, Centroid, Cluster, Config, Index, is_in_time, rest_of
from tinglan.analysis.terms import Background, terms_of, vector_of

__all__ = ["DEFAULT", "Assignment", "Config", "Grouping", "Piece", "assign"]

GRAVE_ASPECTS = frozenset({"safety", "privacy", "ethics"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A post to be grouped: its normalised text and its labels.

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


@dataclass(frozen=True, slots=True)
class Grouping:
    """The result: assignments, the clusters taken up or new, and the keys of those that changed.

    What waits and is not among `clusters` is forgotten; an event that is not is merely untouched.

    An earlier post that waited is assigned when its cluster becomes an event, so there may be
    more assignments than posts. A new cluster's key is "new:" and the key of its first post.
    """

    assignments: tuple[Assignment, ...]
    clusters: tuple[Cluster, ...]
    changed: frozenset[str]


@dataclass(slots=True)
class _Work:
    """The state of one call."""

    config: Config
    background: Background
    index: Index
    by_link: dict[str, str] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)


def assign(
    clusters: Iterable[Cluster],
    posts: Sequence[Piece],
    *,
    background: Background,
    config: Config = DEFAULT,
) -> Grouping:
    """Assign posts, in the order of their times, to the clusters of one brand.

    1. Take up the clusters near the posts in time, and learn the batch's terms into `background`.
    2. Each post: by its links, else by nearness, else it opens a cluster.
    3. Give the clusters back as values.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    >>> posts = [
    ...     Piece("1", "星河水壶漏电，手都麻了", noon, intent="complaint"),
    ...     Piece("2", "我家的水壶也漏电，手麻", noon, intent="complaint"),
    ...     Piece("3", "退款拖了半个月还没到账", noon, intent="complaint"),
    ...     Piece("4", "今天天气不错", noon),
    ... ]
    >>> grouping = assign([], posts, background=Background())
    >>> [(each.cluster, each.reason) for each in grouping.assignments]
    [('new:1', 'first'), ('new:1', 'similar'), ('new:3', 'first'), (None, 'waiting')]
    """
    ordered = sorted(posts, key=lambda post: post.at)
    termed = [terms_of(post.text) for post in ordered]
    index = Index(
        half_life=config.half_life,
        terms_per_cluster=config.terms_per_cluster,
        sought=set().union(*termed),
    )
    work = _Work(config, background, index)
    _take_up(work, clusters, ordered)
    background.learn(termed)
    for post, terms in zip(ordered, termed, strict=True):
        says_enough = sum(not background.is_common(term) for term in terms) >= _MIN_TERMS
        vector = vector_of(terms, background, size=config.terms_per_post)
        _place(work, post, vector, says_enough=says_enough)
    return _given_back(work)


_MIN_TERMS = 3


def _take_up(work: _Work, clusters: Iterable[Cluster], ordered: Sequence[Piece]) -> None:
    """The clusters that a post of the batch could still join; old posts that come late join old
    ones, so it is the posts' times that count and not the clock.
    """
    config = work.config
    live = [
        cluster
        for cluster in clusters
        if ordered
        and cluster.last_at + rest_of(cluster, config) >= ordered[0].at
        and cluster.opened_at - rest_of(cluster, config) <= ordered[-1].at
    ]
    waiting = sorted((each for each in live if not each.is_event), key=lambda each: each.last_at)
    dropped = {each.key for each in waiting[: max(0, len(waiting) - config.max_waiting)]}
    for cluster in live:
        if cluster.key not in dropped:
            work.index.add(cluster)
            work.by_link.update(dict.fromkeys(cluster.links, cluster.key))


def _place(work: _Work, post: Piece, vector: dict[str, float], *, says_enough: bool) -> None:
    """Put one post where it belongs."""
    is_seed = post.is_seed and says_enough
    key, score, reason = _by_link(work, post, vector) or _by_nearness(
        work, post, vector, is_seed=is_seed
    )
    if key is None:
        cluster = Cluster(
            key=f"new:{post.key}",
            terms={},
            opened_at=post.at,
            last_at=post.at,
            n_posts=0,
            is_event=False,
        )
        work.index.add(cluster)
        key = cluster.key
    is_event = work.index.centroids[key].cluster.is_event
    if reason in {"similar", "first"} and (is_seed or not is_event):
        work.index.learn(key, vector, post.at)  # chatter teaches no event, or it would drift
    _join(work, work.index.centroids[key], post, score=score, reason=reason, is_seed=is_seed)


def _by_link(
    work: _Work, post: Piece, vector: dict[str, float]
) -> tuple[str | None, float, str] | None:
    """The cluster of a copy or of the thread, unless a reply's own words take it elsewhere."""
    for link in post.links:
        key = work.by_link.get(link)
        if key is None:
            continue
        reason = link.partition(":")[0]
        nearest, score = _nearest(work, post, vector, events_at=work.config.stray_at)
        if reason == "thread" and nearest not in {None, key}:
            return nearest, score, "similar"
        return key, 1.0, reason
    return None


def _by_nearness(
    work: _Work, post: Piece, vector: dict[str, float], *, is_seed: bool
) -> tuple[str | None, float, str]:
    config = work.config
    key, score = _nearest(
        work, post, vector, events_at=config.join_at if is_seed else config.chatter_join_at
    )
    return key, score, "similar" if key else "first"


def _nearest(
    work: _Work, post: Piece, vector: dict[str, float], *, events_at: float
) -> tuple[str | None, float]:
    """The nearest cluster over its threshold; an event goes before what only waits."""
    best: tuple[bool, float, str] | None = None
    for key, score in work.index.cosines(vector).items():
        if score < events_at:
            continue
        cluster = work.index.centroids[key].cluster
        needed = events_at if cluster.is_event else max(events_at, work.config.gather_at)
        if score >= needed and is_in_time(cluster, post.at, work.config):
            best = max(best or (False, 0.0, ""), (cluster.is_event, score, key))
    return (best[2], best[1]) if best else (None, 0.0)


def _join(
    work: _Work, centroid: Centroid, post: Piece, *, score: float, reason: str, is_seed: bool
) -> None:
    """Write the post into the cluster; make the cluster an event if this post does."""
    before, config = centroid.cluster, work.config
    n_posts = before.n_posts + (reason != "copy")
    is_born = not before.is_event and (is_seed or n_posts >= config.gathered_enough)
    is_event = before.is_event or is_born
    waiting = before.waiting if is_event else (*before.waiting, post.key)
    centroid.cluster = replace(
        before,
        opened_at=min(before.opened_at, post.at),
        last_at=max(before.last_at, post.at),
        n_posts=n_posts,
        is_event=is_event,
        links=_with_links(before.links, post.links, config.links_per_cluster),
        waiting=() if is_event else waiting,
    )
    for link in post.links:
        work.by_link.setdefault(link, before.key)
    work.changed.add(before.key)
    if is_born:
        work.assignments += [
            Assignment(key, before.key, 1.0, "similar" if n else "first")
            for n, key in enumerate(before.waiting)
        ]
    work.assignments.append(
        Assignment(post.key, before.key, score or 1.0, reason)
        if is_event
        else Assignment(post.key, None, score, "waiting")
    )


def _with_links(old: tuple[str, ...], new: tuple[str, ...], limit: int) -> tuple[str, ...]:
    """The latest distinct links, the newest last."""
    return tuple(dict.fromkeys((*(link for link in old if link not in new), *new)))[-limit:]


def _given_back(work: _Work) -> Grouping:
    return Grouping(
        assignments=tuple(work.assignments),
        clusters=tuple(
            work.index.value(key) if key in work.changed else centroid.cluster
            for key, centroid in work.index.centroids.items()
        ),
        changed=frozenset(work.changed),
    )
