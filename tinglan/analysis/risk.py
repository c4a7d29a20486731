"""Grade an event (定级): signals in, score, shares and proposed level out, with every reason.

Formula v1. Exposure X = 0.30·media + 0.30·strength + 0.25·development + 0.15·urgency; gravity
G = 0.65·harm + 0.35·attitude; score = √(X·G): a geometric mean, so that harmless noise never
turns red and a grave thing nobody sees stays visible at a low level. Each factor's share follows
Euler's rule and the shares sum exactly to the score. Unknown is None and never 0: the weights of
the known factors are scaled up, caps need evidence, and floors beat caps. What the level then
does over time is `settle`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import floor, sqrt

from tinglan.analysis.factors import (
    NatureSeen,
    Signals,
    attitude_of,
    development_of,
    harm_of,
    media_of,
    strength_of,
    urgency_of,
)
from tinglan.analysis.levels import V1, Formula, Level
from tinglan.analysis.measures import Count, by_largest_remainder, effective_count

__all__ = [
    "Bound",
    "Count",
    "Factor",
    "Flag",
    "Grade",
    "Level",
    "NatureSeen",
    "Signals",
    "grade",
]


class Flag(StrEnum):
    """What a reader of the grade must see beside it; a flag subtracts nothing."""

    CONCENTRATED_AUTHORS = "concentrated_authors"  # 疑似集中发布
    STALE_SOURCES = "stale_sources"


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor: value 0–100 (None: unknown), the weight it had here, its points of the score."""

    code: str
    value: float | None
    weight: float
    share: int


@dataclass(frozen=True, slots=True)
class Bound:
    """A floor or a cap that applied, by the code of its reason."""

    code: str
    level: Level


@dataclass(frozen=True, slots=True)
class Grade:
    """The result of one assessment (定级), complete enough to explain itself."""

    score: int
    exact_score: float
    factors: tuple[Factor, ...]
    by_score: Level
    proposed: Level
    floors: tuple[Bound, ...]
    caps: tuple[Bound, ...]
    flags: frozenset[Flag]
    known: frozenset[str]
    formula_version: str

    @property
    def floor(self) -> Level:
        """The gravest floor, or none."""
        return max((bound.level for bound in self.floors), default=Level.NONE)

    @property
    def cap(self) -> Level:
        """The lowest cap; where nothing caps, red."""
        return min((bound.level for bound in self.caps), default=Level.RED)


def grade(signals: Signals, *, formula: Formula = V1) -> Grade:
    """Score the signals and propose a level.

    >>> kettle = Signals(posts=Count(60), negatives=Count(48), platforms=3, last_hour=20,
    ...     posts_by_tier={"other": Count(58), "industry": Count(2)}, on_hot_list=False,
    ...     reposts=Count(900), comments=Count(700), likes=Count(2000),
    ...     natures=(NatureSeen("serial_defect", 60, n_independent=9),))
    >>> graded = grade(kettle)
    >>> graded.score, graded.proposed.name
    (63, 'ORANGE')
    >>> [(factor.code, factor.share) for factor in graded.factors[:3]]
    [('media', 8), ('strength', 11), ('development', 12)]
    >>> [(factor.code, factor.share) for factor in graded.factors[3:]]
    [('urgency', 0), ('harm', 19), ('attitude', 13)]
    """
    harm, attitude = harm_of(signals, formula), attitude_of(signals, formula)
    exact_score, factors = _score(
        {
            "media": media_of(signals, formula),
            "strength": strength_of(signals, formula),
            "development": development_of(signals, formula),
            "urgency": urgency_of(signals, formula),
        },
        {"harm": harm, "attitude": attitude},
        formula,
    )
    score = sum(factor.share for factor in factors)
    floors = _floors(signals, attitude, formula)
    caps = _caps(signals, attitude=attitude, harm=harm, has_floor=bool(floors), formula=formula)
    by_score = formula.level_of(score)
    capped = min([by_score, *(cap.level for cap in caps)])
    return Grade(
        score=score,
        exact_score=exact_score,
        factors=factors,
        by_score=by_score,
        proposed=max([capped, *(bound.level for bound in floors)]),
        floors=floors,
        caps=caps,
        flags=_flags(signals, formula),
        known=_known(signals, factors),
        formula_version=formula.version,
    )


def _score(
    exposure: Mapping[str, float | None], gravity: Mapping[str, float | None], formula: Formula
) -> tuple[float, tuple[Factor, ...]]:
    """√(X·G), and the factors with shares that sum to its rounded value."""
    exposure_weights = _known_weights(exposure, formula.exposure_weights)
    gravity_weights = _known_weights(gravity, formula.gravity_weights)
    x = sum(weight * (exposure[code] or 0.0) for code, weight in exposure_weights.items())
    g = sum(weight * (gravity[code] or 0.0) for code, weight in gravity_weights.items())
    values = {**exposure, **gravity}
    slopes = {code: weight * _slope(g, x) for code, weight in exposure_weights.items()}
    slopes |= {code: weight * _slope(x, g) for code, weight in gravity_weights.items()}
    exact = sqrt(x * g)
    shares = by_largest_remainder(
        [slopes[code] * (values[code] or 0.0) for code in slopes], floor(exact + 0.5)
    )
    weights = {**exposure_weights, **gravity_weights}
    return exact, tuple(
        Factor(code, values[code], weights[code], share)
        for code, share in zip(slopes, shares, strict=True)
    )


def _known_weights(
    values: Mapping[str, float | None], weights: Mapping[str, float]
) -> dict[str, float]:
    """The weights of the known factors, scaled up to what all of them together weigh."""
    known = sum(weight for code, weight in weights.items() if values[code] is not None)
    scale = sum(weights.values()) / known if known else 0.0
    return {
        code: weight * scale if values[code] is not None else 0.0
        for code, weight in weights.items()
    }


def _slope(other: float, own: float) -> float:
    """∂√(X·G)/∂own; a zero score has no shares."""
    return sqrt(other / own) / 2 if own > 0 else 0.0


def _floors(signals: Signals, attitude: float | None, formula: Formula) -> tuple[Bound, ...]:
    """The red lines that hold whatever the volume; unknown attitude on a hot list counts as bad."""
    is_disliked = attitude is None or attitude >= formula.hot_list_attitude
    orange = {
        "official_notice": signals.official_notice,
        "recall": signals.recall,
        "central_negative": signals.central_negative,
        "hot_list_negative": bool(signals.on_hot_list) and is_disliked,
    }
    natures = [
        Bound(f"nature:{nature.code}", nature.floor)
        for nature in signals.natures or ()
        if nature.floor and nature.n_independent >= 1
    ]
    confirmed = [Bound("casualty_confirmed", Level.RED)] if signals.casualty_confirmed else []
    stated = [Bound(code, Level.ORANGE) for code, holds in orange.items() if holds]
    return tuple(confirmed + stated + natures)


def _caps(
    signals: Signals,
    *,
    attitude: float | None,
    harm: float | None,
    has_floor: bool,
    formula: Formula,
) -> tuple[Bound, ...]:
    """The limits of weak evidence. Each needs its evidence to be known."""
    caps = []
    is_mild = attitude is not None and attitude < formula.mild_attitude
    if is_mild and harm is not None and harm < formula.mild_harm:
        caps.append(Bound("mild", Level.BLUE))
    if signals.posts is not None and signals.posts.seen < formula.few_posts:
        caps.append(Bound("few_posts", Level.BLUE))
    if not has_floor and _is_one_voice(signals, formula):
        caps.append(Bound("single_author", Level.YELLOW))
    return tuple(caps)


def _is_one_voice(signals: Signals, formula: Formula) -> bool:
    """One author, and no weighty medium has taken it up."""
    if signals.posts_by_author is None or signals.posts_by_tier is None:
        return False
    weighty = (signals.posts_by_tier.get(tier) for tier in formula.weighty_tiers)
    return len(signals.posts_by_author) == 1 and not any(count and count.seen for count in weighty)


def _flags(signals: Signals, formula: Formula) -> frozenset[Flag]:
    flags = set()
    authors = signals.posts_by_author or ()
    if sum(authors) >= formula.few_posts and (
        effective_count(authors) < formula.concentrated_below * sum(authors)
    ):
        flags.add(Flag.CONCENTRATED_AUTHORS)
    if signals.sources_stale:
        flags.add(Flag.STALE_SOURCES)
    return frozenset(flags)


def _known(signals: Signals, factors: tuple[Factor, ...]) -> frozenset[str]:
    """What is known now, so that a later gap can be told from a fall.

    Whole factors and the inputs that can press one down alone; that one of several counters is
    missing on one platform is everyday. Where nobody posts any more, nothing that posts would tell
    is missing.
    """
    inputs = {
        "on_hot_list": signals.on_hot_list,
        "platforms": signals.platforms,
        "posts_by_tier": signals.posts_by_tier,
    }
    known = {name for name, value in inputs.items() if value is not None}
    is_over = signals.posts is not None and signals.posts.seen == 0
    return frozenset(known | {one.code for one in factors if is_over or one.value is not None})
