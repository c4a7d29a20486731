"""Tell of bursts of a brand's volume: in the product, to those on duty, once an episode.

A burst is no alert: nobody has to answer, and nothing leaves the house. Where most of it is one
event that has a level, that event's alerts have said it already.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from tinglan.accounts.duty import on_duty
from tinglan.accounts.models import Member, line_of_duty
from tinglan.alerts.tell import tell
from tinglan.events.models import Burst, Level
from tinglan.monitors.models import Brand


def handle(rows: Sequence[Burst], *, now: datetime) -> None:
    """The worker's step: hear of bursts."""
    for burst in rows:
        tell_of(burst, now=now)


def tell_of(burst: Burst, *, now: datetime) -> list[Member]:
    """Who was told: those on duty, else the first in line; nobody where an alert says it."""
    if burst.brand.kind != Brand.Kind.OWN or _is_told_of_already(burst):
        return []
    people = on_duty(now) or list(line_of_duty(now))[:1]
    for member in people:
        with translation.override(member.language):
            tell(
                member,
                stable_id=f"burst {burst.pk}",
                title=_("Burst of volume: {brand}").format(brand=burst.brand.name),
                text=_("{n} mentions in an hour, usually {usual}").format(
                    n=burst.volume, usual=round(burst.expected)
                ),
                url=f"/brands/{burst.brand_id}/risk",
                level=Level.BLUE,
                now=now,
            )
    return people


def _is_told_of_already(burst: Burst) -> bool:
    return burst.event is not None and burst.is_one_event and bool(burst.event.level)
