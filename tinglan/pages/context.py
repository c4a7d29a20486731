"""What every page needs: the navigation, the site time, what is blind or silent.

A `Shell` reads lazily: a fragment that shows no banner pays for none.
"""

from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from tinglan.alerts.models import Alert
from tinglan.drills.banner import Banner, banner
from tinglan.lib import clock, heartbeat
from tinglan.pages import live
from tinglan.pages.navigation import ON_DUTY, PLACES, SETTINGS, Place, Tab
from tinglan.sources.models import Source

SILENT_AFTER = timedelta(seconds=60)  # the lanes beat every 5 s
LANES = ("worker.ingest", "worker.delivery", "worker.slow")


class Shell:
    """The frame around a page, for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path
        self._member = request.user if hasattr(request, "user") else None
        theme = request.COOKIES.get("tinglan_theme", "")
        self.theme = theme if theme in {"light", "dark"} else ""
        self.is_demo = settings.DEMO

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
        return [(place, place.is_current(self._path)) for place in PLACES]

    @property
    def thumb_places(self) -> list[tuple[Place, bool]]:
        """For phones; of two that share an address the exact one is lit."""
        exact = any(place.address == self._path for place in ON_DUTY)
        return [
            (place, place.address == self._path if exact else place.is_current(self._path))
            for place in ON_DUTY
        ]

    @property
    def settings_tabs(self) -> list[tuple[Tab, bool]]:
        rights = getattr(self._member, "rights", {})
        return [
            (tab, tab.is_current(self._path))
            for tab in SETTINGS
            if not tab.right or rights.get(tab.right)
        ]

    @cached_property
    def blind_sources(self) -> list[Source]:
        """Sources that fail or are silent: every figure may be too small (L6)."""
        enabled = Source.objects.filter(is_enabled=True)
        return [source for source in enabled if source.is_blind(self.now)]

    @cached_property
    def silent_lanes(self) -> list[str]:
        """Parts of the worker that ran and have stopped: nothing is matched or sent (I-02)."""
        wall = clock.wall()
        silences = {lane: heartbeat.silence(lane, wall=wall) for lane in LANES}
        return [lane for lane, silence in silences.items() if silence and silence > SILENT_AFTER]

    @cached_property
    def n_alerts(self) -> int:
        """Alerts that nobody has taken on."""
        return Alert.objects.waiting().count()


def shell(request: HttpRequest) -> dict[str, object]:
    return {"shell": Shell(request)}
