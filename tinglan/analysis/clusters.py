"""What an event is about, as a value: the terms of its posts, weighted and fading, with its links;
and the index that finds the nearest of many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import nlargest
from math import sqrt
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class Cluster:
    """Posts that tell of the same thing: an event, or one that may become one (`is_event` false).

    `terms` is the fading sum of the unit vectors of its posts; `links` are the latest copies and
    threads that belong to it; `waiting` are the posts of a cluster that is no event yet.
    """

    key: str
    terms: Mapping[str, float]
    opened_at: datetime
    last_at: datetime
    n_posts: int = 1
    is_event: bool = True
    links: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


class ClusterRow(TypedDict):
    """A `Cluster` as JSON."""

    key: str
    terms: dict[str, float]
    opened_at: str
    last_at: str
    n_posts: int
    is_event: bool
    links: list[str]
    waiting: list[str]


def dump(cluster: Cluster) -> ClusterRow:
    """The cluster as plain values for a JSON column."""
    return ClusterRow(
        key=cluster.key,
        terms={term: round(weight, 4) for term, weight in cluster.terms.items()},
        opened_at=cluster.opened_at.isoformat(),
        last_at=cluster.last_at.isoformat(),
        n_posts=cluster.n_posts,
        is_event=cluster.is_event,
        links=list(cluster.links),
        waiting=list(cluster.waiting),
    )


def load(row: ClusterRow) -> Cluster:
    """The cluster from what `dump` wrote."""
    return Cluster(
        key=row["key"],
        terms=dict(row["terms"]),
        opened_at=datetime.fromisoformat(row["opened_at"]),
        last_at=datetime.fromisoformat(row["last_at"]),
        n_posts=row["n_posts"],
        is_event=row["is_event"],
        links=tuple(row["links"]),
        waiting=tuple(row["waiting"]),
    )


@dataclass(slots=True)
class Centroid:
    """A cluster at work. Its terms grow with time instead of fading: only their ratio counts."""

    cluster: Cluster
    terms: dict[str, float]
    square: float

    @classmethod
    def of(cls, cluster: Cluster) -> Centroid:
        terms = dict(cluster.terms)
        return cls(cluster, terms, sum(weight * weight for weight in terms.values()))


class Index:
    """Centroids under their terms, so that a post meets only those it shares a term with."""

    def __init__(self, *, half_life: timedelta, terms_per_cluster: int) -> None:
        self._half_life = half_life
        self._size = terms_per_cluster
        self._postings: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self._base: dict[str, datetime] = {}
        self.centroids: dict[str, Centroid] = {}

    def add(self, cluster: Cluster) -> None:
        centroid = Centroid.of(cluster)
        self.centroids[cluster.key] = centroid
        self._base[cluster.key] = cluster.last_at
        for term, weight in centroid.terms.items():
            self._postings[term][cluster.key] = weight

    def remove(self, key: str) -> None:
        for term in self.centroids.pop(key).terms:
            self._postings[term].pop(key, None)
        del self._base[key]

    def cosines(self, vector: Mapping[str, float]) -> dict[str, float]:
        """The cosine of a unit vector with every centroid that shares a term with it."""
        products: defaultdict[str, float] = defaultdict(float)
        for term, weight in vector.items():
            for key, other in self._postings[term].items() if term in self._postings else ():
                products[key] += weight * other
        return {
            key: product / sqrt(self.centroids[key].square) for key, product in products.items()
        }

    def learn(self, key: str, vector: Mapping[str, float], at: datetime) -> None:
        """A post joins: its terms enter the centroid with the weight of its time."""
        centroid = self.centroids[key]
        gain = 2.0 ** min(60.0, max(-60.0, (at - self._base[key]) / self._half_life))
        for term, weight in vector.items():
            before = centroid.terms.get(term, 0.0)
            after = before + gain * weight
            centroid.terms[term] = after
            centroid.square += after * after - before * before
            self._postings[term][key] = after
        if len(centroid.terms) > 2 * self._size:
            self._trim(key, centroid)

    def value(self, key: str) -> Cluster:
        """The cluster as a value again, its terms faded to the time of its last post."""
        centroid = self.centroids[key]
        fade = 2.0 ** (-(centroid.cluster.last_at - self._base[key]) / self._half_life)
        kept = _heaviest(centroid.terms, self._size)
        return replace(
            centroid.cluster, terms={term: weight * fade for term, weight in kept.items()}
        )

    def _trim(self, key: str, centroid: Centroid) -> None:
        kept = _heaviest(centroid.terms, self._size)
        for term in centroid.terms.keys() - kept.keys():
            self._postings[term].pop(key, None)
        centroid.terms = kept
        centroid.square = sum(weight * weight for weight in kept.values())


def sum_of(clusters: Iterable[Cluster], *, size: int) -> dict[str, float]:
    """The terms of clusters that become one."""
    total: defaultdict[str, float] = defaultdict(float)
    for cluster in clusters:
        for term, weight in cluster.terms.items():
            total[term] += weight
    return _heaviest(total, size)


def unit(terms: Mapping[str, float]) -> dict[str, float]:
    """The same direction with length 1."""
    length = sqrt(sum(weight * weight for weight in terms.values()))
    return {term: weight / length for term, weight in terms.items()} if length else {}


def _heaviest(terms: Mapping[str, float], size: int) -> dict[str, float]:
    if len(terms) <= size:
        return dict(terms)
    return dict(nlargest(size, terms.items(), key=lambda item: (item[1], item[0])))
