"""The picture of a spread tree that stays readable at 10,000 posts: large branches, one line each.

Time runs to the right, on a logarithmic scale, for most happens early. Small branches are folded
into the node they hang on, which says how many posts they hold; nothing is left out of the counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np

from tinglan.analysis.spread import NOBODY, Tree
from tinglan.analysis.spread_reach import Walk, walk

MINUTE = 60.0
TICKS = (60.0, 600.0, 3600.0, 6 * 3600.0, 86_400.0, 7 * 86_400.0, 30 * 86_400.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One drawn node: where it stands, and what is folded into it."""

    node: int
    line: int  # from the top
    x: float  # 0–1
    parent: int | None  # index of the dot it hangs on
    depth: int
    size: int  # posts of its branch, its own counted
    n_folded: int  # of them, in branches that are not drawn


@dataclass(frozen=True, slots=True)
class Picture:
    dots: Sequence[Dot]
    ticks: Sequence[tuple[float, float]]  # seconds since the first post, x
    n_alone: int  # posts that nobody took up and that took up none, where they are not drawn


def picture_of(tree: Tree, *, most: int) -> Picture:
    """At most so many dots: all nodes where they are few, else the largest branches.

    >>> import numpy as np
    >>> from tinglan.analysis.spread import Posts, tree_of
    >>> star = np.where(np.arange(9) == 0, -1, 0)
    >>> posts = Posts(
    ...     np.arange(9) * 60.0, np.ones(9, int), np.arange(9), list("甲乙丙丁戊己庚辛壬"),
    ...     np.zeros(9, int), star, star, np.full(9, -1), {},
    ... )
    >>> [(dot.size, dot.n_folded) for dot in picture_of(tree_of(posts), most=5).dots]
    [(9, 8)]
    """
    walked = walk(tree.parents, tree.weights)
    drawn = _drawn(tree, walked, most)
    index = {node: number for number, node in enumerate(drawn)}
    scale = _Scale.of(tree)
    shown_below = dict.fromkeys(drawn, 0)
    for node in drawn:
        parent = int(tree.parents[node])
        if parent != NOBODY:
            shown_below[parent] += int(walked.size[node])
    dots = [
        Dot(
            node=node,
            line=line,
            x=scale.at(float(tree.times[node])),
            parent=index.get(int(tree.parents[node])),
            depth=int(tree.depths[node]),
            size=int(walked.size[node]),
            n_folded=int(walked.size[node] - tree.weights[node]) - shown_below[node],
        )
        for line, node in enumerate(drawn)
    ]
    seeds = sum(dot.size for dot in dots if dot.parent is None)
    return Picture(dots, scale.ticks(), int(tree.weights.sum()) - seeds)


def _drawn(tree: Tree, walked: Walk, most: int) -> list[int]:
    """Largest branches first, whatever is above before what is below; then in walking order."""
    nodes = np.arange(len(tree))
    if len(tree) > most:
        nodes = nodes[walked.size > 1]
    best = np.lexsort((tree.times[nodes], tree.depths[nodes], -walked.size[nodes]))[:most]
    chosen = nodes[best]
    return [int(node) for node in chosen[np.argsort(walked.start[chosen])]]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Seconds to the right, logarithmic from the first minute on."""

    first: float
    length: float

    @classmethod
    def of(cls, tree: Tree) -> _Scale:
        if not len(tree):
            return cls(0.0, 0.0)
        first = float(tree.times.min())
        return cls(first, float(tree.times.max()) - first)

    def at(self, time: float) -> float:
        return self._x(time - self.first)

    def _x(self, seconds: float) -> float:
        return log1p(seconds / MINUTE) / log1p(self.length / MINUTE) if self.length else 0.0

    def ticks(self) -> list[tuple[float, float]]:
        return [(seconds, self._x(seconds)) for seconds in TICKS if seconds <= self.length]
