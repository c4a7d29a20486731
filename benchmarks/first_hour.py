"""What is told of CED's cascades after a window of minutes, by the recipe that ships and by peers.

Each split fits anew on its own training part and tells its test part. The fits are kept while the
process lives, so that E1 and E2 in one run pay for them once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy.stats import spearmanr

from benchmarks.cascades import Corpus, ced, splits
from benchmarks.forecast_fit import fit
from tinglan.analysis.forecast import MIN_SEEN, Forecasts, Model, forecast
from tinglan.analysis.forecast_features import Floats, Integers

WINDOW = 60.0
BIG = 709.0  # has no part in sizes and intervals


@dataclass(frozen=True, slots=True)
class Told:
    """One split's test part: what came, what was told, with and without the hour of day."""

    name: str
    train: Integers
    test: Integers
    model: Model


@cache
def corpus() -> Corpus:
    return ced()


@cache
def all_told() -> tuple[Told, ...]:
    """The model of each split, fitted without its test part."""
    weibo = corpus()
    population = seen_enough(WINDOW)
    told = []
    for name, train, test in splits(weibo, population):
        told.append(Told(name, train, test, fit(weibo, train, big=BIG)))
        print(f"  {name}: fitted on {len(train)}, {len(test)} to tell", flush=True)
    return tuple(told)


def seen_enough(minutes: float) -> Integers:
    weibo = corpus()
    return weibo.all[weibo.seen(weibo.all, minutes) >= MIN_SEEN]


def tell(one: Told, minutes: float, *, hours: bool = True) -> tuple[Forecasts, Floats]:
    """The forecasts of a split's test part after these minutes, and the sizes that came."""
    weibo = corpus()
    test = one.test[weibo.seen(one.test, minutes) >= MIN_SEEN]
    cascades = weibo.cascades
    if not hours:
        cascades = replace(cascades, hours=np.full(len(cascades), np.nan))
    told = forecast(cascades, np.full(len(test), minutes), which=test, model=one.model)
    return told, weibo.sizes[test].astype(float)


def figures(sizes: Floats, came: Floats) -> dict[str, float]:
    """MSLE in natural logarithms, Spearman's rank correlation, the median error by share."""
    return {
        "msle": float(np.mean((np.log1p(sizes) - np.log1p(came)) ** 2)),
        "spearman": float(spearmanr(sizes, came)[0]),
        "median_error": float(np.median(np.abs(sizes - came) / came)),
    }


def in_two(rows: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """The mean of the random splits and the temporal one, figure by figure."""
    names = next(iter(rows.values()))
    random = [row for name, row in rows.items() if name != "temporal"]
    return {
        name: f"{np.mean([row[name] for row in random]):.3f} / {rows['temporal'][name]:.3f}"
        for name in names
    }


def peers(one: Told, minutes: float) -> Iterator[tuple[str, Floats]]:
    """The log-linear model in the observed count, and Szabo-Huberman's constant factor."""
    weibo = corpus()
    test = one.test[weibo.seen(one.test, minutes) >= MIN_SEEN]
    seen, new = np.log1p(weibo.seen(one.train, minutes)), np.log1p(weibo.seen(test, minutes))
    came = np.log1p(weibo.sizes[one.train])
    slope, start = np.polyfit(seen, came, 1)
    yield "log-linear", np.expm1(np.maximum(slope * new + start, new))
    yield "Szabo-Huberman", np.expm1(new + np.mean(came - seen))
