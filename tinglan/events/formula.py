"""The formula in force as the page of the levels shows it: read from the numbers that grade."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from tinglan.analysis.levels import RANKED, V1
from tinglan.events.models import Nature
from tinglan.events.voices import TIERS
from tinglan.events.why import FACTORS, URGENCIES


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """How one level is entered and left."""

    level: str
    enter: int
    leave: int
    leave_after: timedelta
    is_entered_at_once: bool
    is_left_by_people: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRow:
    """One factor: its weight and how its value comes about."""

    code: str
    name: str
    weight: float
    how: str


def published() -> dict[str, Any]:
    """Everything the page shows."""
    return {
        "formula": V1,
        "levels": [_level_row(level) for level in reversed(RANKED)],
        "exposure": [_factor(code, weight) for code, weight in V1.exposure_weights.items()],
        "gravity": [_factor(code, weight) for code, weight in V1.gravity_weights.items()],
        "tiers": [(str(name), V1.tier_weights[code]) for code, name in TIERS.items()],
        "urgencies": _urgencies(),
        "natures": Nature.objects.all(),
    }


def _level_row(level: Any) -> LevelRow:
    band = V1.bands[level]
    return LevelRow(
        level=level.roman,
        enter=band.enter,
        leave=band.leave,
        leave_after=band.leave_after,
        is_entered_at_once=band.is_entered_at_once,
        is_left_by_people=band.is_left_by_people,
    )


def _factor(code: str, weight: float) -> FactorRow:
    return FactorRow(code=code, name=str(FACTORS[code]), weight=weight, how=_how(code))


def _how(code: str) -> str:
    return {
        "media": _(
            "three parts posts weighted by who carries them, on a logarithmic scale full at "
            "%(full)s; one part platforms, full at %(platforms)s"
        )
        % {"full": f"{V1.media_scale:,.0f}", "platforms": V1.platforms_full},
        "strength": _(
            "reposts and comments count 1, likes %(likes)s, reads %(reads)s; logarithmic, "
            "full at %(full)s"
        )
        % {
            "likes": V1.interaction_weights["likes"],
            "reads": V1.interaction_weights["reads"],
            "full": f"{V1.strength_scale:,.0f}",
        },
        "development": _("how far the last hour stands above the same hour of earlier days"),
        "urgency": _("the most pressing fact, see below"),
        "harm": _("the gravest nature that %(n)s independent posts allege")
        % {"n": V1.harm_needs_posts},
        "attitude": _("how large the negative share is at least, given how few posts there are"),
    }[code]


def _urgencies() -> list[tuple[str, float]]:
    jumped = _("%(n)s platforms jumped within an hour") % {"n": V1.platforms_jumped_at_least}
    names = {**URGENCIES, "platforms_jumped": jumped}
    return [(str(names[code]), value) for code, value in V1.urgency.items()]
