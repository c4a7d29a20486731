"""The compiled loops that bring a batch of folded texts into their canonical form."""

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.characters import Kind
from tinglan.analysis.kernels import kernel

Codes = NDArray[np.uint32]
Kinds = NDArray[np.uint8]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
Folded = tuple[Codes, Kinds, NDArray[np.int32]]
Words = tuple[Kinds, Codes, Kinds, Codes]

# What a text may hold that only a pattern can tell for sure.
PASSED_ON, SHOWN, WRAPPED = 1, 2, 4  # another's words; what pages show beside; boilerplate
N_PAIRS = 1 << 16
WHOLE = -1  # the end of a core that leaves nothing out
LONGEST_TAG = 42  # characters, both signs counted

_HAN, _WORD, _BREAK = int(Kind.HAN), int(Kind.WORD), int(Kind.BREAK)
_SLASH, _AT, _QUESTION, _POINT, _ZERO, _NINE, _TAG_SIGN = map(ord, "/@?.09#")
_PASS, _FAST, _PART, _R = map(ord, "转快分r")  # "转发微博", "快转", "分享图片", "repost"
_TEXT, _FREQUENCY, _C, _D = map(ord, "文频cd")  # "展开全文c", "…的微博视频"
_PAIRED = np.uint32(31)

_RAW = "Array(uint32, 1, 'C', True)"
_VIEW = "Tuple((uint32[::1], uint8[::1]))"
_FOLDED = "Tuple((uint32[::1], uint8[::1], int32[::1]))"
_WORDS = "Tuple((uint8[::1], uint32[:,::1], uint8[::1], uint32[::1]))"


@kernel("int64(uint32, uint32)")
def pair_of(first: np.uint32, second: np.uint32) -> int:
    """Where a pair of characters stands in a table of N_PAIRS."""
    return int(np.uint32(np.uint32(first * _PAIRED) + second) & np.uint32(N_PAIRS - 1))


@kernel(f"void({_RAW}, int64[::1], uint8[::1])")
def notice_chains(raw: Codes, ends: Places, noticed: Kinds) -> None:
    """Mark the texts that hold a slash and an @: without them nothing is passed on by a chain."""
    start = 0
    for text in range(len(ends)):
        has_slash = has_at = False
        for at in range(start, ends[text]):
            has_slash |= raw[at] == _SLASH
            has_at |= raw[at] == _AT
        if has_slash and has_at:
            noticed[text] |= np.uint8(PASSED_ON)
        start = ends[text] + 1


@kernel(f"void(uint32[::1], int64[::1], {_WORDS}, uint8[::1])")
def notice_words(codes: Codes, starts: Places, words: Words, noticed: Kinds) -> None:
    """Mark the texts that hold one of some words.

    Text i lies before `starts[i + 1]`, the border after it included. Of `words` the first are
    words of two characters: their numbers by `pair_of`, 0 for none, and by number the characters
    and the mark they make. Then come single signs of boilerplate.
    """
    numbers, pairs, marks, signs = words
    for text in range(len(noticed)):
        start, end = starts[text], starts[text + 1] - 1
        for at in range(start, end):
            number = numbers[pair_of(codes[at], codes[at + 1])]
            if number and pairs[number, 0] == codes[at] and pairs[number, 1] == codes[at + 1]:
                noticed[text] |= marks[number]
            for sign in signs:
                if sign == codes[at]:
                    noticed[text] |= np.uint8(WRAPPED)


@kernel(f"void({_VIEW}, int64[::1], uint8[::1])")
def notice_ends(folded: tuple[Codes, Kinds], starts: Places, noticed: Kinds) -> None:
    """Mark the texts that begin as empty reposts do, or end as what pages show beside a text."""
    codes, kinds = folded
    for text in range(len(noticed)):
        start, end = starts[text], starts[text + 1] - 1
        while start < end and (kinds[start] < _HAN or kinds[start] == _BREAK):
            start += 1
        while start < end and (
            kinds[end - 1] < _HAN or kinds[end - 1] == _BREAK or codes[end - 1] == _QUESTION
        ):
            end -= 1
        if start < end:
            first, last = codes[start], codes[end - 1]
            if first in (_PASS, _FAST, _PART, _R):
                noticed[text] |= np.uint8(PASSED_ON)
            if last in (_TEXT, _FREQUENCY, _C, _D):
                noticed[text] |= np.uint8(SHOWN)


@kernel("boolean(uint32[::1], int64)")
def _is_in_number(codes: Codes, point: int) -> bool:
    """Whether digits stand on both sides of a point; before a text stands a border, or nothing."""
    before = codes[point - 1] if point > 0 else codes[point]
    after = codes[point + 1]
    return bool(_ZERO <= before <= _NINE and _ZERO <= after <= _NINE)


@kernel(
    f"int64({_FOLDED}, {_FOLDED}, int64[:,::1], int64[:,::1], uint32[::1], "
    "UniTuple(boolean[::1], 2), int64[::1])"
)
def gather(  # noqa: C901, PLR0912  one loop: a call that passes arrays costs more than the rest
    folded: Folded,
    anew: Folded,
    parts: Places,
    cores: Places,
    codes: Codes,
    marks: tuple[Flags, Flags],
    starts: Places,
) -> int:
    """Gather what counts of each post: letters, digits, characters, and the points in numbers.

    A row of `parts` says where a post's title lies in `anew`, from and to; where its text does, and
    whether that is in `anew` too; and before which place of the original it ends. Its core is all
    of the title, and of the text what stands from `cores[i, 0]` to `cores[i, 1]` in the original.
    `marks` say which characters are told (all but the others are marked so already), and which
    stand in a #topic#, from one sign to the next if that is near (none is marked yet). Returns how
    many characters were gathered.
    """
    is_core, is_tag = marks
    at = 0
    for post in range(len(parts)):
        starts[post] = at
        place = opened_at = opened = 0  # where in the post; where its last topic may have begun
        is_open = False
        for part in range(2):
            first, after = parts[post, 2 * part], parts[post, 2 * part + 1]
            if part == 0 and first == after:
                continue
            told, kinds, offsets = anew if part == 0 or parts[post, 4] else folded
            if part == 1:
                while after > first and offsets[after - 1] >= parts[post, 5]:
                    after -= 1
            is_all_core = part == 0 or cores[post, 1] == WHOLE
            for index in range(first, after):
                code, kind = told[index], kinds[index]
                if kind < _HAN or kind > _WORD:
                    if code == _TAG_SIGN:
                        here = place + index - first
                        if is_open and here - opened_at <= LONGEST_TAG:
                            is_tag[opened:at] = True
                        is_open = not is_open
                        opened_at, opened = here, at
                    if code != _POINT or not _is_in_number(told, index):
                        continue
                codes[at] = code
                if not is_all_core:
                    is_core[at] = cores[post, 0] <= offsets[index] < cores[post, 1]
                at += 1
            place += after - first + 1  # a line break parts the two
    starts[len(parts)] = at
    return at


@kernel(
    "int64(uint32[::1], int64[::1], UniTuple(boolean[::1], 2), "
    "uint32[::1], boolean[::1], int64[::1])"
)
def leave_cores(
    codes: Codes,
    starts: Places,
    marks: tuple[Flags, Flags],
    told: Codes,
    is_tag: Flags,
    core_starts: Places,
) -> int:
    """Copy what is core, and which of it stands in topics; returns how much that is."""
    at = 0
    for text in range(len(starts) - 1):
        core_starts[text] = at
        for index in range(starts[text], starts[text + 1]):
            told[at], is_tag[at] = codes[index], marks[1][index]
            at += marks[0][index]
    core_starts[len(starts) - 1] = at
    return at
