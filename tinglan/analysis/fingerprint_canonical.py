"""What decides whether a text is a copy: the letters, digits and characters of its root.

Web addresses, symbols, emoji, blanks and punctuation do not count, nor do width, case, traditional
characters and zero-width signs. The core leaves out what outlets wrap around a text, too. Keys are
stored: what changes them raises KEY_VERSION, and a migration makes the stored ones anew.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.characters import Kind
from tinglan.analysis.fingerprint_boilerplate import SIGNS, WORDS, core_of, told_in
from tinglan.analysis.fingerprint_chain import repost_chain, repost_root
from tinglan.analysis.text import fold

# Below this a text says too little to be a copy: "哈哈哈" of two authors are two posts.
MIN_CHARACTERS = 6
KEY_VERSION = b"2"
KEY_BYTES = 8  # a signed 64-bit integer: what both stores keep as bigint

# What pages show beside a text and people copy with it.
_SHOWN_LINK = re.compile(r"(?:(?<![A-Za-z])O|🔗)?\s*网页链接")
_SHOWN_AFTER = re.compile(
    r"(?:\s*L?[\w·\-]{1,20}的(?:微博|秒拍)视频|(?:收起|展开|…|\.{3})\s*全文[a-z]?)\Z"
)
_AFTER_SO = ("全文", "全文c", "全文d", "微博视频", "秒拍视频")
_LONGEST_AFTER = 30
LONGEST_TAG = 42  # characters, both signs counted
_POINT, _ZERO, _NINE, _TAG_SIGN = map(ord, ".09#")


@dataclass(frozen=True, slots=True)
class Canonical:
    """The canonical forms of a batch in columns; that of text i is `codes[starts[i]:starts[i+1]]`.

    `is_core` says which characters are told, not wrapped around; `is_tag` which stand in a #topic#.
    """

    codes: NDArray[np.uint32]
    starts: NDArray[np.int64]
    is_core: NDArray[np.bool_]
    is_tag: NDArray[np.bool_]

    def forms(self) -> list[str]:
        """The canonical forms as texts."""
        text = self.codes.astype("<u4").tobytes().decode("utf-32-le")
        bounds = self.starts.tolist()
        return [text[a:b] for a, b in pairwise(bounds)]

    def core(self) -> "Canonical":
        """The same batch with nothing but the cores."""
        return Canonical(
            codes=self.codes[self.is_core],
            starts=_before(self.is_core)[self.starts],
            is_core=self.is_core[self.is_core],
            is_tag=self.is_tag[self.is_core],
        )

    def keys(self) -> list[int | None]:
        """A key for each form, equal for equal ones; None where too little is told."""
        data = memoryview(self.codes.astype("<u4").tobytes())
        bounds = self.starts.tolist()
        return [
            _key(data[4 * start : 4 * end]) if end - start >= MIN_CHARACTERS else None
            for start, end in pairwise(bounds)
        ]


def canonical(texts: Sequence[str], titles: Sequence[str] | None = None) -> Canonical:
    """The canonical forms of a batch of posts; a title stands before its text.

    >>> canonical(["轉發微博//@甲：星河★熱水壺，涨到 3.5元😡！ http://t.cn/A6x"]).forms()
    ['星河热水壶涨到3.5元']
    >>> canonical(["【快报讯】星河热水壶漏电，正在调查。责编：李某"]).core().forms()
    ['星河热水壶漏电正在调查']
    """
    roots = [_rooted(text) for text in texts]
    heads = [f"{title}\n" if title else "" for title in titles or [""] * len(texts)]
    folded = fold([head + root for head, root in zip(heads, roots, strict=True)])
    kept = _kept(folded.codes, folded.kinds)
    borders = np.flatnonzero(folded.kinds == Kind.BORDER)
    starts = _before(kept)[np.concatenate([[0], borders])]
    offsets, lengths = folded.offsets[kept], np.diff(starts)
    cores = _cores(roots, folded.codes, borders)
    n_before = np.array([len(head) for head in heads], dtype=np.int64)
    in_text = offsets - np.repeat(n_before, lengths)
    begins, ends = np.repeat(cores[:, 0], lengths), np.repeat(cores[:, 1], lengths)
    return Canonical(
        codes=folded.codes[kept],
        starts=starts,
        is_core=(in_text < 0) | ((in_text >= begins) & (in_text < ends)),
        is_tag=_in_tags(folded.codes, borders)[kept],
    )


def canonical_forms(texts: Sequence[str]) -> list[str]:
    """The canonical form of each text; see `canonical`."""
    return canonical(texts).forms()


def _told(text: str) -> str:
    """The oldest words of a chain that say enough, boilerplate not counted; else its root."""
    if "/" in text and "@" in text:
        for link in reversed(repost_chain(text)):
            if _says_enough(link.text):
                return link.text
    return repost_root(text)


def _says_enough(text: str) -> bool:
    start, end = told_in(text)
    return sum(map(str.isalnum, text[start:end])) >= MIN_CHARACTERS


def _rooted(text: str) -> str:
    """The root, without what pages show beside it."""
    root = _told(text)
    if "网页链接" in root:
        root = _SHOWN_LINK.sub(" ", root)
    shown = root.rstrip(" ?？")
    while shown.endswith(_AFTER_SO):
        found = _SHOWN_AFTER.search(shown, max(0, len(shown) - _LONGEST_AFTER))
        if found is None:
            break
        root = shown = shown[: found.start()].rstrip(" ?？")
    return root


def _cores(
    roots: Sequence[str], codes: NDArray[np.uint32], borders: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Where the cores lie in the roots; most texts hold no word of boilerplate and are all core."""
    cores = np.array([(0, len(root)) for root in roots], dtype=np.int64).reshape(-1, 2)
    may_be = _words_of_boilerplate()[_pairs(codes[:-1], codes[1:])]
    for sign in SIGNS:
        may_be |= codes[:-1] == ord(sign)
    for number in np.unique(np.searchsorted(borders, np.flatnonzero(may_be))).tolist():
        cores[number] = core_of(roots[number])
    return cores


@cache
def _words_of_boilerplate() -> NDArray[np.bool_]:
    """Which hashes of pairs of characters stand for a word of boilerplate, or look like one."""
    table = np.zeros(1 << 16, dtype=np.bool_)
    for word in WORDS:
        codes = np.array([ord(char) for char in word], dtype=np.uint32)
        table[_pairs(codes[:1], codes[1:])] = True
    return table


def _pairs(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return (first * np.uint32(31) + second) & np.uint32(0xFFFF)


def _kept(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Letters, digits, characters; and the point between two digits, which is part of a price."""
    kept: NDArray[np.bool_] = (kinds == Kind.HAN) | (kinds == Kind.WORD)
    points = np.flatnonzero(codes[:-1] == _POINT)
    is_digit = (codes >= _ZERO) & (codes <= _NINE)
    kept[points[is_digit[points - 1] & is_digit[points + 1]]] = True
    return kept


def _in_tags(codes: NDArray[np.uint32], borders: NDArray[np.int64]) -> NDArray[np.bool_]:
    """What stands between the first and second, third and fourth … # of a text, near each other."""
    signs = np.flatnonzero(codes == _TAG_SIGN)
    text_of = np.searchsorted(borders, signs)
    rank = np.arange(len(signs)) - np.searchsorted(text_of, text_of)
    opens = np.flatnonzero((rank[:-1] % 2 == 0) & (text_of[:-1] == text_of[1:]))
    opens = opens[signs[opens + 1] - signs[opens] <= LONGEST_TAG]
    steps = np.zeros(len(codes) + 1, dtype=np.int8)
    steps[signs[opens]] += 1
    steps[signs[opens + 1]] -= 1
    return np.cumsum(steps[:-1], dtype=np.int8).astype(np.bool_)


def _before(kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many were kept before each place."""
    return np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])


def exact_keys(texts: Sequence[str]) -> list[int | None]:
    """The keys of a batch; see `exact_key`.

    >>> keys = exact_keys(["星河热水壶漏水", "哈哈哈"])
    >>> keys[0] == exact_key("星河热水壶漏水"), keys[1]
    (True, None)
    """
    return canonical(texts).keys()


def exact_key(text: str) -> int | None:
    """A signed 64-bit key, equal for copies, the same in every process and on every machine.

    None when fewer than six characters count: such a text is a copy of nothing.

    >>> exact_key("星河热水壶，漏水了！") == exact_key("转发微博//@甲:星河 熱水壺漏水了😡")
    True
    >>> exact_key("哈哈哈") is None
    True
    """
    return exact_keys([text])[0]


def core_keys(texts: Sequence[str], titles: Sequence[str] | None = None) -> list[int | None]:
    """Keys that are equal for syndicated copies, too; otherwise as `exact_keys`.

    >>> told = "星河热水壶漏电，三名消费者受伤，正在调查"
    >>> first, passed_on = core_keys([told, f"【快报讯】{told}。来源：晚报 责编：李某"])
    >>> first == passed_on == exact_key(told)
    True
    """
    return canonical(texts, titles).core().keys()


def _key(form: memoryview) -> int:
    digest = blake2b(form, digest_size=KEY_BYTES, person=KEY_VERSION).digest()
    return int.from_bytes(digest, "big", signed=True)
