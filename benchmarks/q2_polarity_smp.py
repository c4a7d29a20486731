"""Q2: three-class polarity of everyday posts, SMP2020 usual_dev, and how purely negatives show.

The weights are those of `make train`, which never sees this part. Beside it: what the product's
labels say of the same posts, and the speed of `sentiment.classify` on one core.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from time import process_time

from benchmarks.baselines import by_lexicon, majority
from benchmarks.corpora import read
from benchmarks.everyday_posts import DATA, judged
from benchmarks.figures import f1, interval, macro_f1, precision_at_recall
from benchmarks.train_polarity import SEED, codes_of
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
    truth, found, new = posts.truth, posts.found.codes, posts.is_new_to_labels
    common = majority(codes_of(it for it in posts.train if it.source == "smp_usual"), len(truth))
    return {
        "macro_f1": round(macro_f1(truth, found), 4),
        "macro_f1_interval_95": [
            round(it, 4) for it in interval(macro_f1, truth, found, seed=SEED)
        ],
        "f1_by_class": {
            str(side): round(f1(truth == code, found == code), 4)
            for code, side in enumerate(CLASSES)
        },
        "accuracy": round(float(posts.right.mean()), 4),
        "negative_precision_at_recall_95": round(
            precision_at_recall(truth == NEGATIVE, posts.chances[:, NEGATIVE], recall=RECALL), 4
        ),
        "share_unknown": round(float(posts.found.unknown.mean()), 4),
        "labels_macro_f1": round(macro_f1(truth[new], posts.labelled.polarity[new]), 4),
        "baseline_majority_macro_f1": round(macro_f1(truth, common), 4),
        "baseline_lexicon_macro_f1": round(macro_f1(truth, by_lexicon(posts.texts)), 4),
        "posts_per_cpu_second": round(speed(posts.model, unlabelled_posts())),
        "n_train": len(posts.train),
        "n_test": len(truth),
        "n_test_new_to_labels": int(new.sum()),
        "leaks_removed_from_training": posts.leaks,
        "seed": SEED,
        "data": DATA,
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
