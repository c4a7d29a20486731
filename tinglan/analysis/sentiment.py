"""Polarity of posts (情感倾向): positive, neutral or negative, with a calibrated confidence.

A linear model on hashed character n-grams, one row of weights per class, trained by
`benchmarks/train_polarity.py` (card: weights/polarity.md) and run in batches by `heads`.
The confidence of a label is its softmax probability after vector scaling on the development part
(Guo et al. 2017, "On Calibration of Modern Neural Networks").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis import ngrams, weights
from tinglan.analysis.heads import Heads
from tinglan.analysis.weights import Array

__all__ = [
    "CLASSES",
    "METHOD",
    "UNKNOWN_BELOW",
    "VERSION",
    "Model",
    "Polarities",
    "Polarity",
    "classify",
    "model",
    "softmax",
]

METHOD = "model"
VERSION = "polarity-1"  # of the recipe; the weights file carries the same
UNKNOWN_BELOW = 0.5  # confidence is calibrated: below it a label is more often wrong than right


class Polarity(StrEnum):
    """The author's stance toward the brand (情感倾向)."""

    NEGATIVE = "negative"  # 负面
    NEUTRAL = "neutral"  # 中性
    POSITIVE = "positive"  # 正面


CLASSES = tuple(Polarity)


@dataclass(frozen=True, slots=True)
class Polarities:
    """The polarity of a batch: `codes` index CLASSES; `confidences` are probabilities.

    The label is always the best guess; `unknown` marks the posts whose confidence is below the
    threshold, so that a person looks at them first. A post without words is neutral with
    confidence 0.
    """

    codes: NDArray[np.int8]
    confidences: NDArray[np.float32]
    unknown: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def labels(self) -> list[Polarity]:
        return [CLASSES[code] for code in self.codes]


@dataclass(frozen=True)
class Model:
    """Weights as bytes with a scale for each class; class scores are divided by √(grams)."""

    weights: NDArray[np.int8]  # (classes, BUCKETS)
    scales: NDArray[np.float32]
    biases: NDArray[np.float32]

    @staticmethod
    def of(arrays: Mapping[str, Array]) -> Model:
        """Build a model from stored arrays; refuse weights made for other n-grams."""
        made, expected = str(arrays["version"]), f"{VERSION} on n-grams {ngrams.VERSION}"
        if made != expected:
            raise ValueError(
                f"The polarity weights are {made}, the code needs {expected}: "
                "train them again (make train)."
            )
        return Model(
            weights=arrays["weights"].astype(np.int8),
            scales=arrays["scales"].astype(np.float32),
            biases=arrays["biases"].astype(np.float32),
        )

    @cached_property
    def heads(self) -> Heads:
        """The weights as they are summed."""
        return Heads.of(self.weights.T)

    def scores(self, batch: ngrams.Grams) -> NDArray[np.float32]:
        """Return one row of class scores (before the softmax) for each post."""
        return self.scored(self.heads.sums(batch).counted, batch)

    def scored(self, sums: NDArray[np.int32], batch: ngrams.Grams) -> NDArray[np.float32]:
        """The scores, from what all n-grams of each post weigh."""
        per_root = 1 / np.sqrt(batch.sizes)
        return (sums * self.scales * per_root[:, None] + self.biases).astype(np.float32)

    def classify(self, batch: ngrams.Grams) -> Polarities:
        probabilities = softmax(self.scores(batch))
        codes = probabilities.argmax(axis=1).astype(np.int8)
        confidences = probabilities.max(axis=1, initial=0.0).astype(np.float32)
        codes[~batch.has_words] = CLASSES.index(Polarity.NEUTRAL)
        confidences[~batch.has_words] = 0.0
        return Polarities(codes, confidences, confidences < UNKNOWN_BELOW)


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


@cache
def model() -> Model:
    """Return the model that ships with the product."""
    return Model.of(weights.load("polarity"))


def classify(texts: Sequence[str]) -> Polarities:
    """Judge the polarity of each post.

    >>> found = classify(["星河水壶漏电，客服还骂人，太差劲了！", "星河水壶真好用，强烈推荐"])
    >>> [str(label) for label in found.labels]
    ['negative', 'positive']
    """
    return model().classify(ngrams.grams(texts))
