"""Train the polarity weights: `make train`, one command, a minute on one core.

1. Read the labelled posts; hold out smp_usual_dev (the test of Q2) and, as the development part, a
   tenth of the three-class sets and of the shop reviews with every copy of their texts elsewhere.
2. See which hashed n-grams each post holds, divided by the root of how many.
3. Fit the heads (`polarity_heads`): general ones from all sets, everyday ones, one for reviews, and
   the gates that tell the kinds of posts apart.
4. Calibrate on the development part (vector scaling, Guo et al. 2017) and round to bytes.
5. Write weights/polarity.npz and its card, weights/polarity.md.

Q1 to Q4 and Q7 call the same `fit` without their own test parts.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.corpora import SOURCES, Example, parted, polarity_examples, share_of
from benchmarks.figures import calibration_error, macro_f1
from benchmarks.machine import commit
from benchmarks.polarity_heads import (
    ALPHA,
    EPOCHS,
    SEED,
    THREE_CLASS_POSTS,
    WRITTEN,
    calibrated,
    codes_of,
    heads_of,
)
from benchmarks.written_posts import written_posts
from tinglan.analysis import ngrams, sentiment
from tinglan.analysis.sentiment import Model

DEVELOPMENT = THREE_CLASS_POSTS | {"shopping"}
TEST_ONLY = "smp_usual_dev"
FOLDER = Path(__file__).parent
WEIGHTS = Path(sentiment.__file__).parent / "weights"


def main() -> None:
    pool, test = parted(polarity_examples(), lambda example: example.source == TEST_ONLY)
    train, dev = split_dev(pool)
    made = fit(train, dev=dev)
    save(made)
    write_card(made, train, dev=dev, test=test)


def split_dev(pool: Iterable[Example]) -> tuple[list[Example], list[Example]]:
    """Hold out the development part, by text."""
    return parted(
        pool,
        lambda example: (
            example.source in DEVELOPMENT and share_of(example.text, 10, salt="dev") == 0
        ),
    )


def fit(train: Sequence[Example], *, dev: Sequence[Example], seed: int = SEED) -> Model:
    """Train on the examples given and on the written posts; `dev` only calibrates."""
    written = [Example(text, side, WRITTEN) for text, side in written_posts(seed=seed)]
    return calibrated(heads_of([*train, *written], seed=seed), dev)


def save(model: Model) -> None:
    np.savez_compressed(
        WEIGHTS / "polarity.npz",
        version=np.array(f"{sentiment.VERSION} on n-grams {ngrams.VERSION}"),
        weights=model.weights,
        scales=model.scales,
        biases=model.biases,
        everyday=model.everyday,
        share=np.array(model.share),
    )


def write_card(
    model: Model, train: Sequence[Example], *, dev: Sequence[Example], test: Sequence[Example]
) -> None:
    counts = Counter(example.source for example in train)
    rows = [f"| {name} | {SOURCES[name].path} | {counts[name]:,} |" for name in sorted(counts)]
    n_written = len(written_posts(seed=SEED))
    posts = [example for example in dev if example.source in THREE_CLASS_POSTS]
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
            n_dev=f"{len(posts):,}",
            dev_figures=_figures(model, posts),
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
