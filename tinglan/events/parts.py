"""The parts of an event's page, each with its queries: the page shows all, a live refresh one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from tinglan.clocks.models import Clock
from tinglan.events.course import HOUR, chart_of, step_of
from tinglan.events.lags import lags_of
from tinglan.events.members import members_of
from tinglan.events.models import Event
from tinglan.events.outlook import outlook_of
from tinglan.events.phases import phases, strip_of
from tinglan.events.posts import earliest, hot_words
from tinglan.events.standing import standing_of
from tinglan.events.told import told_of
from tinglan.events.voices import voices_of
from tinglan.events.why import MARKS, why
from tinglan.monitors.models import Polarity

N_ENTRIES = 60  # of the story, the newest

Part = Callable[[Event, datetime], dict[str, Any]]


def summary(event: Event, now: datetime) -> dict[str, Any]:
    """What one must know in twenty seconds."""
    negative = Q(mention__polarity=Polarity.NEGATIVE)
    original = Q(mention__copy_of__isnull=True)
    counts = members_of(event).aggregate(
        n_originals=Count("id", filter=original),
        n_negative=Count("id", filter=original & negative),
        n_platforms=Count("mention__post__platform", distinct=True),
        last_hour=Count("id", filter=Q(mention__at__gt=now - HOUR)),
    )
    n, n_negative = counts["n_originals"], counts["n_negative"]
    return {
        **counts,
        "negative_share": n_negative / n if n else None,
        "standing": standing_of(event, now=now),
        "next_clock": Clock.objects.of(event).running().first(),
    }


def told(event: Event, now: datetime) -> dict[str, Any]:
    return {"sentences": told_of(event)}


def reasons(event: Event, now: datetime) -> dict[str, Any]:
    return {"why": why(event), "marks": MARKS, "standing": standing_of(event, now=now)}


def course(event: Event, now: datetime) -> dict[str, Any]:
    return {
        "chart": chart_of(event, now=now),
        "step": step_of(event, now=now),
        "phases": strip_of(phases(event, now=now)),
    }


def outlook(event: Event, now: datetime) -> dict[str, Any]:
    return {"outlook": outlook_of(event, now=now)}


def voices(event: Event, now: datetime) -> dict[str, Any]:
    return {"voices": voices_of(event)}


def words(event: Event, now: datetime) -> dict[str, Any]:
    found = hot_words(event)
    most = max((word.n_texts for word in found), default=0)
    return {"words": [(word, word.n_texts / most) for word in found]}


def beginning(event: Event, now: datetime) -> dict[str, Any]:
    return {"earliest": earliest(event), "lags": lags_of(event)}


def clocks(event: Event, now: datetime) -> dict[str, Any]:
    """Those that run first, then what was met or is no longer needed."""
    found = Clock.objects.of(event).order_by("due_at", "id")
    return {"clocks": sorted(found, key=lambda clock: not clock.is_running)}


def story(event: Event, now: datetime) -> dict[str, Any]:
    entries = event.timeline.select_related("by").order_by("-at", "-id")
    return {"entries": entries[:N_ENTRIES], "n_entries": entries.count()}


def related(event: Event, now: datetime) -> dict[str, Any]:
    return {
        "merges": event.merges.select_related("event", "by").order_by("-at"),
        "splits": event.splits.filter(undoes=None).select_related("into", "by").order_by("-at"),
        "secondary": event.secondary.filter(merged_into=None).gravest_first(),
    }


PARTS: dict[str, Part] = {
    "summary": summary,
    "told": told,
    "reasons": reasons,
    "course": course,
    "outlook": outlook,
    "voices": voices,
    "beginning": beginning,
    "clocks": clocks,
    "story": story,
    "related": related,
}
LATER: dict[str, Part] = {"words": words}  # fetched when the page stands
