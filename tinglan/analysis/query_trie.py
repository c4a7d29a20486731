"""All patterns of all queries in one trie of arrays, as the compiled search walks it.

Two characters are one step from the root, which leaves few branches to follow; a bitmap of those
pairs turns most places of a text away at once. Every step is looked up by its exact key, so what
is found is there: a hash decides where to look, never whether it is the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.query_kernels import (
    CODE_BITS,
    SINGLE,
    STATE,
    TrieColumns,
    fill_table,
    mark_pairs,
)

_BITS_PER_PAIR = 32  # about three in a hundred pairs that begin no pattern are looked up in vain
_LEAST_BITS, _MOST_BITS = 1 << 10, 1 << 21  # what the nearest cache holds; what the second does


@dataclass(frozen=True, slots=True)
class Trie:
    """States are numbers; `patterns[s]` is the pattern that ends in state s, or -1."""

    pairs: NDArray[np.uint64]
    keys: NDArray[np.uint64]
    states: NDArray[np.int32]
    patterns: NDArray[np.int32]
    goes_on: NDArray[np.bool_]
    has_single: bool

    @property
    def columns(self) -> TrieColumns:
        """As the kernels read it."""
        return self.pairs, self.keys, self.states, self.patterns, self.goes_on, self.has_single

    @staticmethod
    def of(patterns: Sequence[str]) -> "Trie":
        """Build from different patterns, none of them empty."""
        steps: dict[int, int] = {}
        ends: list[int] = []
        goes_on: list[bool] = []
        for number, pattern in enumerate(patterns):
            state = -1
            for key_of in _steps(pattern):
                key = key_of if state < 0 else STATE | (state << CODE_BITS) | key_of
                if state >= 0:
                    goes_on[state] = True
                if key not in steps:
                    steps[key] = len(ends)
                    ends.append(-1)
                    goes_on.append(False)
                state = steps[key]
            ends[state] = number
        keys = np.fromiter(steps.keys(), dtype=np.uint64, count=len(steps))
        table, states = _table(keys, np.fromiter(steps.values(), dtype=np.int32, count=len(steps)))
        firsts = [_steps(pattern)[0] for pattern in patterns]
        return Trie(
            pairs=_bitmap(firsts),
            keys=table,
            states=states,
            patterns=np.array(ends, dtype=np.int32),
            goes_on=np.array(goes_on, dtype=np.bool_),
            has_single=any(len(pattern) == 1 for pattern in patterns),
        )


def _steps(pattern: str) -> list[int]:
    """The keys of a pattern's steps: its first two characters together, then one by one."""
    codes = [ord(char) for char in pattern]
    if len(codes) == 1:
        return [SINGLE | codes[0]]
    return [(codes[0] << CODE_BITS) | codes[1], *codes[2:]]


def _bitmap(firsts: Iterable[int]) -> NDArray[np.uint64]:
    keys = np.array(sorted(set(firsts)), dtype=np.uint64)
    wanted = max(_LEAST_BITS, min(_MOST_BITS, len(keys) * _BITS_PER_PAIR))
    bitmap = np.zeros(_power_of_two(wanted) // 64, dtype=np.uint64)
    mark_pairs(bitmap, keys)
    return bitmap


def _table(
    keys: NDArray[np.uint64], values: NDArray[np.int32]
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """An open hash table, at most half full; 0 is no key."""
    size = _power_of_two(2 * len(keys) + 2)
    table, states = np.zeros(size, dtype=np.uint64), np.full(size, -1, dtype=np.int32)
    fill_table(table, states, keys, values)
    return table, states


def _power_of_two(least: int) -> int:
    return 1 << (least - 1).bit_length()
