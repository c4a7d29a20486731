"""Train the shipped forecast: `make train`, `python -m benchmarks.train_forecast`, some minutes.

All cascades of the data set, by the recipe of `forecast_fit`; writes weights/forecast.npz and its
card. E1 to E4 and E6 call the same `fit` without their own test parts.
"""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cascades import Corpus, ced
from benchmarks.forecast_fit import AGES, SEED, fit, rows_of
from benchmarks.machine import commit
from tinglan.analysis import forecast
from tinglan.analysis.forecast import MIN_SEEN, Model
from tinglan.analysis.forecast_features import Floats, Integers
from tinglan.analysis.momentum import TIERS

VERSION = "forecast-1"
BIG_SHARE = 0.95
FOLDER = Path(__file__).parent
WEIGHTS = Path(forecast.__file__).parent / "weights"
PACE_AGES = (
    5.0,
    10.0,
    15.0,
    20.0,
    30.0,
    45.0,
    60.0,
    90.0,
    120.0,
    180.0,
    240.0,
    360.0,
    480.0,
    720.0,
    1440.0,
)
PACE_LEVELS = (0.01, 0.02, 0.05, *(n / 10 for n in range(1, 10)), 0.95, 0.98, 0.99)
TIER_NAMES = ("below 10,000", "below 100,000", "below 1,000,000", "above", "all")
ENSEMBLES = ("growth", "any_hour", "spread", "is_over", "peak", "ninety")


def main() -> None:
    weibo = ced()
    write_paces(weibo)
    model = fit(weibo, weibo.all, big=big_line(weibo), version=VERSION)
    np.savez_compressed(WEIGHTS / "forecast.npz", **arrays_of(model))
    card = (
        (FOLDER / "forecast_card.md")
        .read_text("utf-8")
        .format(
            version=VERSION,
            commit=commit(),
            seed=SEED,
            n_nodes=sum(len(getattr(model, name).values) for name in ENSEMBLES),
            n_ced=len(weibo),
            n_rows=len(rows_of(weibo, weibo.all)),
            first_age=AGES[0],
            last_age=AGES[-1],
            big=model.big,
            min_seen=MIN_SEEN,
        )
    )
    (WEIGHTS / "forecast.md").write_text(card, "utf-8")


def write_paces(corpus: Corpus) -> None:
    """The quantiles of counts by age and reach, and their card."""
    spread = corpus.all[corpus.sizes >= MIN_SEEN]
    followers = corpus.cascades.followers[spread]
    tiers = np.where(np.isnan(followers), -1, np.searchsorted(TIERS, followers, side="right"))
    groups = [spread[tiers == tier] for tier in range(len(TIERS) + 1)] + [spread]
    tables = np.array([[_quantiles(corpus, group, age) for age in PACE_AGES] for group in groups])
    np.savez_compressed(
        WEIGHTS / "momentum.npz",
        ages=np.array(PACE_AGES),
        levels=np.array(PACE_LEVELS),
        tables=tables.astype(np.float32),
    )
    card = (FOLDER / "momentum_card.md").read_text("utf-8")
    text = card.format(
        version=VERSION.replace("forecast", "momentum"),
        commit=commit(),
        n_ages=len(PACE_AGES),
        first_age=PACE_AGES[0],
        last_age=PACE_AGES[-1],
        n_ced=len(spread),
        rows="\n".join(
            _line(name, corpus, group) for name, group in zip(TIER_NAMES, groups, strict=True)
        ),
    )
    (WEIGHTS / "momentum.md").write_text(text, "utf-8")


def _quantiles(corpus: Corpus, group: Integers, age: float) -> Floats:
    found: Floats = np.quantile(np.log1p(corpus.seen(group, age)), PACE_LEVELS)
    return found


def _line(name: str, corpus: Corpus, group: Integers) -> str:
    medians = [np.median(corpus.seen(group, age)) for age in (15.0, 60.0, 360.0)]
    return " | ".join([f"| {name}", f"{len(group):,}", *(f"{one:.0f}" for one in medians)]) + " |"


def big_line(corpus: Corpus) -> float:
    """The size that five in a hundred of the cascades with ten posts or more reach."""
    sizes = np.sort(corpus.sizes[corpus.sizes >= MIN_SEEN])
    return float(sizes[int(np.ceil(BIG_SHARE * len(sizes))) - 1])


def arrays_of(model: Model) -> dict[str, Any]:
    arrays: dict[str, Any] = {
        "version": np.array(model.version),
        "borders": model.borders,
        "quantiles": model.quantiles.astype(np.float32),
        "big": np.array(model.big),
    }
    for name in ENSEMBLES:
        arrays |= getattr(model, name).dump(name)
    return arrays


if __name__ == "__main__":
    main()
