"""The cascades of the data set as columns, and the splits that the protocols ask for.

CED: 2,709 Weibo cascades of 2010–2014, reposts and comments mixed, cut below 1,000.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import read
from tinglan.analysis.forecast_features import Cascades, Integers, seen_by

DAY = 1440.0  # minutes
SITE_HOURS = 8  # of the zone of Weibo's users, ahead of UTC
N_RANDOM_SPLITS = 5
CED = "CED_weibo_cascades/train_dev.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Corpus:
    """The cascades of a data set, how large each is after a day, and when it began."""

    cascades: Cascades
    sizes: Integers
    began: NDArray[np.float64]  # seconds of the epoch; NaN where nobody says

    def __len__(self) -> int:
        return len(self.sizes)

    @property
    def all(self) -> Integers:
        return np.arange(len(self), dtype=np.int64)

    def seen(self, which: Integers, minutes: float) -> Integers:
        return seen_by(self.cascades, which, np.full(len(which), minutes))


def ced() -> Corpus:
    rows = list(read(CED))
    began = np.array([float(str(row["time"])) for row in rows])
    return _corpus(
        [[float(post[0]) / 60 for post in _list(row["reposts"])] for row in rows],
        followers=[_followers(row["user"]) for row in rows],
        began=began,
    )


def _corpus(
    delays: Sequence[Sequence[float]], *, followers: list[float | None], began: NDArray[np.float64]
) -> Corpus:
    hours = [None if np.isnan(at) else float(at / 3600 + SITE_HOURS) % 24 for at in began]
    cascades = Cascades.of(delays, followers=followers, hours=hours)
    every = np.arange(len(cascades), dtype=np.int64)
    return Corpus(cascades, seen_by(cascades, every, np.full(len(every), DAY)), began)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list of posts, found {value!r:.60}")
    return value


def _followers(user: object) -> float | None:
    known = user.get("followers") if isinstance(user, dict) else None
    return None if known is None else float(known)


def splits(corpus: Corpus, population: Integers) -> Iterator[tuple[str, Integers, Integers]]:
    """Five random 80/20 splits, seeds 0 to 4, then the one by time: name, train, test."""
    size = int(0.8 * len(population))
    for seed in range(N_RANDOM_SPLITS):
        mixed = population[np.random.default_rng(seed).permutation(len(population))]
        yield f"random {seed}", mixed[:size], mixed[size:]
    by_time = population[np.argsort(corpus.began[population], kind="stable")]
    yield "temporal", by_time[:size], by_time[size:]


def halves(corpus: Corpus, population: Integers) -> Iterator[tuple[str, Integers, Integers]]:
    """Four random halves, seeds 0 to 3, then the one by time: name, calibration, test."""
    size = len(population) // 2
    for seed in range(N_RANDOM_SPLITS - 1):
        mixed = population[np.random.default_rng(seed).permutation(len(population))]
        yield f"random {seed}", mixed[:size], mixed[size:]
    by_time = population[np.argsort(corpus.began[population], kind="stable")]
    yield "temporal", by_time[:size], by_time[size:]
