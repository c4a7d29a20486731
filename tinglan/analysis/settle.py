"""Settle the level of an event over time: the state machine between grades and level changes.

The score wobbles, the level must not. Orange, red and floors are taken at once; blue and yellow
need two assessments at least five minutes apart; a level is left only after the score stayed under
its lower mark for its time, and orange and red only by a person. Nothing falls while sources are
stale or while something that was known is missing. A person may set a level with a reason; it
stands until lifted, and what the formula says meanwhile is kept beside it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tinglan.analysis.held import Held, Override
from tinglan.analysis.levels import RANKED, V1, Formula, Level
from tinglan.analysis.risk import Flag, Grade


class NotLowerableError(ValueError):
    """The level may not be lowered so; the message says why and what to do instead."""


def settle(held: Held, graded: Grade, *, now: datetime, formula: Formula = V1) -> Held:
    """One assessment: the state before and a grade in, the state after out.

    1. Note since when each level is reached and since when each may be left.
    2. Rise to the gravest level that is due: at once, by a floor, or reached twice.
    3. Else fall, where nothing freezes the level, to the gravest level that may not be left yet.

    >>> from datetime import UTC, timedelta
    >>> from tinglan.analysis.risk import Count, NatureSeen, Signals, grade
    >>> start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    >>> one = grade(Signals(natures=(NatureSeen("safety", 100, 1, Level.YELLOW),)))
    >>> settle(Held(), one, now=start).level.name
    'YELLOW'
    """
    if held.assessed_at is not None and now < held.assessed_at:
        return held  # a batch that was graded earlier and written later changes nothing
    is_frozen = Flag.STALE_SOURCES in graded.flags or bool(held.known - graded.known)
    noted = replace(
        held,
        assessed_at=now,
        above={level: held.above.get(level, now) for level in RANKED if graded.proposed >= level},
        below=_leaving(held, graded, now=now, is_frozen=is_frozen, formula=formula),
        known=held.known | graded.known,
        floors=frozenset(bound.code for bound in graded.floors),
        is_frozen=is_frozen,
    )
    due = _due(noted, graded, now=now, formula=formula)
    if due > held.formula_level:
        return _changed(noted, due, reason=_rise_reason(graded, due), now=now)
    remaining = _remaining(noted, now=now, formula=formula)
    if remaining < held.formula_level:
        return _changed(noted, remaining, reason="fell", now=now)
    return noted


def can_lower(held: Held, *, now: datetime, formula: Formula = V1) -> bool:
    """Whether the held level may be left: its time under the lower mark is over."""
    since = held.below.get(held.formula_level)
    if since is None or held.is_frozen:
        return False
    return now - since >= formula.bands[held.formula_level].leave_after


def lower(held: Held, to: Level, *, now: datetime, formula: Formula = V1) -> Held:
    """A person lowers the level (降级); red goes down one step at a time.

    What the score does not yet allow is refused: a person who knows better sets a level with a
    reason (`override`), so that the difference stays visible.
    """
    if to >= held.formula_level:
        message = f"level {held.formula_level.name} cannot be lowered to {to.name}: it is not lower"
        raise NotLowerableError(message)
    if held.formula_level is Level.RED and to is not Level.ORANGE:
        raise NotLowerableError("red is lowered one step at a time: lower it to orange first")
    if not can_lower(held, now=now, formula=formula):
        band = formula.bands[held.formula_level]
        raise NotLowerableError(
            f"level {held.formula_level.name} may be left after {band.leave_after} under"
            f" {band.leave} points without a floor; wait, or set the level with a reason"
        )
    return _changed(held, to, reason="lowered", now=now)


def confirm(held: Held) -> Held:
    """The duty lead confirms a proposed red level."""
    return replace(held, is_confirmed=True)


def override(held: Held, by_hand: Override) -> Held:
    """A person sets the level; the formula goes on beneath."""
    if not by_hand.reason.strip():
        raise ValueError("a level set by hand needs a reason: write why the formula is wrong here")
    return replace(held, override=by_hand)


def lift(held: Held) -> Held:
    """Lift the level set by hand; the formula's own level counts again."""
    return replace(held, override=None)


def _leaving(
    held: Held, graded: Grade, *, now: datetime, is_frozen: bool, formula: Formula
) -> dict[Level, datetime]:
    """Since when each level up to the held one may be left; a frozen time does not count."""
    if is_frozen:
        return {}
    return {
        level: held.below.get(level, now)
        for level in RANKED
        if level <= held.formula_level and not _holds(level, graded, formula)
    }


def _holds(level: Level, graded: Grade, formula: Formula) -> bool:
    """The grade still supports the level: by a floor, or by its lower mark where no cap forbids."""
    if graded.floor >= level:
        return True
    return graded.cap >= level and graded.score >= formula.bands[level].leave


def _due(noted: Held, graded: Grade, *, now: datetime, formula: Formula) -> Level:
    """The gravest level to take now; in `above` are only levels that the grade reaches."""

    def is_due(level: Level, since: datetime) -> bool:
        at_once = formula.bands[level].is_entered_at_once or graded.floor >= level
        return at_once or now - since >= formula.confirm_after

    due = [level for level, since in noted.above.items() if is_due(level, since)]
    return max(due, default=Level.NONE)


def _remaining(noted: Held, *, now: datetime, formula: Formula) -> Level:
    """The gravest level up to the held one that may not be left yet, or that only people leave."""

    def is_over(level: Level) -> bool:
        band = formula.bands[level]
        since = noted.below.get(level)
        if band.is_left_by_people and level == noted.formula_level:
            return False
        return since is not None and now - since >= band.leave_after

    held = [level for level in RANKED if level <= noted.formula_level and not is_over(level)]
    return max(held, default=Level.NONE)


def _changed(held: Held, level: Level, *, reason: str, now: datetime) -> Held:
    """The state with another level; what was noted for levels above it is dropped."""
    return replace(
        held,
        formula_level=level,
        since=now,
        reason=reason,
        is_confirmed=False,
        below={each: since for each, since in held.below.items() if each <= level},
    )


def _rise_reason(graded: Grade, level: Level) -> str:
    """Why it rose: the floor that asked for the level, or the score."""
    for bound in graded.floors:
        if bound.level >= level:
            return f"floor:{bound.code}"
    return "score"
