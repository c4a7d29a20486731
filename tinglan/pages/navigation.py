"""The places of the product, in the order of the navigation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the navigation; it is lit on its address and on all below it."""

    address: str
    label: str | Promise
    icon: str
    key: str  # pressed after `g`
    also: Sequence[str] = ()  # other addresses that belong here

    def is_current(self, path: str) -> bool:
        if self.address == "/":
            return path in {"/", *self.also}
        return any(path == one or path.startswith(f"{one}/") for one in (self.address, *self.also))


PLACES: tuple[Place, ...] = (
    Place(address="/", label=_("Board"), icon="gauge", key="b", also=("/first-steps",)),
    Place(address="/mentions", label=_("Mentions"), icon="messages", key="m"),
    Place(address="/events", label=_("Events"), icon="flame", key="e", also=("/risks",)),
    Place(address="/alerts", label=_("Alerts"), icon="bell", key="a", also=("/notifications",)),
    Place(
        address="/cases",
        label=_("Cases"),
        icon="briefcase",
        key="c",
        also=("/statements", "/evidence"),
    ),
    Place(address="/approvals", label=_("Approvals"), icon="signature", key="p"),
    Place(address="/reports", label=_("Reports"), icon="file-analytics", key="r"),
    Place(
        address="/monitors",
        label=_("Monitors"),
        icon="radar",
        key="o",
        also=("/brands", "/keywords"),
    ),
    Place(address="/sources", label=_("Sources"), icon="rss", key="s"),
    Place(address="/settings", label=_("Settings"), icon="settings", key="t", also=("/audit",)),
)

# The four that a person on duty needs on a phone, at the thumb.
ON_DUTY: tuple[Place, ...] = (
    PLACES[0],
    PLACES[3],
    PLACES[4],
    PLACES[5],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A page of the settings, with the right that one needs to see it."""

    address: str
    label: str | Promise
    icon: str
    right: str = ""

    def is_current(self, path: str) -> bool:
        return path == self.address or path.startswith(f"{self.address}/")


SETTINGS: tuple[Tab, ...] = (
    Tab(address="/settings/company", label=_("Company"), icon="building"),
    Tab(address="/settings/members", label=_("Members"), icon="users"),
    Tab(address="/settings/teams", label=_("Teams"), icon="users-group"),
    Tab(address="/settings/duty", label=_("Duty roster"), icon="calendar-week"),
    Tab(address="/settings/channels", label=_("Channels"), icon="send", right="administer"),
    Tab(address="/settings/levels", label=_("Levels"), icon="adjustments"),
    Tab(address="/settings/clocks", label=_("Clocks"), icon="clock"),
    Tab(address="/settings/plans", label=_("Plans"), icon="clipboard-list"),
    Tab(address="/audit", label=_("Audit trail"), icon="shield-lock", right="read_audit"),
)
