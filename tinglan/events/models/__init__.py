"""Events (舆情事件): posts that tell of the same thing, how grave it is, and its story."""

from tinglan.events.models.course import FORECAST_FOR, LIKELY, Forecast, Snapshot
from tinglan.events.models.event import Event, EventQuerySet, Merge, Nature
from tinglan.events.models.grouping import Allegation, Membership, Ordinary, Split, Waiting
from tinglan.events.models.level import RANK, Level, is_at_least
from tinglan.events.models.risk import Burst, RiskEntry
from tinglan.events.models.story import LevelChange, TimelineEntry

__all__ = [
    "FORECAST_FOR",
    "LIKELY",
    "RANK",
    "Allegation",
    "Burst",
    "Event",
    "EventQuerySet",
    "Forecast",
    "Level",
    "LevelChange",
    "Membership",
    "Merge",
    "Nature",
    "Ordinary",
    "RiskEntry",
    "Snapshot",
    "Split",
    "TimelineEntry",
    "Waiting",
    "is_at_least",
]
