"""Q1: three-class polarity of posts about one topic, labelled by hand, five folds by text.

Each fold is fitted by the recipe of `train_polarity` on everything but that fold and smp_usual_dev;
a tenth of what remains of the posts calibrates. SnowNLP answers for 500 posts, if it is installed.
"""

from collections.abc import Iterable, Mapping, Sequence
from time import process_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.baselines import by_lexicon, majority
from benchmarks.corpora import Example, parted, polarity_examples, share_of
from benchmarks.figures import calibration_error, interval, macro_f1
from benchmarks.peers import by_snownlp, has_snownlp
from benchmarks.polarity_heads import SEED, codes_of
from benchmarks.train_polarity import TEST_ONLY, fit, split_dev
from tinglan.analysis import ngrams

ID = "Q1"
GOAL = "macro-F1 of 3-class polarity on covid_weibo_3k (5-fold) >= .76 (floor ~.69)"
FOLDS = 5
SHOWN_TO_A_PEER = 500


class Fold(NamedTuple):
    """The test posts of one fold: what is true, what each classifier answered."""

    texts: Sequence[str]
    truth: NDArray[np.int8]
    found: NDArray[np.int8]
    confidences: NDArray[np.float32]
    majority: NDArray[np.int8]
    lexicon: NDArray[np.int8]


def run() -> Mapping[str, object]:
    pool, _ = parted(polarity_examples(), lambda example: example.source == TEST_ONLY)
    folds = [_measure_fold(pool, fold) for fold in range(FOLDS)]
    truth, found = _joined(folds, "truth"), _joined(folds, "found")
    right, certain = truth == found, np.concatenate([fold.confidences for fold in folds])
    return {
        "macro_f1": round(macro_f1(truth, found), 4),
        "macro_f1_interval_95": [
            round(it, 4) for it in interval(macro_f1, truth, found, seed=SEED)
        ],
        "macro_f1_by_fold": [round(macro_f1(fold.truth, fold.found), 4) for fold in folds],
        "accuracy": round(float(right.mean()), 4),
        "calibration_error": round(calibration_error(right, certain), 4),
        "baseline_majority_macro_f1": round(macro_f1(truth, _joined(folds, "majority")), 4),
        "baseline_lexicon_macro_f1": round(macro_f1(truth, _joined(folds, "lexicon")), 4),
        "peer_snownlp": _by_peer([text for fold in folds for text in fold.texts], truth, found),
        "n_test": len(truth),
        "seed": SEED,
        "data": "covid_weibo_3k, the part handed over; doubles and contradictions left out",
    }


def _by_peer(
    texts: Sequence[str], truth: NDArray[np.int8], found: NDArray[np.int8]
) -> Mapping[str, object]:
    """SnowNLP on some of the posts, and the model on the same ones."""
    if not has_snownlp():
        return {"measured": "no: snownlp is not installed"}
    some = np.random.default_rng(SEED).choice(len(texts), SHOWN_TO_A_PEER, replace=False)
    started = process_time()
    said = by_snownlp([texts[at] for at in some])
    seconds = process_time() - started
    return {
        "accuracy": round(float((said == truth[some]).mean()), 4),
        "macro_f1": round(macro_f1(truth[some], said), 4),
        "posts_per_cpu_second": round(SHOWN_TO_A_PEER / seconds),
        "model_accuracy_on_the_same": round(float((found == truth)[some].mean()), 4),
        "model_macro_f1_on_the_same": round(macro_f1(truth[some], found[some]), 4),
        "n": SHOWN_TO_A_PEER,
    }


def _joined(folds: Iterable[Fold], column: str) -> NDArray[np.int8]:
    return np.concatenate([getattr(fold, column) for fold in folds])


def _measure_fold(pool: list[Example], fold: int) -> Fold:
    """Fit without one fold, answer for its posts."""
    rest, test = parted(pool, lambda example: is_in(example, fold))
    train, dev = split_dev(rest)
    texts = [example.text for example in test]
    found = fit(train, dev=dev).classify(ngrams.grams(texts))
    own = codes_of(example for example in train if example.source == "covid")
    return Fold(
        texts=texts,
        truth=codes_of(test),
        found=found.codes,
        confidences=found.confidences,
        majority=majority(own, len(test)),
        lexicon=by_lexicon(texts),
    )


def is_in(example: Example, fold: int) -> bool:
    return example.source == "covid" and share_of(example.text, FOLDS, salt="q1") == fold
