"""Posts as hashed character n-grams: the one feature function of training and of inference.

A batch is turned into one array of code points (addresses and @names masked, width, case, digits
and traditional characters folded, long runs of one character cut to three, a mark before and
after each post), and every n-gram of it is hashed into one of BUCKETS buckets by compiled loops
(`ngrams_kernels`). No word list, no segmentation: measured, characters serve Chinese posts as well
as words do, and they survive typing errors, new words and dialect.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.characters import read_simplified
from tinglan.analysis.ngrams_kernels import (
    ADDRESS_SIGN,
    BITS,
    BUCKETS,
    LETTER,
    MAX_CHARACTERS,
    NAME_SIGN,
    OPENS_MASK,
    fold_posts,
    hash_posts,
)
from tinglan.analysis.points import points

__all__ = ["BITS", "BUCKETS", "MAX_CHARACTERS", "NO_GRAM", "ORDERS", "VERSION", "Grams", "grams"]

# Weights fit one version of this file only: raise it with any change that moves a bucket.
VERSION = "1"
ORDERS = (1, 2, 3)  # 4-grams cost a third more time and gained nothing on dev at 2^18 buckets
NO_GRAM = BUCKETS  # an n-gram that would reach into the next post


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
    batch = points(texts)
    codes = np.empty(len(batch.codes) + len(batch), dtype=np.uint32)
    bounds = np.empty(len(batch) + 1, dtype=np.int64)
    has_words = np.empty(len(batch), dtype=np.bool_)
    n_codes = fold_posts(batch.codes, batch.ends, _folding(), codes, bounds, has_words)
    buckets = np.empty((len(ORDERS), n_codes), dtype=np.int32)
    hash_posts(codes[:n_codes], bounds, buckets)
    lengths = np.diff(bounds)
    sizes = sum((np.maximum(lengths - order + 1, 0) for order in ORDERS), np.zeros_like(lengths))
    return Grams(buckets=buckets, starts=bounds[:-1], sizes=sizes, has_words=has_words)


_LAST_NAMED = 0x40000  # beyond stand no letters
_ADDRESS_SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./?=&%#:+~-"
_OTHER_NAME_SIGNS = "_·-"
_FIRST_SIGNS_OF_MASKED = "hw@"


@cache
def _folding() -> NDArray[np.uint32]:
    """Build the table from code point to folded code point and what it may be; 4 MB, once.

    Compatibility forms and case by NFKC and lower() where one character becomes one, every digit
    0, every blank a space, traditional characters simplified one by one. A letter, as the bit
    says, is any that a word is made of, or an emoji.
    """
    table = np.arange(0x110000, dtype=np.uint32)
    for code in range(0x10000):
        table[code] = _folded(chr(code))
    for traditional, simplified in read_simplified().items():
        table[ord(traditional)] = ord(simplified)
    entries = table | np.where(_letters()[table], np.uint32(LETTER), np.uint32(0))
    is_name_sign = np.zeros(len(table), dtype=np.bool_)
    is_name_sign[:_LAST_NAMED] = [chr(code).isalnum() for code in range(_LAST_NAMED)]
    is_name_sign[_codes(_OTHER_NAME_SIGNS)] = True
    entries[is_name_sign] |= np.uint32(NAME_SIGN)
    entries[_codes(_ADDRESS_SIGNS)] |= np.uint32(ADDRESS_SIGN)
    entries[_codes(_FIRST_SIGNS_OF_MASKED)] |= np.uint32(OPENS_MASK)
    return entries


def _codes(signs: str) -> list[int]:
    return [ord(sign) for sign in signs]


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
