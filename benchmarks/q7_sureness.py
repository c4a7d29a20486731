"""Q7: how many posts may be trusted to the machine, and is it as sure as it is right?

The posts of Q2, as the product answers them. The surest are kept while 95 % of them are right: the
threshold that keeps them is read off the same posts, so the share is what could be had, not a
promise for another set.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from benchmarks.everyday_posts import DATA, judged
from benchmarks.figures import calibration_error, share_kept_at
from benchmarks.polarity_heads import SEED

ID = "Q7"
GOAL = "share kept at 95 % accuracy >= .70 (.53); expected calibration error <= .03 (.08)"
ACCURACY = 0.95
DRAWS = 500


def run() -> Mapping[str, object]:
    posts = judged()
    right, sure = posts.product.codes == posts.truth, posts.product.confidences
    return {
        **_sureness(right, sure),
        "intervals_95": _intervals(right, sure),
        "everyday_readers_alone": _sureness(
            posts.everyday.codes == posts.truth, posts.everyday.confidences
        ),
        "accuracy_by_confidence": _by_confidence(right, sure),
        "n_test": len(posts.truth),
        "leaks_removed_from_training": posts.leaks,
        "seed": SEED,
        "data": DATA,
    }


def _sureness(right: NDArray[np.bool_], sure: NDArray[np.float32]) -> Mapping[str, float]:
    return {
        "share_kept_at_95_accuracy": round(share_kept_at(right, sure, accuracy=ACCURACY), 4),
        "calibration_error": round(calibration_error(right, sure), 4),
    }


def _intervals(right: NDArray[np.bool_], sure: NDArray[np.float32]) -> Mapping[str, list[float]]:
    random = np.random.default_rng(SEED)
    draws = [random.integers(0, len(right), len(right)) for _ in range(DRAWS)]
    found = [_sureness(right[draw], sure[draw]) for draw in draws]
    return {
        name: [round(float(at), 4) for at in np.percentile([it[name] for it in found], [2.5, 97.5])]
        for name in found[0]
    }


def _by_confidence(right: NDArray[np.bool_], sure: NDArray[np.float32]) -> Mapping[str, str]:
    """Accuracy and number of the posts in each tenth of confidence."""
    bins = np.minimum((sure * 10).astype(int), 9)
    return {
        f".{at}": f"{right[bins == at].mean():.3f} of {(bins == at).sum()}"
        for at in np.unique(bins)
    }
