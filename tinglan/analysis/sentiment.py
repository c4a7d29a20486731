"""Polarity of posts (情感倾向): positive, neutral or negative, with a calibrated confidence.

Linear heads on the hashed n-grams that a post holds (each counts once), trained by
`benchmarks/train_polarity.py` (card: weights/polarity.md). Some read posts of all kinds, others
everyday posts or reviews alone; two gates say which kind a post is of, and the readers' chances
are mixed by them (a mixture of experts, Jacobs et al. 1991). The confidence of a label is its
probability after scaling on the development part (Guo et al. 2017, "On Calibration of Modern
Neural Networks").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis import ngrams, weights
from tinglan.analysis.heads import Heads
from tinglan.analysis.weights import Array

__all__ = [
    "CLASSES",
    "HEADS",
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
VERSION = "polarity-2"  # of the recipe; the weights file carries the same
UNKNOWN_BELOW = 0.5  # confidence is calibrated: below it a label is more often wrong than right


class Polarity(StrEnum):
    """The author's stance toward the brand (情感倾向)."""

    NEGATIVE = "negative"  # 负面
    NEUTRAL = "neutral"  # 中性
    POSITIVE = "positive"  # 正面


CLASSES = tuple(Polarity)
# One row of weights each, in this order.
HEADS: Final = (
    *(f"general:{one}" for one in CLASSES),
    *(f"everyday:{one}" for one in CLASSES),
    "review:positive",
    "gate:review",
    "gate:comment",  # rather than an everyday post, if it is no review
)
_GENERAL, _EVERYDAY = slice(0, len(CLASSES)), slice(len(CLASSES), 2 * len(CLASSES))
_NEGATIVE, _NEUTRAL, _POSITIVE = range(len(CLASSES))
_REVIEW, _IS_REVIEW, _IS_COMMENT = range(2 * len(CLASSES), len(HEADS))


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
    """Weights as bytes, with a scale and a bias for each head, and how the readers share them."""

    weights: NDArray[np.int8]  # (HEADS, BUCKETS)
    scales: NDArray[np.float32]
    biases: NDArray[np.float32]
    everyday: NDArray[np.float32]  # (3, CLASSES): scales of both kinds of heads, and a bias
    share: float  # of the general heads in what is said of a review

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
            everyday=arrays["everyday"].astype(np.float32),
            share=float(arrays["share"]),
        )

    @cached_property
    def heads(self) -> Heads:
        """The weights as they are summed."""
        return Heads.of(self.weights.T)

    def scores(self, batch: ngrams.Grams) -> NDArray[np.float32]:
        """Return one row of head scores for each post."""
        sums = self.heads.sums(batch)
        return self.scored(sums.totals, sums.distinct)

    def scored(self, sums: NDArray[np.int32], distinct: NDArray[np.int64]) -> NDArray[np.float32]:
        """The scores, from what the different n-grams of each post weigh: Σ / √(how many)."""
        per_root = 1 / np.sqrt(distinct)
        return (sums * self.scales * per_root[:, None] + self.biases).astype(np.float32)

    def chances(self, batch: ngrams.Grams) -> NDArray[np.float32]:
        """Return the probability of each of CLASSES for each post."""
        return self.mixed(self.scores(batch))

    def mixed(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """The chances that the readers give a post, each by how much it is a post of its kind."""
        general = softmax(scores[:, _GENERAL])
        is_review, is_comment = _chance(scores[:, _IS_REVIEW]), _chance(scores[:, _IS_COMMENT])
        by_kind = (
            (is_review, self._of_reviews(scores, general)),
            ((1 - is_review) * is_comment, general),
            ((1 - is_review) * (1 - is_comment), self._of_everyday_posts(scores)),
        )
        mixed = sum((kind[:, None] * chances for kind, chances in by_kind), np.zeros_like(general))
        return mixed.astype(np.float32)

    def _of_everyday_posts(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        of_general, of_everyday, bias = self.everyday
        logits = scores[:, _GENERAL] * of_general + scores[:, _EVERYDAY] * of_everyday + bias
        return softmax(logits)

    def _of_reviews(
        self, scores: NDArray[np.float32], general: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """As neutral as the general heads say; the rest goes to the side that the review takes."""
        sides = self.share * (scores[:, _POSITIVE] - scores[:, _NEGATIVE]) + scores[:, _REVIEW]
        rest, positive = 1 - general[:, _NEUTRAL], _chance(sides)
        return np.stack([rest * (1 - positive), general[:, _NEUTRAL], rest * positive], axis=1)

    def classify(self, batch: ngrams.Grams) -> Polarities:
        probabilities = self.chances(batch)
        codes = probabilities.argmax(axis=1).astype(np.int8)
        confidences = probabilities.max(axis=1, initial=0.0).astype(np.float32)
        codes[~batch.has_words] = CLASSES.index(Polarity.NEUTRAL)
        confidences[~batch.has_words] = 0.0
        return Polarities(codes, confidences, confidences < UNKNOWN_BELOW)


def _chance(score: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-score)), dtype=np.float32)


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
