"""How the level of an event stands now, and what a person may do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tinglan.analysis import settle
from tinglan.analysis.held import Held, Override
from tinglan.analysis.levels import RANKED, V1
from tinglan.analysis.levels import Level as Rank
from tinglan.events.level import held_of
from tinglan.events.models import Event, LevelChange
from tinglan.events.why import reason_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Level, since when and why, and which decisions are open."""

    change: LevelChange | None
    reason: str
    by_hand: Override | None
    formula_level: str
    awaits_confirmation: bool
    can_confirm: bool
    lower_to: Sequence[str]  # levels that a person may lower it to now; empty: none
    low_at: datetime | None  # when it may be lowered, where its score is low already
    is_frozen: bool

    @property
    def is_contested(self) -> bool:
        """A person set another level than the formula proposes."""
        return self.by_hand is not None and self.by_hand.level.roman != self.formula_level

    @property
    def is_by_hand(self) -> bool:
        return self.by_hand is not None


def standing_of(event: Event, *, now: datetime) -> Standing:
    held = held_of(event)
    change = event.level_changes.select_related("by").last()
    can_lower = held.override is None and settle.can_lower(held, now=now)
    return Standing(
        change=change,
        reason=reason_of(change) if change else "",
        by_hand=held.override,
        formula_level=held.formula_level.roman,
        awaits_confirmation=held.awaits_confirmation,
        can_confirm=bool(event.level) and event.is_open and not event.is_confirmed,
        lower_to=_steps_down(held) if can_lower and event.is_open else (),
        low_at=_low_at(held),
        is_frozen=held.is_frozen,
    )


def _steps_down(held: Held) -> list[str]:
    """Red goes one step down, the others to any lower level."""
    if held.formula_level is Rank.RED:
        return [Rank.ORANGE.roman]
    return [level.roman for level in reversed(RANKED) if level < held.formula_level]


def _low_at(held: Held) -> datetime | None:
    since = held.below.get(held.formula_level)
    is_left_by_people = held.formula_level in V1.bands and (
        V1.bands[held.formula_level].is_left_by_people
    )
    if since is None or not is_left_by_people:
        return None
    return since + V1.bands[held.formula_level].leave_after
