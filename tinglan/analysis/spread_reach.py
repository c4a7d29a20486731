"""What a spread tree tells: who made it large, how deep, how fast and how far it went.

An account's part is told twice: by its largest branch, and by what there would be without it, all
its branches together and nothing counted twice. Uncertain edges may be wrong, so the second figure
also stands for the sure edges alone. A tree of what was collected is no more than that: print the
collection rate beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinglan.analysis.spread import NOBODY, Floats, Ints, Known, Tree

Flags = npt.NDArray[np.bool_]

SURE_FROM = 0.9
HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAccount:
    """An account's part in the spread; `node` is the node of its largest branch."""

    account: int
    node: int
    n_posts: int  # of its own, collected
    n_taken: int  # posts that came straight from it
    largest: int  # posts in its largest branch, its own not counted
    without: int  # posts that there would not be without it, its own counted
    share: float  # of all
    sure_share: float  # the same by sure edges alone
    is_seed: bool  # it told the story by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How deep and how fast; times in seconds since the first post."""

    n_posts: int
    n_seeds: int
    n_stubs: int
    by_depth: Sequence[int]  # posts at each depth, the seeds first
    virality: float | None  # mean distance of two posts of the largest tree (Goel et al. 2016)
    peak_per_hour: int
    peak_at: float  # end of the busiest sixty minutes
    half_after: float  # when half of the posts were there
    stated_share: float | None  # of the edges, by id
    unsure_share: float | None

    @property
    def n_hands(self) -> int:
        """How many took it from one another before the farthest post."""
        return max(len(self.by_depth) - 1, 0)


@dataclass(frozen=True, slots=True)
class Walk:
    """The nodes in an order in which every branch is one stretch: order[start[v] : end[v]]."""

    order: Ints
    start: Ints
    end: Ints
    size: Ints  # posts of the branch, the node's own counted

    def branch(self, node: int) -> slice:
        return slice(int(self.start[node]), int(self.end[node]))


def walk(parents: Ints, weights: Ints) -> Walk:
    """Walk through all trees, branches whole, children in their order.

    >>> one = walk(np.array([-1, 0, 0, 1]), np.array([1, 1, 1, 1]))
    >>> one.order.tolist(), one.size.tolist()
    ([0, 1, 3, 2], [4, 2, 1, 1])
    """
    n_nodes = len(parents)
    children: list[list[int]] = [[] for _ in range(n_nodes)]
    seeds: list[int] = []
    for node, parent in enumerate(parents.tolist()):
        (seeds if parent == NOBODY else children[parent]).append(node)
    order: list[int] = []
    waiting = seeds[::-1]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting.extend(reversed(children[node]))
    sizes, counts, above = weights.tolist(), [1] * n_nodes, parents.tolist()
    for node in reversed(order):
        if above[node] != NOBODY:
            sizes[above[node]] += sizes[node]
            counts[above[node]] += counts[node]
    start = np.empty(n_nodes, dtype=np.int64)
    start[order] = np.arange(n_nodes)
    return Walk(np.array(order, dtype=np.int64), start, start + np.array(counts), np.array(sizes))


def key_accounts(tree: Tree, *, limit: int) -> list[KeyAccount]:
    """The accounts that most posts would be missing without, the greatest part first."""
    whole, sure = walk(tree.parents, tree.weights), walk(_sure_parents(tree), tree.weights)
    nodes_of = _nodes_by_account(tree)
    n_all, taken = int(tree.weights.sum()), _taken(tree)
    most = {one: max(int(whole.size[node]) for node in nodes) for one, nodes in nodes_of.items()}
    # An account's part is its largest branch at least, and at most the sum of all its branches.
    bound = {one: sum(int(whole.size[node]) for node in nodes) for one, nodes in nodes_of.items()}
    enough = sorted(most.values(), reverse=True)[:limit][-1:] or [0]
    parts = _Parts(tree, whole, sure, taken, n_all)
    found = [
        parts.of(account, nodes)
        for account, nodes in nodes_of.items()
        if bound[account] >= max(enough[0], 2)
    ]
    told = [one for one in found if one.without > one.n_posts]
    return sorted(told, key=lambda one: (-one.without, -one.largest, one.node))[:limit]


def _sure_parents(tree: Tree) -> Ints:
    return np.where(tree.sure >= SURE_FROM, tree.parents, NOBODY)


def _nodes_by_account(tree: Tree) -> dict[int, list[int]]:
    nodes: dict[int, list[int]] = {}
    for node, account in enumerate(tree.accounts.tolist()):
        if account != NOBODY:
            nodes.setdefault(account, []).append(node)
    return nodes


def _taken(tree: Tree) -> Ints:
    """Posts straight from each node."""
    has = tree.parents != NOBODY
    n_taken = np.bincount(tree.parents[has], weights=tree.weights[has], minlength=len(tree))
    return n_taken.astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the part of an account is reckoned from."""

    tree: Tree
    whole: Walk
    sure: Walk
    taken: Ints
    n_all: int

    def of(self, account: int, nodes: Sequence[int]) -> KeyAccount:
        largest = max(nodes, key=lambda node: (self.whole.size[node], -node))
        without = _union(nodes, self.whole)
        return KeyAccount(
            account=account,
            node=largest,
            n_posts=int(self.tree.weights[nodes].sum()),
            n_taken=int(self.taken[nodes].sum()),
            largest=int(self.whole.size[largest] - self.tree.weights[largest]),
            without=without,
            share=without / self.n_all if self.n_all else 0.0,
            sure_share=_union(nodes, self.sure) / self.n_all if self.n_all else 0.0,
            is_seed=bool(np.any(self.tree.parents[nodes] == NOBODY)),
        )


def _union(nodes: Iterable[int], walked: Walk) -> int:
    """Posts in the branches of these nodes together: of nested ones the outer counts."""
    total, reached = 0, -1
    for node in sorted(nodes, key=lambda one: int(walked.start[one])):
        if walked.start[node] >= reached:
            total += int(walked.size[node])
            reached = int(walked.end[node])
    return total


def shape_of(tree: Tree) -> Shape:
    """Depth, virality and speed of the whole."""
    counted = tree.weights > 0
    times = np.sort(tree.times[counted])
    edges = (tree.parents != NOBODY) & counted
    n_edges = int(edges.sum())
    peak, at = _busiest_hour(times)
    first = float(times[0]) if len(times) else 0.0
    return Shape(
        n_posts=int(counted.sum()),
        n_seeds=int(((tree.parents == NOBODY) & counted).sum()),
        n_stubs=int((~counted).sum()),
        by_depth=np.bincount(tree.depths[counted]).tolist() if len(times) else [],
        virality=virality_of(tree),
        peak_per_hour=peak,
        peak_at=at - first,
        half_after=float(times[(len(times) - 1) // 2]) - first if len(times) else 0.0,
        stated_share=_share(tree.known[edges] == Known.STATED, n_edges),
        unsure_share=_share(tree.sure[edges] < SURE_FROM, n_edges),
    )


def _share(wanted: Flags, n_all: int) -> float | None:
    return float(wanted.sum()) / n_all if n_all else None


def _busiest_hour(times: Floats) -> tuple[int, float]:
    """Most posts in any sixty minutes, and when those ended."""
    if not len(times):
        return 0, 0.0
    n_within = np.arange(1, len(times) + 1) - np.searchsorted(times, times - HOUR, side="right")
    at = int(n_within.argmax())
    return int(n_within[at]), float(times[at])


def virality_of(tree: Tree) -> float | None:
    """Structural virality of the largest tree: 2 for a star, growing with chains of hands.

    Each edge lies on the way between every node of its branch and every node outside of it.
    """
    ones = np.ones(len(tree), dtype=np.int64)
    walked = walk(tree.parents, ones)
    seeds = np.flatnonzero(tree.parents == NOBODY)
    if not len(seeds):
        return None
    largest = int(seeds[walked.size[seeds].argmax()])
    n_nodes = int(walked.size[largest])
    if n_nodes < 3:
        return None
    below = walked.size[walked.order[walked.branch(largest)]][1:].astype(np.float64)
    return float((below * (n_nodes - below)).sum() / (n_nodes * (n_nodes - 1) / 2))
