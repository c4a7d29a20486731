"""Q2: three-class polarity of everyday posts, SMP2020 usual_dev, and how purely negatives show.

The weights are those of `make train`, which never sees this part. Beside it: how sure the model may
be (Q7's figures on the same part), and the speed of `sentiment.classify` on one core.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from time import process_time

from benchmarks.baselines import by_lexicon, majority
from benchmarks.corpora import parted, polarity_examples, read
from benchmarks.figures import (
    calibration_error,
    f1,
    interval,
    macro_f1,
    precision_at_recall,
    share_kept_at,
)
from benchmarks.train_polarity import SEED, TEST_ONLY, codes_of, fit, split_dev
from tinglan.analysis import ngrams
from tinglan.analysis.sentiment import CLASSES, Model, Polarity, softmax

ID = "Q2"
GOAL = (
    "SMP2020 usual_dev macro-F1 >= .86 (~.81); precision of negatives at recall .95 >= .90 (~.84)"
)
NEGATIVE = CLASSES.index(Polarity.NEGATIVE)
RECALL = 0.95
BATCH = 1000


def run() -> Mapping[str, object]:
    pool, test = parted(polarity_examples(), lambda example: example.source == TEST_ONLY)
    train, dev = split_dev(pool)
    model = fit(train, dev=dev)
    texts, truth = [example.text for example in test], codes_of(test)
    batch = ngrams.grams(texts)
    found = model.classify(batch)
    chances = softmax(model.scores(batch))
    right = found.codes == truth
    common = majority(codes_of(it for it in train if it.source == "smp_usual"), len(test))
    lexicon = by_lexicon(texts)
    return {
        "macro_f1": round(macro_f1(truth, found.codes), 4),
        "macro_f1_interval_95": [
            round(it, 4) for it in interval(macro_f1, truth, found.codes, seed=SEED)
        ],
        "f1_by_class": {
            str(side): round(f1(truth == code, found.codes == code), 4)
            for code, side in enumerate(CLASSES)
        },
        "accuracy": round(float(right.mean()), 4),
        "negative_precision_at_recall_95": round(
            precision_at_recall(truth == NEGATIVE, chances[:, NEGATIVE], recall=RECALL), 4
        ),
        "share_kept_at_95_accuracy": round(
            share_kept_at(right, found.confidences, accuracy=0.95), 4
        ),
        "calibration_error": round(calibration_error(right, found.confidences), 4),
        "share_unknown": round(float(found.unknown.mean()), 4),
        "baseline_majority_macro_f1": round(macro_f1(truth, common), 4),
        "baseline_lexicon_macro_f1": round(macro_f1(truth, lexicon), 4),
        "posts_per_cpu_second": round(speed(model, unlabelled_posts())),
        "n_train": len(train),
        "n_test": len(test),
        "seed": SEED,
        "data": "SMP2020_EWECT usual_dev; surprise, doubles and contradictions left out",
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
