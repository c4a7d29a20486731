"""The compiled loops of the matcher: find every pattern in a batch, decide every rule for it."""

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.characters import Kind
from tinglan.analysis.kernels import kernel

Codes = NDArray[np.uint32]
Kinds = NDArray[np.uint8]
Keys = NDArray[np.uint64]
Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]
View = tuple[Codes, Kinds]
TrieColumns = tuple[Keys, Keys, Numbers, Numbers, Flags, bool]
PatternColumns = tuple[Flags, Flags, Numbers, Numbers, int, int]

CODE_BITS = 21
STATE = 1 << 62  # keys of steps from a state
SINGLE = 1 << 61  # keys of patterns of one character
_ODD = np.uint64(0x9E3779B97F4A7C15)  # the golden ratio: multiplying by it scatters (Knuth 6.4)
_WORD, _BORDER = int(Kind.WORD), int(Kind.BORDER)
_DOT, _ZERO, _NINE = map(ord, ".09")
_NO_STATE = -1


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


@kernel("void(uint64[::1], int32[::1], uint64[::1], int32[::1])")
def fill_table(table: Keys, states: Numbers, keys: Keys, values: Numbers) -> None:
    for index in range(len(keys)):
        slot = _slot(keys[index], len(table))
        while table[slot] != 0:
            slot = (slot + np.uint64(1)) & np.uint64(len(table) - 1)
        table[slot], states[slot] = keys[index], values[index]


@kernel("int64(uint64[::1], int32[::1], uint64)")
def _looked_up(table: Keys, states: Numbers, key: np.uint64) -> int:
    slot = _slot(key, len(table))
    while table[slot] != 0:
        if table[slot] == key:
            return int(states[slot])
        slot = (slot + np.uint64(1)) & np.uint64(len(table) - 1)
    return _NO_STATE


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
_TRIE = "Tuple((uint64[::1], uint64[::1], int32[::1], int32[::1], boolean[::1], boolean))"
_PATTERNS = "Tuple((boolean[::1], boolean[::1], int32[::1], int32[::1], int64, int64))"


@kernel(f"int64({_VIEW}, {_PATTERNS}, int64, int64, int64, int64, int32[:, ::1], int64)")
def _note(
    view: View,
    patterns: PatternColumns,
    pattern: int,
    part: int,
    start: int,
    end: int,
    found: Numbers,
    n_found: int,
) -> int:
    """Note the terms that a pattern means in this field, if it stands there as it must."""
    codes, kinds = view
    is_worded, is_dotted, firsts, terms, n_fields, site = patterns
    if is_worded[pattern] and not _is_whole(codes, kinds, start, end):
        return n_found
    field = part % n_fields
    if field == site and is_dotted[pattern] and not _is_host(codes, kinds, start, end):
        return n_found
    row = pattern * n_fields + field
    for term in terms[firsts[row] : firsts[row + 1]]:
        if n_found < len(found):
            found[n_found, 0], found[n_found, 1] = part, term
            found[n_found, 2], found[n_found, 3] = start, end
        n_found += 1
    return n_found


@kernel(f"int64({_VIEW}, {_TRIE}, {_PATTERNS}, int32[:, ::1])")
def find(view: View, trie: TrieColumns, patterns: PatternColumns, found: Numbers) -> int:
    """Every hit of every term, in the order of the text: rows of part, term, start, end.

    Returns how many there are; those for which `found` has no room are only counted.
    """
    codes, kinds = view
    pairs, keys, states, ends, goes_on, has_single = trie
    n_bits = len(pairs) * 64
    n_found, part = 0, 0
    for at in range(len(codes)):
        if kinds[at] == _BORDER:
            part += 1
            continue
        code = np.uint64(codes[at])
        if has_single:
            state = _looked_up(keys, states, code | np.uint64(SINGLE))
            if state >= 0:
                n_found = _note(view, patterns, ends[state], part, at, at + 1, found, n_found)
        pair = (code << np.uint64(CODE_BITS)) | np.uint64(codes[at + 1])
        bit = _slot(pair, n_bits)
        if (pairs[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1) == 0:
            continue
        state, end = _looked_up(keys, states, pair), at + 2
        while state >= 0:
            if ends[state] >= 0:
                n_found = _note(view, patterns, ends[state], part, at, end, found, n_found)
            if not goes_on[state]:
                break
            step = np.uint64(STATE) | (np.uint64(state) << np.uint64(CODE_BITS))
            state = _looked_up(keys, states, step | np.uint64(codes[end]))
            end += 1
    return n_found
