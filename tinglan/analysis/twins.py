"""Events that turn out to be one (重复事件): name them, and make one cluster of two."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from tinglan.analysis.background import Background
from tinglan.analysis.clusters import DEFAULT, Cluster, Config
from tinglan.analysis.groups import Groups


@dataclass(frozen=True, slots=True)
class Twins:
    """Two events whose centres are near enough to be one; the smaller should go."""

    smaller: str
    larger: str
    score: float


def twins(
    clusters: Iterable[Cluster],
    *,
    among: Collection[str] | None = None,
    apart: Collection[frozenset[str]] = (),
    config: Config = DEFAULT,
) -> list[Twins]:
    """The pairs of events that should be one, nearest first, no event in two pairs.

    With `among`, the pairs in which one of these events is: new ones, compared with all. A pair
    that a person put `apart` is no pair.
    """
    groups = Groups(Background(), config=config)
    for cluster in clusters:
        if cluster.is_event:
            groups.take_up(cluster)
    return distinct(groups.twins_of(groups if among is None else among), apart=apart)


def distinct(
    pairs: Sequence[tuple[str, str, float]], *, apart: Collection[frozenset[str]] = ()
) -> list[Twins]:
    """Each event once: a chain of merges waits for the next round, with the centres as they are."""
    taken: set[str] = set()
    found = []
    for smaller, larger, score in pairs:
        if not taken & {smaller, larger} and frozenset({smaller, larger}) not in apart:
            taken |= {smaller, larger}
            found.append(Twins(smaller, larger, score))
    return found


def absorb(larger: Cluster, smaller: Cluster, *, config: Config = DEFAULT) -> Cluster:
    """One cluster of two; it keeps the key of the larger."""
    groups = Groups(Background(), config=config)
    groups.take_up(larger)
    groups.take_up(smaller)
    groups.merge(smaller.key, larger.key)
    return groups.value(larger.key)
