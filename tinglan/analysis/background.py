"""What is ordinary (常态): how rare a term is in the posts of a brand and the language at large.

The language at large is a table that ships; what is ordinary for a brand is learnt from its posts,
text by text, and stored with it, so that a restart knows what it knew. Old texts fade: when many
were counted, every count is halved.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.term_kernels import TERMS, cut, weigh
from tinglan.analysis.text import fold
from tinglan.analysis.weights import load

__all__ = ["Background", "Terms", "Vector", "terms_of_all"]

MOST_TEXTS = 20_000  # before every count is halved
PRIOR_TEXTS = 4_000.0  # as many texts the language at large weighs
_STEPS = 8  # of the shipped table to one doubling of a share


@dataclass(frozen=True, slots=True)
class Terms:
    """The distinct terms of a batch of texts with their counts, text after text."""

    numbers: NDArray[np.int32]
    counts: NDArray[np.int32]
    firsts: NDArray[np.int64]

    def of(self, text: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The terms of one text."""
        within = slice(self.firsts[text], self.firsts[text + 1])
        return self.numbers[within], self.counts[within]


@dataclass(frozen=True, slots=True)
class Vector:
    """The weightiest terms of a text as a unit vector, the weightiest first."""

    numbers: NDArray[np.int32]
    weights: NDArray[np.float32]
    rarities: NDArray[np.float32]


def terms_of_all(texts: Sequence[str]) -> Terms:
    """Fold a batch of texts and cut it into terms: pairs of characters, Latin words, numbers.

    >>> terms = terms_of_all(["水壶漏电 E5", "【水壶漏电】"])
    >>> [len(terms.of(text)[0]) for text in (0, 1)], terms.of(1)[1].tolist()
    ([4, 3], [2, 2, 2])
    """
    view = fold(texts).view(keep_symbols=True)
    room = len(view.codes) + len(texts)
    numbers, counts = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
    firsts = np.empty(len(texts) + 1, dtype=np.int64)
    place_of = np.full(TERMS, -1, dtype=np.int32)
    n = cut(view.codes, view.kinds, view.starts, numbers, counts, firsts, place_of)
    return Terms(numbers[:n], counts[:n], firsts)


@dataclass(slots=True)
class Background:
    """How many texts of a brand hold each term.

    >>> seen = Background()
    >>> terms = terms_of_all(["星河水壶漏电", "星河发货慢"])
    >>> for text in (0, 1):
    ...     seen.learn(terms.of(text)[0])
    >>> name, defect = terms_of_all(["星河", "漏电"]).numbers.tolist()
    >>> bool(seen.holding[name] > seen.holding[defect] > 0)
    True
    """

    n_texts: int = 0
    holding: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(TERMS, dtype=np.uint32))

    def learn(self, numbers: NDArray[np.int32], *, times: int = 1) -> None:
        """Count a text, given by its distinct terms, once or as if it stood there many times."""
        self.holding[numbers] += np.uint32(times)
        self.n_texts += times
        if self.n_texts > MOST_TEXTS:
            self.n_texts //= 2
            self.holding //= np.uint32(2)

    def is_common(self, numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
        """In more than a fifth of the texts, such as the brand's own name; unsure while few."""
        if self.n_texts < _FEW_TEXTS:
            return np.zeros(len(numbers), dtype=np.bool_)
        common: NDArray[np.bool_] = self.holding[numbers] * _COMMON_PART > self.n_texts
        return common

    def vector(self, numbers: NDArray[np.int32], counts: NDArray[np.int32], *, size: int) -> Vector:
        """The unit vector of a text's weightiest terms."""
        room = min(size, len(numbers))
        kept, weights = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.float32)
        rarities = np.empty(room, dtype=np.float32)
        known = (self.holding, language(), float(self.n_texts), PRIOR_TEXTS)
        n = weigh(numbers, counts, known, kept, weights, rarities)
        return Vector(kept[:n], weights[:n], rarities[:n])

    def dump(self) -> bytes:
        """The counts that are not zero, packed."""
        known = np.flatnonzero(self.holding).astype(np.int32)
        gaps = np.diff(known, prepend=np.int32(0)).astype("<i4")
        counts = self.holding[known].astype("<u4")
        head = np.array([self.n_texts, len(known)], dtype="<i8").tobytes()
        return zlib.compress(head + gaps.tobytes() + counts.tobytes(), level=1)

    @classmethod
    def load(cls, packed: bytes) -> Background:
        """The background that `dump` wrote.

        >>> seen = Background()
        >>> seen.learn(terms_of_all(["星河水壶漏电"]).numbers, times=3)
        >>> again = Background.load(seen.dump())
        >>> again.n_texts, bool((again.holding == seen.holding).all())
        (3, True)
        """
        content = zlib.decompress(packed)
        n_texts, n_known = np.frombuffer(content, dtype="<i8", count=2).tolist()
        gaps = np.frombuffer(content, dtype="<i4", count=n_known, offset=16)
        counts = np.frombuffer(content, dtype="<u4", count=n_known, offset=16 + 4 * n_known)
        loaded = cls(n_texts=n_texts)
        loaded.holding[np.cumsum(gaps)] = counts
        return loaded


_FEW_TEXTS = 20
_COMMON_PART = 5


@cache
def language() -> NDArray[np.float32]:
    """The share of texts of the language at large that hold each term.

    >>> ordinary, rare = terms_of_all(["一个", "漏电"]).numbers
    >>> bool(language()[ordinary] > 10 * language()[rare])
    True
    """
    shares: NDArray[np.float32] = np.exp2(-load("language")["steps"].astype(np.float32) / _STEPS)
    return shares
