"""Posts or reviews of two sides: a fifth of one source is held out by text, the recipe refitted.

Used by Q3 and Q4. The model knows three classes; a set without neutral ones is answered by the
likelier of the other two, and what the model would have said of its own accord is told beside it.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from benchmarks.baselines import by_lexicon, majority
from benchmarks.corpora import parted, polarity_examples, share_of
from benchmarks.figures import calibration_error, f1, interval, macro_f1
from benchmarks.polarity_heads import SEED, codes_of
from benchmarks.train_polarity import TEST_ONLY, fit, split_dev
from tinglan.analysis import ngrams
from tinglan.analysis.sentiment import CLASSES, Polarity

PARTS = 5
SIDES = np.array([CLASSES.index(Polarity.NEGATIVE), CLASSES.index(Polarity.POSITIVE)], np.int8)


def two_sided(source: str, *, salt: str) -> Mapping[str, object]:
    examples, _ = parted(polarity_examples(), lambda example: example.source == TEST_ONLY)
    pool, test = parted(
        examples, lambda it: it.source == source and share_of(it.text, PARTS, salt=salt) == 0
    )
    train, dev = split_dev(pool)
    texts, truth = [example.text for example in test], codes_of(test)
    batch = ngrams.grams(texts)
    model = fit(train, dev=dev)
    found, certain = _likelier_side(model.chances(batch))
    common = majority(codes_of(it for it in train if it.source == source), len(test))
    return {
        "macro_f1": round(macro_f1(truth, found), 4),
        "macro_f1_interval_95": [
            round(it, 4) for it in interval(macro_f1, truth, found, seed=SEED)
        ],
        "f1_by_class": {
            str(CLASSES[code]): round(f1(truth == code, found == code), 4) for code in SIDES
        },
        "accuracy": round(float((truth == found).mean()), 4),
        "calibration_error": round(calibration_error(truth == found, certain), 4),
        "macro_f1_of_three_classes": round(macro_f1(truth, model.classify(batch).codes), 4),
        "baseline_majority_macro_f1": round(macro_f1(truth, common), 4),
        "baseline_lexicon_macro_f1": round(macro_f1(truth, by_lexicon(texts)), 4),
        "n_train": len(train),
        "n_test": len(test),
        "leaks_removed_from_training": len(examples) - len(pool) - len(test),
        "seed": SEED,
    }


def _likelier_side(chances: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The likelier of negative and positive, and how likely among the two."""
    sides = chances[:, SIDES]
    shares = sides / np.maximum(sides.sum(axis=1, keepdims=True), 1e-9)
    return SIDES[shares.argmax(axis=1)], shares.max(axis=1)
