"""Many linear heads on hashed n-grams, summed in one go.

The weights of one n-gram stand side by side in a few words, so that all heads together cost one
line of the processor's cache an n-gram instead of one a head. A word holds eight weights; two
registers add up four of them each, in lanes of sixteen bits, until a lane could overflow (SIMD
within a register, Fisher and Dietz 1998): compiled loops need no wider instructions for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.kernels import kernel
from tinglan.analysis.ngrams import Grams

__all__ = ["Heads", "Sums"]

Buckets = NDArray[np.uint32]
Rows = NDArray[np.uint64]
Totals = NDArray[np.int32]
Places = NDArray[np.int64]

_PER_WORD = 8
_WORDS = 4  # of a row, or of each part of a longer one: half a line of the cache
_PER_PART = _WORDS * _PER_WORD
_LINE = 64  # bytes of a line of the cache: no row may lie across two
_BIAS = 128  # a weight is stored as one from 0 to 255
_BLOCK = 256  # n-grams that a lane of sixteen bits can add up: 256 · 255 < 2^16
_LEAST_SLOTS = 4096  # they stay in the nearest cache, and seldom do two n-grams meet in one
_BUCKET_BITS = np.uint32(18)
_MOST_STAMPS = (1 << 14) - 1  # posts told apart beside a bucket in 32 bits
_LANES = np.uint64(0x00FF00FF00FF00FF)
_ODD, _LANE, _LOWEST = np.uint64(8), np.uint64(16), np.uint64(0xFFFF)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the heads make of a batch: a row for each post, a column for each head.

    `totals` sums up the weights of the different n-grams that a post holds; `distinct` is how many
    there are, never 0.
    """

    totals: Totals
    distinct: Places


@dataclass(frozen=True, slots=True)
class Heads:
    """The weights of some heads as the loops read them.

    >>> import numpy as np
    >>> from tinglan.analysis.ngrams import BUCKETS, grams
    >>> sums = Heads.of(np.ones((BUCKETS, 2), dtype=np.int8)).sums(grams(["哈哈"]))
    >>> sums.totals.tolist(), sums.distinct.tolist()
    ([[8, 8]], [8])
    """

    rows: Rows  # a row for each bucket, in each part of at most 32 heads
    n_heads: int

    @staticmethod
    def of(weights: NDArray[np.int8]) -> Heads:
        """From weights with a row for each bucket and a column for each head."""
        n_buckets, n_heads = weights.shape
        n_parts = -(-n_heads // _PER_PART)
        rows = _aligned((n_parts, n_buckets, _WORDS))
        stored = rows.view(np.uint8)
        stored[:] = _BIAS
        for part in range(n_parts):
            some = weights[:, part * _PER_PART : (part + 1) * _PER_PART]
            stored[part, :, : some.shape[1]] = some.astype(np.int16) + _BIAS
        return Heads(rows=rows, n_heads=n_heads)

    def sums(self, batch: Grams) -> Sums:
        shape = (len(batch), len(self.rows) * _PER_PART)
        totals = np.zeros(shape, dtype=np.int32)
        distinct = np.zeros(len(batch), dtype=np.int64)
        bounds = np.append(batch.starts, batch.buckets.shape[1])
        _sum_rows(batch.buckets.view(np.uint32), bounds, self.rows, totals, distinct)
        return Sums(totals=totals[:, : self.n_heads], distinct=distinct)


def _aligned(shape: tuple[int, int, int]) -> Rows:
    """Room for rows that begins where a line of the cache does."""
    size = int(np.prod(shape)) * _PER_WORD
    room = np.zeros(size + _LINE, dtype=np.uint8)
    first = -room.ctypes.data % _LINE
    return room[first : first + size].view(np.uint64).reshape(shape)


@kernel("void(uint64, int32[::1], int64)")
def _unpack(lanes: np.uint64, totals: Totals, first: int) -> None:
    for lane in range(_PER_WORD // 2):
        totals[first + 2 * lane] += np.int32((lanes >> (np.uint64(lane) * _LANE)) & _LOWEST)


@kernel("void(uint32[::1], int64, uint64[:,::1], int32[::1])")
def _add(found: Buckets, n_found: int, rows: Rows, totals: Totals) -> None:
    """Add the rows of these buckets to the totals of their 32 heads; each word by itself."""
    start = 0
    while start < n_found:
        after = min(start + _BLOCK, n_found)
        even_0 = even_1 = even_2 = even_3 = np.uint64(0)
        odd_0 = odd_1 = odd_2 = odd_3 = np.uint64(0)
        for at in range(start, after):
            bucket = found[at]
            word = rows[bucket, 0]
            even_0 += word & _LANES
            odd_0 += (word >> _ODD) & _LANES
            word = rows[bucket, 1]
            even_1 += word & _LANES
            odd_1 += (word >> _ODD) & _LANES
            word = rows[bucket, 2]
            even_2 += word & _LANES
            odd_2 += (word >> _ODD) & _LANES
            word = rows[bucket, 3]
            even_3 += word & _LANES
            odd_3 += (word >> _ODD) & _LANES
        for number, lanes in enumerate((even_0, even_1, even_2, even_3)):
            _unpack(lanes, totals, number * _PER_WORD)
        for number, lanes in enumerate((odd_0, odd_1, odd_2, odd_3)):
            _unpack(lanes, totals, number * _PER_WORD + 1)
        start = after
    for head in range(_PER_PART):
        totals[head] -= np.int32(_BIAS * n_found)


@kernel("void(uint32[:,::1], int64[::1], uint64[:,:,::1], int32[:,::1], int64[::1])")
def _sum_rows(
    buckets: Buckets,
    bounds: Places,
    rows: Rows,
    totals: Totals,
    distinct: Places,
) -> None:
    """Sum the rows of the different n-grams of each post.

    Which are different says a small hash table that stays in the nearest cache; one of all buckets
    that remembers who held each last would not. A stamp of the post spares emptying it.
    """
    most = 0
    for post in range(len(distinct)):
        most = max(most, (bounds[post + 1] - bounds[post]) * len(buckets))
    n_slots = _LEAST_SLOTS
    while n_slots < 2 * most:
        n_slots *= 2
    slots = np.zeros(n_slots, np.uint32)
    held = np.empty(most, np.uint32)
    mask = np.uint32(n_slots - 1)
    for post in range(len(distinct)):
        if post % _MOST_STAMPS == 0:
            slots[:] = 0
        stamp = np.uint32(np.uint32(post % _MOST_STAMPS + 1) << _BUCKET_BITS)
        n_held = 0
        for order in range(len(buckets)):
            for at in range(bounds[post], bounds[post + 1] - order):
                bucket = buckets[order, at]
                kept = np.uint32(bucket | stamp)
                slot = bucket & mask
                while slots[slot] >= stamp and slots[slot] != kept:
                    slot = np.uint32(slot + 1) & mask
                if slots[slot] != kept:
                    slots[slot] = kept
                    held[n_held] = bucket
                    n_held += 1
        distinct[post] = max(n_held, 1)
        for part in range(len(rows)):
            first = part * _PER_PART
            _add(held, n_held, rows[part], totals[post, first : first + _PER_PART])
