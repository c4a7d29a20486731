"""Tell of blind spots in the product (L6): a source that is blind, a brand that went quiet.

Once a day for each, to those on duty: nothing leaves the house, for no harm is known yet, and the
banner of every page says it meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tinglan.accounts.duty import on_duty
from tinglan.accounts.models import Member, line_of_duty
from tinglan.alerts.tell import tell
from tinglan.events.models import Level
from tinglan.monitors.hush import Hush, hushed
from tinglan.sources.health import reason
from tinglan.sources.models import Source


@dataclass(frozen=True, slots=True)
class Spot:
    """One blind spot, told in the reader's language."""

    key: str
    subject: Source | Hush
    url: str

    def words(self, now: datetime) -> tuple[str, str]:
        if isinstance(self.subject, Source):
            title = _("Blind spot: {source}").format(source=self.subject.name)
            return title, reason(self.subject, now)
        title = _("Nothing is heard of {brand}").format(brand=self.subject.brand.name)
        return title, _(
            "No mention since {at}, where {n} usually come. Check its monitors."
        ).format(
            at=timezone.localtime(self.subject.since).strftime("%Y-%m-%d %H:%M"),
            n=self.subject.missed,
        )


def poll(now: datetime) -> int:
    """The worker's step."""
    people = on_duty(now) or list(line_of_duty(now))[:1]
    return sum(_tell(spot, people, now=now) for spot in spots(now))


def spots(now: datetime) -> list[Spot]:
    """What is blind now; the key holds the day, so that what lasts is told again tomorrow."""
    day = timezone.localdate(now).isoformat()
    sources = Source.objects.filter(is_enabled=True)
    return [
        *(
            Spot(f"blind source {source.pk} {day}", source, source.get_absolute_url())
            for source in sources
            if source.is_blind(now)
        ),
        *(
            Spot(f"quiet brand {hush.brand.pk} {day}", hush, hush.brand.get_absolute_url())
            for hush in hushed(now=now)
        ),
    ]


def _tell(spot: Spot, people: Iterable[Member], *, now: datetime) -> bool:
    """Whether anybody heard of it for the first time."""
    is_news = False
    for member in people:
        if member.notifications.filter(stable_id=spot.key).exists():
            continue
        with translation.override(member.language):
            title, text = spot.words(now)
            tell(
                member,
                stable_id=spot.key,
                title=title,
                text=text,
                url=spot.url,
                level=Level.BLUE,
                now=now,
            )
        is_news = True
    return is_news
