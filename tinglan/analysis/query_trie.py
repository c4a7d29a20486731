"""All patterns of all queries in one trie of arrays, as the compiled search walks it.

Two characters are one step from the root, which leaves few branches to follow. A bitmap of those
pairs turns most places of a text away at once, and each state knows in 32 bits which characters may
follow it. Every step is looked up by its exact key, so what is found is there: a hash decides where
to look, never whether it is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.query_kernels import (
    CODE_BITS,
    Keys,
    TrieColumns,
    fill_tables,
    mark_pairs,
)

_BITS_PER_PAIR = 32  # about three in a hundred pairs that begin no pattern are looked up in vain
_LEAST_BITS, _MOST_BITS = 1 << 10, 1 << 21  # what the nearest cache holds; what the second does


@dataclass(frozen=True, slots=True)
class Trie:
    """Two open hash tables, of first pairs and of further steps; a state is a place in them.

    A row is the key of the step that leads there (0: nothing), and what the state is: in the low
    half the characters that may follow, in the high half one more than what its pattern means.
    """

    bitmap: Keys
    pairs: NDArray[np.uint64]
    steps: NDArray[np.uint64]
    has_single: bool

    @property
    def columns(self) -> TrieColumns:
        """As the kernels read it."""
        return self.bitmap, self.pairs, self.steps, self.has_single

    @staticmethod
    def of(patterns: Sequence[str], meanings: Sequence[int]) -> "Trie":
        """Build from different patterns, none of them empty, and a number for each."""
        states: dict[tuple[int, int], int] = {}  # by the state before, -1 the root, and the step
        ends: dict[int, int] = {}
        for pattern, meaning in zip(patterns, meanings, strict=True):
            state = -1
            for step in _steps(pattern):
                state = states.setdefault((state, step), len(states))
            ends[state] = meaning
        meant = np.zeros(len(states), dtype=np.uint64)
        meant[list(ends)] = np.array(list(ends.values()), dtype=np.uint64) + np.uint64(1)
        parents, steps = np.array(list(states), dtype=np.int64).reshape(-1, 2).T
        n_pairs = int((parents < 0).sum())
        pairs, further = _table(n_pairs), _table(len(states) - n_pairs)
        fill_tables(pairs, further, parents.copy(), steps.astype(np.uint64), meant)
        return Trie(
            bitmap=_bitmap(steps[parents < 0].astype(np.uint64)),
            pairs=pairs,
            steps=further,
            has_single=any(len(pattern) == 1 for pattern in patterns),
        )


def _steps(pattern: str) -> list[int]:
    """The keys of a pattern's steps: its first two characters together, then one by one."""
    codes = [ord(char) for char in pattern]
    first = codes[0] if len(codes) == 1 else (codes[0] << CODE_BITS) | codes[1]
    return [first, *codes[2:]]


def _bitmap(firsts: Keys) -> Keys:
    wanted = max(_LEAST_BITS, min(_MOST_BITS, len(firsts) * _BITS_PER_PAIR))
    bitmap = np.zeros(_power_of_two(wanted) // 64, dtype=np.uint64)
    mark_pairs(bitmap, firsts)
    return bitmap


def _table(n_rows: int) -> NDArray[np.uint64]:
    """An empty hash table, at most half of which will be filled."""
    return np.zeros((_power_of_two(2 * n_rows + 2), 2), dtype=np.uint64)


def _power_of_two(least: int) -> int:
    return 1 << (least - 1).bit_length()
