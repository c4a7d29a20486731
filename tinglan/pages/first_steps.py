"""What is still to do before Tinglan can hear and warn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Duty, Member
from tinglan.accounts.rights import Right, roles_with
from tinglan.monitors.models import Brand, Monitor
from tinglan.sources.models import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    """One thing to set up."""

    title: str | Promise
    text: str | Promise
    url: str
    action: str | Promise
    right: Right
    is_done: bool

    @property
    def roles(self) -> str:
        """Who may do it, for those who may not."""
        return gettext(", ").join(str(role.label) for role in roles_with(self.right))


def first_steps(now: datetime) -> Sequence[FirstStep]:
    return (
        _listen(),
        FirstStep(
            title=_("Add a source"),
            text=_("A feed to read, a file to import, or an address to which posts are pushed."),
            url="/sources",
            action=_("Add a source"),
            right=Right.EDIT_SOURCES,
            is_done=Source.objects.exists(),
        ),
        FirstStep(
            title=_("Invite your colleagues"),
            text=_("Statements need four eyes: whoever writes one cannot approve it."),
            url="/settings/members/new",
            action=_("Add a member"),
            right=Right.ADMINISTER,
            is_done=Member.objects.filter(is_active=True).count() > 1,
        ),
        FirstStep(
            title=_("Put somebody on duty"),
            text=_("An alert goes to whoever is on duty, and on to the next who acknowledges."),
            url="/settings/duty",
            action=_("Fill the roster"),
            right=Right.ADMINISTER,
            is_done=Duty.objects.at(now).exists(),
        ),
    )


def _listen() -> FirstStep:
    """A monitor belongs to a brand, so the brand comes first."""
    has_brand = Brand.objects.exists()
    return FirstStep(
        title=_("Name your brand and what to listen for"),
        text=_("A brand with its names and products, and a monitor with the words to match."),
        url="/monitors/new" if has_brand else "/brands",
        action=_("Add a monitor") if has_brand else _("Add a brand"),
        right=Right.EDIT_MONITORS,
        is_done=has_brand and Monitor.objects.exists(),
    )


def left_to(member: Member, now: datetime) -> int:
    """How many steps are not done yet that this member may do."""
    return sum(not step.is_done and member.can(step.right) for step in first_steps(now))


def cannot_hear() -> bool:
    """Nothing can arrive yet: neither a source nor a monitor is there."""
    return not Source.objects.exists() and not Monitor.objects.exists()
