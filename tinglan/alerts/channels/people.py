"""How a member is reached by phone."""

import re

from tinglan.accounts.models import Member
from tinglan.alerts.channels.contract import Mentioned

PHONE = re.compile(r"\+?\d{5,20}")
BETWEEN = re.compile(r"[\s()\-]")


def phone_of(member: Member | None) -> str:
    """The number as machines dial it; "" where none is known or it is no number."""
    number = BETWEEN.sub("", member.phone) if member else ""
    return number if PHONE.fullmatch(number) else ""


def mentioned(member: Member) -> Mentioned:
    return Mentioned(member.name, phone_of(member))
