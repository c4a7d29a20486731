"""The figures of classification: F1, precision at a recall, calibration, bootstrap interval."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int8]


def macro_f1(truth: Codes, found: Codes) -> float:
    """Average the F1 of the classes that occur in the truth.

    >>> round(macro_f1(np.array([0, 0, 1, 2], np.int8), np.array([0, 1, 1, 2], np.int8)), 3)
    0.778
    """
    return float(np.mean([f1(truth == code, found == code) for code in np.unique(truth)]))


def f1(truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> float:
    total = int(truth.sum() + found.sum())
    return 2 * int((truth & found).sum()) / total if total else 0.0


def precision_at_recall(
    truth: NDArray[np.bool_], scores: NDArray[np.float32], *, recall: float
) -> float:
    """Return the best precision of any threshold that finds at least this share of the true ones.

    >>> truth = np.array([True, True, False, True])
    >>> round(precision_at_recall(truth, np.array([.9, .8, .7, .6], np.float32), recall=0.9), 2)
    0.75
    """
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    precisions = hits / np.arange(1, len(truth) + 1)
    return float(precisions[hits >= recall * hits[-1]].max())


def calibration_error(right: NDArray[np.bool_], confidences: NDArray[np.float32]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    bins = np.minimum((confidences * 10).astype(int), 9)
    gaps = [
        abs(float(right[bins == index].mean()) - float(confidences[bins == index].mean()))
        * float((bins == index).mean())
        for index in np.unique(bins)
    ]
    return float(sum(gaps))


def share_kept_at(
    right: NDArray[np.bool_], confidences: NDArray[np.float32], *, accuracy: float
) -> float:
    """Return the largest share of posts, the surest first, that are right this often."""
    order = np.argsort(-confidences, kind="stable")
    kept = np.arange(1, len(right) + 1)
    enough = kept[np.cumsum(right[order]) / kept >= accuracy]
    return float(enough.max() / len(right)) if len(enough) else 0.0


def interval(
    figure: Callable[[Codes, Codes], float], truth: Codes, found: Codes, *, seed: int, n: int = 500
) -> tuple[float, float]:
    """Bootstrap the 95 % interval of a figure over the posts."""
    random = np.random.default_rng(seed)
    draws = [random.integers(0, len(truth), len(truth)) for _ in range(n)]
    values = [figure(truth[draw], found[draw]) for draw in draws]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def kappa(one: Codes, other: Codes) -> float:
    """Agreement of two readers beyond chance (Cohen 1960).

    >>> round(kappa(np.array([0, 0, 1, 1], np.int8), np.array([0, 1, 1, 1], np.int8)), 2)
    0.5
    """
    by_chance = sum(
        float((one == code).mean()) * float((other == code).mean()) for code in np.unique(one)
    )
    return (float((one == other).mean()) - by_chance) / (1 - by_chance)
