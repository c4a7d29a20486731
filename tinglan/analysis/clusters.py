"""What an event is about, as a value: the terms of its posts, weighted and fading, with its links;
and the index that finds the nearest of many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import nlargest
from math import sqrt
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class Config:
    """The thresholds of grouping, cosines all of them, and the sizes that bound the work.

    Measured: 0.13 and 0.20 are the best single setting for Chinese rumours and English tweets; at
    0.30 and 0.35 some 3 % of random Weibo chatter strays into an event.
    """

    join_at: float = 0.13
    chatter_join_at: float = 0.30  # a post that is no seed needs more to join an event
    gather_at: float = 0.35  # and still more to gather with its like
    stray_at: float = 0.40  # own words this near another event take a reply out of its thread
    merge_at: float = 0.20
    gathered_enough: int = 5
    window: timedelta = timedelta(days=7)
    waiting_window: timedelta = timedelta(days=2)
    half_life: timedelta = timedelta(days=3)
    terms_per_post: int = 100
    terms_per_cluster: int = 200
    links_per_cluster: int = 200
    max_waiting: int = 1_000


DEFAULT = Config()


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


def is_in_time(cluster: Cluster, at: datetime, config: Config) -> bool:
    """Within the rest of the cluster, before it as well as after: old posts come late too."""
    rest = rest_of(cluster, config)
    return cluster.opened_at - rest <= at <= cluster.last_at + rest


def rest_of(cluster: Cluster, config: Config) -> timedelta:
    """How long a cluster may rest before it is left alone."""
    return config.window if cluster.is_event else config.waiting_window


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
    """Centroids under their terms, so that a post meets only those it shares a term with.

    Only under the terms that will be sought: those of the posts to come. A brand has hundreds of
    clusters with a hundred terms each, and most of these stand in no post of a batch.
    """

    def __init__(
        self, *, half_life: timedelta, terms_per_cluster: int, sought: Collection[str]
    ) -> None:
        self._half_life = half_life
        self._sought = set(sought)
        self._size = terms_per_cluster
        self._postings: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self._base: dict[str, datetime] = {}
        self.centroids: dict[str, Centroid] = {}

    def add(self, cluster: Cluster) -> None:
        centroid = Centroid.of(cluster)
        self.centroids[cluster.key] = centroid
        self._base[cluster.key] = cluster.last_at
        for term in centroid.terms.keys() & self._sought:
            self._postings[term][cluster.key] = centroid.terms[term]

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
        kept = heaviest(centroid.terms, self._size)
        return replace(
            centroid.cluster, terms={term: weight * fade for term, weight in kept.items()}
        )

    def _trim(self, key: str, centroid: Centroid) -> None:
        kept = heaviest(centroid.terms, self._size)
        for term in centroid.terms.keys() - kept.keys():
            self._postings[term].pop(key, None)
        centroid.terms = kept
        centroid.square = sum(weight * weight for weight in kept.values())


def heaviest(terms: Mapping[str, float], size: int) -> dict[str, float]:
    """The so many terms of most weight."""
    if len(terms) <= size:
        return dict(terms)
    return dict(nlargest(size, terms.items(), key=lambda item: (item[1], item[0])))
