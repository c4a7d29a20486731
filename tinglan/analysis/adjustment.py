"""What a site has taught the label heads: small weights of its own beside the shipped ones.

A row for each n-gram that tells something, a column for each answer. A post's sums multiply the
chances that the shipped model gives (a logistic regression with the shipped model as its offset),
so that nothing learnt means nothing changed, whatever weights are shipped. `adjust` fits it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis import labels, ngrams, weights
from tinglan.analysis.adjustment_kernels import add_rows
from tinglan.analysis.labels import ASPECTS, INTENTS, MARGINS, POLARITIES, Chances, Labels

__all__ = ["COLUMNS", "FIELDS", "Adjustment", "Held", "classify", "held_by", "made_for"]

COLUMNS: Final = (
    *(f"polarity:{one}" for one in POLARITIES),
    *(f"intent:{one}" for one in INTENTS),
    *MARGINS,
)
_YES = slice(len(POLARITIES) + len(INTENTS), len(COLUMNS))
# Which columns answer for a kind of label.
FIELDS: Final = {
    "polarity": slice(0, len(POLARITIES)),
    "intent": slice(len(POLARITIES), _YES.start),
    "aspects": slice(_YES.start, _YES.start + len(ASPECTS)),
    "sarcasm": slice(_YES.start + len(ASPECTS), _YES.start + len(ASPECTS) + 1),
    "spam": slice(_YES.start + len(ASPECTS) + 1, len(COLUMNS)),
}
BYTE = 127


@dataclass(frozen=True, slots=True)
class Held:
    """The n-grams that each post holds, each once: pairs of post and bucket, in the order of posts.

    `scales` are 1 / √(n-grams of the post): long posts shout no louder than short ones.
    """

    posts: NDArray[np.int64]
    buckets: NDArray[np.int64]
    scales: NDArray[np.float32]

    def sums(self, rows: NDArray[np.float32], at: NDArray[np.int64]) -> NDArray[np.float32]:
        """Add up, post by post, the row `at` which each pair stands."""
        total = np.zeros((len(self.scales), rows.shape[1]), dtype=np.float32)
        add_rows(self.posts, at, rows, total)
        return total * self.scales[:, None]


def held_by(batch: ngrams.Grams) -> Held:
    """Say which n-grams each post of a batch holds."""
    ends = np.append(batch.starts[1:], batch.buckets.shape[1])[: len(batch)]
    owners = np.repeat(np.arange(len(batch)), ends - batch.starts)
    pairs = np.unique((owners * (ngrams.BUCKETS + 1) + batch.buckets).ravel())
    posts, buckets = np.divmod(pairs, ngrams.BUCKETS + 1)
    is_gram = buckets != ngrams.NO_GRAM
    scales = (1 / np.sqrt(np.maximum(batch.sizes, 1))).astype(np.float32)
    return Held(posts=posts[is_gram], buckets=buckets[is_gram], scales=scales)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Weights of a site as bytes, with a scale for each column."""

    buckets: NDArray[np.int64]  # ascending
    weights: NDArray[np.int8]  # (buckets, COLUMNS)
    scales: NDArray[np.float32]

    @staticmethod
    def of(buckets: NDArray[np.int64], weights: NDArray[np.float32]) -> Adjustment:
        """Round fitted weights to bytes; n-grams that then weigh nothing are left out."""
        scales = np.abs(weights).max(axis=0, initial=0.0) / BYTE
        whole = np.rint(weights / np.where(scales > 0, scales, 1)).astype(np.int8)
        tells = whole.any(axis=1)
        return Adjustment(buckets[tells], whole[tells], scales.astype(np.float32))

    @staticmethod
    def read(content: bytes) -> Adjustment:
        """Read what `content` wrote; refuse weights made for other n-grams or answers."""
        with np.load(BytesIO(content), allow_pickle=False) as arrays:
            if str(arrays["made_for"]) != made_for():
                raise ValueError(
                    f"The adjustment was made for {arrays['made_for']}, the shipped model is "
                    f"{made_for()}: let it learn again."
                )
            return Adjustment(
                arrays["buckets"].astype(np.int64), arrays["weights"], arrays["scales"]
            )

    def content(self) -> bytes:
        """The bytes to keep; nothing is pickled."""
        kept = BytesIO()
        np.savez_compressed(
            kept,
            made_for=np.array(made_for()),
            buckets=self.buckets.astype(np.int32),
            weights=self.weights,
            scales=self.scales,
        )
        return kept.getvalue()

    def only(self, strengths: Mapping[str, float]) -> Adjustment:
        """The same for some kinds of labels, each so strong; the others stay as shipped."""
        scales = np.zeros_like(self.scales)
        for field, strength in strengths.items():
            scales[FIELDS[field]] = self.scales[FIELDS[field]] * strength
        return replace(self, scales=scales)

    def apply(self, chances: Chances, held: Held) -> Chances:
        """Weigh chances anew; a post with nothing of what was learnt keeps them to the bit."""
        sums = self.sums(held)
        return replace(
            chances,
            polarity=_tilted(chances.polarity, sums[:, FIELDS["polarity"]]),
            intent=_tilted(chances.intent, sums[:, FIELDS["intent"]]),
            margins=chances.margins + sums[:, _YES],
        )

    def sums(self, held: Held) -> NDArray[np.float32]:
        """What was learnt about each post, a number for each column."""
        known = np.flatnonzero(np.asarray(np.isin(held.buckets, self.buckets)))
        told = Held(held.posts[known], held.buckets[known], held.scales)
        at = np.searchsorted(self.buckets, told.buckets)
        return told.sums(self.weights.astype(np.float32), at) * self.scales


def _tilted(chances: NDArray[np.float32], sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """p · eˢ, brought back to sums of 1."""
    tilted = np.maximum(chances, 1e-9) * np.exp(sums - sums.max(axis=1, keepdims=True, initial=0))
    tilted /= np.maximum(tilted.sum(axis=1, keepdims=True), 1e-30)
    return np.where(sums.any(axis=1, keepdims=True), tilted, chances).astype(np.float32)


def made_for() -> str:
    """The shipped model that an adjustment is judged with; beside others it does nothing."""
    shipped = "-".join(weights.fingerprint(name) for name in ("labels", "polarity"))
    return f"{shipped} n-grams {ngrams.VERSION}"


def classify(texts: Sequence[str], adjustment: Adjustment) -> Labels:
    """Label each post as the shipped model does, with what the site has taught it.

    >>> nothing = Adjustment.of(np.zeros(0, np.int64), np.zeros((0, len(COLUMNS)), np.float32))
    >>> found = classify(["星河水壶漏电，要求退款"], nothing)
    >>> str(INTENTS[found.intent[0]])
    'complaint'
    """
    return adjustment.apply(labels.chances(texts), held_by(ngrams.grams(texts))).decided()
