"""Clusters at work: columns that the kernels read and write, growing with what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis import cluster_columns as columns
from tinglan.analysis.background import Vector
from tinglan.analysis.cluster_columns import (
    BASE,
    BLOCK,
    EVENT,
    FIRST,
    GONE,
    LAST,
    LIST,
    N_TERMS,
    OPENED,
    SERIAL,
    STATE,
    USED_BLOCKS,
    USED_LISTS,
    WAITS,
)
from tinglan.analysis.cluster_search import (
    CANDIDATES,
    WAITING_REST,
    Scratch,
    near_events,
    nearest,
)
from tinglan.analysis.clusters import Config
from tinglan.analysis.term_kernels import TERMS

_ROWS, _BLOCKS, _LISTS = 64, 256, 1_024  # to begin with
_Number = TypeVar("_Number", bound=np.generic)
_MOST_GONE = 1_024  # rows that lie idle before the lists are made anew


class Index:
    """Rows of clusters under their terms: which one is near a post, and what it learns."""

    def __init__(self, config: Config) -> None:
        self._half_life = config.half_life.total_seconds()
        self._size = config.terms_per_cluster
        self._doubt = np.array(
            [
                config.window.total_seconds(),
                config.waiting_window.total_seconds(),
                config.sure_at,
                config.enough_evidence,
                config.by_evidence,
                config.by_silence,
            ]
        )
        self._events_only = self._doubt.copy()
        self._events_only[WAITING_REST] = -np.inf
        self._n_rows = 0
        self._free: list[int] = []
        self._gone: list[int] = []
        self._tally = np.array([-1, 0, -1, 0], dtype=np.int64)
        self._times = np.zeros((_ROWS, 4), dtype=np.float64)
        self._facts = np.zeros((_ROWS, 4), dtype=np.int64)
        self._terms = np.empty((_BLOCKS, BLOCK), dtype=np.int32)
        self._weights = np.empty((_BLOCKS, BLOCK), dtype=np.float32)
        self._after_block = np.full(_BLOCKS, -1, dtype=np.int32)
        self._heads = np.full(TERMS, -1, dtype=np.int32)
        self._sizes = np.zeros(TERMS, dtype=np.int32)
        self._listed = np.empty((_LISTS, LIST), dtype=np.int32)
        self._after_list = np.full(_LISTS, -1, dtype=np.int32)
        self._place_of = np.full(TERMS, -1, dtype=np.int32)
        self._scratch = _scratch_for(_ROWS)
        self._state = self._columns()

    def add(self, *, serial: int, opened: float, last: float, base: float, is_event: bool) -> int:
        """A new row with no terms; its number."""
        if self._free:
            row = self._free.pop()
        else:
            row, self._n_rows = self._n_rows, self._n_rows + 1
            self._grow_rows()
        self._times[row] = (base, opened, last, 0.0)
        self._facts[row, [FIRST, N_TERMS, SERIAL]] = -1, 0, serial
        self._facts[row, STATE] = EVENT if is_event else WAITS
        return row

    def fill(self, row: int, terms: NDArray[np.int32], weights: NDArray[np.float32]) -> None:
        """Give an empty row the terms that `content` gave."""
        self._make_room(len(terms))
        columns.fill(self._state, row, terms, weights)

    def content(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The terms of a row with their weights, in their order."""
        n = int(self._facts[row, N_TERMS])
        terms, weights = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.float32)
        columns.written(self._state, row, terms, weights)
        return terms, weights

    def base(self, row: int) -> float:
        return float(self._times[row, BASE])

    def nearest(
        self, vector: Vector, at: float, *, event_at: float, waiting_at: float
    ) -> tuple[int, float]:
        """The row a post belongs to, with its nearness; -1 when none is near enough."""
        parts = (vector.numbers, vector.weights, vector.rarities)
        row, near = nearest(
            self._state, parts, at, self._doubt, event_at, waiting_at, self._scratch
        )
        return row, near

    def learn(self, row: int, vector: Vector, at: float) -> None:
        """A post joins: its terms enter the row with the weight of its time."""
        self._make_room(len(vector.numbers))
        columns.learn(self._state, row, vector.numbers, vector.weights, at, self._half_life)
        if self._facts[row, N_TERMS] > 2 * self._size:
            columns.keep_heaviest(self._state, row, self._size)

    def absorb(self, row: int, other: int) -> None:
        """Add what another row holds, at one moment, to a row."""
        terms, weights = self.content(other)
        doublings = (self._times[other, BASE] - self._times[row, BASE]) / self._half_life
        unscaled = (weights.astype(np.float64) * 2.0**-doublings).astype(np.float32)
        self._make_room(len(terms))
        base = self._times[row, BASE]
        columns.learn(self._state, row, terms, unscaled, base, self._half_life)
        self.note_time(row, self._times[other, OPENED])
        self.note_time(row, self._times[other, LAST])
        if self._facts[row, N_TERMS] > 2 * self._size:
            columns.keep_heaviest(self._state, row, self._size)

    def note_time(self, row: int, at: float) -> None:
        """A post of this time belongs to the row."""
        self._times[row, OPENED] = min(self._times[row, OPENED], at)
        self._times[row, LAST] = max(self._times[row, LAST], at)

    def make_event(self, row: int) -> None:
        self._facts[row, STATE] = EVENT

    def near_events(self, row: int) -> Iterator[tuple[int, float]]:
        """The other events that share most with an event, with their cosines."""
        others = np.empty(CANDIDATES, dtype=np.int32)
        cosines = np.empty(CANDIDATES, dtype=np.float32)
        n = near_events(self._state, row, self._events_only, others, cosines, self._scratch)
        yield from zip(others[:n].tolist(), cosines[:n].tolist(), strict=True)

    def forget(self, row: int) -> None:
        """Leave a row alone; its place is taken anew once no list names it."""
        columns.forget(self._state, row)
        self._gone.append(row)
        if len(self._gone) > max(_MOST_GONE, self._n_rows // 2):
            columns.relist(self._state, self._n_rows)
            self._free += self._gone
            self._gone = []

    def _make_room(self, n_terms: int) -> None:
        """Blocks and lists enough for so many more terms of one row."""
        grown = False
        while self._tally[USED_BLOCKS] + n_terms // BLOCK + 2 > len(self._terms):
            self._terms, self._weights = _doubled(self._terms), _doubled(self._weights)
            self._after_block, grown = _doubled(self._after_block), True
        while self._tally[USED_LISTS] + n_terms + 1 > len(self._listed):
            self._listed, self._after_list = _doubled(self._listed), _doubled(self._after_list)
            grown = True
        if grown:
            self._state = self._columns()

    def _grow_rows(self) -> None:
        if self._n_rows < len(self._times):
            return
        self._times, self._facts = _doubled(self._times), _doubled(self._facts)
        self._scratch = _scratch_for(len(self._times))
        self._facts[self._n_rows :, STATE] = GONE
        self._state = self._columns()

    def _columns(self) -> columns.State:
        return (
            self._tally,
            self._times,
            self._facts,
            self._terms,
            self._weights,
            self._after_block,
            self._heads,
            self._sizes,
            self._listed,
            self._after_list,
            self._place_of,
        )


def _doubled(column: NDArray[_Number]) -> NDArray[_Number]:
    return np.concatenate([column, np.empty_like(column)])


def _scratch_for(n_rows: int) -> Scratch:
    """Columns that a search writes and leaves as they were."""
    return (
        np.zeros(n_rows, dtype=np.float32),
        np.zeros(TERMS, dtype=np.float32),
        np.zeros(TERMS, dtype=np.float32),
        np.empty(n_rows, dtype=np.int32),
        np.empty(CANDIDATES, dtype=np.int32),
    )
