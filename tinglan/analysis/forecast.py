"""How large a cascade will be a day after it began, judged by its first minutes (走势预测).

1. Boosted trees on the features of the first minutes say by how much it will grow, ln((1 + size) /
   (1 + seen)); one ensemble serves every age, for it was trained at many ages at once (Szabo and
   Huberman 2010 found the logarithms of early and late counts to be linear in one another).
2. A second ensemble says how sure the first may be here; the 80 % interval is its multiple, taken
   from the errors on cascades that training had not seen (conformal: Vovk, Gammerman, Shafer 2005).
3. The same errors say how likely a size beyond a line is.
4. What a site's own past forecasts came to corrects all that (`refit`).

Others say whether the busiest hour is over, when it comes, and by when nine tenths have come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.forecast_features import (
    FEATURES,
    Cascades,
    Floats,
    Integers,
    features,
    seen_by,
)
from tinglan.analysis.forecast_refit import NO_CORRECTION, Correction
from tinglan.analysis.trees import Trees, sum_of
from tinglan.analysis.weights import load

__all__ = [
    "DAY",
    "MIN_SEEN",
    "Cascades",
    "Forecasts",
    "Model",
    "Outlooks",
    "chances",
    "forecast",
    "outlook",
    "shipped",
    "warm",
]

DAY = 1440.0  # minutes after the beginning: what a forecast speaks of
MIN_SEEN = 10  # posts; with fewer nothing can be told yet (evidence: MSLE .47 instead of .24)
MIN_AGE = 1.0  # minutes
LAST_LEARNT = 720.0  # minutes; from there on what is still to grow shrinks to nothing at a day
HOUR = FEATURES.index("hour_sine")
LEVELS = np.arange(1, 100) / 100  # of the kept quantiles
SHARE = 80  # of them between the ends of the interval


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt: the ensembles, and the quantiles of their errors by age."""

    version: str
    growth: Trees
    any_hour: Trees  # the same where the hour of the day is unknown
    spread: Trees
    is_over: Trees
    peak: Trees
    ninety: Trees
    borders: Floats  # of the ages, in minutes, between the rows of the next
    quantiles: Floats  # error over spread, at LEVELS
    big: float  # the shipped line: five in a hundred cascades of training grew beyond

    @classmethod
    def load(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Model:
        return cls(
            version=str(arrays["version"]),
            growth=Trees.load(arrays, "growth"),
            any_hour=Trees.load(arrays, "any_hour"),
            spread=Trees.load(arrays, "spread"),
            is_over=Trees.load(arrays, "is_over"),
            peak=Trees.load(arrays, "peak"),
            ninety=Trees.load(arrays, "ninety"),
            borders=arrays["borders"].astype(np.float64),
            quantiles=arrays["quantiles"].astype(np.float64),
            big=float(arrays["big"]),
        )


@dataclass(frozen=True, slots=True)
class Forecasts:
    """One row for each question: the middle, the ends of the 80 % interval, the chance."""

    seen: Integers
    sizes: Floats
    lows: Floats
    highs: Floats
    p_big: Floats
    plain: Floats  # ln(1 + size) before the site's correction, and how far from it the ends lie
    downs: Floats
    ups: Floats


@dataclass(frozen=True, slots=True)
class Outlooks:
    """When: minutes after the beginning, and the chance that the busiest hour is over."""

    p_over: Floats
    peaks: Floats  # of the busiest hour, where it is still to come
    ninety: Floats  # nine tenths of the posts of the first day have come


@cache
def shipped() -> Model:
    """The model that ships; its card is weights/forecast.md."""
    return Model.load(load("forecast"))


def warm() -> None:
    """Read the weights, so that the first forecast does not wait for them."""
    shipped()


def forecast(
    cascades: Cascades,
    ages: Floats,
    *,
    which: Integers | None = None,
    big: float | None = None,
    model: Model | None = None,
    correction: Correction = NO_CORRECTION,
) -> Forecasts:
    """Judge each cascade (or those of `which`, again and again perhaps) at its age in minutes.

    `big` is the line of "big" in posts; without it the one of training counts.

    >>> minutes = [0.5, 1, 2, 3, 5, 8, 9, 12, 15, 21, 22, 28, 33, 41, 44, 52, 58, 70]
    >>> told = forecast(Cascades.of([minutes], followers=[3_400]), np.array([60.0]))
    >>> int(told.seen[0]), bool(told.lows[0] < told.sizes[0] < told.highs[0])
    (17, True)
    >>> bool(0 < told.p_big[0] < 0.2)
    True
    """
    model = model or shipped()
    which = np.arange(len(cascades), dtype=np.int64) if which is None else which
    ages = np.clip(ages, MIN_AGE, DAY)
    table = features(cascades, which, ages)
    seen = seen_by(cascades, which, ages)
    known = np.log1p(seen)
    rest = _rest(ages)
    plain = known + rest * _growth(model, table)
    spreads = rest * np.exp(sum_of(model.spread, table))
    errors = _errors(model, ages)
    downs, ups = (spreads * end for end in _ends(errors))
    middle = plain + correction.shift
    is_done = ages >= DAY

    def told(logarithm: Floats) -> Floats:
        return np.where(is_done, seen, np.maximum(seen, np.expm1(logarithm)))

    line = float(np.log1p(model.big if big is None else big))
    likely = chances(errors, (line - middle) / (spreads * correction.widen))
    return Forecasts(
        seen=seen,
        sizes=told(middle),
        lows=told(middle - correction.widen * downs),
        highs=told(middle + correction.widen * ups),
        p_big=np.where(known >= line, 1.0, np.where(is_done, 0.0, likely)),
        plain=plain,
        downs=downs,
        ups=ups,
    )


def _growth(model: Model, table: Floats) -> Floats:
    """How much each will grow, ln((1 + size) / (1 + seen)), by the trees for what is known."""
    grown = np.empty(len(table))
    is_timed = ~np.isnan(table[:, HOUR])
    grown[is_timed] = sum_of(model.growth, table[is_timed])
    grown[~is_timed] = sum_of(model.any_hour, table[~is_timed])
    return grown


def _rest(ages: Floats) -> Floats:
    """The part that is left of what grows after the last age learnt, by the logarithm of time."""
    left: Floats = np.minimum(1.0, np.log(DAY / ages) / np.log(DAY / LAST_LEARNT))
    return np.maximum(left, 1e-6)


def _errors(model: Model, ages: Floats) -> Floats:
    """The quantiles of the errors at these ages, a row for each."""
    found: Floats = model.quantiles[np.searchsorted(model.borders, ages, side="right")]
    return found


def _ends(errors: Floats) -> tuple[Floats, Floats]:
    """How far the shortest interval that holds 80 % reaches down and up, in spreads."""
    lengths = errors[:, SHARE:] - errors[:, :-SHARE]
    first = lengths.argmin(axis=1)
    rows = np.arange(len(errors))
    return -errors[rows, first], errors[rows, first + SHARE]


def chances(errors: Floats, needed: Floats) -> Floats:
    """How likely an error is larger than needed; beyond all kept quantiles half a hundredth."""
    n = len(LEVELS)
    below = (errors < needed[:, None]).sum(axis=1)
    rows = np.arange(len(errors))
    left, right = errors[rows, np.maximum(below - 1, 0)], errors[rows, np.minimum(below, n - 1)]
    gap = np.where(right > left, right - left, 1.0)
    levels = (below + np.clip((needed - left) / gap, 0.0, 1.0)) / (n + 1)
    found: Floats = 1.0 - np.where(below == 0, 0.005, np.where(below == n, 0.995, levels))
    return found


def outlook(
    cascades: Cascades,
    ages: Floats,
    *,
    which: Integers | None = None,
    model: Model | None = None,
) -> Outlooks:
    """When the busiest hour comes, or whether it is over, and when nine tenths have come.

    >>> minutes = list(range(0, 60, 2))
    >>> told = outlook(Cascades.of([minutes], followers=[3_400]), np.array([60.0]))
    >>> bool(0 <= told.p_over[0] <= 1), bool(told.peaks[0] > 60), bool(told.ninety[0] > 60)
    (True, True, True)
    """
    model = model or shipped()
    which = np.arange(len(cascades), dtype=np.int64) if which is None else which
    ages = np.clip(ages, MIN_AGE, DAY)
    table = features(cascades, which, ages)
    rest = np.log(DAY / ages)
    return Outlooks(
        p_over=1 / (1 + np.exp(-sum_of(model.is_over, table))),
        peaks=ages * np.exp(rest * np.clip(sum_of(model.peak, table), 0.0, 1.0)),
        ninety=ages * np.exp(rest * np.clip(sum_of(model.ninety, table), 0.0, 1.0)),
    )
