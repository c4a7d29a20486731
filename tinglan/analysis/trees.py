"""A small ensemble of regression trees as flat arrays, and its sum for a table of features.

The trees are grown elsewhere (benchmarks/forecast_fit.py, by gradient boosting) and shipped as
numbers: what runs here needs nothing but these arrays. An unknown feature (NaN) goes the way that
training found for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.kernels import kernel

__all__ = ["Trees", "sum_of"]

Floats = NDArray[np.float64]
Places = NDArray[np.int32]
LEAF = -1


@dataclass(frozen=True, slots=True)
class Trees:
    """Nodes of all trees one after another; a node without a feature is a leaf with a value."""

    features: Places  # the column a node asks of; LEAF where it asks none
    thresholds: Floats  # up to it one goes left
    lefts: Places
    rights: Places
    unknown_left: NDArray[np.bool_]
    values: Floats
    roots: Places
    start: float  # what the sum begins with

    @classmethod
    def load(cls, arrays: Mapping[str, NDArray[np.generic]], name: str) -> Trees:
        """Take the ensemble of that name out of a weights file."""
        table = {key: arrays[f"{name}_{key}"] for key in _KEYS}
        return cls(
            features=table["features"].astype(np.int32),
            thresholds=table["thresholds"].astype(np.float64),
            lefts=table["lefts"].astype(np.int32),
            rights=table["rights"].astype(np.int32),
            unknown_left=table["unknown_left"].astype(np.bool_),
            values=table["values"].astype(np.float64),
            roots=table["roots"].astype(np.int32),
            start=float(arrays[f"{name}_start"]),
        )

    def dump(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Its arrays under the names that `load` looks for, as narrow as they go."""
        return {
            f"{name}_features": self.features.astype(np.int8),
            f"{name}_thresholds": self.thresholds.astype(np.float32),
            f"{name}_lefts": self.lefts,
            f"{name}_rights": self.rights,
            f"{name}_unknown_left": self.unknown_left,
            f"{name}_values": self.values.astype(np.float32),
            f"{name}_roots": self.roots,
            f"{name}_start": np.array(self.start),
        }


_KEYS = ("features", "thresholds", "lefts", "rights", "unknown_left", "values", "roots")


def sum_of(trees: Trees, table: Floats) -> Floats:
    """What the ensemble says of each row.

    >>> stump = Trees(np.array([0, -1, -1], np.int32), np.array([2.5, 0, 0]),
    ...     np.array([1, 0, 0], np.int32), np.array([2, 0, 0], np.int32),
    ...     np.array([True, False, False]), np.array([0, 10.0, 20.0]), np.array([0], np.int32), 1.0)
    >>> sum_of(stump, np.array([[2.0], [3.0], [np.nan]]))
    array([11., 21., 11.])
    """
    sums = np.full(len(table), trees.start)
    _add(
        np.ascontiguousarray(table, np.float64),
        (trees.features, trees.thresholds, trees.lefts, trees.rights),
        (trees.unknown_left, trees.values, trees.roots),
        sums,
    )
    return sums


def joined(parts: Iterable[Trees]) -> Trees:
    """The mean of several ensembles as one."""
    many = list(parts)
    offsets = np.cumsum([0, *(len(one.values) for one in many)])
    shifted = list(zip(many, offsets, strict=False))
    return Trees(
        features=np.concatenate([one.features for one in many]),
        thresholds=np.concatenate([one.thresholds for one in many]),
        lefts=np.concatenate([one.lefts + at for one, at in shifted]).astype(np.int32),
        rights=np.concatenate([one.rights + at for one, at in shifted]).astype(np.int32),
        unknown_left=np.concatenate([one.unknown_left for one in many]),
        values=np.concatenate([one.values for one in many]) / len(many),
        roots=np.concatenate([one.roots + at for one, at in shifted]).astype(np.int32),
        start=sum(one.start for one in many) / len(many),
    )


@kernel(
    "void(float64[:, ::1], Tuple((int32[::1], float64[::1], int32[::1], int32[::1])),"
    " Tuple((boolean[::1], float64[::1], int32[::1])), float64[::1])"
)
def _add(
    table: Floats,
    ways: tuple[Places, Floats, Places, Places],
    ends: tuple[NDArray[np.bool_], Floats, Places],
    sums: Floats,
) -> None:
    features, thresholds, lefts, rights = ways
    unknown_left, values, roots = ends
    for row in range(len(table)):
        total = 0.0
        for root in roots:
            node = root
            while features[node] >= 0:
                value = table[row, features[node]]
                is_left = unknown_left[node] if np.isnan(value) else value <= thresholds[node]
                node = lefts[node] if is_left else rights[node]
            total += values[node]
        sums[row] += total
