"""Fit the forecast to cascades: the recipe of the shipped weights and of E1 to E4 and E6 alike.

1. Look at every cascade at many ages at once; an age is a feature like others, and the trees of one
   age learn from its neighbours (at 60 minutes alone: MSLE .251, at many ages .239).
2. Grow trees on ln growth by gradient boosting, a few ensembles from different seeds, averaged.
3. Do the same with a third of the cascades left out, three times over; from the errors on what was
   left out learn how sure a forecast is, and keep the quantiles of error over that by age.
4. Grow trees for: is the busiest hour over, when does it come, when have nine tenths come.

Where the hour of the day is unknown another ensemble answers, grown without it; the others see it
made unknown here and there, as followers are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from benchmarks.cascades import DAY, Corpus
from tinglan.analysis.forecast import LEVELS, MIN_SEEN, Model
from tinglan.analysis.forecast_features import FEATURES, Floats, Integers, features, seen_by
from tinglan.analysis.trees import LEAF, Trees, joined, sum_of

AGES = (10, 15, 20, 30, 45, 60, 90, 120, 180, 360, 720)
BORDERS = (22.0, 45.0, 90.0, 180.0, 360.0, 720.0)
SEED = 20261123
N_FOLDS = 3
N_BAGS = 2
FEWEST = 3  # posts seen: with fewer a row teaches little
HIDDEN_HOURS = 0.3
HIDDEN_FOLLOWERS = 0.05
FLOOR = 0.05  # of an error, under the logarithm
GROWTH: dict[str, Any] = {
    "learning_rate": 0.05,
    "max_iter": 180,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 250,
}
SPREAD: dict[str, Any] = {
    "learning_rate": 0.05,
    "max_iter": 60,
    "max_leaf_nodes": 6,
    "min_samples_leaf": 300,
}
TIMES: dict[str, Any] = {
    "learning_rate": 0.05,
    "max_iter": 100,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 200,
}
PENALTY = {"l2_regularization": 5.0, "max_features": 0.3}
HOUR = [FEATURES.index("hour_sine"), FEATURES.index("hour_cosine")]
FOLLOWERS = FEATURES.index("followers")


@dataclass(frozen=True, slots=True)
class Rows:
    """Cascades at ages as the trainer sees them; `owners` tells rows of one cascade together."""

    table: Floats
    owners: Integers
    ages: Floats
    seen: Integers
    sizes: Integers
    peaks: Floats  # minutes, middle of the busiest hour
    ninety: Floats  # minutes

    def __len__(self) -> int:
        return len(self.owners)

    def part(self, chosen: NDArray[np.bool_]) -> "Rows":
        return Rows(*(getattr(self, name)[chosen] for name in self.__slots__))

    @property
    def growth(self) -> Floats:
        grown: Floats = np.log1p(self.sizes) - np.log1p(self.seen)
        return grown

    @property
    def weights(self) -> Floats:
        """Every cascade counts alike, at however many ages it was looked at."""
        counts: Floats = 1.0 / np.bincount(self.owners)[self.owners]
        return counts


def fit(corpus: Corpus, which: Integers, *, big: float, version: str = "trial") -> Model:
    """Fit a model to these cascades."""
    rows = rows_of(corpus, which)
    gapped, left = with_gaps(rows), leave_out(rows)
    ahead = rows.ages < rows.peaks
    return Model(
        version=version,
        growth=grow(rows, bags=N_BAGS),
        any_hour=grow(without_hours(rows), bags=N_BAGS),
        spread=spread_of(gapped, left.errors),
        is_over=_classified(gapped, _is_over(rows)),
        peak=_regressed(gapped.part(ahead), _place(rows, rows.peaks)[ahead]),
        ninety=_regressed(gapped, _place(rows, rows.ninety)),
        borders=np.array(BORDERS),
        quantiles=quantiles_of(rows, left),
        big=big,
    )


def rows_of(corpus: Corpus, which: Integers) -> Rows:
    """Every cascade at every age at which enough was seen; owners count from 0."""
    owners = np.repeat(np.arange(len(which)), len(AGES))
    ages = np.tile(np.array(AGES, np.float64), len(which))
    seen = seen_by(corpus.cascades, which[owners], ages)
    keep = seen >= FEWEST
    owners, ages, seen = owners[keep], ages[keep], seen[keep]
    times = [_times(corpus, one) for one in which]
    peaks, ninety = np.array(times).T
    return Rows(
        table=features(corpus.cascades, which[owners], ages),
        owners=owners,
        ages=ages,
        seen=seen,
        sizes=corpus.sizes[which[owners]],
        peaks=peaks[owners],
        ninety=ninety[owners],
    )


def with_gaps(rows: Rows) -> Rows:
    """The hour and the followers made unknown here and there."""
    chance = np.random.default_rng(SEED)
    table = rows.table.copy()
    table[np.ix_(chance.random(len(table)) < HIDDEN_HOURS, np.array(HOUR))] = np.nan
    table[chance.random(len(table)) < HIDDEN_FOLLOWERS, FOLLOWERS] = np.nan
    return replace(rows, table=table)


def without_hours(rows: Rows) -> Rows:
    """The hour taken away: one value for all, by which no tree can tell them apart."""
    table = rows.table.copy()
    table[:, HOUR] = 0.0
    return replace(rows, table=table)


def _times(corpus: Corpus, one: int) -> tuple[float, float]:
    """The middle of the busiest 60 minutes of the first day, and when nine tenths had come."""
    of_one = slice(corpus.cascades.starts[one], corpus.cascades.starts[one + 1])
    delays = corpus.cascades.delays[of_one]
    delays = delays[delays < DAY]
    if not len(delays):
        return DAY, DAY
    counts = np.searchsorted(delays, delays + 60.0) - np.arange(len(delays))
    start = delays[int(np.argmax(counts))]
    return min(start + 30.0, DAY), float(delays[int(np.ceil(0.9 * len(delays))) - 1])


def _is_over(rows: Rows) -> NDArray[np.bool_]:
    return rows.peaks + 30.0 <= rows.ages


def _place(rows: Rows, minutes: Floats) -> Floats:
    """Where a time lies between the age (0) and the end of the day (1), in logarithms."""
    rest = np.log(DAY / rows.ages)
    placed: Floats = np.clip(np.log(np.maximum(minutes, 1.0) / rows.ages) / rest, 0.0, 1.0)
    return placed


def grow(rows: Rows, *, bags: int) -> Trees:
    seeds = range(SEED, SEED + bags)
    return joined(_regressed(rows, rows.growth, seed=seed, **GROWTH) for seed in seeds)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What trees that never saw a cascade say of it: fold by row, their trees, their errors."""

    folds: Integers
    trees: tuple[Trees, ...]
    errors: Floats
    spreads: Floats


def leave_out(rows: Rows) -> LeftOut:
    """Grow trees without each third of the cascades, and see how they fare there."""
    folds = folds_of(rows.owners.max() + 1)[rows.owners]
    gapped = with_gaps(rows)
    errors, spreads = np.empty(len(rows)), np.empty(len(rows))
    trees = []
    for fold in range(N_FOLDS):
        out = folds == fold
        trees.append(grow(rows.part(~out), bags=1))
        errors[out] = rows.growth[out] - sum_of(trees[-1], rows.table[out])
    for fold in range(N_FOLDS):
        out = folds == fold
        spread = spread_of(gapped.part(~out), errors[~out])
        spreads[out] = np.exp(sum_of(spread, rows.table[out]))
    return LeftOut(folds, tuple(trees), errors, spreads)


def folds_of(n_owners: int) -> Integers:
    """The third that each cascade belongs to, alike in every run."""
    return np.random.default_rng(SEED).integers(N_FOLDS, size=n_owners)


def spread_of(rows: Rows, errors: Floats) -> Trees:
    return _regressed(rows, np.log(np.abs(errors) + FLOOR), **SPREAD)


def quantiles_of(rows: Rows, left: LeftOut) -> Floats:
    """Quantiles of error over spread for each stretch of ages, of cascades with enough seen."""
    errors = left.errors / left.spreads
    enough = rows.seen >= MIN_SEEN
    stretch = np.searchsorted(BORDERS, rows.ages, side="right")
    kept = [np.quantile(errors[enough & (stretch == n)], LEVELS) for n in range(len(BORDERS) + 1)]
    return np.array(kept)


def _regressed(rows: Rows, target: Floats, *, seed: int = SEED, **shape: Any) -> Trees:
    grown = HistGradientBoostingRegressor(random_state=seed, **PENALTY, **(shape or TIMES))
    return _exported(grown.fit(rows.table, target, sample_weight=rows.weights))


def _classified(rows: Rows, target: NDArray[np.bool_]) -> Trees:
    grown = HistGradientBoostingClassifier(random_state=SEED, **PENALTY, **TIMES)
    return _exported(grown.fit(rows.table, target, sample_weight=rows.weights))


def _exported(
    grown: HistGradientBoostingRegressor | HistGradientBoostingClassifier,
) -> Trees:
    """The nodes of all trees: scikit-learn has no public way to them; a test compares the sums."""
    nodes = [of_one.nodes for (of_one,) in grown._predictors]  # noqa: SLF001
    start = float(np.ravel(grown._baseline_prediction)[0])  # noqa: SLF001
    return _joined_nodes(nodes, start)


def _joined_nodes(nodes: Sequence[NDArray[np.void]], start: float) -> Trees:
    offsets = np.cumsum([0, *(len(one) for one in nodes)])
    every = np.concatenate(nodes)
    shift = np.repeat(offsets[:-1], np.diff(offsets))
    is_leaf = every["is_leaf"].astype(bool)
    return Trees(
        features=np.where(is_leaf, LEAF, every["feature_idx"]).astype(np.int32),
        thresholds=np.where(is_leaf, 0.0, every["num_threshold"]),
        lefts=(every["left"] + shift).astype(np.int32),
        rights=(every["right"] + shift).astype(np.int32),
        unknown_left=every["missing_go_to_left"].astype(bool),
        values=np.where(is_leaf, every["value"], 0.0),
        roots=offsets[:-1].astype(np.int32),
        start=start,
    )
