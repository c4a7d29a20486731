"""What a post says of a brand: polarity, intent, aspects, sarcasm and spam, for a batch at once.

Linear heads on the hashed n-grams that a post holds (each counts once), trained on posts written
and labelled for this product by `benchmarks/train_labels.py` (card: weights/labels.md). Two readers
judge the polarity: these heads, which know what is said of brands, and `sentiment`, which knows the
moods of everyday posts and reviews; a gate tells how much a post is like the posts of either, and
their probabilities are mixed by it (a mixture of experts, Jacobs et al. 1991). Polarity and intent
are then judged together, the more so the more a post is like the written ones; the intent of the
others follows their polarity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis import intent, ngrams, sentiment, weights
from tinglan.analysis.aspects import Aspect
from tinglan.analysis.heads import Heads, Sums
from tinglan.analysis.sentiment import softmax
from tinglan.analysis.weights import Array

__all__ = [
    "ASPECTS",
    "HEADS",
    "INTENTS",
    "MARGINS",
    "METHOD",
    "POLARITIES",
    "VERSION",
    "Chances",
    "Labels",
    "Model",
    "chances",
    "classify",
    "model",
    "together",
]

METHOD: Final = "model"
VERSION: Final = "labels-1"  # of the recipe; the weights file carries the same
FOLLOWS: Final = 0.3  # exponent by which the intent of an everyday post follows its polarity
UNKNOWN_BELOW: Final = 0.5  # confidence is calibrated: below it a label is more often wrong

POLARITIES, INTENTS, ASPECTS = sentiment.CLASSES, intent.CLASSES, tuple(Aspect)
# One column of weights each, in this order.
HEADS: Final = (
    "gate",
    *(f"polarity:{one}" for one in POLARITIES),
    *(f"intent:{one}" for one in INTENTS),
    *(f"aspect:{one}" for one in ASPECTS),
    "sarcasm",
    "spam",
)
_GATE = 0
_POLARITY = slice(1, 1 + len(POLARITIES))
_INTENT = slice(_POLARITY.stop, _POLARITY.stop + len(INTENTS))
_ASPECT = slice(_INTENT.stop, _INTENT.stop + len(ASPECTS))
MARGINS: Final = HEADS[_ASPECT.start :]  # the heads that answer yes or no
_NEGATIVE = POLARITIES.index(sentiment.Polarity.NEGATIVE)
_NEUTRAL = POLARITIES.index(sentiment.Polarity.NEUTRAL)
_OTHER = INTENTS.index(intent.Intent.OTHER)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a batch, a row for each post.

    `polarity` and `intent` index POLARITIES and INTENTS and are always the best guess; their
    confidences are probabilities, and the `unknown` columns mark those below the threshold.
    `aspects` has a column for each of ASPECTS. A post without words is neutral, other, and nothing
    else, with confidence 0.
    """

    polarity: NDArray[np.int8]
    polarity_confidence: NDArray[np.float32]
    polarity_unknown: NDArray[np.bool_]
    intent: NDArray[np.int8]
    intent_confidence: NDArray[np.float32]
    intent_unknown: NDArray[np.bool_]
    aspects: NDArray[np.bool_]
    sarcasm: NDArray[np.bool_]
    spam: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.polarity)

    def aspects_of(self, row: int) -> tuple[Aspect, ...]:
        return tuple(ASPECTS[at] for at in np.flatnonzero(self.aspects[row]))


@dataclass(frozen=True, slots=True)
class Chances:
    """What the heads make of a batch before anything is decided: where a site's own model joins in.

    `polarity` and `intent` hold a probability for each of POLARITIES and INTENTS; `margins` say for
    each of MARGINS how far a score is above the one from which it is a yes.
    """

    polarity: NDArray[np.float32]
    intent: NDArray[np.float32]
    margins: NDArray[np.float32]
    has_words: NDArray[np.bool_]

    def decided(self) -> Labels:
        """Take the likeliest of each; a post that wants nothing has no aspects."""
        has_words = self.has_words
        says_yes = (self.margins >= 0) & has_words[:, None]
        polarity = np.where(has_words, self.polarity.argmax(axis=1), _NEUTRAL)
        wish = np.where(has_words, self.intent.argmax(axis=1), _OTHER)
        sure = np.where(has_words, self.polarity.max(axis=1, initial=0), 0)
        wished = np.where(has_words, self.intent.max(axis=1, initial=0), 0)
        return Labels(
            polarity=polarity.astype(np.int8),
            polarity_confidence=sure.astype(np.float32),
            polarity_unknown=sure < UNKNOWN_BELOW,
            intent=wish.astype(np.int8),
            intent_confidence=wished.astype(np.float32),
            intent_unknown=wished < UNKNOWN_BELOW,
            aspects=says_yes[:, : len(ASPECTS)] & (wish != _OTHER)[:, None],
            sarcasm=says_yes[:, MARGINS.index("sarcasm")] & (polarity == _NEGATIVE),
            spam=says_yes[:, MARGINS.index("spam")],
        )


@dataclass(frozen=True)
class Model:
    """Weights as bytes with a scale and a bias for each head, and where each yes begins."""

    weights: NDArray[np.int8]  # (BUCKETS, heads)
    scales: NDArray[np.float32]
    biases: NDArray[np.float32]
    thresholds: NDArray[np.float32]  # scores from which a head of its own says yes
    ties: NDArray[np.float32]  # (POLARITIES, INTENTS): how much more often they meet than by chance
    softness: float  # exponent that keeps what the two say together as sure as it is right

    @staticmethod
    def of(arrays: Mapping[str, Array]) -> Model:
        """Build a model from stored arrays; refuse weights made for other n-grams or heads."""
        made, expected = str(arrays["version"]), f"{VERSION} on n-grams {ngrams.VERSION}"
        if made != expected:
            raise ValueError(
                f"The label weights are {made}, the code needs {expected}: "
                "train them again (make train)."
            )
        return Model(
            weights=np.ascontiguousarray(arrays["weights"], dtype=np.int8),
            scales=arrays["scales"].astype(np.float32),
            biases=arrays["biases"].astype(np.float32),
            thresholds=arrays["thresholds"].astype(np.float32),
            ties=arrays["ties"].astype(np.float32),
            softness=float(arrays["softness"]),
        )

    @cached_property
    def heads(self) -> Heads:
        """The weights as they are summed."""
        return Heads.of(self.weights)

    def scores(self, batch: ngrams.Grams) -> NDArray[np.float32]:
        """One row of head scores for each post: Σ weights / √(distinct n-grams) + bias."""
        return self.scored(self.heads.sums(batch))

    def scored(self, sums: Sums) -> NDArray[np.float32]:
        """The scores, from what the different n-grams of each post weigh."""
        per_root = 1 / np.sqrt(sums.distinct)
        own = sums.totals[:, : len(self.scales)]
        return (own * self.scales * per_root[:, None] + self.biases).astype(np.float32)

    def chances(self, batch: ngrams.Grams, moods: NDArray[np.float32]) -> Chances:
        """Judge a batch; `moods` are the probabilities that `sentiment` gives it."""
        return self.judged(self.scores(batch), batch, moods)

    def judged(
        self, scores: NDArray[np.float32], batch: ngrams.Grams, moods: NDArray[np.float32]
    ) -> Chances:
        """The same from scores."""
        gate = (1 / (1 + np.exp(-scores[:, _GATE, None]))).astype(np.float32)
        stances = gate * softmax(scores[:, _POLARITY]) + (1 - gate) * moods
        wishes, bound = softmax(scores[:, _INTENT]), gate[:, :, None] ** 2
        both = together(
            stances,
            wishes,
            ties=self.ties**bound,
            soft=1 - (1 - self.softness) * bound,
        )
        polarity = both.sum(axis=2)
        alone = following(polarity, wishes, ties=self.ties**FOLLOWS)
        told = gate**2 * both.sum(axis=1) + (1 - gate**2) * alone
        return Chances(
            polarity=polarity,
            intent=told.astype(np.float32),
            margins=(scores - self.thresholds)[:, _ASPECT.start :],
            has_words=batch.has_words,
        )

    def classify(self, batch: ngrams.Grams, moods: NDArray[np.float32]) -> Labels:
        """Label a batch; `moods` are the probabilities that `sentiment` gives it."""
        return self.chances(batch, moods).decided()


def together(
    polarities: NDArray[np.float32],
    intents: NDArray[np.float32],
    *,
    ties: NDArray[np.float32],
    soft: float | NDArray[np.float32],
) -> NDArray[np.float32]:
    """The chances of each polarity with each intent: (posts, POLARITIES, INTENTS), sums of 1.

    Hardly anybody is pleased and complains: where the two heads differ, the surer one pulls the
    other along. Their evidence is the same words, so its product is too sure; `soft` makes up.
    """
    both = (polarities[:, :, None] * intents[:, None, :]) ** soft * ties
    return np.asarray(both / np.maximum(both.sum(axis=(1, 2), keepdims=True), 1e-12), np.float32)


def following(
    polarities: NDArray[np.float32], intents: NDArray[np.float32], *, ties: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The chances of each intent where the polarity is known better than the intent.

    Of everyday posts it is: the intent follows it, and the polarity stays as it is.
    """
    given = intents[:, None, :] * ties
    given /= np.maximum(given.sum(axis=2, keepdims=True), 1e-12)
    return np.asarray((polarities[:, :, None] * given).sum(axis=1), np.float32)


@cache
def model() -> Model:
    """The model that ships with the product."""
    return Model.of(weights.load("labels"))


def classify(texts: Sequence[str]) -> Labels:
    """Label each post.

    >>> found = classify(["星河水壶漏电，找客服没人理，要求退款", "请问星河水壶多少钱一台？"])
    >>> [str(INTENTS[code]) for code in found.intent]
    ['complaint', 'inquiry']
    """
    return chances(texts).decided()


def chances(texts: Sequence[str]) -> Chances:
    """Judge each post without deciding yet."""
    batch = ngrams.grams(texts)
    own, everyday, sums = model(), sentiment.model(), _all_heads().sums(batch)
    moods = everyday.mixed(everyday.scored(sums.totals[:, len(HEADS) :], sums.distinct))
    return own.judged(own.scored(sums), batch, moods)


@cache
def _all_heads() -> Heads:
    """The heads of both readers, whose weights for one n-gram stand side by side."""
    return Heads.of(np.concatenate([model().weights, sentiment.model().weights.T], axis=1))
