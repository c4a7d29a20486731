"""What decides whether a text is a copy: the letters, digits and characters of its root.

Web addresses, symbols, emoji, blanks and punctuation do not count, nor do width, case, traditional
characters and zero-width signs. The core leaves out what outlets wrap around a text, too. Keys are
stored: what changes them raises KEY_VERSION, and a migration makes the stored ones anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.fingerprint_boilerplate import SIGNS, WORDS, core_of, told_in
from tinglan.analysis.fingerprint_chain import repost_chain, repost_root
from tinglan.analysis.fingerprint_kernels import (
    N_PAIRS,
    PASSED_ON,
    SHOWN,
    WHOLE,
    WRAPPED,
    Words,
    gather,
    leave_cores,
    notice_chains,
    notice_ends,
    notice_words,
    pair_of,
)
from tinglan.analysis.points import Points, points
from tinglan.analysis.shown import LINK, LINK_WORDS, MORE, VIDEO
from tinglan.analysis.text import Folded, fold, fold_points

# Below this a text says too little to be a copy: "哈哈哈" of two authors are two posts.
MIN_CHARACTERS = 6
KEY_VERSION = b"2"
KEY_BYTES = 8  # a signed 64-bit integer: what both stores keep as bigint

_SHOWN_LINK = re.compile(LINK)
_VIDEO_AFTER, _MORE_AFTER = re.compile(rf"\s*L?{VIDEO}\Z"), re.compile(rf"{MORE}\Z")
_VIDEO_SO, _MORE_SO = ("微博视频", "秒拍视频"), ("全文", "全文c", "全文d")
_LONGEST_AFTER = 30
_EVERYTHING = np.iinfo(np.int64).max  # where a text ends that is not cut


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

    def core(self) -> Canonical:
        """The same batch with nothing but the cores."""
        codes, is_tag = np.empty_like(self.codes), np.empty_like(self.is_tag)
        starts = np.empty_like(self.starts)
        marks = self.is_core, self.is_tag
        n = leave_cores(self.codes, self.starts, marks, codes, is_tag, starts)
        return Canonical(
            codes=codes[:n], starts=starts, is_core=np.ones(n, np.bool_), is_tag=is_tag[:n]
        )

    def keys(self) -> list[int | None]:
        """A key for each form, equal for equal ones; None where too little is told."""
        return self._keys_of(range(len(self.starts) - 1))

    def both_keys(self, cores: Canonical) -> tuple[list[int | None], list[int | None]]:
        """The keys of the forms, and those of their cores; most forms are all core."""
        of_forms = self.keys()
        of_cores = list(of_forms)
        cut = np.flatnonzero(np.diff(self.starts) != np.diff(cores.starts)).tolist()
        for at, key in zip(cut, cores._keys_of(cut), strict=True):
            of_cores[at] = key
        return of_forms, of_cores

    def _keys_of(self, texts: Iterable[int]) -> list[int | None]:
        data = self.codes.astype("<u4", copy=False).data.cast("B")
        bounds = (4 * self.starts).tolist()
        spans = [(bounds[at], bounds[at + 1]) for at in texts]
        digests = [
            blake2b(data[start:end], digest_size=KEY_BYTES, person=KEY_VERSION).digest()
            for start, end in spans
        ]
        numbers = np.frombuffer(b"".join(digests), dtype=">i8").tolist()
        return [
            number if end - start >= 4 * MIN_CHARACTERS else None
            for number, (start, end) in zip(numbers, spans, strict=True)
        ]


def canonical(texts: Sequence[str], titles: Sequence[str] | None = None) -> Canonical:
    """The canonical forms of a batch of posts; a title stands before its text.

    >>> canonical(["轉發微博//@甲：星河★熱水壺，涨到 3.5元😡！ http://t.cn/A6x"]).forms()
    ['星河热水壶涨到3.5元']
    >>> canonical(["【快报讯】星河热水壶漏电，正在调查。责编：李某"]).core().forms()
    ['星河热水壶漏电正在调查']
    """
    batch = points(texts)
    folded = fold_points(batch)
    noticed = _noticed(batch, folded)
    roots = {
        at: _root_in(texts[at], passes_on=bool(noticed[at] & PASSED_ON))
        for at in np.flatnonzero(noticed & (PASSED_ON | SHOWN)).tolist()
    }
    parts = np.zeros((len(texts), 6), dtype=np.int64)
    parts[:, 2], parts[:, 3], parts[:, 5] = folded.starts[:-1], folded.starts[1:] - 1, _EVERYTHING
    parts[list(roots), 4] = [root.begins is None for root in roots.values()]
    parts[list(roots), 5] = [root.ends for root in roots.values()]
    apart = [at for at, root in roots.items() if root.begins is None]
    titled = [at for at, title in enumerate(titles or ()) if title]
    anew = fold([*(roots[at].text for at in apart), *(title for title in titles or () if title)])
    bounds = np.stack([anew.starts[:-1], anew.starts[1:] - 1], axis=1)
    parts[apart, 2:4], parts[titled, :2] = bounds[: len(apart)], bounds[len(apart) :]
    return _gathered(folded, anew, parts, _cores(texts, noticed, roots))


def _gathered(
    folded: Folded, anew: Folded, parts: NDArray[np.int64], cores: NDArray[np.int64]
) -> Canonical:
    room = len(folded.codes) + len(anew.codes)
    codes, starts = np.empty(room, dtype=np.uint32), np.empty(len(parts) + 1, dtype=np.int64)
    is_core, is_tag = np.ones(room, dtype=np.bool_), np.zeros(room, dtype=np.bool_)
    n = gather(
        (folded.codes, folded.kinds, folded.offsets),
        (anew.codes, anew.kinds, anew.offsets),
        parts,
        cores,
        codes,
        (is_core, is_tag),
        starts,
    )
    return Canonical(codes=codes[:n], starts=starts, is_core=is_core[:n], is_tag=is_tag[:n])


def canonical_forms(texts: Sequence[str]) -> list[str]:
    """The canonical form of each text; see `canonical`."""
    return canonical(texts).forms()


class _Root(NamedTuple):
    """The root of a text; where it begins and ends in it, None where it must be folded apart."""

    text: str
    begins: int | None
    ends: int

    @staticmethod
    def within(text: str, root: str) -> _Root:
        """A root that the text begins with, but for blanks."""
        begins = len(text) - len(text.lstrip())
        return _Root(root, begins, begins + len(root))


def _root_in(text: str, *, passes_on: bool) -> _Root:
    """An address that was cut in two is none: what ends in one of its signs is folded apart."""
    root = _rooted(text, passes_on=passes_on)
    inside = _Root.within(text, root)
    if root and not root[-1].isascii() and text.startswith(root, inside.begins):
        return inside
    return _Root(root, None, _EVERYTHING)


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


def _rooted(text: str, *, passes_on: bool = True) -> str:
    """The root, without what pages show beside it."""
    root = _told(text) if passes_on else text.strip()
    if LINK_WORDS in root:
        root = _SHOWN_LINK.sub(" ", root)
    shown = root.rstrip(" ?？")
    while shown.endswith(_VIDEO_SO + _MORE_SO):
        pattern = _VIDEO_AFTER if shown.endswith(_VIDEO_SO) else _MORE_AFTER
        found = pattern.search(shown, max(0, len(shown) - _LONGEST_AFTER))
        if found is None:
            break
        root = shown = shown[: found.start()].rstrip(" ?？")
    return root


def _noticed(batch: Points, folded: Folded) -> NDArray[np.uint8]:
    """What each text may hold that patterns must look for; most hold nothing."""
    noticed = np.zeros(len(batch), dtype=np.uint8)
    notice_chains(batch.codes, batch.ends, noticed)
    starts = folded.starts
    notice_words(folded.codes, starts, _words(), noticed)
    notice_ends((folded.codes, folded.kinds), starts, noticed)
    return noticed


@cache
def _words() -> Words:
    numbers = np.zeros(N_PAIRS, dtype=np.uint8)
    pairs = np.zeros((len(WORDS) + 2, 2), dtype=np.uint32)
    marks = np.zeros(len(pairs), dtype=np.uint8)
    for number, word in enumerate([LINK_WORDS[:2], *WORDS], start=1):
        pairs[number] = [ord(char) for char in word]
        marks[number] = SHOWN if number == 1 else WRAPPED
        at = pair_of(*pairs[number])
        assert not numbers[at], f"{word} stands where another word does: take another hash"
        numbers[at] = number
    return numbers, pairs, marks, np.array([ord(sign) for sign in SIGNS], dtype=np.uint32)


def _cores(
    texts: Sequence[str], noticed: NDArray[np.uint8], roots: Mapping[int, _Root]
) -> NDArray[np.int64]:
    """Where the cores lie; most texts hold no word of boilerplate and are all core."""
    cores = np.empty((len(texts), 2), dtype=np.int64)
    cores[:] = 0, WHOLE
    for at in np.flatnonzero(noticed & WRAPPED).tolist():
        root = roots[at] if at in roots else _Root.within(texts[at], texts[at].strip())
        start, end = core_of(root.text)
        if (start, end) != (0, len(root.text)):
            begins = root.begins or 0
            cores[at] = begins + start, begins + end
    return cores


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
