"""Counting runs of Chinese characters: in how many texts, how often, between which neighbours.

Length by length: a run is frequent only if it is so without its first and its last character, so
that most of the longer ones are never counted. All kernels of it stand in this file.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.kernels import kernel

__all__ = ["LONGEST", "Column", "Runs", "counted_in", "runs_of"]

LONGEST = 8  # characters of a run
_EMPTY = -1

Codes = NDArray[np.uint32]
Numbers = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Shares = NDArray[np.float64]

_U1, _H1, _I1, _B1, _F1 = "uint32[::1]", "uint64[::1]", "int64[::1]", "boolean[::1]", "float64[::1]"
_I2 = "int64[:,::1]"


@dataclass(frozen=True, slots=True)
class Column:
    """A batch of texts in one column; `text_of` says which text a character stands in."""

    codes: Codes
    is_han: Flags
    text_of: Numbers


@dataclass(frozen=True, slots=True)
class Runs:
    """The frequent runs of a batch, a row each; where one stands first and how long it is.

    `cohesion` is the logarithm of how much more often it occurs than its weakest two parts would
    meet by chance; `freedom` the entropy of its neighbours, on the side where it is smaller.
    """

    first: Numbers
    length: Numbers
    n_texts: Numbers
    hashes: Hashes
    cohesion: Shares
    freedom: Shares


def runs_of(column: Column, *, at_least: int) -> Runs:
    """The runs of two characters and more that stand in so many texts at least."""
    size = len(column.codes)
    rows = np.full((LONGEST + 1, size), _EMPTY, dtype=np.int64)
    hashes = np.zeros(size, dtype=np.uint64)
    found = _Found.of_size(size * LONGEST)
    n_rows = 0
    columns = (found.first, found.length, found.n_texts, found.n_times, found.last)
    for length in range(1, LONGEST + 1):
        counted = _count_length(
            (column.codes, column.is_han, column.text_of),
            (hashes, found.hashes, _table(size)),
            rows,
            columns,
            length,
            n_rows,
        )
        needed = at_least if length > 1 else 1
        kept = _strike_out(rows[length], columns, found.hashes, n_rows, counted, needed)
        if kept == n_rows:
            break
        n_rows = kept
    n_pairs = int((rows[2:] != _EMPTY).sum())
    freedom = np.minimum(
        _freedom(column.codes, column.is_han, rows, found.n_times, _table(n_pairs), n_rows, 0),
        _freedom(column.codes, column.is_han, rows, found.n_times, _table(n_pairs), n_rows, 1),
    )
    n_characters = int(column.is_han.sum())
    cohesion = _cohesion(rows, found.first, found.length, found.n_times, n_rows, n_characters)
    words = np.flatnonzero(found.length[:n_rows] > 1)
    return Runs(
        first=found.first[words],
        length=found.length[words],
        n_texts=found.n_texts[words],
        hashes=found.hashes[words],
        cohesion=cohesion[words],
        freedom=freedom[words],
    )


def counted_in(column: Column, runs: Runs, chosen: Numbers) -> Numbers:
    """In how many texts of another batch the chosen runs stand."""
    table = _table(len(chosen))
    counted = np.zeros(len(chosen), dtype=np.int64)
    _count_known(column.codes, column.is_han, column.text_of, runs.hashes[chosen], table, counted)
    return counted


@dataclass(frozen=True, slots=True)
class _Found:
    first: Numbers
    length: Numbers
    n_texts: Numbers
    n_times: Numbers
    last: Numbers
    hashes: Hashes

    @classmethod
    def of_size(cls, size: int) -> "_Found":
        def column() -> Numbers:
            return np.zeros(size, dtype=np.int64)

        return cls(
            column(), column(), column(), column(), column(), np.zeros(size, dtype=np.uint64)
        )


def _table(n_entries: int) -> Numbers:
    """An open-addressing table, at most half full."""
    return np.full(1 << max(4, (2 * n_entries - 1).bit_length()), _EMPTY, dtype=np.int64)


@kernel("uint64(uint64,uint64)")
def _mixed(one: np.uint64, other: np.uint32 | np.uint64) -> np.uint64:
    """Two values as one hash (the finaliser of splitmix64)."""
    bits = (one + np.uint64(0x9E3779B97F4A7C15)) ^ (other * np.uint64(0xD6E8FEB86659FD93))
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@kernel(
    f"int64(Tuple(({_U1},{_B1},{_I1})),Tuple(({_H1},{_H1},{_I1})),{_I2},UniTuple({_I1},5),"
    "int64,int64)"
)
def _count_length(
    texts: tuple[Codes, Flags, Numbers],
    hashing: tuple[Hashes, Hashes, Numbers],
    rows: Numbers,
    found: tuple[Numbers, Numbers, Numbers, Numbers, Numbers],
    length: int,
    n_rows: int,
) -> int:
    """Count the runs of one length into rows from `n_rows` on; how many rows there are then.

    `hashes` holds at each place the hash of the run one shorter, and then of this length.
    """
    codes, is_han, text_of = texts
    hashes, found_hashes, table = hashing
    first, lengths, n_texts, n_times, last = found
    mask = np.uint64(len(table) - 1)
    for at in range(len(codes) - length + 1):
        end = at + length - 1
        is_rare = length > 1 and (rows[length - 1, at] < 0 or rows[length - 1, at + 1] < 0)
        if is_rare or not is_han[end]:
            continue
        hashes[at] = _mixed(hashes[at] if length > 1 else np.uint64(0), codes[end])
        slot = hashes[at] & mask
        while table[slot] >= 0 and found_hashes[table[slot]] != hashes[at]:
            slot = (slot + np.uint64(1)) & mask
        row = table[slot]
        if row < 0:
            row = table[slot] = n_rows
            found_hashes[row], first[row], lengths[row] = hashes[at], at, length
            n_texts[row], n_times[row], last[row] = 0, 0, _EMPTY
            n_rows += 1
        n_times[row] += 1
        n_texts[row] += last[row] != text_of[at]
        last[row] = text_of[at]
        rows[length, at] = row
    return n_rows


@kernel(f"int64({_I1},UniTuple({_I1},5),{_H1},int64,int64,int64)")
def _strike_out(
    rows: Numbers,
    found: tuple[Numbers, Numbers, Numbers, Numbers, Numbers],
    found_hashes: Hashes,
    begin: int,
    end: int,
    at_least: int,
) -> int:
    """Close the gaps that runs in too few texts leave in the rows; where they end then."""
    first, lengths, n_texts, n_times, moved_to = found
    kept = begin
    for row in range(begin, end):
        if n_texts[row] < at_least:
            moved_to[row] = _EMPTY
            continue
        first[kept], lengths[kept] = first[row], lengths[row]
        n_texts[kept], n_times[kept] = n_texts[row], n_times[row]
        found_hashes[kept] = found_hashes[row]
        moved_to[row] = kept
        kept += 1
    for at in range(len(rows)):
        if rows[at] >= 0:
            rows[at] = moved_to[rows[at]]
    return kept


@kernel(f"{_F1}({_U1},{_B1},{_I2},{_I1},{_I1},int64,int64)")
def _freedom(
    codes: Codes,
    is_han: Flags,
    rows: Numbers,
    n_times: Numbers,
    table: Numbers,
    n_rows: int,
    side: int,
) -> Shares:
    """The entropy of the neighbours of each run on one side; each end of a run is one more."""
    mask = np.uint64(len(table) - 1)
    keys = np.zeros(len(table), dtype=np.uint64)
    weighed = np.zeros(n_rows, dtype=np.float64)
    for length in range(2, rows.shape[0]):
        for at in range(len(codes)):
            row = rows[length, at]
            beside = at + length if side else at - 1
            if row < 0 or beside < 0 or beside >= len(codes) or not is_han[beside]:
                continue
            key = _mixed(np.uint64(row), codes[beside])
            slot = key & mask
            while table[slot] >= 0 and keys[slot] != key:
                slot = (slot + np.uint64(1)) & mask
            keys[slot] = key
            table[slot] = max(table[slot], 0) + 1
            seen = float(table[slot])
            weighed[row] += seen * np.log(seen)
            weighed[row] -= (seen - 1.0) * np.log(seen - 1.0) if seen > 1.0 else 0.0
    freedom = np.zeros(n_rows, dtype=np.float64)
    for row in range(n_rows):
        freedom[row] = np.log(float(n_times[row])) - weighed[row] / n_times[row]
    return freedom


@kernel(f"{_F1}({_I2},{_I1},{_I1},{_I1},int64,int64)")
def _cohesion(
    rows: Numbers,
    first: Numbers,
    lengths: Numbers,
    n_times: Numbers,
    n_rows: int,
    n_characters: int,
) -> Shares:
    cohesion = np.zeros(n_rows, dtype=np.float64)
    for row in range(n_rows):
        at, length = first[row], lengths[row]
        likeliest = 0.0
        for cut in range(1, length):
            head, tail = rows[cut, at], rows[length - cut, at + cut]
            likeliest = max(likeliest, float(n_times[head]) * float(n_times[tail]))
        if length > 1:
            cohesion[row] = np.log(float(n_times[row]) * n_characters / likeliest)
    return cohesion


@kernel(f"void({_U1},{_B1},{_I1},{_H1},{_I1},{_I1})")
def _count_known(
    codes: Codes, is_han: Flags, text_of: Numbers, known: Hashes, table: Numbers, counted: Numbers
) -> None:
    mask = np.uint64(len(table) - 1)
    last = np.full(len(known), -1, dtype=np.int64)
    for row in range(len(known)):
        slot = known[row] & mask
        while table[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = row
    for at in range(len(codes)):
        key = np.uint64(0)
        for end in range(at, min(at + LONGEST, len(codes))):
            if not is_han[end]:
                break
            key = _mixed(key, codes[end])
            slot = key & mask
            while table[slot] >= 0 and known[table[slot]] != key:
                slot = (slot + np.uint64(1)) & mask
            row = table[slot]
            if row >= 0 and last[row] != text_of[at]:
                last[row] = text_of[at]
                counted[row] += 1
