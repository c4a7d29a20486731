"""SMP2020 usual_dev as judged by the recipe of `train_polarity`, which never sees it: Q2 and Q7.

Beside the model stands what the product answers: its label heads, mixed in by the gate. Their
training holds samples of two other parts of the set; posts that also stand there are marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import Example, key_of, parted, polarity_examples
from benchmarks.train_labels import plain_posts
from benchmarks.train_polarity import TEST_ONLY, codes_of, fit, split_dev
from tinglan.analysis import labels, ngrams
from tinglan.analysis.labels import Labels
from tinglan.analysis.sentiment import Model, Polarities, softmax

DATA = "SMP2020_EWECT usual_dev; surprise, doubles and contradictions left out"


@dataclass(frozen=True, slots=True)
class Judged:
    """The test posts, what is true of them and what was answered."""

    model: Model
    train: Sequence[Example]
    texts: Sequence[str]
    truth: NDArray[np.int8]
    found: Polarities
    chances: NDArray[np.float32]
    labelled: Labels
    is_new_to_labels: NDArray[np.bool_]
    leaks: int  # training texts left out because they stand in the test

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.asarray(self.found.codes == self.truth)


def judged() -> Judged:
    examples = polarity_examples()
    pool, test = parted(examples, lambda example: example.source == TEST_ONLY)
    train, dev = split_dev(pool)
    model = fit(train, dev=dev)
    texts = [example.text for example in test]
    batch = ngrams.grams(texts)
    chances = softmax(model.scores(batch))
    known = {key_of(post.text) for post in plain_posts()}
    return Judged(
        model=model,
        train=train,
        texts=texts,
        truth=codes_of(test),
        found=model.classify(batch),
        chances=chances,
        labelled=labels.model().classify(batch, chances),
        is_new_to_labels=np.array([example.key not in known for example in test]),
        leaks=len(examples) - len(pool) - len(test),
    )
