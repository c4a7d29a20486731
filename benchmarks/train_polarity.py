"""Train the polarity weights: `make train`, one command, about a quarter of a minute on one core.

1. Read the labelled posts; hold out smp_usual_dev (the test of Q2) and a tenth of the three-class
   sets (development part) with every copy of their texts elsewhere.
2. Count hashed n-grams; divide by √n; weigh each bucket by the square root of its log-count ratio
   (the idea of Wang & Manning 2012, "Baselines and Bigrams").
3. Fit one logistic regression for each class by averaged stochastic gradient descent. Sets that
   know no neutral posts say nothing about neutral, so its classifier never sees them.
4. Fold the bucket factors into the weights and round to bytes. Calibrate on the development part: a
   scale and a bias for each class (vector scaling, Guo et al. 2017), folded in as well.
5. Write weights/polarity.npz and its card, weights/polarity.md.

Q1 and Q2 call the same `fit` without their own test parts.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.linear_model import SGDClassifier

from benchmarks.corpora import SOURCES, Example, parted, polarity_examples, share_of
from benchmarks.figures import calibration_error, macro_f1
from benchmarks.machine import commit
from benchmarks.written_posts import written_posts
from tinglan.analysis import ngrams, sentiment
from tinglan.analysis.sentiment import CLASSES, Model, Polarity

SEED = 20260301
EPOCHS = 8
ALPHA = 3e-6  # of the L2 penalty
WRITTEN = "written"
POSTS = frozenset({"smp_usual", "smp_virus", "smp_virus_dev", "covid"})
THREE_CLASS = POSTS | {"implicit", "car_complaints", WRITTEN}
# Posts count more than reviews: the product reads posts. Chosen on the development part.
SOURCE_WEIGHTS = {
    "smp_usual": 2.0,
    "smp_virus": 2.0,
    "smp_virus_dev": 2.0,
    "covid": 3.0,
    "implicit": 1.0,
    "car_complaints": 1.0,
    WRITTEN: 1.0,
}
REVIEW_WEIGHT = 0.4  # of any other source
TEST_ONLY = "smp_usual_dev"
CHUNK = 20_000
FOLDER = Path(__file__).parent
WEIGHTS = Path(sentiment.__file__).parent / "weights"


@dataclass(frozen=True, slots=True)
class Rows:
    """Examples as the trainer sees them: features, class codes, weights, which know neutral."""

    features: csr_matrix
    codes: NDArray[np.int8]
    weights: NDArray[np.float64]
    know_neutral: NDArray[np.bool_]


def main() -> None:
    pool, test = parted(polarity_examples(), lambda example: example.source == TEST_ONLY)
    train, dev = split_dev(pool)
    made = fit(train, dev=dev)
    save(made)
    write_card(made, train, dev=dev, test=test)


def split_dev(pool: Iterable[Example]) -> tuple[list[Example], list[Example]]:
    """Hold out the development part: a tenth of the posts that know three classes, by text."""
    return parted(
        pool,
        lambda example: example.source in POSTS and share_of(example.text, 10, salt="dev") == 0,
    )


def fit(train: Sequence[Example], *, dev: Sequence[Example], seed: int = SEED) -> Model:
    """Train on the examples given and on the written posts; `dev` only calibrates."""
    written = [Example(text, side, WRITTEN) for text, side in written_posts(seed=seed)]
    rows = rows_of([*train, *written])
    heads = [_fit_class(rows, code, seed=seed) for code in range(len(CLASSES))]
    weights = np.stack([head for head, _ in heads])
    scales = np.abs(weights).max(axis=1) / 127
    model = Model(
        weights=np.rint(weights / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
        biases=np.array([bias for _, bias in heads], dtype=np.float32),
    )
    return calibrated(model, dev)


def rows_of(examples: Sequence[Example]) -> Rows:
    return Rows(
        features=features_of([example.text for example in examples]),
        codes=codes_of(examples),
        weights=np.array(
            [SOURCE_WEIGHTS.get(example.source, REVIEW_WEIGHT) for example in examples]
        ),
        know_neutral=np.array([example.source in THREE_CLASS for example in examples]),
    )


def codes_of(examples: Iterable[Example]) -> NDArray[np.int8]:
    return np.array([CLASSES.index(example.polarity) for example in examples], dtype=np.int8)


def features_of(texts: Sequence[str]) -> csr_matrix:
    """Count the n-grams of each text, divided by √n as at inference."""
    return vstack(
        [_counts(texts[start : start + CHUNK]) for start in range(0, len(texts), CHUNK)]
    ).tocsr()


def _counts(texts: Sequence[str]) -> csr_matrix:
    batch = ngrams.grams(texts)
    ends = np.append(batch.starts[1:], batch.buckets.shape[1])
    post = np.repeat(np.arange(len(batch)), ends - batch.starts)
    real = batch.buckets != ngrams.NO_GRAM
    buckets, posts = batch.buckets[real], np.broadcast_to(post, batch.buckets.shape)[real]
    values = (1 / np.sqrt(batch.sizes))[posts].astype(np.float32)
    return csr_matrix((values, (posts, buckets)), shape=(len(batch), ngrams.BUCKETS))


def _fit_class(rows: Rows, code: int, *, seed: int) -> tuple[NDArray[np.float64], float]:
    """Fit one class against the others; return its weights and bias."""
    is_neutral = CLASSES[code] is Polarity.NEUTRAL
    chosen = np.flatnonzero(rows.know_neutral) if is_neutral else np.arange(len(rows.codes))
    features, target = rows.features[chosen], rows.codes[chosen] == code
    factors = _bucket_factors(features, target)
    classifier = SGDClassifier(
        loss="log_loss", alpha=ALPHA, max_iter=EPOCHS, tol=None, average=True, random_state=seed
    )
    classifier.fit((features @ diags(factors)).tocsr(), target, sample_weight=rows.weights[chosen])
    return classifier.coef_[0] * factors, float(classifier.intercept_[0])


def _bucket_factors(features: csr_matrix, target: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Weigh each bucket by √|log ratio| of its frequency inside and outside the class."""
    present = features > 0
    inside = np.asarray(present[target].sum(axis=0)).ravel() + 1.0
    outside = np.asarray(present[~target].sum(axis=0)).ravel() + 1.0
    ratio = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    return np.asarray(np.sqrt(np.abs(ratio)), dtype=np.float32)


def calibrated(model: Model, dev: Sequence[Example]) -> Model:
    """Choose scales and biases that make the labels of the development part likeliest."""
    scores = model.scores(ngrams.grams([example.text for example in dev]))
    truth = codes_of(dev)
    n = len(CLASSES)

    def surprise(factors: NDArray[np.float64]) -> float:
        chances = sentiment.softmax((scores * factors[:n] + factors[n:]).astype(np.float32))
        return float(-np.log(np.maximum(chances[np.arange(len(truth)), truth], 1e-9)).mean())

    start = np.concatenate([np.full(n, 0.6), np.zeros(n)])
    best = minimize(surprise, start, method="Nelder-Mead", options={"maxiter": 2000}).x
    return replace(
        model,
        scales=(model.scales * best[:n]).astype(np.float32),
        biases=(model.biases * best[:n] + best[n:]).astype(np.float32),
    )


def save(model: Model) -> None:
    np.savez_compressed(
        WEIGHTS / "polarity.npz",
        version=np.array(f"{sentiment.VERSION} on n-grams {ngrams.VERSION}"),
        weights=model.weights,
        scales=model.scales,
        biases=model.biases,
    )


def write_card(
    model: Model, train: Sequence[Example], *, dev: Sequence[Example], test: Sequence[Example]
) -> None:
    counts = Counter(example.source for example in train)
    rows = [f"| {name} | {SOURCES[name].path} | {counts[name]:,} |" for name in sorted(counts)]
    n_written = len(written_posts(seed=SEED))
    card = (
        (FOLDER / "polarity_card.md")
        .read_text(encoding="utf-8")
        .format(
            version=sentiment.VERSION,
            ngrams=ngrams.VERSION,
            commit=commit(),
            seed=SEED,
            epochs=EPOCHS,
            alpha=ALPHA,
            sources="\n".join(
                [*rows, f"| {WRITTEN} | benchmarks/written_posts.py | {n_written:,} |"]
            ),
            n_train=f"{len(train) + n_written:,}",
            n_dev=f"{len(dev):,}",
            dev_figures=_figures(model, dev),
            n_test=f"{len(test):,}",
            test_figures=_figures(model, test),
        )
    )
    (WEIGHTS / "polarity.md").write_text(card, encoding="utf-8")


def _figures(model: Model, examples: Sequence[Example]) -> str:
    found, truth = model.classify(ngrams.grams([it.text for it in examples])), codes_of(examples)
    right = found.codes == truth
    return (
        f"macro-F1 {macro_f1(truth, found.codes):.3f}, accuracy {right.mean():.3f}, "
        f"expected calibration error {calibration_error(right, found.confidences):.3f}, "
        f"unknown {found.unknown.mean():.1%} "
        f"(accuracy of the rest {right[~found.unknown].mean():.3f})"
    )


if __name__ == "__main__":
    main()
