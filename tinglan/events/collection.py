"""How much of a spread was collected (采集率), by what its first posts say of reposts and answers.

Printed beside every spread graph: a sample names the spreaders and ranks them badly.
"""

from dataclasses import dataclass

import numpy as np

from tinglan.analysis.spread import Known, Tree
from tinglan.analysis.spread_reach import walk
from tinglan.events.spread_rows import PIECE, Rows
from tinglan.sources.models import Post

UNRELIABLE_BELOW = 0.5  # at half of the posts a third of the true top five is missing (E8)


@dataclass(frozen=True, slots=True)
class Collected:
    """Reposts and answers that we have, of those that the first posts say there are."""

    n_collected: int
    n_declared: int
    n_unknown: int  # threads that do not say how many there are

    @property
    def rate(self) -> float | None:
        """None where no thread says how many there are."""
        return self.n_collected / self.n_declared if self.n_declared else None

    @property
    def is_unreliable(self) -> bool:
        return self.rate is not None and self.rate < UNRELIABLE_BELOW


def collected(tree: Tree, rows: Rows) -> Collected:
    """Over all threads; one with more than it says has an older count, and is all there."""
    linked = np.where(tree.known == Known.COPY, -1, tree.parents)
    branches = walk(linked, tree.weights)
    n_below = {
        row: int(branches.size[row] - tree.weights[row])
        for row in np.flatnonzero(linked[: tree.n_posts] < 0).tolist()
    }
    declared = _declared([rows.post_ids[row] for row in n_below])
    n_collected, n_declared, n_unknown = 0, 0, 0
    for row, n in n_below.items():
        said = declared.get(rows.post_ids[row])
        if said is None:
            n_unknown += bool(n)
            continue
        n_collected, n_declared = n_collected + n, n_declared + max(said, n)
    return Collected(n_collected, n_declared, n_unknown)


def _declared(ids: list[int]) -> dict[int, int]:
    """Reposts and comments that each post says it has, where it says anything."""
    found: dict[int, int] = {}
    for start in range(0, len(ids), PIECE):
        rows = Post.objects.filter(pk__in=ids[start : start + PIECE])
        for post, n_reposts, n_comments in rows.values_list("id", "n_reposts", "n_comments"):
            if n_reposts is not None or n_comments is not None:
                found[post] = (n_reposts or 0) + (n_comments or 0)
    return found
