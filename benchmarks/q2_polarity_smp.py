"""Q2: three-class polarity of everyday posts, SMP2020 usual_dev, and how purely negatives show.

The figures are those of the product's answer. Beside them: what the everyday readers alone say of
the same posts, and the speed of `sentiment.classify` on one core.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from time import process_time

from benchmarks.baselines import by_lexicon, majority
from benchmarks.corpora import read
from benchmarks.everyday_posts import DATA, Answers, judged
from benchmarks.figures import Codes, f1, interval, macro_f1, precision_at_recall
from benchmarks.polarity_heads import SEED, codes_of
from tinglan.analysis import ngrams
from tinglan.analysis.sentiment import CLASSES, Model, Polarity

ID = "Q2"
GOAL = (
    "SMP2020 usual_dev macro-F1 >= .86 (~.81); precision of negatives at recall .95 >= .90 (~.84)"
)
NEGATIVE = CLASSES.index(Polarity.NEGATIVE)
RECALL = 0.95
BATCH = 1000


def run() -> Mapping[str, object]:
    posts = judged()
    truth = posts.truth
    common = majority(codes_of(it for it in posts.train if it.source == "smp_usual"), len(truth))
    return {
        **_figures(truth, posts.product),
        "everyday_readers_alone": _figures(truth, posts.everyday),
        "baseline_majority_macro_f1": round(macro_f1(truth, common), 4),
        "baseline_lexicon_macro_f1": round(macro_f1(truth, by_lexicon(posts.texts)), 4),
        "posts_per_cpu_second": round(speed(posts.model, unlabelled_posts())),
        "n_train": len(posts.train),
        "n_test": len(truth),
        "leaks_removed_from_training": posts.leaks,
        "seed": SEED,
        "data": DATA,
    }


def _figures(truth: Codes, found: Answers) -> Mapping[str, object]:
    negatives = precision_at_recall(truth == NEGATIVE, found.chances[:, NEGATIVE], recall=RECALL)
    return {
        "macro_f1": round(macro_f1(truth, found.codes), 4),
        "macro_f1_interval_95": [
            round(it, 4) for it in interval(macro_f1, truth, found.codes, seed=SEED)
        ],
        "negative_precision_at_recall_95": round(negatives, 4),
        "f1_by_class": {
            str(side): round(f1(truth == code, found.codes == code), 4)
            for code, side in enumerate(CLASSES)
        },
        "accuracy": round(float((found.codes == truth).mean()), 4),
        "share_unknown": round(float(found.unknown.mean()), 4),
    }


def unlabelled_posts() -> list[str]:
    rows = islice(read("weibo_unlabelled/posts.jsonl.gz"), 20_000)
    return [str(row["text"]) for row in rows]


def speed(model: Model, texts: Sequence[str]) -> float:
    """Posts a CPU-second, from text to label, in batches."""
    model.classify(ngrams.grams(texts[:BATCH]))  # builds the tables
    started = process_time()
    for start in range(0, len(texts), BATCH):
        model.classify(ngrams.grams(texts[start : start + BATCH]))
    return len(texts) / (process_time() - started)
