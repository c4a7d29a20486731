"""Q12: does the check of replies and statements find what is wrong, and let good ones pass?

Precision and recall count verdicts on the test part, at which nobody looked while writing rules;
recall by rule asks whether the rule is named for which the case was written. The later rounds were
measured once, before rules were mended by them: those figures stand in reply_check/README.md.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np

from tinglan.analysis.tone import Draft, Kind, Known, check
from tinglan.replies.known import contacts_of, facts_of

ID = "Q12"
GOAL = "own suite of replies and statements: precision / recall of violations >= .95/.90 (.85/.75)"
FOLDER = Path(__file__).parent / "reply_check"
SEED = 12
DRAWS = 1000
ROUNDS = ("dev", "second_dev", "second_test", "third", "fourth", "fifth")  # all seen by now


@dataclass(frozen=True, slots=True)
class Case:
    """A text of the suite, the number of the post that it answers, and the rules it breaks."""

    post: str
    draft: Draft
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and what the check said."""

    case: Case
    found: frozenset[str]

    @property
    def is_bad(self) -> bool:
        return bool(self.case.rules)

    @property
    def is_told(self) -> bool:
        return bool(self.found)


def run() -> Mapping[str, object]:
    known = Known(
        contacts=contacts_of((FOLDER / "contacts.txt").read_text("utf-8")),
        facts=facts_of((FOLDER / "findings.jsonl").read_text("utf-8")),
    )
    check(Draft(Kind.REPLY, "您好"), known)  # builds the tables
    started = process_time()
    outcomes = {part: _outcomes(cases(part), known) for part in ("test", *ROUNDS)}
    seconds = process_time() - started
    test = outcomes["test"]
    return {
        "precision": round(precision(test), 3),
        "recall": round(recall(test), 3),
        "precision_interval_95": _interval(test, "precision"),
        "recall_interval_95": _interval(test, "recall"),
        "recall_of_the_named_rule": round(_named(test), 3),
        "recall_by_rule": _by_rule(test),
        "good_ones_stopped_by_rule": _stopped(test),
        "n_test": len(test),
        "n_test_violations": sum(outcome.is_bad for outcome in test),
        "seen_rounds_precision_recall_n": {
            part: [round(precision(found), 3), round(recall(found), 3), len(found)]
            for part, found in outcomes.items()
            if part != "test"
        },
        "texts_per_cpu_second": round(sum(map(len, outcomes.values())) / seconds),
        "seed": SEED,
        "data": "benchmarks/reply_check; one author for cases and rules, cases first",
    }


def cases(part: str) -> list[Case]:
    lines = (FOLDER / f"{part}.jsonl").read_text("utf-8").splitlines()
    return [_case(json.loads(line)) for line in lines]


def _case(row: Mapping[str, str]) -> Case:
    draft = Draft(Kind(row["kind"]), row["text"], row["context"])
    return Case(post=row["id"].rstrip("ab"), draft=draft, rules=frozenset(row["rules"]))


def _outcomes(suite: Iterable[Case], known: Known) -> list[Outcome]:
    return [
        Outcome(case, frozenset(found.rule.value for found in check(case.draft, known)))
        for case in suite
    ]


def precision(outcomes: Sequence[Outcome]) -> float:
    told = [outcome for outcome in outcomes if outcome.is_told]
    return sum(outcome.is_bad for outcome in told) / len(told) if told else 0.0


def recall(outcomes: Sequence[Outcome]) -> float:
    bad = [outcome for outcome in outcomes if outcome.is_bad]
    return sum(outcome.is_told for outcome in bad) / len(bad) if bad else 0.0


def _named(outcomes: Iterable[Outcome]) -> float:
    bad = [outcome for outcome in outcomes if outcome.is_bad]
    return sum(outcome.case.rules <= outcome.found for outcome in bad) / len(bad)


def _by_rule(outcomes: Iterable[Outcome]) -> Mapping[str, str]:
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for outcome in outcomes:
        for rule in outcome.case.rules:
            found[rule].append(rule in outcome.found)
    return {rule: f"{sum(hits)}/{len(hits)}" for rule, hits in sorted(found.items())}


def _stopped(outcomes: Iterable[Outcome]) -> Mapping[str, int]:
    counts: defaultdict[str, int] = defaultdict(int)
    for outcome in outcomes:
        for rule in outcome.found if not outcome.is_bad else ():
            counts[rule] += 1
    return dict(sorted(counts.items()))


def _interval(outcomes: Sequence[Outcome], figure: str) -> list[float]:
    """Bootstrap over the posts answered: the cases of one pair are not independent."""
    posts: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        posts[outcome.case.post].append(outcome)
    pairs = list(posts.values())
    random = np.random.default_rng(SEED)
    measure = {"precision": precision, "recall": recall}[figure]
    values = [
        measure(
            [outcome for at in random.integers(0, len(pairs), len(pairs)) for outcome in pairs[at]]
        )
        for _ in range(DRAWS)
    ]
    return [round(float(value), 3) for value in np.percentile(values, [2.5, 97.5])]
