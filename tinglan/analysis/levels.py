"""Warning levels (预警等级) and the published formula that proposes them.

Everything a site may calibrate stands in one frozen `Formula`: weights, scales, cut-offs and caps.
`V1` is what the product ships; a site's own is `dataclasses.replace(V1, version="v1-site-3", …)`,
so that every stored score names the formula that made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from types import MappingProxyType


class Level(IntEnum):
    """Warning level (预警等级); the larger, the graver, and no level is 0 and so false.

    >>> Level.ORANGE > Level.YELLOW, bool(Level.NONE), Level.RED.roman
    (True, False, 'I')
    """

    NONE = 0
    BLUE = 1
    YELLOW = 2
    ORANGE = 3
    RED = 4

    @property
    def roman(self) -> str:
        """The numeral of the response law: I is red, IV is blue, no level has none."""
        return _ROMAN[self]

    @classmethod
    def from_roman(cls, numeral: str) -> Level:
        """The level of a stored numeral; the empty one is no level.

        >>> Level.from_roman("III").name, Level.from_roman("").name
        ('YELLOW', 'NONE')
        """
        return cls(_ROMAN.index(numeral))


_ROMAN = ("", "IV", "III", "II", "I")


RANKED = (Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED)


@dataclass(frozen=True, slots=True)
class Band:
    """How one level is entered and left.

    It is entered at a score of `enter`, at once or after two assessments; it is left after
    the score stayed under `leave` for `leave_after`, by itself or only by a person.
    """

    enter: int
    leave: int
    leave_after: timedelta
    is_entered_at_once: bool
    is_left_by_people: bool


@dataclass(frozen=True, slots=True)
class Nature:
    """One row of the taxonomy of harm (事件性质): its harm 0–100 and the floor it sets."""

    code: str
    harm: int
    floor: Level = Level.NONE


DEFAULT_NATURES = (
    Nature("casualty", 100, Level.YELLOW),
    Nature("safety", 100, Level.YELLOW),
    Nature("food_drug_child_safety", 90),
    Nature("official_investigation", 85, Level.ORANGE),
    Nature("data_leak", 80),
    Nature("discrimination", 70),
    Nature("false_advertising", 70),
    Nature("serial_defect", 60),
    Nature("labour_dispute", 55),
    Nature("service_complaint", 35),
    Nature("opinion", 25),
    Nature("inquiry", 10),
    Nature("praise", 0),
)

_BANDS: Mapping[Level, Band] = MappingProxyType(
    {
        Level.BLUE: Band(20, 12, timedelta(hours=1), False, False),
        Level.YELLOW: Band(35, 27, timedelta(hours=2), False, False),
        Level.ORANGE: Band(55, 47, timedelta(hours=4), True, True),
        Level.RED: Band(75, 67, timedelta(hours=6), True, True),
    }
)
# Central media 20, provincial and national portals 10, trade and city media 5 (editable per site).
_TIER_WEIGHTS = MappingProxyType(
    {"central": 20.0, "portal": 10.0, "industry": 5.0, "kol_1m": 8.0, "kol_100k": 4.0, "other": 1.0}
)
# Reposts, comments, likes as 40/40/20 (BCI practice); reads count where they are known.
_INTERACTION_WEIGHTS = MappingProxyType(
    {"reposts": 1.0, "comments": 1.0, "likes": 0.5, "reads": 0.005}
)
_URGENCY = MappingProxyType(
    {
        "on_hot_list": 100.0,
        "authority_asked": 90.0,
        "media_enquiry": 70.0,
        "platforms_jumped": 50.0,
        "is_cross_language": 40.0,
    }
)


@dataclass(frozen=True, slots=True)
class Formula:
    """Every number of the score, under a version that is stored with each result."""

    version: str = "v1"
    exposure_weights: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            {"media": 0.30, "strength": 0.30, "development": 0.25, "urgency": 0.15}
        )
    )
    gravity_weights: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"harm": 0.65, "attitude": 0.35})
    )
    tier_weights: Mapping[str, float] = field(default_factory=lambda: _TIER_WEIGHTS)
    media_scale: float = 2_000
    media_posts_part: float = 0.75  # the rest is the number of platforms
    platforms_full: int = 5
    interaction_weights: Mapping[str, float] = field(default_factory=lambda: _INTERACTION_WEIGHTS)
    strength_scale: float = 50_000
    anger_part: float = 0.3  # attitude × (0.7 + 0.3 · share of anger) where anger is measured
    development_scale: float = 6
    urgency: Mapping[str, float] = field(default_factory=lambda: _URGENCY)
    platforms_jumped_at_least: int = 2
    similar_crisis: int = 10  # the four intensifiers follow crisis-communication theory (SCCT)
    poor_reputation: int = 5
    cluster_harm: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"victim": 0, "accidental": 5, "preventable": 15})
    )
    harm_needs_posts: int = 2  # one accuser sets no harm; a floor needs only one
    bands: Mapping[Level, Band] = field(default_factory=lambda: _BANDS)
    hot_list_attitude: float = 40  # on a hot list and this negative: at least orange
    mild_attitude: float = (
        15  # less negative than this and less harmful than the next: at most blue
    )
    mild_harm: float = 60
    few_posts: int = 3
    weighty_tiers: frozenset[str] = frozenset({"central", "portal"})
    concentrated_below: float = 0.2  # effective authors per post
    confirm_after: timedelta = timedelta(minutes=5)  # between the two assessments of IV and III

    def level_of(self, score: int) -> Level:
        """The gravest level whose entry the score reaches.

        >>> V1.level_of(35).name, V1.level_of(19).name
        ('YELLOW', 'NONE')
        """
        return max((at for at in RANKED if score >= self.bands[at].enter), default=Level.NONE)


V1 = Formula()
