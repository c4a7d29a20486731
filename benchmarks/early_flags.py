"""Flag the cascades that will be big before they are: the protocol of E3 and E4.

Each cascade is looked at every five minutes of its first day. Rules get their thresholds on one
half so that a share of the cascades that stay small is ever flagged, and are tested on the other
(four random halves, one by time); the forecast tells the calibration half by trees that never saw
the cascade. A share of the budget is kept for later ages: what is flagged early counts most, and
what runs away late must not be missed. How it is shared out is chosen on calibration halves alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.cascades import DAY, Corpus, ced, halves
from benchmarks.forecast_fit import (
    folds_of,
    grow,
    leave_out,
    quantiles_of,
    rows_of,
    spread_of,
    with_gaps,
)
from tinglan.analysis.forecast import MIN_SEEN
from tinglan.analysis.forecast_features import Floats, Integers, features, seen_by
from tinglan.analysis.trees import Trees, sum_of

CHECKS = np.arange(5.0, DAY, 5.0)
EARLY = (45.0, 60.0, 90.0, 120.0)  # minutes until which the first share of the budget is spent
SHARES = (0.5, 0.6, 0.7, 0.8)
SMALL_AUTHOR = 100_000
Sharing = tuple[float, float]  # until so many minutes, this share of the budget
Table = Floats  # a row for each cascade, a column for each check


@dataclass(frozen=True, slots=True)
class Half:
    """One half: who is in it, what was seen at each check, and what the forecast says then."""

    which: Integers
    seen: Table
    middle: Table  # of ln(1 + size)
    spread: Table


@dataclass(frozen=True, slots=True)
class Split:
    name: str
    calibration: Half
    test: Half
    quantiles: Floats  # of the errors, as the product keeps them


@dataclass(frozen=True, slots=True)
class Goal:
    """A population of a half, its line of "big", the budget, and what is to be reached."""

    big: float
    budget: float  # share of the cascades that stay small and may be flagged
    recall: float
    lead: float
    rest: float


@dataclass(frozen=True, slots=True)
class Figures:
    """False flags per 1,000; of the big ones: found, minutes ahead, share still to come."""

    false_flags: float
    recall: float
    lead: float
    rest: float

    def against(self, goal: Goal) -> float:
        """The worst of the three, as a share of what is to be reached."""
        return min(self.recall / goal.recall, self.lead / goal.lead, self.rest / goal.rest)


@cache
def corpus() -> Corpus:
    return ced()


@cache
def all_splits() -> tuple[Split, ...]:
    weibo = corpus()
    population = weibo.all[weibo.sizes >= MIN_SEEN]
    return tuple(_split(*one) for one in halves(weibo, population))


def _split(name: str, calibration: Integers, test: Integers) -> Split:
    weibo = corpus()
    rows = rows_of(weibo, calibration)
    left = leave_out(rows)
    spread, growth = spread_of(with_gaps(rows), left.errors), grow(rows, bags=1)
    folds = folds_of(rows.owners.max() + 1)[: len(calibration)]
    print(f"  {name}: fitted on {len(calibration)}, {len(test)} to flag", flush=True)
    return Split(
        name,
        _half(calibration, [(folds == n, trees) for n, trees in enumerate(left.trees)], spread),
        _half(test, [(np.ones(len(test), bool), growth)], spread),
        quantiles_of(rows, left),
    )


def _half(which: Integers, judges: list[tuple[NDArray[np.bool_], Trees]], spread: Trees) -> Half:
    weibo = corpus()
    shape = (len(which), len(CHECKS))
    seen, middle, sureness = np.empty(shape), np.empty(shape), np.empty(shape)
    for theirs, trees in judges:
        owners = np.repeat(which[theirs], len(CHECKS))
        ages = np.tile(CHECKS, int(theirs.sum()))
        table = features(weibo.cascades, owners, ages)
        known = seen_by(weibo.cascades, owners, ages)
        seen[theirs] = known.reshape(-1, len(CHECKS))
        grown = np.log1p(known) + np.maximum(sum_of(trees, table), 0.0)
        middle[theirs] = grown.reshape(-1, len(CHECKS))
        sureness[theirs] = np.exp(sum_of(spread, table)).reshape(-1, len(CHECKS))
    return Half(which, seen, middle, sureness)


def small_authors(half: Half) -> NDArray[np.bool_]:
    weibo = corpus()
    return weibo.cascades.followers[half.which] < SMALL_AUTHOR


def part_of(half: Half, chosen: NDArray[np.bool_]) -> Half:
    return Half(half.which[chosen], half.seen[chosen], half.middle[chosen], half.spread[chosen])


def big_line(which: Integers, share: float) -> float:
    weibo = corpus()
    sizes = np.sort(weibo.sizes[which])
    return float(sizes[int(np.ceil(share * len(sizes))) - 1])


def by_forecast(half: Half, big: float) -> Table:
    """How far the forecast stands from the line, in its own spreads."""
    scores: Table = (half.middle - np.log1p(big)) / np.maximum(half.spread, 0.05)
    return scores


def by_volume(half: Half, big: float) -> Table:
    return half.seen


def all_judged(goal: Goal, pairs: Sequence[tuple[Half, Half]]) -> dict[str, object]:
    """Every rule on every split: recall, lead, still to come, false flags."""
    sharing = best_sharing(goal, [calibration for calibration, _test in pairs])
    found: dict[str, list[Figures]] = {}
    for calibration, test in pairs:
        for name, one in judged(goal, calibration, test, sharing):
            found.setdefault(name, []).append(one)
    until, share = sharing
    return {**in_words(found), "budget": f"{share:.0%} until {until:.0f} minutes"}


def best_sharing(goal: Goal, calibrations: Sequence[Half]) -> Sharing:
    """How the budget is best shared out, on average over the calibration halves."""

    def reached(sharing: Sharing) -> float:
        return float(np.mean([_reached(goal, half, sharing) for half in calibrations]))

    return max(((until, share) for until in EARLY for share in SHARES), key=reached)


def _reached(goal: Goal, half: Half, sharing: Sharing) -> float:
    scores = by_forecast(half, goal.big)
    marks = thresholds(scores, half, goal, sharing)
    return figures(scores, half, goal, marks).against(goal)


def judged(
    goal: Goal, calibration: Half, test: Half, sharing: Sharing
) -> Iterator[tuple[str, Figures]]:
    """The forecast with its budget shared out, and with one threshold; peers."""
    mine, theirs = by_forecast(calibration, goal.big), by_forecast(test, goal.big)
    marks = thresholds(mine, calibration, goal, sharing)
    yield "forecast", figures(theirs, test, goal, marks)
    even = thresholds(mine, calibration, goal)
    yield "forecast, one threshold", figures(theirs, test, goal, even)
    means, widths = _usual(calibration)
    for name, scores in (
        ("volume", (by_volume(calibration, goal.big), by_volume(test, goal.big))),
        (
            "surprise given age",
            tuple((np.log1p(half.seen) - means) / widths for half in (calibration, test)),
        ),
    ):
        mark = thresholds(scores[0], calibration, goal)
        yield name, figures(scores[1], test, goal, mark)


def _usual(half: Half) -> tuple[Floats, Floats]:
    """The usual ln(1 + posts) at each age, and how far it varies."""
    seen = np.log1p(half.seen)
    return seen.mean(axis=0), np.maximum(seen.std(axis=0), 0.1)


def thresholds(scores: Table, half: Half, goal: Goal, sharing: Sharing = (DAY, 1.0)) -> Floats:
    """The threshold of each check: a share of the budget until an age, the rest after it."""
    until, share = sharing
    small = ~is_big(half, goal)
    first = until >= CHECKS
    allowed = int(share * goal.budget * small.sum())
    early = _nth_largest(scores[np.ix_(small, first)].max(axis=1), allowed)
    marks = np.full(len(CHECKS), early)
    if first.all():
        return marks
    spared = small & ~(scores[:, first] >= early).any(axis=1)
    left = int(goal.budget * small.sum()) - int((small & ~spared).sum())
    marks[~first] = _nth_largest(scores[np.ix_(spared, ~first)].max(axis=1), left)
    return marks


def _nth_largest(values: Floats, n: int) -> float:
    """A threshold that n of the values reach."""
    return float(np.sort(values)[::-1][max(n, 0)]) + 1e-9


def is_big(half: Half, goal: Goal) -> NDArray[np.bool_]:
    weibo = corpus()
    big: NDArray[np.bool_] = weibo.sizes[half.which] >= goal.big
    return big


def figures(scores: Table, half: Half, goal: Goal, marks: Floats) -> Figures:
    """Flags before the line is crossed count; a miss has no lead and nothing to come."""
    big = is_big(half, goal)
    flagged = scores >= marks
    ever: NDArray[np.bool_] = flagged.max(axis=1)
    first = flagged.argmax(axis=1)
    at = np.where(ever, CHECKS[first], np.inf)[big]
    crossed = _crossings(half.which[big], goal.big)
    in_time = at < crossed
    lead = np.where(in_time, crossed - np.where(in_time, at, 0.0), 0.0)
    seen = half.seen[big, first[big]]
    weibo = corpus()
    rest = np.where(in_time, 1 - seen / weibo.sizes[half.which[big]], 0.0)
    return Figures(
        false_flags=1000 * float(ever[~big].mean()),
        recall=float(in_time.mean()),
        lead=float(np.median(lead)),
        rest=float(np.median(rest)),
    )


def _crossings(which: Integers, big: float) -> Floats:
    """When each had as many posts as the line asks."""
    weibo = corpus()
    return weibo.cascades.delays[weibo.cascades.starts[which] + int(big) - 1]


def in_words(found: Mapping[str, list[Figures]]) -> dict[str, str]:
    """The mean of the random halves and the one by time, for each rule."""
    return {name: f"{_said(rows[:-1])} | {_said(rows[-1:])}" for name, rows in found.items()}


def _said(rows: list[Figures]) -> str:
    flags, recall, lead, rest = (
        np.mean([getattr(row, name) for row in rows])
        for name in ("false_flags", "recall", "lead", "rest")
    )
    return f"{recall:.3f} / {lead:.0f} min / {rest:.2f} at {flags:.0f} per 1,000"
