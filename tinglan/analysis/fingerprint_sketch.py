"""Sketches of texts: of which short pieces they are made, and the bands they are found by.

A sketch holds the smallest hashes of the character 3-grams of a text, all of them unless it is
long: from two sketches follow Jaccard similarity and containment (bottom-k, Broder 1997). MinHash
gives 64 more numbers, cut into 32 bands of 2 that two like texts probably share one of (LSH, Indyk
and Motwani 1998). What stands in a #topic# is marked: thousands of posts share a topic who say
different things.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.fingerprint_canonical import Canonical
from tinglan.analysis.kernels import kernel

__all__ = ["N_BANDS", "WIDTH", "Sketches", "sketches"]

WIDTH = 128  # shingles kept of one text; a longer one is known by its 128 smallest hashes
N_BANDS, ROWS = 32, 2
N_HASHES = N_BANDS * ROWS

_MAX = 0xFFFFFFFF
_N_PARTS, _LOW_BITS = 128, np.uint32(25)  # by their highest seven bits hashes are parted
_FEW, _MOST_ALIKE = 512, 24  # hashes sorted so, and how many of them may lie in one part
_U1, _U2, _I1 = "uint32[::1]", "uint32[:,::1]", "int64[::1]"


@dataclass(frozen=True, slots=True)
class Sketches:
    """The sketches of a batch in columns, one row a text.

    `hashes` ascend; their lowest bit says that the shingle stands in topics only. `sizes` counts
    them. `bands` are keys of 32 bits.
    """

    hashes: NDArray[np.uint32]
    sizes: NDArray[np.int64]
    bands: NDArray[np.uint32]


def sketches(batch: Canonical) -> Sketches:
    """The sketches of the texts of a batch, of their cores as a rule.

    >>> from tinglan.analysis.fingerprint_canonical import canonical
    >>> made = sketches(canonical(["星河热水壶漏电了", "星河的热水壶漏电"]))
    >>> made.sizes.tolist(), made.hashes.shape
    ([6, 6], (2, 128))
    """
    n_texts = len(batch.starts) - 1
    made = Sketches(
        hashes=np.zeros((n_texts, WIDTH), dtype=np.uint32),
        sizes=np.zeros(n_texts, dtype=np.int64),
        bands=np.zeros((n_texts, N_BANDS), dtype=np.uint32),
    )
    longest = int(np.diff(batch.starts).max(initial=0))
    _sketch_all(
        batch.codes,
        batch.starts,
        batch.is_tag,
        (_FACTORS, _TERMS, np.empty(N_HASHES, dtype=np.uint32)),
        (np.empty(longest, dtype=np.uint32), np.empty(_FEW, dtype=np.uint32)),
        (made.hashes, made.bands),
        made.sizes,
    )
    return made


def _constants(seed: int) -> NDArray[np.uint32]:
    return np.random.default_rng(seed).integers(0, 2**32, N_HASHES, dtype=np.uint32)


_FACTORS = _constants(1) | np.uint32(1)
_TERMS = _constants(2)

Codes = NDArray[np.uint32]
Places = NDArray[np.int64]


@kernel("uint64(uint64)")
def _mixed(value: int) -> int:
    """The finaliser of splitmix64: every bit of the value moves every bit of the result."""
    bits = np.uint64(value)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))  # type: ignore[return-value]


@kernel(f"void({_U1},int64,{_U1},{_U1})")
def _sort(found: Codes, n_found: int, room: Codes, counts: Codes) -> None:
    """Sort hashes: few of them by their highest bits first, because hashes lie evenly.

    Comparing took three times as long as everything else that is done with the shingles of a post.
    Where many share their highest bits, which chance does not bring about, they are compared.
    """
    most = 0
    if n_found <= len(room):
        counts[:] = 0
        for at in range(n_found):
            counts[(found[at] >> _LOW_BITS) + 1] += np.uint32(1)
        for at in range(1, len(counts)):
            most = max(most, counts[at])
            counts[at] += counts[at - 1]
    if n_found > len(room) or most > _MOST_ALIKE:
        found[:n_found].sort()
        return
    for at in range(n_found):
        part = found[at] >> _LOW_BITS
        room[counts[part]] = found[at]
        counts[part] += np.uint32(1)
    for at in range(n_found):
        value, to = room[at], at
        while to > 0 and found[to - 1] > value:
            found[to] = found[to - 1]
            to -= 1
        found[to] = value


@kernel(f"int64({_U1},boolean[::1],{_U1},{_U1},{_U1})")
def _shingles(
    codes: Codes, is_tag: NDArray[np.bool_], found: Codes, room: Codes, counts: Codes
) -> int:
    """The hashes of the 3-grams of a text, ascending, each once; how many they are."""
    n_grams = max(0, len(codes) - 2)
    for at in range(n_grams):
        gram = np.uint64(codes[at]) << np.uint64(42)
        gram ^= np.uint64(codes[at + 1]) << np.uint64(21)
        gram ^= np.uint64(codes[at + 2])
        in_tag = is_tag[at] and is_tag[at + 1] and is_tag[at + 2]
        mixed = np.uint32(_mixed(gram) >> np.uint64(32))  # type: ignore[arg-type]
        found[at] = (mixed & np.uint32(_MAX - 1)) | np.uint32(in_tag)
    _sort(found, n_grams, room, counts)
    n_kept = 0
    for at in range(n_grams):
        # A shingle of a topic and of the text stands twice in a row, that of the text first.
        if n_kept and found[at] >> np.uint32(1) == found[n_kept - 1] >> np.uint32(1):
            continue
        found[n_kept] = found[at]
        n_kept += 1
    return n_kept


@kernel(f"void({_U1},{_U1},{_U1},{_U1})")
def _least(shingles: Codes, factors: Codes, terms: Codes, least: Codes) -> None:
    """MinHash by 64 linear hashes; whether a shingle stands in a topic does not count here."""
    least[:] = np.uint32(_MAX)
    for shingle in shingles:
        for row in range(len(least)):
            value = np.uint32((shingle >> np.uint32(1)) * factors[row] + terms[row])
            least[row] = min(least[row], value)


@kernel(
    f"void({_U1},{_I1},boolean[::1],UniTuple({_U1},3),UniTuple({_U1},2),UniTuple({_U2},2),{_I1})",
)
def _sketch_all(
    codes: Codes,
    starts: Places,
    is_tag: NDArray[np.bool_],
    hashing: tuple[Codes, Codes, Codes],
    rooms: tuple[Codes, Codes],
    made: tuple[Codes, Codes],
    sizes: Places,
) -> None:
    factors, terms, least = hashing
    found, room = rooms
    counts = np.empty(_N_PARTS + 1, np.uint32)
    hashes, bands = made
    n_rows = len(least) // bands.shape[1]
    for text in range(len(sizes)):
        first, end = starts[text], starts[text + 1]
        n_kept = _shingles(codes[first:end], is_tag[first:end], found, room, counts)
        sizes[text] = min(n_kept, hashes.shape[1])
        for at in range(sizes[text]):
            hashes[text, at] = found[at]
        _least(found[:n_kept], factors, terms, least)
        for band in range(bands.shape[1]):
            key = np.uint64(band)
            for row in range(band * n_rows, (band + 1) * n_rows):
                key = np.uint64(_mixed(key ^ np.uint64(least[row])))  # type: ignore[arg-type]
            bands[text, band] = np.uint32(key >> np.uint64(32))
