"""The normalised view of a text: monitors match on it, search terms are cut and copies found on it.

Width, case, traditional characters, accents and emoji variants are folded; zero-width characters
and web addresses vanish; symbols, blanks and emoji between two Chinese characters vanish, and so do
blanks between a Chinese and a Latin character. Ordinary punctuation and line breaks stay. Every
normalised character knows where it came from, so that spans come back to the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.characters import HAN_RANGES, Kind, packed
from tinglan.analysis.points import Points, points
from tinglan.analysis.text_kernels import fold_codes, kept_in_view, picked

_WORD_RUN = re.compile(r"[^\W_]+")
_IN_HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_RANGES)
_HAN = re.compile(f"[{_IN_HAN}]")
_ONE_KIND = re.compile(f"[{_IN_HAN}]+|[^{_IN_HAN}]+")


@dataclass(frozen=True, slots=True)
class View:
    """A normalised text; `offsets[i]` is where in the original its character i stands."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that `text[start:end]` was made of.

        >>> view = normalise("買了星★河電器")
        >>> view.span(2, 6), "買了星★河電器"[2:7]
        ((2, 7), '星★河電器')
        """
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Views:
    """The views of a batch in columns: one text, a line break after each of its parts.

    Part i is `text[starts[i] : starts[i + 1] - 1]`; `offsets` count within its own original,
    `origins` within the folded batch, so that two views of one batch can be compared.
    """

    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    starts: NDArray[np.int64]
    offsets: NDArray[np.int32]
    origins: NDArray[np.int32]

    @property
    def text(self) -> str:
        """The codes as one text, made anew each time."""
        return self.codes.tobytes().decode("utf-32-le")

    def parts(self) -> Iterator[str]:
        """The normalised texts, in the order of the batch."""
        text = self.text
        for start, after in pairwise(self.starts.tolist()):
            yield text[start : after - 1]


@dataclass(frozen=True, slots=True)
class Folded:
    """A batch of texts folded character by character, nothing yet removed for its neighbours.

    After each text stands a border, so the batch ends with one.
    """

    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    offsets: NDArray[np.int32]

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each text begins, and where the next would."""
        return _starts(self.kinds)

    def view(self, *, keep_symbols: bool = False) -> Views:
        """The normalised view; `keep_symbols` leaves symbols and emoji where they stand."""
        kept = kept_in_view(self.kinds, keep_symbols)
        codes, kinds, offsets = picked(self.codes, self.kinds, self.offsets, kept)
        return Views(codes=codes, kinds=kinds, starts=_starts(kinds), offsets=offsets, origins=kept)


def _starts(kinds: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.concatenate([_FIRST, np.flatnonzero(kinds == Kind.BORDER) + 1])


_FIRST = np.zeros(1, dtype=np.int64)


def normalise(text: str) -> View:
    """The view of one text. For many texts, `fold(texts).view()` does the same in one sweep.

    >>> normalise("星 河★電😡器，Ｋ１００ 漏水！").text
    '星河电器,k100漏水!'
    >>> normalise("看 https://t.cn/A6xY 的評測").text
    '看的评测'
    >>> normalise("❤️ iPhone  15").text
    '❤ iphone 15'
    """
    views = fold([text]).view()
    return View(text=views.text[:-1], offsets=tuple(views.offsets[:-1].tolist()))


def fold(texts: Sequence[str]) -> Folded:
    """Fold a batch: look up code and kind, spell out expansions, blank out addresses.

    >>> list(fold(["星 河", "電器 5折"]).view().parts())
    ['星河', '电器5折']
    """
    return fold_points(points(texts))


def fold_points(batch: Points) -> Folded:
    """The same for texts that are code points already."""
    tables = packed()
    columns = (tables.entries, tables.expanding, tables.firsts, tables.spelled)
    room, size = -1, len(batch.codes)
    while size > room:  # a second time only where characters folded to several
        room = size
        codes, kinds = np.empty(room, dtype=np.uint32), np.empty(room, dtype=np.uint8)
        offsets = np.empty(room, dtype=np.int32)
        size = fold_codes(batch.codes, batch.ends, columns, codes, kinds, offsets)
    return Folded(codes=codes[:size], kinds=kinds[:size], offsets=offsets[:size])


def bigrams(text: str) -> list[str]:
    """Search terms of a text for the index, in their order, repeated ones included.

    Chinese characters give overlapping pairs; a run of Latin letters and digits is a term of its
    own; a Chinese character that stands alone between other signs is a term of one character.
    The stores' own tokenizers cannot do this: they find nothing for words of two characters.

    >>> bigrams("星河電器 K100 漏水")
    ['星河', '河电', '电器', 'k100', '漏水']
    >>> bigrams("买K100")
    ['买', 'k100']
    """
    return [term for run in _runs(text) for term in _pairs(run)]


def term_runs(text: str) -> list[list[str]]:
    """The terms of `bigrams`, apart for each run: a phrase may not reach over the end of one.

    >>> term_runs("星河K100，漏电了")
    [['星河'], ['k100'], ['漏电', '电了']]
    """
    return [_pairs(run) for run in _runs(text)]


def batch_term_runs(texts: Sequence[str]) -> list[list[list[str]]]:
    """The `term_runs` of each text, folded in one sweep.

    >>> batch_term_runs(["星河K100", "漏电"])
    [[['星河'], ['k100']], [['漏电']]]
    """
    return [[_pairs(run) for run in _runs_in(part)] for part in fold(texts).view().parts()]


def query_bigrams(query: str) -> list[str]:
    """The terms of `bigrams` that every text containing `query` must have; [] when there are none.

    The index knows a lone Chinese character only where it stands alone, so a query's lone
    characters are left out: a query of nothing else is answered by a bounded scan, or refused.

    >>> query_bigrams("买K100热水壶"), query_bigrams("壶")
    (['k100', '热水', '水壶'], [])
    """
    return [
        term for run in _runs(query) for term in _pairs(run) if len(run) > 1 or not _is_han(run)
    ]


def _runs(text: str) -> Iterator[str]:
    """The runs of Chinese characters and of other letters and digits, in order."""
    return _runs_in(normalise(text).text)


def _runs_in(normalised: str) -> Iterator[str]:
    for word in _WORD_RUN.findall(normalised):
        yield from _ONE_KIND.findall(word)


def _pairs(run: str) -> list[str]:
    if len(run) == 1 or not _is_han(run):
        return [run]
    return [first + second for first, second in pairwise(run)]


def _is_han(run: str) -> bool:
    """Whether a run is Chinese; runs are of one kind, so its first character decides."""
    return _HAN.match(run) is not None
