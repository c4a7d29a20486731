"""What every page needs: the navigation, the site time, what is blind or silent.

A `Shell` reads lazily: a fragment that shows no banner pays for none. To who may see nothing, a
stranger or a member without a role, it shows no places, no counts and no banners.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right
from tinglan.alerts.models import Alert
from tinglan.approvals.inbox import inbox
from tinglan.drills.banner import Banner, banner
from tinglan.lib import clock
from tinglan.lib.models import Heartbeat
from tinglan.pages import live
from tinglan.pages.navigation import ON_DUTY, PLACES, SETTINGS, Place, Tab
from tinglan.sources.models import Source

READING, DELIVERY, AUDITOR = ("worker.ingest", "worker.slow"), "worker.delivery", "auditor"
SILENT_AFTER = {
    **dict.fromkeys((*READING, DELIVERY), timedelta(seconds=60)),  # the lanes beat every 5 s
    AUDITOR: timedelta(minutes=12),  # it looks every 5 minutes
}


@dataclass(frozen=True, slots=True)
class Heard:
    """The coverage of a figure: sources that are heard, of those in use, and the last good read."""

    n_heard: int
    n_used: int
    at: datetime | None

    @property
    def is_partial(self) -> bool:
        return self.n_heard < self.n_used


class Shell:
    """The frame around a page, for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path
        user = getattr(request, "user", None)
        self._member = user if isinstance(user, Member) else None
        theme = request.COOKIES.get("tinglan_theme", "")
        self.theme = theme if theme in {"light", "dark"} else ""
        self.is_demo = settings.DEMO

    @cached_property
    def sees(self) -> bool:
        return self._member is not None and self._member.can(Right.SEE)

    @cached_property
    def now(self) -> datetime:
        return clock.now()

    @cached_property
    def rate(self) -> float:
        return clock.rate()

    @property
    def is_fast(self) -> bool:
        return self.rate != 1.0

    @cached_property
    def demo(self) -> Banner | None:
        """What is being played; None in a real installation."""
        return banner(self.now) if self.is_demo else None

    @property
    def known_change(self) -> int:
        return live.known_to_a_page()

    @property
    def places(self) -> list[tuple[Place, bool]]:
        return self._lit(PLACES)

    @property
    def thumb_places(self) -> list[tuple[Place, bool]]:
        """The few for phones, at the thumb."""
        return self._lit(ON_DUTY)

    def _lit(self, places: Sequence[Place]) -> list[tuple[Place, bool]]:
        return [(place, place.is_current(self._path)) for place in places if self.sees]

    @property
    def settings_tabs(self) -> list[tuple[Tab, bool]]:
        rights = self._member.rights if self._member else {}
        return [
            (tab, tab.is_current(self._path))
            for tab in SETTINGS
            if rights.get(tab.right or Right.SEE.value)
        ]

    @cached_property
    def blind_sources(self) -> list[Source]:
        """Sources that fail, are silent or bring too little: figures may be too small (L6)."""
        return [source for source in self._sources if source.is_blind(self.now)]

    @cached_property
    def heard(self) -> Heard:
        """How much of what is listened to was heard, and how fresh it is: beside every figure."""
        used = [source for source in self._sources if source.last_run_at]
        at = max((one.last_success_at for one in used if one.last_success_at), default=None)
        return Heard(len(used) - len([s for s in used if s.is_blind(self.now)]), len(used), at)

    @cached_property
    def _sources(self) -> list[Source]:
        return list(Source.objects.filter(is_enabled=True)) if self.sees else []

    @cached_property
    def is_delivery_silent(self) -> bool:
        """The sender of messages ran and has stopped: no alert leaves the house (I-02)."""
        return DELIVERY in self._silent

    @cached_property
    def is_reading_silent(self) -> bool:
        """New posts are not fetched, read or graded."""
        return any(lane in self._silent for lane in READING)

    @cached_property
    def is_auditor_silent(self) -> bool:
        return AUDITOR in self._silent

    @cached_property
    def _silent(self) -> set[str]:
        """Processes that ran once and are silent for longer than they ever are at work."""
        wall = clock.wall()
        if not self.sees:
            return set()
        last = Heartbeat.objects.filter(name__in=SILENT_AFTER).values_list("name", "at")
        return {name for name, at in last if wall - at > SILENT_AFTER[name]}

    @cached_property
    def unreached_alerts(self) -> list[Alert]:
        """Alerts whose every message failed or had nobody to go to: somebody must make a call."""
        return list(Alert.objects.waiting().unreached()) if self.sees else []

    @cached_property
    def n_alerts(self) -> int:
        """Alerts that nobody has taken on."""
        return Alert.objects.waiting().count() if self.sees else 0

    @cached_property
    def n_approvals(self) -> int:
        """Requests whose step at hand the member may decide."""
        return len(inbox(self._member)) if self._member and self.sees else 0

    @cached_property
    def n_unseen(self) -> int:
        """What the bell has told the member and they have not seen."""
        if self._member is None or not self.sees:
            return 0
        return self._member.notifications.filter(seen_at__isnull=True).count()


def shell(request: HttpRequest) -> dict[str, object]:
    return {"shell": Shell(request)}
