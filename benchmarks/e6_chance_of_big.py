"""E6, its part about the forecast: is P(big) as often true as it says? (ECE, ten bins.)

Told of the test halves of E3 after 15, 30, 60 and 180 minutes, of cascades with ten posts by then.
"""

from collections.abc import Mapping

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.early_flags import CHECKS, Split, all_splits, big_line, corpus
from benchmarks.figures import calibration_error
from benchmarks.forecast_fit import BORDERS
from tinglan.analysis.forecast import MIN_SEEN, chances
from tinglan.analysis.forecast_features import Floats

ID = "E6-chance"
GOAL = "ECE of P(big) ≤ .03"
WINDOWS = (15.0, 30.0, 60.0, 180.0)


def run() -> Mapping[str, object]:
    weibo = corpus()
    line = big_line(weibo.all[weibo.sizes >= MIN_SEEN], 0.95)
    found: dict[str, object] = {}
    for minutes in WINDOWS:
        rows = [_of(split, minutes, line) for split in all_splits()]
        random, temporal = np.mean(rows[:-1], axis=0), rows[-1]
        found[f"{minutes:.0f} minutes"] = " | ".join(map(_said, (random, temporal)))
    return found


def _of(split: Split, minutes: float, line: float) -> tuple[float, float, float, float]:
    """Calibration error, Brier score, that of always telling the base rate, area under the ROC."""
    weibo = corpus()
    check = int(np.searchsorted(CHECKS, minutes))
    test = split.test
    enough = test.seen[:, check] >= MIN_SEEN
    came = (weibo.sizes[test.which] >= line)[enough]
    row = split.quantiles[np.searchsorted(BORDERS, minutes, side="right")]
    needed = (np.log1p(line) - test.middle[enough, check]) / test.spread[enough, check]
    told: Floats = chances(np.tile(row, (int(enough.sum()), 1)), needed)
    error = np.mean((told - came) ** 2)
    base = np.mean((came.mean() - came) ** 2)
    ece = calibration_error(came, told.astype(np.float32))
    return ece, float(error), float(base), float(roc_auc_score(came, told))


def _said(row: tuple[float, ...] | Floats) -> str:
    ece, error, base, area = row
    return f"ECE {ece:.3f}, Brier {error:.4f} (base rate {base:.4f}), AUC {area:.3f}"
