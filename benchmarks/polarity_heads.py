"""Fit and calibrate the heads of the polarity model: what `train_polarity` does in between.

The general heads learn from all sets at once, each bucket weighed by the square root of its
log-count ratio (the idea of Wang & Manning 2012, "Baselines and Bigrams"). Sets that know no
neutral posts say nothing about neutral, so its head never sees them. Everyday heads and the head of
reviews learn from sets of their own kind, n-grams weighed by rarity; the gates learn which kind of
set a post is from. All are logistic regressions by averaged stochastic gradient descent.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags, vstack
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression, SGDClassifier

from benchmarks.corpora import Example, share_of
from tinglan.analysis import ngrams
from tinglan.analysis.sentiment import CLASSES, HEADS, Model

SEED = 20260301
EPOCHS = 8
ALPHA = 2e-6  # of the L2 penalty of the general heads; chosen on the development part
STRENGTH = 1.0  # C of the others
TOLERANCE = 0.01  # at which they stop: finer changed no figure
RAREST = 2  # texts that must hold an n-gram
WRITTEN = "written"
THREE_CLASS_POSTS = frozenset({"smp_usual", "smp_virus", "smp_virus_dev", "covid"})
THREE_CLASS = THREE_CLASS_POSTS | {"implicit", "car_complaints", WRITTEN}
# Posts count more than reviews: the product reads posts. Chosen on the development part.
GENERAL_WEIGHTS = {
    "smp_usual": 2.0,
    "smp_virus": 2.0,
    "smp_virus_dev": 2.0,
    "covid": 3.0,
    "implicit": 1.0,
    "car_complaints": 1.0,
    WRITTEN: 1.0,
    "weibo_senti": 1.5,
    "reposts": 1.5,
    "shopping": 1.5,
    "waimai": 0.4,
    "hotel": 0.4,
    "nlpcc": 0.4,
    "reviews": 0.4,
}
EVERYDAY_WEIGHTS = {
    "smp_usual": 1.0,
    "smp_virus": 1.0,
    "smp_virus_dev": 1.0,
    "covid": 3.0,
    "implicit": 0.3,
    WRITTEN: 0.3,
}
REVIEW_WEIGHTS = {
    "shopping": 1.0,
    "waimai": 0.4,
    "hotel": 0.4,
    "nlpcc": 0.4,
    "reviews": 0.4,
    "car_complaints": 0.4,
}
COMMENTS = frozenset({"weibo_senti", "reposts"})
GATE_PARTS = 3  # a third of the texts teaches the gates enough
CHUNK = 20_000
_NEGATIVE, _NEUTRAL, _POSITIVE = range(len(CLASSES))
_GENERAL, _EVERYDAY = slice(0, len(CLASSES)), slice(len(CLASSES), 2 * len(CLASSES))
_REVIEW = HEADS.index("review:positive")

Column = NDArray[np.floating]
Yes = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Heads before rounding: a row of weights and a bias each."""

    weights: NDArray[np.float64]  # (HEADS, BUCKETS)
    biases: NDArray[np.float64]

    def scores(self, held: csr_matrix) -> NDArray[np.float64]:
        return np.asarray(held @ self.weights.T + self.biases)


def codes_of(examples: Iterable[Example]) -> NDArray[np.int8]:
    return np.array([CLASSES.index(example.polarity) for example in examples], dtype=np.int8)


def held_by(texts: Sequence[str]) -> csr_matrix:
    """Which n-grams each text holds, divided by the root of how many, as at inference."""
    chunks = [_held(texts[start : start + CHUNK]) for start in range(0, len(texts), CHUNK)]
    return vstack(chunks or [csr_matrix((0, ngrams.BUCKETS), dtype=np.float32)]).tocsr()


def _held(texts: Sequence[str]) -> csr_matrix:
    batch = ngrams.grams(texts)
    ends = np.append(batch.starts[1:], batch.buckets.shape[1])
    post = np.repeat(np.arange(len(batch)), ends - batch.starts)
    real = batch.buckets != ngrams.NO_GRAM
    buckets, posts = batch.buckets[real], np.broadcast_to(post, batch.buckets.shape)[real]
    counts = csr_matrix(
        (np.ones(len(posts), np.float32), (posts, buckets)), shape=(len(batch), ngrams.BUCKETS)
    )
    counts.sum_duplicates()
    distinct = np.maximum(counts.getnnz(axis=1), 1)
    counts.data = np.repeat(1 / np.sqrt(distinct), np.diff(counts.indptr)).astype(np.float32)
    return counts


def heads_of(examples: Sequence[Example], *, seed: int) -> Fitted:
    """All heads, in the order of HEADS."""
    held, codes = held_by([example.text for example in examples]), codes_of(examples)
    sources = np.array([example.source for example in examples])
    rows = [_general(held, codes, sources, code, seed=seed) for code in range(len(CLASSES))]
    for weights, wanted in (
        (EVERYDAY_WEIGHTS, range(len(CLASSES))),
        (REVIEW_WEIGHTS, (_POSITIVE,)),
    ):
        taken = np.flatnonzero(np.isin(sources, list(weights)))
        counted = np.array([weights[source] for source in sources[taken]])
        rows += [_own(held[taken], codes[taken] == code, counted, seed=seed) for code in wanted]
    taken = np.array([share_of(it.text, GATE_PARTS, salt="gate") == 0 for it in examples])
    is_review, is_comment = (np.isin(sources, list(them)) for them in (REVIEW_WEIGHTS, COMMENTS))
    for kind, told in ((is_review, taken), (is_comment, taken & ~is_review)):
        rows.append(_own(held[told], kind[told], np.ones(int(told.sum())), seed=seed))
    return Fitted(np.stack([row for row, _ in rows]), np.array([bias for _, bias in rows]))


def _general(
    held: csr_matrix,
    codes: NDArray[np.int8],
    sources: NDArray[np.str_],
    code: int,
    *,
    seed: int,
) -> tuple[Column, float]:
    if code == _NEUTRAL:
        knows = np.flatnonzero(np.isin(sources, list(THREE_CLASS)))
        held, codes, sources = held[knows], codes[knows], sources[knows]
    is_yes = codes == code
    factors = _log_ratios(held, is_yes)
    classifier = SGDClassifier(
        loss="log_loss", alpha=ALPHA, max_iter=EPOCHS, tol=None, average=True, random_state=seed
    )
    weights = np.array([GENERAL_WEIGHTS[source] for source in sources])
    classifier.fit((held @ diags(factors)).tocsr(), is_yes, sample_weight=weights)
    return classifier.coef_[0] * factors, float(classifier.intercept_[0])


def _own(
    held: csr_matrix, is_yes: Yes, weights: NDArray[np.float64], *, seed: int
) -> tuple[Column, float]:
    factors = _rarities(held)
    classifier = LogisticRegression(
        C=STRENGTH, solver="liblinear", tol=TOLERANCE, random_state=seed
    )
    classifier.fit((held @ diags(factors)).tocsr(), is_yes, sample_weight=weights)
    return classifier.coef_[0] * factors, float(classifier.intercept_[0])


def _log_ratios(held: csr_matrix, is_yes: Yes) -> Column:
    """√|log ratio| of how often each bucket stands inside and outside the class."""
    inside = held[is_yes].getnnz(axis=0) + 1.0
    outside = held[~is_yes].getnnz(axis=0) + 1.0
    ratio = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    return np.asarray(np.sqrt(np.abs(ratio)), dtype=np.float32)


def _rarities(held: csr_matrix) -> Column:
    n_holding = held.getnnz(axis=0)
    rarity = np.log((1 + held.shape[0]) / (1 + n_holding)) + 1
    return np.asarray(np.where(n_holding >= RAREST, rarity, 0.0), dtype=np.float32)


def calibrated(fitted: Fitted, dev: Sequence[Example]) -> Model:
    """Make the labels of the development part likeliest, reader by reader, and round to bytes."""
    scores = fitted.scores(held_by([example.text for example in dev]))
    is_post = np.array([example.source in THREE_CLASS_POSTS for example in dev])
    truth = codes_of(dev)
    scale, bias = _general_scaling(scores[is_post][:, _GENERAL], truth[is_post])
    scales, shifts = np.ones(len(HEADS)), np.zeros(len(HEADS))
    scales[_GENERAL], shifts[_GENERAL] = scale, bias
    scores[:, _GENERAL] = scores[:, _GENERAL] * scale + bias
    everyday = _everyday_scaling(scores[is_post], truth[is_post])
    share, scales[_REVIEW], shifts[_REVIEW] = _review_scaling(scores[~is_post], truth[~is_post])
    weights = fitted.weights * scales[:, None]
    bytes_each = np.maximum(np.abs(weights).max(axis=1), 1e-9) / 127
    return Model(
        weights=np.rint(weights / bytes_each[:, None]).astype(np.int8),
        scales=bytes_each.astype(np.float32),
        biases=(fitted.biases * scales + shifts).astype(np.float32),
        everyday=everyday.astype(np.float32),
        share=share,
    )


def _general_scaling(
    scores: NDArray[np.float64], truth: NDArray[np.int8]
) -> tuple[float, NDArray[np.float64]]:
    """One scale for all classes, so that the sides keep their proportion, and biases."""
    best = _likeliest(lambda it: scores * it[0] + it[1:], truth, np.array([0.5, 0, 0, 0]))
    return float(best[0]), best[1:]


def _everyday_scaling(scores: NDArray[np.float64], truth: NDArray[np.int8]) -> NDArray[np.float64]:
    n = len(CLASSES)
    start = np.concatenate([np.full(n, 0.5), np.full(n, 0.3), np.zeros(n)])

    def logits(it: NDArray[np.float64]) -> NDArray[np.float64]:
        of_general, of_everyday, bias = it.reshape(3, n)
        return scores[:, _GENERAL] * of_general + scores[:, _EVERYDAY] * of_everyday + bias

    return _likeliest(logits, truth, start).reshape(3, n)


def _review_scaling(
    scores: NDArray[np.float64], truth: NDArray[np.int8]
) -> tuple[float, float, float]:
    """How much the general heads and the head of reviews say of a side, and a bias."""
    side = scores[:, _POSITIVE] - scores[:, _NEGATIVE]

    def logits(it: NDArray[np.float64]) -> NDArray[np.float64]:
        positive = it[0] * side + it[1] * scores[:, _REVIEW] + it[2]
        return np.stack([np.zeros(len(side)), positive], axis=1)

    best = _likeliest(logits, (truth == _POSITIVE).astype(np.int8), np.array([0.5, 0.5, 0.0]))
    return float(best[0]), float(best[1]), float(best[2])


def _likeliest(
    logits: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    truth: NDArray[np.int8],
    start: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The factors that make the truth likeliest (smooth and convex: quasi-Newton finds them)."""
    rows = np.arange(len(truth))

    def surprise(factors: NDArray[np.float64]) -> float:
        found = logits(factors)
        return float((logsumexp(found, axis=1) - found[rows, truth]).mean())

    return np.asarray(minimize(surprise, start, method="L-BFGS-B").x)
