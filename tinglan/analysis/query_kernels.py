"""The compiled loops of the matcher that fill its trie and find every pattern in a batch."""

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.characters import Kind
from tinglan.analysis.kernels import kernel

Codes = NDArray[np.uint32]
Kinds = NDArray[np.uint8]
Keys = NDArray[np.uint64]
Numbers = NDArray[np.int32]
Hits = NDArray[np.int32]  # rows of part, term, start, end
Flags = NDArray[np.bool_]
View = tuple[Codes, Kinds]
Table = NDArray[np.uint64]  # rows of a key and a state
TrieColumns = tuple[Keys, Table, Table, bool]
PatternColumns = tuple[Flags, Flags, Numbers, Numbers, int, int]

CODE_BITS = 21
SPECIAL = 1  # lowest bit of a meaning: it is a pattern to look up, not a term of title and text
N_BODY = 2  # the fields of a term of title and text stand first
_MEANING_SHIFT = np.uint64(32)
_ODD = np.uint64(0x9E3779B97F4A7C15)  # the golden ratio: multiplying by it scatters (Knuth 6.4)
_WORD, _BORDER = int(Kind.WORD), int(Kind.BORDER)
_DOT, _ZERO, _NINE = map(ord, ".09")


@kernel("uint64(uint64, int64)")
def _slot(key: np.uint64, size: int) -> np.uint64:
    """Where a key belongs among `size` places, a power of two."""
    mixed = key * _ODD
    return (mixed >> np.uint64(32)) & np.uint64(size - 1)


@kernel("void(uint64[::1], uint64[::1])")
def mark_pairs(bitmap: Keys, keys: Keys) -> None:
    for key in keys:
        slot = _slot(key, len(bitmap) * 64)
        bitmap[slot >> np.uint64(6)] |= np.uint64(1) << (slot & np.uint64(63))


@kernel("int64(uint64[:, ::1], uint64)")
def _place_of(table: Table, key: np.uint64) -> int:
    """The row of a key; or, less than 0, one less than minus the row where it would go."""
    slot = _slot(key, len(table))
    while table[slot, 0] != 0:
        if table[slot, 0] == key:
            return int(slot)
        slot = (slot + np.uint64(1)) & np.uint64(len(table) - 1)
    return -1 - int(slot)


@kernel("uint64(uint64)")
def _signature(code: np.uint64) -> np.uint64:
    """One of 32 bits, by which a state knows what may follow it."""
    return np.uint64(1) << (code & np.uint64(31))


@kernel("uint64(int64, uint64)")
def _step_key(place: int, code: np.uint64) -> np.uint64:
    return (np.uint64(place + 1) << np.uint64(CODE_BITS)) | code


@kernel("void(uint64[:, ::1], uint64[:, ::1], int64[::1], uint64[::1], uint64[::1])")
def fill_tables(
    pairs: Table, steps: Table, parents: NDArray[np.int64], codes: Keys, meant: Keys
) -> None:
    """Put the states in their tables, each after the one before; places count on into `steps`."""
    places = np.empty(len(parents), np.int64)
    for state in range(len(parents)):
        parent, meaning = parents[state], meant[state] << _MEANING_SHIFT
        if parent < 0:
            slot = -1 - _place_of(pairs, codes[state])
            pairs[slot, 0], pairs[slot, 1] = codes[state], meaning
            places[state] = slot
            continue
        before = places[parent]
        key = _step_key(before, codes[state])
        slot = -1 - _place_of(steps, key)
        steps[slot, 0], steps[slot, 1] = key, meaning
        places[state] = len(pairs) + slot
        if before < len(pairs):
            pairs[before, 1] |= _signature(codes[state])
        else:
            steps[before - len(pairs), 1] |= _signature(codes[state])


@kernel("boolean(uint32)")
def _is_digit(code: int) -> bool:
    return _ZERO <= code <= _NINE


@kernel("boolean(uint32[::1], int64)")
def _is_decimal_point(codes: Codes, at: int) -> bool:
    """Whether the full stop is that of a number (3.15), not of a date (2026.3.15)."""
    first, last = at - 1, at + 1
    while first >= 0 and _is_digit(codes[first]):
        first -= 1
    while _is_digit(codes[last]):  # the last code is a border
        last += 1
    has_digits = first < at - 1 and last > at + 1
    goes_on = codes[last] == _DOT or (first >= 0 and codes[first] == _DOT)
    return has_digits and not goes_on


@kernel("boolean(uint32[::1], uint8[::1], int64)")
def _continues(codes: Codes, kinds: Kinds, at: int) -> bool:
    """Whether a word or number that ends beside this character goes on with it."""
    return kinds[at] == _WORD or (codes[at] == _DOT and _is_decimal_point(codes, at))


@kernel("boolean(uint32[::1], uint8[::1], int64, int64)")
def _is_whole(codes: Codes, kinds: Kinds, start: int, end: int) -> bool:
    """Whether a hit cuts no Latin word and no number; Chinese terms may stand anywhere."""
    if kinds[start] == _WORD and start > 0 and _continues(codes, kinds, start - 1):
        return False
    return not (kinds[end - 1] == _WORD and _continues(codes, kinds, end))


@kernel("boolean(uint32[::1], uint8[::1], int64, int64)")
def _is_host(codes: Codes, kinds: Kinds, start: int, end: int) -> bool:
    """Whether a hit is the whole of a field or its last labels."""
    if start > 0 and kinds[start - 1] != _BORDER and codes[start - 1] != _DOT:
        return False
    return bool(kinds[end] == _BORDER)


_VIEW = "Tuple((uint32[::1], uint8[::1]))"
_TRIE = "Tuple((uint64[::1], uint64[:, ::1], uint64[:, ::1], boolean))"
_PATTERNS = "Tuple((boolean[::1], boolean[::1], int32[::1], int32[::1], int64, int64))"


@kernel(f"int64({_VIEW}, {_PATTERNS}, int64, int64, int64, int64, int32[:, ::1], int64)")
def _note(
    view: View,
    patterns: PatternColumns,
    number: int,
    part: int,
    start: int,
    end: int,
    found: Hits,
    n_found: int,
) -> int:
    """Note the terms that a pattern means in this field, if it stands there as it must."""
    is_worded, is_dotted, firsts, terms, n_fields, site = patterns
    codes, kinds = view
    if is_worded[number] and not _is_whole(codes, kinds, start, end):
        return n_found
    field = part % n_fields
    if field == site and is_dotted[number] and not _is_host(codes, kinds, start, end):
        return n_found
    row = number * n_fields + field
    for term in terms[firsts[row] : firsts[row + 1]]:
        if n_found < len(found):
            found[n_found, 0], found[n_found, 1] = part, term
            found[n_found, 2], found[n_found, 3] = start, end
        n_found += 1
    return n_found


@kernel(f"int64({_VIEW}, {_TRIE}, {_PATTERNS}, int32[:, ::1])")
def find(  # noqa: C901, PLR0912  one loop, see below
    view: View, trie: TrieColumns, patterns: PatternColumns, found: Hits
) -> int:
    """Every hit of every term, in the order of the text: rows of part, term, start, end.

    Returns how many there are; those for which `found` has no room are only counted. All that most
    hits need stands in this one loop: a call that passes arrays costs more than a look-up.
    """
    codes, kinds = view
    bitmap, pairs, steps, has_single = trie
    n_fields, n_pairs, n_bits = patterns[4], len(pairs), len(bitmap) * 64
    n_found, part, field = 0, 0, 0
    for at in range(len(codes)):
        if kinds[at] == _BORDER:
            part += 1
            field = part % n_fields
            continue
        for width in range(1 if has_single else 2, 3):
            key, end = np.uint64(codes[at]), at + width
            if width == 2:
                key = (key << np.uint64(CODE_BITS)) | np.uint64(codes[at + 1])
                bit = _slot(key, n_bits)
                if (bitmap[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1) == 0:
                    continue
            slot = _slot(key, n_pairs)
            while pairs[slot, 0] != key and pairs[slot, 0] != 0:
                slot = (slot + np.uint64(1)) & np.uint64(n_pairs - 1)
            place, state = int(slot), pairs[slot, 1]
            is_there = pairs[slot, 0] == key
            while is_there:
                meaning = int(state >> _MEANING_SHIFT) - 1
                if meaning >= 0 and meaning & SPECIAL:
                    n_found = _note(view, patterns, meaning >> 1, part, at, end, found, n_found)
                elif meaning >= 0 and field < N_BODY:
                    if n_found < len(found):
                        found[n_found, 0], found[n_found, 1] = part, meaning >> 1
                        found[n_found, 2], found[n_found, 3] = at, end
                    n_found += 1
                code = np.uint64(codes[end])
                if width == 1 or state & _signature(code) == 0:
                    break
                key = _step_key(place, code)
                slot = _slot(key, len(steps))
                while steps[slot, 0] != key and steps[slot, 0] != 0:
                    slot = (slot + np.uint64(1)) & np.uint64(len(steps) - 1)
                place, state = n_pairs + int(slot), steps[slot, 1]
                is_there = steps[slot, 0] == key
                end += 1
    return n_found
