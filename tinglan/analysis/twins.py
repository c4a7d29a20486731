"""Events that turn out to be one (重复事件): name them, and make one cluster of two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from tinglan.analysis.clusters import DEFAULT, Cluster, Config, Index, heaviest, is_in_time


@dataclass(frozen=True, slots=True)
class Twins:
    """Two events whose centres are near enough to be one; the smaller should go."""

    smaller: str
    larger: str
    score: float


def twins(
    clusters: Iterable[Cluster], *, among: Collection[str] | None = None, config: Config = DEFAULT
) -> list[Twins]:
    """The pairs of events that should be one, nearest first, no event in two pairs.

    With `among`, the pairs in which one of these events is: new ones, compared with all.
    """
    events = {cluster.key: cluster for cluster in clusters if cluster.is_event}
    asked = {key: events[key] for key in (events if among is None else among) if key in events}
    index = Index(
        half_life=config.half_life,
        terms_per_cluster=config.terms_per_cluster,
        sought=set().union(*(cluster.terms for cluster in asked.values())),
    )
    for cluster in events.values():
        index.add(cluster)
    found = []
    for key, cluster in asked.items():
        for other, score in index.cosines(_unit(cluster.terms)).items():
            is_smaller = _size(cluster) < _size(events[other])
            if other == key or (other in asked and not is_smaller) or score < config.merge_at:
                continue  # of two that are asked for the smaller speaks
            if _meet(cluster, events[other], config):
                pair = (key, other) if is_smaller else (other, key)
                found.append(Twins(*pair, score))
    found.sort(key=lambda pair: (-pair.score, pair.smaller, pair.larger))
    return list(_disjoint(found))


def absorb(larger: Cluster, smaller: Cluster, *, config: Config = DEFAULT) -> Cluster:
    """One cluster of two; it keeps the key of the larger."""
    links = (*smaller.links, *larger.links)[-config.links_per_cluster :]
    return replace(
        larger,
        terms=_sum_of([larger, smaller], size=config.terms_per_cluster),
        opened_at=min(larger.opened_at, smaller.opened_at),
        last_at=max(larger.last_at, smaller.last_at),
        n_posts=larger.n_posts + smaller.n_posts,
        links=tuple(links),
    )


def _size(cluster: Cluster) -> tuple[int, str]:
    return cluster.n_posts, cluster.key


def _meet(one: Cluster, other: Cluster, config: Config) -> bool:
    return is_in_time(one, other.opened_at, config) or is_in_time(other, one.opened_at, config)


def _disjoint(pairs: Sequence[Twins]) -> Iterable[Twins]:
    """Each event once: a chain of merges waits for the next round, with the centres as they are."""
    taken: set[str] = set()
    for pair in pairs:
        if not taken & {pair.smaller, pair.larger}:
            taken |= {pair.smaller, pair.larger}
            yield pair


def _sum_of(clusters: Iterable[Cluster], *, size: int) -> dict[str, float]:
    """The terms of clusters that become one."""
    total: defaultdict[str, float] = defaultdict(float)
    for cluster in clusters:
        for term, weight in cluster.terms.items():
            total[term] += weight
    return heaviest(total, size)


def _unit(terms: Mapping[str, float]) -> dict[str, float]:
    """The same direction with length 1."""
    length = sqrt(sum(weight * weight for weight in terms.values()))
    return {term: weight / length for term, weight in terms.items()} if length else {}
