"""E3: cascades that end among the largest twentieth, flagged before they cross the line."""

from collections.abc import Mapping

from benchmarks.early_flags import Goal, all_judged, all_splits, big_line, corpus
from tinglan.analysis.forecast import MIN_SEEN

ID = "E3"
GOAL = "at ≤ 50 false flags per 1,000: recall ≥ .90, lead ≥ 450 min, still to come ≥ .50 together"
SHARE = 0.95
BUDGET = 0.05


def run() -> Mapping[str, object]:
    weibo = corpus()
    population = weibo.all[weibo.sizes >= MIN_SEEN]
    line = big_line(population, SHARE)
    goal = Goal(big=line, budget=BUDGET, recall=0.9, lead=450, rest=0.5)
    pairs = [(split.calibration, split.test) for split in all_splits()]
    counted = (
        f"{len(population)} cascades, {int((weibo.sizes >= line).sum())} of {line:.0f} or more"
    )
    return {**all_judged(goal, pairs), "population": counted}
