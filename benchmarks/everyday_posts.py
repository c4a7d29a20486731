"""SMP2020 usual_dev as the product judges it, and as the everyday readers alone do: Q2 and Q7.

The polarity model is refitted by the recipe of `train_polarity`, which never sees these posts, and
neither did the label heads, whose gate mixes in what they say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import Example, parted, polarity_examples
from benchmarks.polarity_heads import codes_of
from benchmarks.train_polarity import TEST_ONLY, fit, split_dev
from tinglan.analysis import labels, ngrams
from tinglan.analysis.sentiment import Model

DATA = "SMP2020_EWECT usual_dev; surprise, doubles and contradictions left out"


@dataclass(frozen=True, slots=True)
class Answers:
    """The likeliest side of each post, how sure it is, and the chances of all."""

    chances: NDArray[np.float32]
    codes: NDArray[np.int8]
    confidences: NDArray[np.float32]
    unknown: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judged:
    """The test posts, what is true of them and what was answered."""

    model: Model
    train: Sequence[Example]
    texts: Sequence[str]
    truth: NDArray[np.int8]
    product: Answers
    everyday: Answers  # without the label heads
    leaks: int  # training texts left out because they stand in the test


@cache
def judged() -> Judged:
    examples = polarity_examples()
    pool, test = parted(examples, lambda example: example.source == TEST_ONLY)
    train, dev = split_dev(pool)
    model = fit(train, dev=dev)
    texts = [example.text for example in test]
    batch = ngrams.grams(texts)
    moods, found = model.chances(batch), model.classify(batch)
    mixed = labels.model().chances(batch, moods)
    told = mixed.decided()
    return Judged(
        model=model,
        train=train,
        texts=texts,
        truth=codes_of(test),
        product=Answers(
            mixed.polarity, told.polarity, told.polarity_confidence, told.polarity_unknown
        ),
        everyday=Answers(moods, found.codes, found.confidences, found.unknown),
        leaks=len(examples) - len(pool) - len(test),
    )
