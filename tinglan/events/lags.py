"""How long it took from the first post to a warning: published, seen, levelled, alerted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from tinglan.events.models import Event
from tinglan.events.posts import first_member


@dataclass(frozen=True, slots=True, kw_only=True)
class Lags:
    """The moments of detection; None where one has not come."""

    published: datetime | None
    seen: datetime | None
    levelled: datetime | None
    alerted: datetime | None

    @property
    def to_seen(self) -> timedelta | None:
        return _between(self.published, self.seen)

    @property
    def to_level(self) -> timedelta | None:
        return _between(self.seen, self.levelled)

    @property
    def to_alert(self) -> timedelta | None:
        return _between(self.levelled, self.alerted)

    @property
    def whole(self) -> timedelta | None:
        """From the first post to the first level."""
        return _between(self.published, self.levelled)


def lags_of(event: Event) -> Lags:
    first = first_member(event)
    post = first.mention.post if first else None
    alerts = event.timeline.filter(kind="alert_issued")
    return Lags(
        published=post.published_at if post else None,
        seen=post.first_seen_at if post else None,
        levelled=event.level_changes.exclude(to_level="").aggregate(at=Min("at"))["at"],
        alerted=alerts.aggregate(at=Min("at"))["at"],
    )


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    return end - start if start and end else None
