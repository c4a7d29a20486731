"""In the product: a notification under the bell, seen at once on every open page."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.alerts.channels.contract import Answer, ConfigForm, Message
from tinglan.alerts.errors import DeliveryError
from tinglan.alerts.tell import tell

kind = "inapp"
label = _("In the product")
hint = _("A notification under the bell of each member. It cannot fail, but one must be looking.")
is_inside = True
is_personal = True
takes_digests = False
mentions = False
per_minute = None
Form = ConfigForm
PREFIX = "member:"


def address_of(member: Member | None, config: Mapping[str, Any]) -> str:
    return f"{PREFIX}{member.pk}" if member else ""


def send(message: Message, address: str, config: Mapping[str, Any]) -> Answer:
    """One notification per stable id, however often it is sent."""
    number = address.removeprefix(PREFIX)
    member = Member.objects.filter(pk=int(number)).first() if number.isdigit() else None
    if member is None:
        raise DeliveryError(f"There is no {address}.", is_about_address=True)
    told, is_new = tell(
        member,
        stable_id=message.stable_id,
        title=message.title,
        text=message.text,
        url=message.url.removeprefix(settings.SITE_URL),
        level=message.level,
        now=message.at,
    )
    return Answer(text=f"notification {told.pk}" + ("" if is_new else " (was there already)"))
