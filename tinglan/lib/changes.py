"""Tell open pages that something changed: a row per topic, read by each web process's poller."""

from datetime import datetime, timedelta

from tinglan.lib import clock
from tinglan.lib.models import Change

KEPT = timedelta(hours=1)


def note(*topics: str) -> None:
    """Write one change per topic, in the caller's transaction: it is seen when the cause is."""
    at = clock.wall()
    Change.objects.bulk_create([Change(topic=topic, at=at) for topic in dict.fromkeys(topics)])


def prune(wall: datetime) -> int:
    return Change.objects.filter(at__lt=wall - KEPT).delete()[0]


def prune_now(now: datetime) -> int:
    """The worker's step; changes live in wall time, so the site time it is given is not used."""
    return prune(clock.wall())
