"""E3: cascades that end among the largest twentieth, flagged before they cross the line."""

from collections.abc import Mapping

from benchmarks.early_flags import Figures, Goal, all_splits, big_line, corpora, in_words, judged
from tinglan.analysis.forecast import MIN_SEEN

ID = "E3"
GOAL = "at ≤ 50 false flags per 1,000: recall ≥ .90, lead ≥ 450 min, still to come ≥ .50 together"
SHARE = 0.95
BUDGET = 0.05


def run() -> Mapping[str, object]:
    weibo, _tweets = corpora()
    population = weibo.all[weibo.sizes >= MIN_SEEN]
    line = big_line(population, SHARE)
    goal = Goal(big=line, budget=BUDGET, recall=0.9, lead=450, rest=0.5)
    found: dict[str, list[Figures]] = {}
    for split in all_splits():
        for name, figures in judged(goal, split.calibration, split.test):
            found.setdefault(name, []).append(figures)
    counted = (
        f"{len(population)} cascades, {int((weibo.sizes >= line).sum())} of {line:.0f} or more"
    )
    return {**in_words(found), "population": counted}
