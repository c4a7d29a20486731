"""E2: the 80 % interval of E1's forecasts: how often it held, and how wide it was."""

from collections.abc import Mapping

import numpy as np

from benchmarks.e1_size import WINDOWS
from benchmarks.first_hour import all_told, in_two, tell
from tinglan.analysis.forecast import Forecasts
from tinglan.analysis.forecast_features import Floats

ID = "E2"
GOAL = "coverage .77–.83, upper/lower ≤ 3.0 (random / temporal)"


def run() -> Mapping[str, object]:
    return {
        f"{minutes:.0f} minutes": in_two(
            {one.name: interval(*tell(one, minutes)) for one in all_told()}
        )
        for minutes in reversed(WINDOWS)
    }


def interval(told: Forecasts, came: Floats) -> dict[str, float]:
    held = (np.floor(told.lows) <= came) & (came <= np.ceil(told.highs))
    ratios = told.highs / told.lows
    return {
        "coverage": float(held.mean()),
        "ratio_median": float(np.median(ratios)),
        "ratio_mean": float(ratios.mean()),
    }
