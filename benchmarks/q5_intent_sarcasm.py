"""Q5: what brand posts want, and whether they mean it, on the test part of benchmarks/brand_posts.

Two writers of their own wrote it about kinds of business that are not in training. Beside the
weights that ship stand the word rules (sarcasm and spam have none: there it is "always yes"; the
polarity is that of the HowNet lexicon) and the second reader, against the same agreed labels. The
agreement of the readers is with the labels as agreed in the end: the second reader was heard then,
so it is an upper bound of what two strangers would agree on.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.baselines import by_lexicon
from benchmarks.brand_posts import BrandPost, brand_posts
from benchmarks.corpora import key_of
from benchmarks.figures import Codes, calibration_error, f1, interval, kappa, macro_f1
from benchmarks.polarity_heads import SEED
from benchmarks.word_rules import aspects_by_words, intents_by_words
from tinglan.analysis import labels, sentiment
from tinglan.analysis.intent import Intent
from tinglan.analysis.labels import ASPECTS, INTENTS, POLARITIES
from tinglan.analysis.sentiment import Polarity

ID = "Q5"
GOAL = "brand_posts test: macro-F1 of intent >= .85 (.70); F1 of sarcasm >= .70 (.45)"


@dataclass(frozen=True, slots=True)
class Answers:
    """What one reader says of the posts, a row for each."""

    polarity: Codes
    intent: Codes
    aspects: NDArray[np.bool_]
    sarcasm: NDArray[np.bool_]
    spam: NDArray[np.bool_]

    def of(self, rows: NDArray[np.bool_]) -> "Answers":
        return Answers(
            polarity=self.polarity[rows],
            intent=self.intent[rows],
            aspects=self.aspects[rows],
            sarcasm=self.sarcasm[rows],
            spam=self.spam[rows],
        )


def run() -> Mapping[str, object]:
    known = {key_of(post.text) for post in brand_posts("train")}
    everything = brand_posts("test")
    posts = [post for post in everything if key_of(post.text) not in known]
    truth, found = answers_of(posts), labels.classify([post.text for post in posts])
    by_model = Answers(found.polarity, found.intent, found.aspects, found.sarcasm, found.spam)
    return {
        **_main_figures(truth, by_model),
        "intervals_95": _intervals(truth, by_model),
        "baseline_words": _main_figures(truth, by_words(posts)),
        "second_reader": _second_reader(posts),
        "intent_by_class": _by_class(truth.intent, by_model.intent, INTENTS),
        "polarity_by_class": _by_class(truth.polarity, by_model.polarity, POLARITIES),
        "sarcasm_by_class": _precision_recall(truth.sarcasm, by_model.sarcasm),
        "spam_by_class": _precision_recall(truth.spam, by_model.spam),
        "aspects_by_class": _by_aspect(truth, by_model),
        "intent_confusion_truth_to_found": _confusion(truth.intent, by_model.intent),
        "intent_calibration_error": _rounded(
            calibration_error(truth.intent == found.intent, found.intent_confidence)
        ),
        "polarity_calibration_error": _rounded(
            calibration_error(truth.polarity == found.polarity, found.polarity_confidence)
        ),
        "share_intent_unknown": _rounded(float(found.intent_unknown.mean())),
        "by_industry": _parts(posts, truth, by_model, lambda post: post.industry),
        "by_voice": _parts(posts, truth, by_model, lambda post: post.voice),
        "by_writer": _parts(posts, truth, by_model, lambda post: post.writer),
        "n_test": len(posts),
        "leaks_removed_from_test": len(everything) - len(posts),
        "agreement_of_readers": agreement(brand_posts("train") + everything),
        "seed": SEED,
        "data": "benchmarks/brand_posts, test part",
    }


def answers_of(posts: Sequence[BrandPost]) -> Answers:
    return Answers(
        polarity=np.array([POLARITIES.index(Polarity(it.polarity)) for it in posts], np.int8),
        intent=np.array([INTENTS.index(Intent(it.intent)) for it in posts], np.int8),
        aspects=np.array([[one in it.aspects for one in ASPECTS] for it in posts], np.bool_),
        sarcasm=np.array([it.sarcasm for it in posts], np.bool_),
        spam=np.array([it.spam for it in posts], np.bool_),
    )


def by_words(posts: Sequence[BrandPost]) -> Answers:
    texts = [post.text for post in posts]
    always = np.ones(len(texts), np.bool_)
    aspects = aspects_by_words(texts)
    return Answers(
        polarity=by_lexicon(texts),
        intent=intents_by_words(texts, sentiment.classify(texts)),
        aspects=np.array([[one in found for one in ASPECTS] for found in aspects], np.bool_),
        sarcasm=always,
        spam=always,
    )


def _main_figures(truth: Answers, found: Answers) -> Mapping[str, float]:
    n_right = int((truth.aspects & found.aspects).sum())
    by_aspect = [f1(truth.aspects[:, at], found.aspects[:, at]) for at in range(len(ASPECTS))]
    return {
        "intent_macro_f1": _rounded(macro_f1(truth.intent, found.intent)),
        "sarcasm_f1": _rounded(f1(truth.sarcasm, found.sarcasm)),
        "polarity_macro_f1": _rounded(macro_f1(truth.polarity, found.polarity)),
        "spam_f1": _rounded(f1(truth.spam, found.spam)),
        "aspects_macro_f1": _rounded(float(np.mean(by_aspect))),
        "aspects_micro_f1": _rounded(2 * n_right / (truth.aspects.sum() + found.aspects.sum())),
    }


def _intervals(truth: Answers, found: Answers) -> Mapping[str, list[float]]:
    def of_yes(true: Codes, said: Codes) -> float:
        return f1(true.astype(np.bool_), said.astype(np.bool_))

    columns: Mapping[str, tuple[Callable[[Codes, Codes], float], Codes, Codes]] = {
        "intent_macro_f1": (macro_f1, truth.intent, found.intent),
        "polarity_macro_f1": (macro_f1, truth.polarity, found.polarity),
        "sarcasm_f1": (of_yes, truth.sarcasm.astype(np.int8), found.sarcasm.astype(np.int8)),
        "spam_f1": (of_yes, truth.spam.astype(np.int8), found.spam.astype(np.int8)),
    }
    return {
        name: [_rounded(at) for at in interval(figure, true, said, seed=SEED)]
        for name, (figure, true, said) in columns.items()
    }


def _second_reader(posts: Sequence[BrandPost]) -> Mapping[str, float]:
    first, second = _read_twice(posts)
    return _main_figures(first, second)


def agreement(posts: Sequence[BrandPost]) -> Mapping[str, float]:
    """Cohen's kappa of the second reader with the agreed labels; mean Jaccard of the aspects."""
    first, second = _read_twice(posts)
    both = (first.aspects & second.aspects).sum(axis=1)
    either = (first.aspects | second.aspects).sum(axis=1)
    told = either > 0
    return {
        "intent_kappa": _rounded(kappa(first.intent, second.intent)),
        "polarity_kappa": _rounded(kappa(first.polarity, second.polarity)),
        "sarcasm_kappa": _rounded(kappa(_codes(first.sarcasm), _codes(second.sarcasm))),
        "spam_kappa": _rounded(kappa(_codes(first.spam), _codes(second.spam))),
        "aspects_mean_jaccard": _rounded(float((both[told] / either[told]).mean())),
        "n": len(first.intent),
    }


def _read_twice(posts: Sequence[BrandPost]) -> tuple[Answers, Answers]:
    """The answers of both readers for the posts that the second one has read."""
    second = {post.id: post for post in brand_posts("second")}
    twice = [post for post in posts if post.id in second]
    return answers_of(twice), answers_of([second[post.id] for post in twice])


def _by_class(
    truth: Codes, found: Codes, names: Sequence[str]
) -> Mapping[str, Mapping[str, float]]:
    return {
        str(name): _precision_recall(truth == code, found == code)
        for code, name in enumerate(names)
    }


def _by_aspect(truth: Answers, found: Answers) -> Mapping[str, Mapping[str, float]]:
    return {
        str(one): _precision_recall(truth.aspects[:, at], found.aspects[:, at])
        for at, one in enumerate(ASPECTS)
    }


def _precision_recall(truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> Mapping[str, float]:
    hits = int((truth & found).sum())
    return {
        "precision": _rounded(hits / max(int(found.sum()), 1)),
        "recall": _rounded(hits / max(int(truth.sum()), 1)),
        "f1": _rounded(f1(truth, found)),
        "n": int(truth.sum()),
    }


def _confusion(truth: Codes, found: Codes) -> Mapping[str, Mapping[str, int]]:
    return {
        str(true): {
            str(said): int(((truth == row) & (found == column)).sum())
            for column, said in enumerate(INTENTS)
        }
        for row, true in enumerate(INTENTS)
    }


def _parts(
    posts: Sequence[BrandPost], truth: Answers, found: Answers, part_of: Callable[[BrandPost], str]
) -> Mapping[str, Mapping[str, float]]:
    parts = np.array([part_of(post) for post in posts])
    return {
        str(part): {
            **_main_figures(truth.of(parts == part), found.of(parts == part)),
            "n": count,
        }
        for part, count in sorted(Counter(parts.tolist()).items())
    }


def _codes(column: NDArray[np.bool_]) -> Codes:
    return column.astype(np.int8)


def _rounded(value: float) -> float:
    return round(float(value), 4)
