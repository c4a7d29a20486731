"""What an event's level remembers between two assessments, as a value and as a row of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TypedDict

from tinglan.analysis.levels import Level

_NEVER: Mapping[Level, datetime] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Override:
    """A level that a person set by hand (人工定级), with the reason; it stands until lifted."""

    level: Level
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """The level an event holds, and what must be remembered until the next assessment.

    `above` says since when each level is reached without a break, `below` since when each level
    up to the held one is out of its support; `known` is every input that was ever known; `reason`
    is the code of the last change.
    """

    formula_level: Level = Level.NONE
    since: datetime | None = None
    assessed_at: datetime | None = None
    above: Mapping[Level, datetime] = field(default_factory=lambda: _NEVER)
    below: Mapping[Level, datetime] = field(default_factory=lambda: _NEVER)
    known: frozenset[str] = frozenset()
    floors: frozenset[str] = frozenset()
    is_frozen: bool = False
    is_confirmed: bool = False
    reason: str = ""
    override: Override | None = None

    @property
    def level(self) -> Level:
        """The level that counts: a person's, or else the formula's."""
        return self.override.level if self.override else self.formula_level

    @property
    def awaits_confirmation(self) -> bool:
        """The formula proposed red and no person confirmed it yet; it stays red meanwhile."""
        return self.override is None and self.formula_level is Level.RED and not self.is_confirmed

    @property
    def is_contested(self) -> bool:
        """The formula sees more danger than the person who set the level."""
        return self.override is not None and self.formula_level > self.override.level


class OverrideRow(TypedDict):
    """An `Override` as JSON."""

    level: int
    reason: str
    by: str
    at: str


class HeldRow(TypedDict):
    """A `Held` as JSON; times are ISO 8601, levels their numbers."""

    formula_level: int
    since: str | None
    assessed_at: str | None
    above: dict[str, str]
    below: dict[str, str]
    known: list[str]
    floors: list[str]
    is_frozen: bool
    is_confirmed: bool
    reason: str
    override: OverrideRow | None


def dump(held: Held) -> HeldRow:
    """The state as plain values for a JSON column.

    >>> load(dump(Held(Level.YELLOW, reason="score"))) == Held(Level.YELLOW, reason="score")
    True
    """
    return HeldRow(
        formula_level=int(held.formula_level),
        since=held.since.isoformat() if held.since else None,
        assessed_at=held.assessed_at.isoformat() if held.assessed_at else None,
        above={level.name: at.isoformat() for level, at in held.above.items()},
        below={level.name: at.isoformat() for level, at in held.below.items()},
        known=sorted(held.known),
        floors=sorted(held.floors),
        is_frozen=held.is_frozen,
        is_confirmed=held.is_confirmed,
        reason=held.reason,
        override=_override_row(held.override) if held.override else None,
    )


def load(row: HeldRow | None) -> Held:
    """The state from what `dump` wrote; an empty row is an event never assessed."""
    if not row:
        return Held()
    by_hand = row["override"]
    return Held(
        formula_level=Level(row["formula_level"]),
        since=_time(row["since"]),
        assessed_at=_time(row["assessed_at"]),
        above={Level[name]: datetime.fromisoformat(at) for name, at in row["above"].items()},
        below={Level[name]: datetime.fromisoformat(at) for name, at in row["below"].items()},
        known=frozenset(row["known"]),
        floors=frozenset(row["floors"]),
        is_frozen=row["is_frozen"],
        is_confirmed=row["is_confirmed"],
        reason=row["reason"],
        override=by_hand
        and Override(
            level=Level(by_hand["level"]),
            reason=by_hand["reason"],
            by=by_hand["by"],
            at=datetime.fromisoformat(by_hand["at"]),
        ),
    )


def _override_row(by_hand: Override) -> OverrideRow:
    return OverrideRow(
        level=int(by_hand.level),
        reason=by_hand.reason,
        by=by_hand.by,
        at=by_hand.at.isoformat(),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
