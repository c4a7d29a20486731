"""Texts as one column of code points: what every compiled loop over posts reads.

Made once for a batch. A border stands after each text, so that no loop has to ask where one ends
before it looks at the next character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Points", "points"]


@dataclass(frozen=True, slots=True)
class Points:
    """Text i is `codes[ends[i - 1] + 1 : ends[i]]`; a line break stands at `ends[i]`."""

    codes: NDArray[np.uint32]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends)


def points(texts: Sequence[str]) -> Points:
    """The code points of a batch; a lone surrogate is one too.

    >>> made = points(["水壶", ""])
    >>> made.codes.tolist(), made.ends.tolist()
    ([27700, 22774, 10, 10], [2, 3])
    """
    joined = "\n".join([*texts, ""])
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    return Points(
        codes=np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32),
        ends=np.cumsum(lengths + 1) - 1,
    )
