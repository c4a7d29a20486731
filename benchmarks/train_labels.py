"""Train the label weights from the posts written for this product: part of `make train`.

1. Read the training posts of benchmarks/brand_posts. Each n-gram that a post holds counts once,
   divided by the root of how many there are, times its inverse document frequency.
2. Beside them stand plain posts of the other data sets at a small weight: reviews (who likes a
   thing praises it, who does not complains), everyday posts with their mood, posts that name no
   brand. They keep the heads right where a post is simple; the written posts are hard on purpose.
3. Fit one logistic regression for each head. The gate learns to tell the written posts from the
   others, which `sentiment` was trained on; as most posts are none of them, so it should think.
4. Fit all of it five times more, each time without the posts of some writers, and read off those
   the calibration (a scale and a bias for each class, Guo et al. 2017) and the score from which a
   head of its own says yes (best F1). No test post is looked at.
5. Round to bytes; write weights/labels.npz and its card, weights/labels.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.linear_model import LogisticRegression

from benchmarks.brand_posts import BrandPost, brand_posts
from benchmarks.corpora import Example, key_of, polarity_examples, read, share_of, without
from benchmarks.figures import calibration_error, f1, macro_f1
from benchmarks.machine import commit
from benchmarks.polarity_heads import SEED, held_by
from benchmarks.train_polarity import TEST_ONLY
from tinglan.analysis import labels, ngrams, sentiment
from tinglan.analysis.intent import Intent
from tinglan.analysis.labels import (
    ASPECTS,
    HEADS,
    INTENTS,
    POLARITIES,
    Labels,
    Model,
    together,
)
from tinglan.analysis.sentiment import Polarity, softmax

STRENGTH = 1.0  # C of the logistic regressions; chosen on the folds by writer
GATE_STRENGTH = 3.0  # chosen on the development part of everyday posts
TOLERANCE = 0.01  # at which they stop
RAREST = 2  # posts that must hold an n-gram
REVIEWS = frozenset({"shopping", "waimai", "hotel", "car_complaints"})
# Posts of each of these sets, about.
SIZES = {
    "shopping": 1250,
    "waimai": 1250,
    "hotel": 1250,
    "car_complaints": 1250,
    "smp_usual": 4000,
    "smp_virus": 2000,
}
UNLABELLED = "weibo_unlabelled/posts.jsonl.gz"
FOR_THE_GATE = {"smp_usual": 5000, "weibo_senti": 3000}  # more of what is none of the written
NO_BRAND = 2500  # posts that name none, as a rule
PLAIN_WEIGHT = 0.02  # of a plain post beside a written one; chosen on the folds by writer
UNTOLD = -1
FOLDS = 5
SOFTNESSES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
FOLDER = Path(__file__).parent
WEIGHTS = Path(labels.__file__).parent / "weights"


@dataclass(frozen=True, slots=True)
class Plain:
    """A simple post of another data set; None where it says nothing."""

    text: str
    polarity: Polarity | None
    intent: Intent | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Posts as the trainer sees them: what each holds, its weight, and what each head should say.

    A target is 1 or 0, or UNTOLD where the post says nothing to that head.
    """

    held: csr_matrix
    weights: NDArray[np.float64]
    targets: Mapping[str, NDArray[np.int8]]

    def without(self, left_out: NDArray[np.bool_]) -> "Rows":
        kept = ~left_out
        targets = {name: target[kept] for name, target in self.targets.items()}
        return Rows(held=self.held[kept], weights=self.weights[kept], targets=targets)

    def beside(self, others: "Rows") -> "Rows":
        return Rows(
            held=vstack([self.held, others.held]).tocsr(),
            weights=np.concatenate([self.weights, others.weights]),
            targets={
                name: np.concatenate([target, others.targets[name]])
                for name, target in self.targets.items()
            },
        )


@dataclass(frozen=True, slots=True)
class Fitted:
    """The heads before rounding: a column of weights and a bias each."""

    weights: NDArray[np.float64]  # (BUCKETS, heads)
    biases: NDArray[np.float64]

    def scores(self, held: csr_matrix) -> NDArray[np.float64]:
        return np.asarray(held @ self.weights + self.biases)


def main() -> None:
    posts = brand_posts("train")
    made, unseen = train(posts)
    save(made)
    write_card(made, posts, unseen)


def train(
    posts: Sequence[BrandPost], plain: Sequence[Plain] | None = None
) -> tuple[Model, NDArray[np.float64]]:
    """The model of all posts, and the scores each post got from a model without its writer."""
    written, others = rows_of(posts), rows_of_plain(plain_posts() if plain is None else plain)
    folds = folds_of(posts)
    unseen = np.zeros((len(posts), len(HEADS)))
    for fold in np.unique(folds):
        is_left_out = folds == fold
        fitted = fit(written.without(is_left_out).beside(others))
        unseen[is_left_out] = fitted.scores(written.held[is_left_out])
    fitted = calibrated(fit(written.beside(others)), unseen, posts)
    ties = ties_of(posts)
    return (
        rounded(
            fitted,
            thresholds=thresholds_of(unseen, written.targets),
            ties=ties,
            softness=best_softness(unseen, posts, ties),
        ),
        unseen,
    )


def folds_of(posts: Sequence[BrandPost]) -> NDArray[np.int64]:
    """The fold of each post: all posts of one writer, and so of one set of industries, in one."""
    writers = sorted({post.writer for post in posts})
    return np.array([writers.index(post.writer) % FOLDS for post in posts])


def rows_of(posts: Sequence[BrandPost]) -> Rows:
    targets = {
        "gate": [True for _ in posts],
        **{f"polarity:{one}": [post.polarity == one for post in posts] for one in POLARITIES},
        **{f"intent:{one}": [post.intent == one for post in posts] for one in INTENTS},
        **{f"aspect:{one}": [one in post.aspects for post in posts] for one in ASPECTS},
        "sarcasm": [post.sarcasm for post in posts],
        "spam": [post.spam for post in posts],
    }
    return Rows(
        held=held_by([post.text for post in posts]),
        weights=np.ones(len(posts)),
        targets={name: np.array(values, dtype=np.int8) for name, values in targets.items()},
    )


def plain_posts() -> list[Plain]:
    """A sample of reviews, everyday posts and posts about no brand; none of Q2."""
    tested = polarity_examples((TEST_ONLY,))
    labelled = [
        Plain(example.text, example.polarity, _wish(example))
        for source in SIZES
        for example in _some(without(polarity_examples((source,)), tested), SIZES[source])
    ]
    others = [
        Plain(example.text, None, None)
        for source, n in FOR_THE_GATE.items()
        for example in _some(without(polarity_examples((source,)), tested), n, salt="gate")
    ]
    known = {example.key for example in tested}
    unlabelled = [str(row["text"]) for row in islice(read(UNLABELLED), NO_BRAND)]
    return [
        *labelled,
        *others,
        *(Plain(text, None, Intent.OTHER) for text in unlabelled if key_of(text) not in known),
    ]


def _wish(example: Example) -> Intent | None:
    """Who likes a thing praises it, who does not complains; who has no mood wants nothing."""
    if example.source not in REVIEWS:
        return Intent.OTHER if example.polarity is Polarity.NEUTRAL else None
    return Intent.COMPLAINT if example.polarity is Polarity.NEGATIVE else Intent.PRAISE


def _some(examples: Sequence[Example], n: int, *, salt: str = "plain") -> list[Example]:
    """About `n` of them, by their texts."""
    parts = max(len(examples) // n, 1)
    return [example for example in examples if share_of(example.text, parts, salt=salt) == 0]


def rows_of_plain(posts: Sequence[Plain]) -> Rows:
    targets: dict[str, list[int]] = {name: [UNTOLD] * len(posts) for name in HEADS}
    targets["gate"] = [0] * len(posts)
    for at, post in enumerate(posts):
        for one in POLARITIES if post.polarity else ():
            targets[f"polarity:{one}"][at] = int(one is post.polarity)
        for wish in INTENTS if post.intent else ():
            targets[f"intent:{wish}"][at] = int(wish is post.intent)
    return Rows(
        held=held_by([post.text for post in posts]),
        weights=np.full(len(posts), PLAIN_WEIGHT),
        targets={name: np.array(values, dtype=np.int8) for name, values in targets.items()},
    )


def fit(rows: Rows) -> Fitted:
    columns = [_fit_head(rows, name) for name in HEADS]
    return Fitted(
        weights=np.stack([weights for weights, _ in columns], axis=1),
        biases=np.array([bias for _, bias in columns]),
    )


def _fit_head(rows: Rows, name: str) -> tuple[NDArray[np.float64], float]:
    """Yes and no weigh the same in sum, whatever their numbers; but for the gate."""
    told = rows.targets[name] != UNTOLD
    held, is_yes, weights = rows.held[told], rows.targets[name][told] == 1, rows.weights[told]
    n_holding = held.getnnz(axis=0)
    rarity = np.log((1 + held.shape[0]) / (1 + n_holding)) + 1
    factors = diags(np.where(n_holding >= RAREST, rarity, 0.0))
    if name == "gate":
        weights, strength = np.ones(len(weights)), GATE_STRENGTH
    else:
        of_side = np.where(is_yes, weights[is_yes].sum(), weights[~is_yes].sum())
        weights, strength = weights * weights.sum() / (2 * of_side), STRENGTH
    classifier = LogisticRegression(
        C=strength, solver="liblinear", tol=TOLERANCE, random_state=SEED
    )
    classifier.fit((held @ factors).tocsr(), is_yes, sample_weight=weights)
    return factors @ classifier.coef_[0], float(classifier.intercept_[0])


def calibrated(fitted: Fitted, unseen: NDArray[np.float64], posts: Sequence[BrandPost]) -> Fitted:
    """Scale and shift the classes of polarity and intent so that their chances are true."""
    weights, biases = fitted.weights.copy(), fitted.biases.copy()
    for group, truth in (
        (POLARITIES, [POLARITIES.index(post.polarity) for post in posts]),
        (INTENTS, [INTENTS.index(post.intent) for post in posts]),
    ):
        kind = "polarity" if group is POLARITIES else "intent"
        at = [HEADS.index(f"{kind}:{one}") for one in group]
        scale, shift = _best_scaling(unseen[:, at], np.array(truth))
        weights[:, at] *= scale
        biases[at] = biases[at] * scale + shift
        unseen[:, at] = unseen[:, at] * scale + shift
    return Fitted(weights=weights, biases=biases)


def _best_scaling(
    scores: NDArray[np.float64], truth: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    n = scores.shape[1]

    def surprise(factors: NDArray[np.float64]) -> float:
        chances = softmax((scores * factors[:n] + factors[n:]).astype(np.float32))
        return float(-np.log(np.maximum(chances[np.arange(len(truth)), truth], 1e-9)).mean())

    start = np.concatenate([np.ones(n), np.zeros(n)])
    best = minimize(surprise, start, method="Nelder-Mead", options={"maxiter": 3000}).x
    return best[:n], best[n:]


def thresholds_of(
    unseen: NDArray[np.float64], targets: Mapping[str, NDArray[np.int8]]
) -> NDArray[np.float32]:
    """The score from which each head says yes: the one of best F1 on posts it has not seen."""
    found = [_best_threshold(unseen[:, at], targets[name] == 1) for at, name in enumerate(HEADS)]
    return np.array(found, dtype=np.float32)


def _best_threshold(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    values = 2 * hits / (np.arange(1, len(truth) + 1) + truth.sum())
    best = int(values.argmax())
    after = scores[order[min(best + 1, len(order) - 1)]]
    return float((scores[order[best]] + after) / 2)


def ties_of(posts: Sequence[BrandPost]) -> NDArray[np.float32]:
    """How much more often a polarity and an intent go together than by chance (lift)."""
    table = np.full((len(POLARITIES), len(INTENTS)), 0.5)
    for post in posts:
        at = POLARITIES.index(Polarity(post.polarity)), INTENTS.index(Intent(post.intent))
        table[at] += 1
    table /= table.sum()
    lift = table / table.sum(axis=1, keepdims=True) / table.sum(axis=0, keepdims=True)
    return np.asarray(lift, dtype=np.float32)


def best_softness(
    unseen: NDArray[np.float64], posts: Sequence[BrandPost], ties: NDArray[np.float32]
) -> float:
    """The exponent by which what polarity and intent say together is likeliest."""
    at = {name: HEADS.index(name) for name in HEADS}
    stances = softmax(unseen[:, [at[f"polarity:{one}"] for one in POLARITIES]].astype(np.float32))
    wishes = softmax(unseen[:, [at[f"intent:{one}"] for one in INTENTS]].astype(np.float32))
    polarity = [POLARITIES.index(Polarity(post.polarity)) for post in posts]
    wish = [INTENTS.index(Intent(post.intent)) for post in posts]

    def surprise(soft: float) -> float:
        both = together(stances, wishes, ties=ties, soft=soft)
        return float(-np.log(np.maximum(both[np.arange(len(posts)), polarity, wish], 1e-9)).mean())

    return min(SOFTNESSES, key=surprise)


def rounded(
    fitted: Fitted, *, thresholds: NDArray[np.float32], ties: NDArray[np.float32], softness: float
) -> Model:
    scales = np.maximum(np.abs(fitted.weights).max(axis=0), 1e-9) / 127
    return Model(
        weights=np.rint(fitted.weights / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        biases=fitted.biases.astype(np.float32),
        thresholds=thresholds,
        ties=ties,
        softness=softness,
    )


def save(model: Model) -> None:
    np.savez_compressed(
        WEIGHTS / "labels.npz",
        version=np.array(f"{labels.VERSION} on n-grams {ngrams.VERSION}"),
        weights=model.weights,
        scales=model.scales,
        biases=model.biases,
        thresholds=model.thresholds,
        ties=model.ties,
        softness=np.array(model.softness),
    )


def judged(model: Model, texts: Sequence[str]) -> Labels:
    batch = ngrams.grams(texts)
    return model.classify(batch, sentiment.model().chances(batch))


def figures(posts: Sequence[BrandPost], found: Labels) -> dict[str, float]:
    """How well labels say what the posts' own say; F1 of sarcasm and spam is that of yes."""
    polarity = np.array([POLARITIES.index(Polarity(post.polarity)) for post in posts], np.int8)
    wish = np.array([INTENTS.index(Intent(post.intent)) for post in posts], np.int8)
    aspects = np.array([[one in post.aspects for one in ASPECTS] for post in posts])
    return {
        "polarity_macro_f1": macro_f1(polarity, found.polarity),
        "intent_macro_f1": macro_f1(wish, found.intent),
        "sarcasm_f1": f1(np.array([post.sarcasm for post in posts]), found.sarcasm),
        "spam_f1": f1(np.array([post.spam for post in posts]), found.spam),
        "aspect_macro_f1": float(
            np.mean([f1(aspects[:, at], found.aspects[:, at]) for at in range(len(ASPECTS))])
        ),
        "polarity_calibration_error": calibration_error(
            polarity == found.polarity, found.polarity_confidence
        ),
        "intent_calibration_error": calibration_error(
            wish == found.intent, found.intent_confidence
        ),
    }


def write_card(model: Model, posts: Sequence[BrandPost], unseen: NDArray[np.float64]) -> None:
    test = brand_posts("test")
    polarity = np.array([POLARITIES.index(Polarity(post.polarity)) for post in posts], np.int8)
    wish = np.array([INTENTS.index(Intent(post.intent)) for post in posts], np.int8)
    at = {name: HEADS.index(name) for name in HEADS}
    folds = {
        "polarity_macro_f1": macro_f1(
            polarity, unseen[:, [at[f"polarity:{one}"] for one in POLARITIES]].argmax(axis=1)
        ),
        "intent_macro_f1": macro_f1(
            wish, unseen[:, [at[f"intent:{one}"] for one in INTENTS]].argmax(axis=1)
        ),
    }
    tested = figures(test, judged(model, [post.text for post in test]))
    card = (FOLDER / "labels_card.md").read_text(encoding="utf-8")
    (WEIGHTS / "labels.md").write_text(
        card.format(
            version=labels.VERSION,
            ngrams=ngrams.VERSION,
            commit=commit(),
            seed=SEED,
            n_train=len(posts),
            writers=len({post.writer for post in posts}),
            industries=len({post.industry for post in posts}),
            n_test=len(test),
            folds=_listed(folds),
            test=_listed(tested),
        ),
        encoding="utf-8",
    )


def _listed(values: Mapping[str, float]) -> str:
    return "\n".join(f"| {name} | {value:.3f} |" for name, value in values.items())


if __name__ == "__main__":
    main()
