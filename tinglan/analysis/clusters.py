"""What an event is about, as a value: the terms of its posts, weighted, fading, and its links."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Config:
    """The thresholds of grouping, cosines all of them, and the sizes that bound the work.

    One setting for all data; benchmarks/q9_event_grouping.py measures it.
    """

    join_at: float = 0.09
    chatter_join_at: float = 0.30  # a post that is no seed needs more to join an event
    gather_at: float = 0.35  # and still more to gather with its like
    stray_at: float = 0.40  # own words this near another event take a reply out of its thread
    merge_at: float = 0.20
    sure_at: float = 0.35  # from here on nothing is doubtful; below, a second look decides
    enough_evidence: float = 8.0  # summed rarity of the five rarest terms that are shared
    by_evidence: float = 0.1  # what each point that lacks takes off the nearness, as a power of e
    by_silence: float = 0.1  # and each e-fold of hours since the event was last heard of
    gathered_enough: int = 5
    window: timedelta = timedelta(days=7)
    waiting_window: timedelta = timedelta(days=2)
    half_life: timedelta = timedelta(days=3)
    terms_per_post: int = 100
    terms_per_cluster: int = 200  # it keeps so many of its terms whenever it has twice as many
    links_per_cluster: int = 200
    max_waiting: int = 1_000


DEFAULT = Config()


def _no_terms() -> NDArray[np.int32]:
    return np.empty(0, dtype=np.int32)


def _no_weights() -> NDArray[np.float32]:
    return np.empty(0, dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """Posts that tell of the same thing: an event, or one that may become one (`is_event` false).

    `weights` are the summed unit vectors of its posts by `terms`, growing from `base` (seconds) on
    by a doubling each half-life; `serial` tells the older of two; `links` are the latest copies and
    threads that belong to it; `waiting` are the posts of a cluster that is no event yet.
    """

    key: str
    opened_at: datetime
    last_at: datetime
    terms: NDArray[np.int32] = field(default_factory=_no_terms)
    weights: NDArray[np.float32] = field(default_factory=_no_weights)
    base: float = 0.0
    serial: int = 0
    n_posts: int = 1
    is_event: bool = True
    links: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


class ClusterRow(TypedDict):
    """A `Cluster` as JSON; its columns are packed, and nothing of them is lost."""

    key: str
    opened_at: str
    last_at: str
    terms: str
    weights: str
    base: float
    serial: int
    n_posts: int
    is_event: bool
    links: list[str]
    waiting: list[str]


def dump(cluster: Cluster) -> ClusterRow:
    """The cluster as plain values for a JSON column."""
    return ClusterRow(
        key=cluster.key,
        opened_at=cluster.opened_at.isoformat(),
        last_at=cluster.last_at.isoformat(),
        terms=b64encode(cluster.terms.astype("<i4").tobytes()).decode("ascii"),
        weights=b64encode(cluster.weights.astype("<f4").tobytes()).decode("ascii"),
        base=cluster.base,
        serial=cluster.serial,
        n_posts=cluster.n_posts,
        is_event=cluster.is_event,
        links=list(cluster.links),
        waiting=list(cluster.waiting),
    )


def load(row: ClusterRow) -> Cluster:
    """The cluster from what `dump` wrote."""
    return Cluster(
        key=row["key"],
        opened_at=datetime.fromisoformat(row["opened_at"]),
        last_at=datetime.fromisoformat(row["last_at"]),
        terms=np.frombuffer(b64decode(row["terms"]), dtype="<i4").astype(np.int32),
        weights=np.frombuffer(b64decode(row["weights"]), dtype="<f4").astype(np.float32),
        base=row["base"],
        serial=row["serial"],
        n_posts=row["n_posts"],
        is_event=row["is_event"],
        links=tuple(row["links"]),
        waiting=tuple(row["waiting"]),
    )


def rest_of(cluster: Cluster, config: Config) -> timedelta:
    """How long a cluster may rest before it is left alone."""
    return config.window if cluster.is_event else config.waiting_window
