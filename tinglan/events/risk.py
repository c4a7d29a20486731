"""The risk register as it is shown: the weeks of a brand with reasons, all brands at a glance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tinglan.analysis.register import trend
from tinglan.events.models import RANK, RiskEntry
from tinglan.events.register import entry_of, monday
from tinglan.monitors.models import Brand

N_WEEKS = 26
SPARK_WIDTH, SPARK_HEIGHT = 96, 24
PARTS: dict[str, tuple[Promise, str]] = {  # name and tone
    "events": (gettext_lazy("Events with a level"), "accent"),
    "harm": (gettext_lazy("Harm alleged"), "neutral"),
    "attitude": (gettext_lazy("Negative posts"), "negative"),
    "growth": (gettext_lazy("More than usual"), "quiet"),
}
TRENDS: dict[str, Promise] = {
    "rising": gettext_lazy("rising"),
    "falling": gettext_lazy("falling"),
    "steady": gettext_lazy("steady"),
}
ICONS = {"rising": "trending-up", "falling": "trending-down", "steady": "arrow-right"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One part of a week's score, in words."""

    name: str
    points: int
    of: int
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One week of a brand."""

    entry: RiskEntry
    reasons: Sequence[Reason]
    change: int | None  # points since the week before
    is_running: bool

    @property
    def last_day(self) -> date:
        return self.entry.week + timedelta(days=6)

    @property
    def next_week(self) -> date:
        return self.entry.week + timedelta(days=7)

    @property
    def gravest(self) -> Reason:
        return max(self.reasons, key=lambda reason: reason.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The weeks of one brand, the running one first."""

    brand: Brand
    lines: Sequence[Line]
    trend: str  # code; "" where there is nothing to compare with

    @property
    def now(self) -> Line:
        return self.lines[0]

    @property
    def trend_name(self) -> str:
        return str(TRENDS.get(self.trend, ""))

    @property
    def icon(self) -> str:
        return ICONS.get(self.trend, "")

    @property
    def spark(self) -> str:
        """The scores as the points of a line, oldest first."""
        scores = [line.entry.score for line in reversed(self.lines)]
        step = SPARK_WIDTH / max(len(scores) - 1, 1)
        return " ".join(
            f"{number * step:.1f},{SPARK_HEIGHT * (1 - score / 100):.1f}"
            for number, score in enumerate(scores)
        )


def register_of(brand: Brand, *, now: datetime) -> Register:
    """The running week as it stands, then those that are over."""
    running = entry_of(brand, monday(now), now=now)
    over = list(brand.risk_entries.filter(week__lt=running.week).order_by("-week")[:N_WEEKS])
    entries = [running, *over]
    before: list[RiskEntry | None] = [*over, None]
    lines = [
        Line(
            entry=entry,
            reasons=reasons(entry.parts),
            change=entry.score - last.score if last else None,
            is_running=entry is running,
        )
        for entry, last in zip(entries, before, strict=True)
    ]
    return Register(
        brand=brand, lines=lines, trend=trend([entry.score for entry in reversed(entries)])
    )


def registers(*, now: datetime) -> list[Register]:
    """All brands that are listened for, the worst first."""
    found = [register_of(brand, now=now) for brand in Brand.objects.filter(is_active=True)]
    return sorted(found, key=lambda one: (-one.now.entry.score, one.brand.name))


def reasons(parts: Sequence[Mapping[str, Any]]) -> list[Reason]:
    return [
        Reason(
            name=str(PARTS[part["code"]][0]),
            points=part["points"],
            of=part["of"],
            seen=_seen(part["code"], part["seen"]),
        )
        for part in parts
    ]


def _seen(code: str, seen: Mapping[str, float]) -> str:
    if code == "events":
        levels = sorted(seen, key=RANK.__getitem__, reverse=True)
        return "、".join(f"{level} × {seen[level]:.0f}" for level in levels) or _("none")
    if code == "harm":
        return _("gravest: {harm} of 100").format(harm=round(seen["harm"]))
    if code == "attitude":
        return _("{negative} of {posts} originals").format(
            negative=round(seen["negative"]), posts=round(seen["posts"])
        )
    if "usual" not in seen:
        return _("nothing to compare with yet")
    return _("{negative} negative, usually {usual}").format(
        negative=round(seen["negative"]), usual=round(seen["usual"])
    )


def chart_of(register: Register) -> dict[str, Any]:
    """The parts of each week as stacked bars, oldest first."""
    lines = list(reversed(register.lines))
    points = [{part["code"]: part["points"] for part in line.entry.parts} for line in lines]
    return {
        "labels": [f"{line.entry.week:%m-%d}" for line in lines],
        "series": [
            {
                "name": str(name),
                "values": [week.get(code, 0) for week in points],
                "tone": tone,
                "kind": "bar",
                "stack": "score",
            }
            for code, (name, tone) in PARTS.items()
        ],
    }
