"""The compiled loops of `text`: fold a batch of code points, blank its addresses, cut its view.

A batch is one column of codes with a border after each of its texts. The tables of `characters`
arrive packed, the kind above the code point, so that each character costs one look-up.
"""

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.characters import ADDRESS_MARK, KIND_SHIFT, Kind
from tinglan.analysis.kernels import kernel

Codes = NDArray[np.uint32]
Kinds = NDArray[np.uint8]
Positions = NDArray[np.int32]

_CODE, _KIND, _MARK = (1 << KIND_SHIFT) - 1, 0x7F, np.uint32(ADDRESS_MARK)
_GONE, _BLANK, _HAN = int(Kind.GONE), int(Kind.BLANK), int(Kind.HAN)
_BREAK, _BORDER, _EXPANDS = int(Kind.BREAK), int(Kind.BORDER), int(Kind.EXPANDS)
_SPACE, _NEW_LINE = ord(" "), ord("\n")
_DASH, _DOT, _SLASH, _AT = map(ord, "-./@")
_A, _Z = map(ord, "az")
_WORDY, _OTHER, _TAIL = 1, 2, 3  # signs of addresses; the last kind belongs to the sentence around
_SIGNS = np.zeros(128, dtype=np.uint8)
_SIGNS[[ord(sign) for sign in "abcdefghijklmnopqrstuvwxyz0123456789"]] = _WORDY
# Commas and brackets, legal in addresses, end one here: as a rule they belong to the sentence.
_SIGNS[[ord(sign) for sign in "-_~/@$&+=%"]] = _OTHER
_SIGNS[[ord(sign) for sign in "#.:?"]] = _TAIL
_HTTP = np.array([ord(sign) for sign in "http://"], dtype=np.uint32)
_HTTPS = np.array([ord(sign) for sign in "https://"], dtype=np.uint32)
_FTP = np.array([ord(sign) for sign in "ftp://"], dtype=np.uint32)
_WWW = np.array([ord(sign) for sign in "www."], dtype=np.uint32)
_SHORTEST = 5  # no address is shorter than "a.cn/" and a sign, or "www." and one


@kernel("boolean(uint32[::1], int64, int64, Array(uint32, 1, 'C', True))")
def _begins(codes: Codes, at: int, after: int, word: Codes) -> bool:
    """Whether a word stands here and a sign of the run follows it."""
    if at + len(word) >= after:
        return False
    for index in range(len(word)):  # noqa: SIM110  a kernel has no all()
        if codes[at + index] != word[index]:
            return False
    return True


@kernel("boolean(uint32[::1], int64, int64)")
def _is_host_and_path(codes: Codes, at: int, after: int) -> bool:
    """Whether labels and a top domain of letters stand here, then a slash and a sign."""
    end, label, has_dot = at, at, False
    while end < after and (_SIGNS[codes[end]] == _WORDY or codes[end] in (_DASH, _DOT)):
        if codes[end] == _DOT:
            if end == label:
                return False
            label, has_dot = end + 1, True
        end += 1
    if not has_dot or end - label < 2 or end + 1 >= after or codes[end] != _SLASH:
        return False
    for index in range(label, end):  # noqa: SIM110
        if codes[index] < _A or codes[index] > _Z:
            return False
    return True


@kernel("int64(uint32[::1], int64, int64)")
def _address_in(codes: Codes, first: int, after: int) -> int:
    """Where an address begins in a run of signs; `after` when there is none.

    A scheme may stand anywhere, "www." after no letter or digit, a bare host after no host either:
    a host without a path is text ("jd.com" is a brand).
    """
    for at in range(first, after):
        before = codes[at - 1] if at > first else np.uint32(_SPACE)
        if _begins(codes, at, after, _HTTP) or _begins(codes, at, after, _HTTPS):
            return at
        if _begins(codes, at, after, _FTP):
            return at
        if _SIGNS[before] == _WORDY:
            continue
        if _begins(codes, at, after, _WWW):
            return at
        joined = before in (_DASH, _DOT, _AT)
        if not joined and _is_host_and_path(codes, at, after):
            return at
    return after


@kernel("void(uint32[::1], uint8[::1], int64, int64)")
def _blank_addresses(codes: Codes, kinds: Kinds, start: int, end: int) -> None:
    """Make blanks of the web addresses of one text: each begins in a run of signs and ends it."""
    at = start
    while at < end:
        first = at
        while at < end and codes[at] < 128 and _SIGNS[codes[at]]:
            at += 1
        if at - first >= _SHORTEST:
            begin, after = _address_in(codes, first, at), at
            while after > begin and _SIGNS[codes[after - 1]] == _TAIL:
                after -= 1
            for index in range(begin, after):
                codes[index], kinds[index] = _SPACE, _BLANK
        at += 1


_RAW = "Array(uint32, 1, 'C', True)"
_TABLES = "Tuple((uint32[::1], uint32[::1], int32[::1], uint32[::1]))"


@kernel(f"int64({_RAW}, int64[::1], {_TABLES}, uint32[::1], uint8[::1], int32[::1])")
def fold_codes(
    raw: Codes,
    ends: NDArray[np.int64],
    tables: tuple[Codes, Codes, Positions, Codes],
    codes: Codes,
    kinds: Kinds,
    offsets: Positions,
) -> int:
    """Fold all texts into the last three columns; a border goes to the end of each, `ends[i]`.

    A character found in `keys` folds to several: `spelled[firsts[k] : firsts[k + 1]]`, packed too.
    Returns how long the columns must be; those for which they have no room are only counted.
    """
    packed, keys, firsts, spelled = tables
    at, start, room = 0, 0, len(codes)
    for end in ends:
        begin, marks = at, np.uint32(0)
        for index in range(start, end):
            entry = packed[raw[index]]
            marks |= entry
            kind = (entry >> KIND_SHIFT) & _KIND
            if kind == _EXPANDS:
                key = np.searchsorted(keys, raw[index])
                for part in range(firsts[key], firsts[key + 1]):
                    if at < room:
                        codes[at], offsets[at] = spelled[part] & _CODE, index - start
                        kinds[at] = (spelled[part] >> KIND_SHIFT) & _KIND
                    at += 1
            elif kind != _GONE:
                if at < room:
                    codes[at], kinds[at], offsets[at] = entry & _CODE, kind, index - start
                at += 1
        if at < room:
            codes[at], kinds[at], offsets[at] = _NEW_LINE, _BORDER, end - start
            if marks & _MARK:
                _blank_addresses(codes, kinds, begin, at)
        at += 1
        start = end + 1
    return at


@kernel("boolean(uint8)")
def _swallows_blanks(kind: int) -> bool:
    return kind in (_HAN, _BREAK, _BORDER)


@kernel("int32[::1](uint8[::1], boolean)")
def kept_in_view(kinds: Kinds, keep_symbols: bool) -> Positions:
    """Which characters of a folded batch stay, for what stands around them.

    Blanks and symbols between Chinese characters vanish; so do blanks beside a Chinese character
    or a line break, all but the first of several blanks, and all but the first of several breaks.
    """
    n = len(kinds)
    kept = np.empty(n, np.int32)
    n_kept, at = 0, 0
    solid, inked = _BORDER, _BORDER  # the last kind that holds its place; the last but a blank
    while at < n:
        if kinds[at] >= _HAN:
            solid = kinds[at]
            if not (solid == _BREAK and inked == _BREAK):
                kept[n_kept] = at
                n_kept += 1
            inked = solid
            at += 1
            continue
        after = at
        while kinds[after] < _HAN:  # the last is a border
            after += 1
        if keep_symbols or solid != _HAN or kinds[after] != _HAN:
            while at < after:
                first = at
                while kinds[at] == _BLANK:
                    at += 1
                if at > first and not _swallows_blanks(inked) and not _swallows_blanks(kinds[at]):
                    kept[n_kept] = first
                    n_kept += 1
                if at < after:
                    kept[n_kept] = at
                    n_kept += 1
                    inked = kinds[at]
                    at += 1
        at = after
    return kept[:n_kept]


@kernel(
    "Tuple((uint32[::1], uint8[::1], int32[::1]))(uint32[::1], uint8[::1], int32[::1], int32[::1])"
)
def picked(
    codes: Codes, kinds: Kinds, offsets: Positions, kept: Positions
) -> tuple[Codes, Kinds, Positions]:
    """The three columns at the places kept, in one pass."""
    n = len(kept)
    view_codes, view_kinds = np.empty(n, np.uint32), np.empty(n, np.uint8)
    view_offsets = np.empty(n, np.int32)
    for index in range(n):
        at = kept[index]
        view_codes[index], view_kinds[index] = codes[at], kinds[at]
        view_offsets[index] = offsets[at]
    return view_codes, view_kinds, view_offsets
