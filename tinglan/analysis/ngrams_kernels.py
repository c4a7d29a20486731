"""The compiled loops of `ngrams`: fold the posts of a batch, and hash what they are made of."""

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.kernels import kernel

Codes = NDArray[np.uint32]
Buckets = NDArray[np.int32]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

BITS = 18
BUCKETS = 1 << BITS
MAX_CHARACTERS = 2000  # what a longer post says about its tone, it has said by then
START, END, ADDRESS, NAME = 0xE000, 0xE001, 0xE002, 0xE003
LONGEST_RUN = 3  # 哈哈哈哈哈哈 → 哈哈哈, 20000 → 000
LONGEST_NAME = 12  # names end early on purpose: "@星河电器你们的水壶漏电" must not vanish whole

# Bits of an entry of the table, above the code that a character folds to.
LETTER, NAME_SIGN, ADDRESS_SIGN, OPENS_MASK = 1 << 21, 1 << 22, 1 << 23, 1 << 24
_CODE = (1 << 21) - 1
_AT, _H, _T, _P, _S, _W, _COLON, _SLASH, _DOT = map(ord, "@htpsw:/.")

_STEP, _MIX_1, _MIX_2 = np.uint32(0x9E3779B1), np.uint32(0xC2B2AE35), np.uint32(0x2C1B3C6D)
_SALT = np.uint32(0x85EBCA6B)
_HALF, _KEPT = np.uint32(15), np.uint32(32 - BITS)

_RAW = "Array(uint32, 1, 'C', True)"


@kernel(f"boolean({_RAW}, int64, int64)")
def _is_scheme(raw: Codes, at: int, end: int) -> bool:
    """Whether "http://" or "https://" stands here."""
    if at + 7 > end or raw[at] != _H or raw[at + 1] != _T or raw[at + 2] != _T:
        return False
    if raw[at + 3] != _P:
        return False
    colon = at + 5 if raw[at + 4] == _S else at + 4
    if colon + 3 > end or raw[colon] != _COLON:
        return False
    return bool(raw[colon + 1] == _SLASH and raw[colon + 2] == _SLASH)


@kernel(f"int64({_RAW}, int64, int64, uint32[::1])")
def _masked(raw: Codes, at: int, end: int, table: Codes) -> int:
    """Where the address or @name that begins here ends; `at` where none does."""
    if raw[at] == _AT:
        after = at + 1
        while after < min(end, at + 1 + LONGEST_NAME) and table[raw[after]] & NAME_SIGN:
            after += 1
        return after if after > at + 1 else at
    if raw[at] == _W:
        if at + 4 > end or raw[at + 1] != _W or raw[at + 2] != _W or raw[at + 3] != _DOT:
            return at
    elif not _is_scheme(raw, at, end):
        return at
    after = at + 4
    while after < end and table[raw[after]] & ADDRESS_SIGN:
        after += 1
    return after


@kernel(f"int64({_RAW}, int64[::1], uint32[::1], uint32[::1], int64[::1], boolean[::1])")
def fold_posts(
    raw: Codes, ends: Places, table: Codes, codes: Codes, starts: Places, has_words: Flags
) -> int:
    """Fold all posts into `codes`, marks around each; `starts` has a last one where they end.

    `raw` holds the code points of a batch, post i up to `ends[i]`, and `codes` has room for one
    more for each post. Addresses and @names become a mark, long runs are cut. Returns where the
    last post ends.
    """
    at, first = 0, 0
    for post in range(len(ends)):
        starts[post] = begin = at
        codes[at] = START
        at += 1
        letters = np.uint32(0)
        index, end = first, min(ends[post], first + MAX_CHARACTERS)
        while index < end:
            entry = table[raw[index]]
            after = _masked(raw, index, end, table) if entry & OPENS_MASK else index
            if after > index:
                entry = np.uint32(NAME if raw[index] == _AT else ADDRESS)
                index = after
            else:
                index += 1
            code = entry & _CODE
            if (
                code == codes[at - 1]
                and at - begin >= LONGEST_RUN
                and code == codes[at - 2]
                and code == codes[at - LONGEST_RUN]
            ):
                continue
            codes[at] = code
            letters |= entry
            at += 1
        # The mark itself may be the last of a run, where a text holds such signs.
        if not (
            at - begin >= LONGEST_RUN
            and codes[at - 1] == END
            and codes[at - 2] == END
            and codes[at - LONGEST_RUN] == END
        ):
            codes[at] = END
            at += 1
        has_words[post] = (letters & LETTER) != 0
        first = ends[post] + 1
    starts[len(ends)] = at
    return at


@kernel("uint32(uint32)")
def _bucket(rolling: np.uint32) -> np.uint32:
    mixed = np.uint32(rolling * _MIX_1)
    mixed = np.uint32(mixed ^ (mixed >> _HALF))
    mixed = np.uint32(mixed * _MIX_2)
    return mixed >> _KEPT


@kernel("void(uint32[::1], int64[::1], int32[:,::1])")
def hash_posts(codes: Codes, starts: Places, buckets: Buckets) -> None:
    """The bucket of the 1-, 2- and 3-gram that begins at each place; BUCKETS where none fits.

    The hash of an n-gram goes on from that of the one before it. Each order has a loop of its own:
    only so do they become instructions on many numbers at once.
    """
    two, three = np.uint32(2), np.uint32(3)
    for post in range(len(starts) - 1):
        start, end = starts[post], starts[post + 1]
        for at in range(start, end):
            buckets[0, at] = _bucket(np.uint32(codes[at] * _SALT))
        for at in range(start, end - 1):
            rolling = np.uint32(np.uint32(codes[at] * _SALT) * _STEP)
            rolling ^= np.uint32(np.uint32(codes[at + 1] * _SALT) + two)
            buckets[1, at] = _bucket(rolling)
        for at in range(start, end - 2):
            rolling = np.uint32(np.uint32(codes[at] * _SALT) * _STEP)
            rolling ^= np.uint32(np.uint32(codes[at + 1] * _SALT) + two)
            rolling = np.uint32(rolling * _STEP)
            rolling ^= np.uint32(np.uint32(codes[at + 2] * _SALT) + three)
            buckets[2, at] = _bucket(rolling)
        buckets[1, end - 1] = BUCKETS
        buckets[2, max(start, end - 2)] = BUCKETS
        buckets[2, end - 1] = BUCKETS
