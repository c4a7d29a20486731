"""Train the shipped forecast: `make train`, `python -m benchmarks.train_forecast`, some minutes.

All cascades of both data sets, by the recipe of `forecast_fit`; writes weights/forecast.npz and its
card. E1 to E4 and E6 call the same `fit` without their own test parts.
"""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cascades import Corpus, ced, twitter
from benchmarks.forecast_fit import AGES, SEED, fit, rows_of
from benchmarks.machine import commit
from tinglan.analysis import forecast
from tinglan.analysis.forecast import MIN_SEEN, Model

VERSION = "forecast-1"
BIG_SHARE = 0.95
FOLDER = Path(__file__).parent
WEIGHTS = Path(forecast.__file__).parent / "weights"
ENSEMBLES = ("growth", "spread", "is_over", "peak", "ninety")


def main() -> None:
    weibo, tweets = ced(), twitter()
    parts = [(weibo, weibo.all), (tweets, tweets.all)]
    model = fit(parts, big=big_line(weibo), version=VERSION)
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
            n_twitter=len(tweets),
            n_rows=len(rows_of(parts)),
            first_age=AGES[0],
            last_age=AGES[-1],
            big=model.big,
            min_seen=MIN_SEEN,
        )
    )
    (WEIGHTS / "forecast.md").write_text(card, "utf-8")


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
