"""The list of events: which ones, in which order, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tinglan.events.course import sparks
from tinglan.events.models import Event, Level
from tinglan.lib import asked

PER_PAGE = 25
TABS: dict[str, Promise] = {"open": _("Open"), "ended": _("Ended"), "merged": _("Merged")}
BELOW = "none"  # events without a level


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What of the events one wants to see."""

    tab: str = "open"
    brand: str = ""
    level: str = ""
    words: str = ""
    page: str = "1"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Listing":
        tab, level = query.get("tab", ""), query.get("level", "")
        brand = asked.number(query.get("brand"))
        return cls(
            tab=tab if tab in TABS else "open",
            brand=str(brand or ""),
            level=level if level in {*Level.values, BELOW} else "",
            words=asked.words(query.get("q")),
            page=query.get("page", "1"),
        )

    def query(self, **changed: str) -> str:
        """The query string of this listing with something changed."""
        values = {"brand": self.brand, "level": self.level, "q": self.words, "tab": self.tab}
        kept = {key: value for key, value in {**values, **changed}.items() if value}
        return "?" + urlencode(kept) if kept else "?"

    def link_of_page(self) -> str:
        return self.query(page=self.page)

    def events(self) -> QuerySet[Event]:
        events = self._of_tab()
        if self.brand:
            events = events.filter(brand=int(self.brand))
        if self.level:
            events = events.filter(level="" if self.level == BELOW else self.level)
        return events.filter(title__icontains=self.words) if self.words else events

    def _of_tab(self) -> QuerySet[Event]:
        known = Event.objects.select_related("brand", "product", "nature", "merged_into")
        if self.tab == "merged":
            return known.filter(merged_into__isnull=False).order_by("-ended_at", "-id")
        if self.tab == "ended":
            ended = known.filter(merged_into__isnull=True, ended_at__isnull=False)
            return ended.order_by("-ended_at", "-id")
        return known.open().gravest_first()


def page_of(listing: Listing, *, now: datetime) -> tuple["Page[Event]", dict[int, str]]:
    """A page of events and the line of each one's score."""
    page = Paginator(listing.events(), PER_PAGE).get_page(listing.page)
    return page, sparks(list(page.object_list), now=now)
