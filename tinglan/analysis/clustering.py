"""Group the posts of one brand into events (舆情事件归并), online and in one pass.

A post joins the event that holds a copy of it or its thread, or else the one whose centre of terms
is nearest, if near enough; what is near but doubtful is looked at again: how much rare is shared,
and how long the event has been silent. What joins nothing opens an event only if it is a *seed*:

- it complains, or its polarity is negative, or it inquires about safety, privacy or ethics, and
- it says something: three terms at least that are not in every other post of the brand.

Everything else waits in a cluster that is no event. It becomes one when a seed joins it, or when it
has gathered enough posts that are not copies: a launch or a joke everybody repeats is an event too,
ordinary chatter is not. Only seeds move the centre of an event, or chatter would make it drift; and
copies teach nothing, or a flood of one text would look ordinary. Clusters that have rested longer
than the window are forgotten. Two events that turn out to be one are named by `twins`; merging is
the caller's act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tinglan.analysis.background import Background
from tinglan.analysis.clusters import DEFAULT, Cluster, Config, rest_of
from tinglan.analysis.groups import Assignment, Groups, Piece

__all__ = ["DEFAULT", "Assignment", "Config", "Grouping", "Groups", "Piece", "assign"]


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


def assign(
    clusters: Iterable[Cluster],
    posts: Sequence[Piece],
    *,
    background: Background,
    config: Config = DEFAULT,
    homes: Mapping[str, str] | None = None,
) -> Grouping:
    """Assign posts, in the order of their times, to the clusters of one brand.

    1. Take up the clusters near the posts in time.
    2. Each post: learn its terms into `background`; by its links, else by nearness, else it opens
       a cluster.
    3. Give the clusters back as values.

    `homes` name the clusters of links that the caller knows; a cluster itself remembers its latest.

    >>> from datetime import UTC, datetime
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
    groups = Groups(background, config=config)
    for cluster in _near_in_time(clusters, ordered, config):
        groups.take_up(cluster)
    groups.know(homes or {})
    assignments = groups.place(ordered)
    return Grouping(
        assignments=tuple(assignments),
        clusters=tuple(groups.value(key) for key in groups),
        changed=groups.changed(),
    )


def _near_in_time(
    clusters: Iterable[Cluster], ordered: Sequence[Piece], config: Config
) -> list[Cluster]:
    """The clusters that a post of the batch could still join; old posts that come late join old
    ones, so it is the posts' times that count and not the clock.
    """
    live = [
        cluster
        for cluster in clusters
        if ordered
        and cluster.last_at + rest_of(cluster, config) >= ordered[0].at
        and cluster.opened_at - rest_of(cluster, config) <= ordered[-1].at
    ]
    waiting = sorted((each for each in live if not each.is_event), key=lambda each: each.last_at)
    dropped = {each.key for each in waiting[: max(0, len(waiting) - config.max_waiting)]}
    return [cluster for cluster in live if cluster.key not in dropped]
