"""The standing of a brand in one week (风险台账), 0–100, of four parts that sum to it exactly.

Unlike the level of an event it calls nobody: it shows whether weeks get better or worse. What each
part is worth is our own choice and printed here: half of it is what people warn of (events and
their harm), half is how people speak and how much more of it there is than usual.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from statistics import median

from tinglan.analysis.measures import by_largest_remainder, wilson_lower

POINTS = {"events": 35, "harm": 15, "attitude": 25, "growth": 25}
BY_LEVEL = {"I": 1.0, "II": 0.75, "III": 0.45, "IV": 0.2, "": 0.0}
MORE = 0.05  # for each further event with a level
FULL_SHARE = 0.6  # of negative posts: surely so many are full points
FULL_GROWTH = 2.0  # doublings of the usual
BANDS = ((60, "high"), (40, "raised"), (20, "watch"), (0, "calm"))
STEP = 8  # points between two weeks that are a rise or a fall


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What was counted of a brand in one week."""

    levels: Sequence[str]  # the gravest level of each event of the week that had one
    harm: int  # H of the gravest nature that was alleged, 0–100
    n_posts: int  # originals
    n_negative: int  # of them
    negative_before: Sequence[int]  # in each of the weeks before


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score: its points, of how many, and what was seen."""

    code: str
    points: int
    of: int
    seen: dict[str, float]


@dataclass(frozen=True, slots=True)
class Standing:
    score: int
    band: str
    parts: tuple[Part, ...]


def standing(week: Week) -> Standing:
    """The score of a week with its parts.

    >>> quiet = Week(levels=[], harm=0, n_posts=80, n_negative=4, negative_before=[5, 3, 4])
    >>> standing(quiet).score, standing(quiet).band
    (1, 'calm')
    >>> bad = Week(levels=["II", "IV"], harm=90, n_posts=400, n_negative=240, negative_before=[20])
    >>> [(part.code, part.points) for part in standing(bad).parts]
    [('events', 28), ('harm', 13), ('attitude', 24), ('growth', 25)]
    """
    shares = {
        "events": _events(week.levels),
        "harm": week.harm / 100,
        "attitude": min(1.0, wilson_lower(week.n_negative, week.n_posts) / FULL_SHARE),
        "growth": _growth(week.n_negative, week.negative_before),
    }
    exact = [POINTS[code] * share for code, share in shares.items()]
    score = min(100, int(sum(exact) + 0.5))
    points = by_largest_remainder(exact, score)
    seen = _seen(week)
    return Standing(
        score,
        next(band for at_least, band in BANDS if score >= at_least),
        tuple(
            Part(code, points[number], POINTS[code], seen[code])
            for number, code in enumerate(shares)
        ),
    )


def _events(levels: Sequence[str]) -> float:
    """The gravest counts, the others add a little."""
    worth = sorted((BY_LEVEL[level] for level in levels), reverse=True)
    return min(1.0, worth[0] + MORE * (len(worth) - 1)) if worth else 0.0


def _growth(n_negative: int, before: Sequence[int]) -> float:
    """Doublings of the negative posts against the middle of the weeks before, noise taken off.

    Without weeks before nothing is usual, and nothing has grown.
    """
    if not before:
        return 0.0
    usual = median(before) + 1.0
    return min(1.0, max(0.0, log2((n_negative + 1.0) / (usual + 2 * usual**0.5)) / FULL_GROWTH))


def _seen(week: Week) -> dict[str, dict[str, float]]:
    usual = {"usual": float(median(week.negative_before))} if week.negative_before else {}
    levels = Counter(week.levels)
    return {
        "events": {level: float(n) for level, n in levels.items()},
        "harm": {"harm": float(week.harm)},
        "attitude": {"negative": float(week.n_negative), "posts": float(week.n_posts)},
        "growth": {"negative": float(week.n_negative), **usual},
    }


def trend(scores: Sequence[int]) -> str:
    """Whether the last week is worse or better than the middle of the four before.

    >>> trend([10, 12, 9, 30]), trend([40, 38, 12]), trend([10, 14]), trend([50])
    ('rising', 'falling', 'steady', '')
    """
    before = scores[:-1][-4:]
    if not before:
        return ""
    change = scores[-1] - median(before)
    return "rising" if change >= STEP else "falling" if change <= -STEP else "steady"
