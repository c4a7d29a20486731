"""Posts as hashed character n-grams: the one feature function of training and of inference.

A batch is turned into one array of code points (addresses and @names masked, width, case, digits
and traditional characters folded, long runs of one character cut to three, a mark before and
after each post), and every n-gram of it is hashed into one of BUCKETS buckets by whole-array
arithmetic. No word list, no segmentation: measured, characters serve Chinese posts as well as
words do, and they survive typing errors, new words and dialect.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.characters import read_simplified

__all__ = ["BUCKETS", "MAX_CHARACTERS", "ORDERS", "VERSION", "Grams", "grams"]

# Weights fit one version of this file only: raise it with any change that moves a bucket.
VERSION = "1"
BITS = 18
BUCKETS = 1 << BITS
ORDERS = (1, 2, 3)  # 4-grams cost a third more time and gained nothing on dev at 2^18 buckets
MAX_CHARACTERS = 2000  # what a longer post says about its tone, it has said by then
NO_GRAM = BUCKETS  # an n-gram that would reach into the next post

START, END, ADDRESS, NAME = "\ue000", "\ue001", "\ue002", "\ue003"
LONGEST_RUN = 3  # 哈哈哈哈哈哈 → 哈哈哈, 20000 → 000
# Names end early on purpose: "@星河电器你们的水壶漏电" must not vanish whole.
_MASKED = re.compile(r"(?P<address>(?a:(?:https?://|www\.)[\w./?=&%#:+~-]*))|@[\w·-]{1,12}")
_SALT, _STEP, _MIX_1, _MIX_2 = (
    np.uint32(value) for value in (0x85EBCA6B, 0x9E3779B1, 0xC2B2AE35, 0x2C1B3C6D)
)


@dataclass(frozen=True, slots=True)
class Grams:
    """The n-grams of a batch of posts.

    `buckets` has a row for each order and a column for each code point, the place where the gram
    begins; NO_GRAM where there is none. Post i owns the columns from `starts[i]`; `sizes[i]` is
    the number of its grams, never 0 thanks to the marks. `has_words` tells whether it holds a
    letter or a character at all.
    """

    buckets: NDArray[np.int32]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    has_words: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.starts)


def grams(texts: Sequence[str]) -> Grams:
    """Hash the character n-grams of each text.

    >>> batch = grams(["水壶漏电", "好用！"])
    >>> len(batch), batch.sizes.tolist()
    (2, [15, 12])
    >>> same = grams(["问@星河客服 １２３45 http://t.cn/A6", "问@某人 678 www.xinghe.example"])
    >>> bool((same.buckets[:, : same.starts[1]] == same.buckets[:, same.starts[1] :]).all())
    True
    """
    codes, starts = _codes(texts)
    ends = np.append(starts[1:], len(codes))[: len(starts)]
    lengths = ends - starts
    room = np.repeat(ends, lengths) - np.arange(len(codes))
    buckets = np.full((len(ORDERS), len(codes)), NO_GRAM, dtype=np.int32)
    for row, hashed in enumerate(_hashed(codes)):
        fits = room[: len(hashed)] >= ORDERS[row]
        np.copyto(buckets[row, : len(hashed)], hashed, where=fits)
    sizes = sum((np.maximum(lengths - order + 1, 0) for order in ORDERS), np.zeros_like(lengths))
    has_words = np.logical_or.reduceat(_letters()[codes], starts) if len(starts) else starts > 0
    return Grams(buckets=buckets, starts=starts, sizes=sizes, has_words=has_words)


def _codes(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Give the folded code points of all texts in one array, and where each text starts."""
    marked = [START + _masked(text[:MAX_CHARACTERS]) + END for text in texts]
    lengths = np.fromiter(map(len, marked), dtype=np.int64, count=len(marked))
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1])) if marked else lengths
    raw = "".join(marked).encode("utf-32-le", "surrogatepass")
    codes = _folding()[np.frombuffer(raw, dtype="<u4")]
    kept = _within_runs(codes)
    dropped_before = np.concatenate(([0], np.cumsum(~kept)))
    return codes[kept], starts - dropped_before[starts]


def _masked(text: str) -> str:
    if "http" in text or "www." in text or "@" in text:
        return _MASKED.sub(lambda found: ADDRESS if found["address"] else NAME, text)
    return text


def _within_runs(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    kept = np.ones(len(codes), dtype=np.bool_)
    same = codes[1:] == codes[:-1]
    kept[LONGEST_RUN:] = ~(same[2:] & same[1:-1] & same[:-2])
    return kept


def _hashed(codes: NDArray[np.uint32]) -> Iterator[NDArray[np.int32]]:
    """Yield the bucket of the n-gram that begins at each code point, order by order."""
    rolling = codes * _SALT
    for order in range(1, max(ORDERS) + 1):
        if order > 1:
            rolling = (rolling[:-1] * _STEP) ^ (codes[order - 1 :] * _SALT + np.uint32(order))
        if order in ORDERS:
            mixed = rolling * _MIX_1
            mixed ^= mixed >> np.uint32(15)
            mixed *= _MIX_2
            yield (mixed >> np.uint32(32 - BITS)).astype(np.int32)


@cache
def _folding() -> NDArray[np.uint32]:
    """Build the table code point → folded code point; 4 MB, once a process.

    Compatibility forms and case by NFKC and lower() where one character becomes one, every digit
    0, every blank a space, traditional characters simplified one by one.
    """
    table = np.arange(0x110000, dtype=np.uint32)
    for code in range(0x10000):
        table[code] = _folded(chr(code))
    for traditional, simplified in read_simplified().items():
        table[ord(traditional)] = ord(simplified)
    return table


@cache
def _letters() -> NDArray[np.bool_]:
    """Tell of each folded code point whether it is a letter, a Chinese character or an emoji."""
    table = np.zeros(0x110000, dtype=np.bool_)
    for code in range(0x32000):
        table[code] = unicodedata.category(chr(code)) in {"Ll", "Lo", "Lm", "Lt", "Lu", "So"}
    return table


def _folded(character: str) -> int:
    if "\ud800" <= character <= "\udfff":
        return ord(character)
    plain = unicodedata.normalize("NFKC", character).lower()
    if len(plain) != 1:
        return ord(character)
    if plain.isspace():
        return ord(" ")
    return ord("0") if plain.isdigit() else ord(plain)
