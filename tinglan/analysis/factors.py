"""The six factors of the score, each 0–100 from the signals of one event, or None where unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinglan.analysis.levels import Formula, Level
from tinglan.analysis.measures import Count, development, excess, log_scale, wilson_lower


@dataclass(frozen=True, slots=True)
class NatureSeen:
    """A nature that the event's posts allege, and how many independent posts do so."""

    code: str
    harm: float
    n_independent: int
    floor: Level = Level.NONE


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about one event in the last 24 hours, near-duplicates collapsed.

    None is unknown, not zero: a window without posts has counts of 0. The plain booleans are facts
    that somebody reports; nobody having reported one is knowledge.
    """

    posts: Count | None = None
    posts_by_tier: Mapping[str, Count] | None = None
    platforms: int | None = None
    negatives: Count | None = None
    anger_share: float | None = None
    reposts: Count | None = None
    comments: Count | None = None
    likes: Count | None = None
    reads: Count | None = None
    last_hour: float | None = None
    same_hour_before: tuple[float, ...] = ()  # one count for each of the previous 7–28 days
    platforms_jumped: int | None = None  # within the last hour
    on_hot_list: bool | None = None
    authority_asked: bool = False  # a regulator or central medium asked or reported
    media_enquiry: bool = False
    is_cross_language: bool = False
    natures: tuple[NatureSeen, ...] | None = None
    had_similar_crisis: bool = False  # within 24 months
    has_poor_reputation: bool = False
    crisis_cluster: str | None = None  # victim, accidental, preventable; None: not judged
    official_notice: bool = False
    recall: bool = False
    central_negative: bool = False
    casualty_confirmed: bool = False
    posts_by_author: tuple[int, ...] | None = None
    sources_stale: bool = False


def media_of(signals: Signals, formula: Formula) -> float | None:
    """Media spread: three parts weighted posts beyond the usual, one part number of platforms."""
    posts, breadth = _weighted_posts(signals, formula), _breadth(signals, formula)
    if posts is None or breadth is None:
        return breadth if posts is None else posts
    return formula.media_posts_part * posts + (1 - formula.media_posts_part) * breadth


def _weighted_posts(signals: Signals, formula: Formula) -> float | None:
    if signals.posts_by_tier is None:
        return None
    default = formula.tier_weights["other"]
    weighted = sum(
        formula.tier_weights.get(tier, default) * count.excess
        for tier, count in signals.posts_by_tier.items()
    )
    return log_scale(weighted, formula.media_scale)


def _breadth(signals: Signals, formula: Formula) -> float | None:
    if signals.platforms is None:
        return None
    return 100.0 * min(1.0, signals.platforms / formula.platforms_full)


def strength_of(signals: Signals, formula: Formula) -> float | None:
    """Interaction strength: reposts, comments, likes (and reads) beyond the usual, log-scaled."""
    counts = {
        "reposts": signals.reposts,
        "comments": signals.comments,
        "likes": signals.likes,
        "reads": signals.reads,
    }
    known = {name: count for name, count in counts.items() if count is not None}
    if not known:
        return None
    weights = formula.interaction_weights
    seen = sum(weights[name] * count.seen for name, count in known.items())
    usual = sum(weights[name] * count.baseline for name, count in known.items())
    return log_scale(excess(seen, usual), formula.strength_scale)


def development_of(signals: Signals, formula: Formula) -> float | None:
    """Development: the last hour against the same hour of earlier days."""
    if signals.last_hour is None:
        return None
    return development(signals.last_hour, signals.same_hour_before, formula.development_scale)


def urgency_of(signals: Signals, formula: Formula) -> float:
    """Urgency: the most pressing of the facts that press, none of them 0.

    It is never unknown: a fact that is reported must not weigh less than the silence before it.
    """
    jumped = signals.platforms_jumped or 0
    facts = {
        "on_hot_list": bool(signals.on_hot_list),
        "authority_asked": signals.authority_asked,
        "media_enquiry": signals.media_enquiry,
        "platforms_jumped": jumped >= formula.platforms_jumped_at_least,
        "is_cross_language": signals.is_cross_language,
    }
    return max((formula.urgency[name] for name, holds in facts.items() if holds), default=0.0)


def harm_of(signals: Signals, formula: Formula) -> float | None:
    """Harm: the gravest nature that two independent posts allege, with what intensifies it."""
    if signals.natures is None:
        return None
    gravest = max(
        (
            nature.harm
            for nature in signals.natures
            if nature.n_independent >= formula.harm_needs_posts
        ),
        default=0.0,
    )
    if not gravest:
        return 0.0  # history makes no harm out of praise
    gravest += formula.similar_crisis * signals.had_similar_crisis
    gravest += formula.poor_reputation * signals.has_poor_reputation
    gravest += formula.cluster_harm.get(signals.crisis_cluster or "", 0)
    return min(100.0, gravest)


def attitude_of(signals: Signals, formula: Formula) -> float | None:
    """Attitude: how negative at least, given how few there are (Wilson's lower bound, 80 %)."""
    if signals.negatives is None:
        return None
    negative = signals.negatives.excess
    posts = signals.posts.excess if signals.posts else 0.0  # unknown: as if all were negative
    share = wilson_lower(negative, max(posts, negative))
    if signals.anger_share is None:
        return 100.0 * share
    return 100.0 * share * (1 - formula.anger_part + formula.anger_part * signals.anger_share)
