"""The talk with a consumer moves to a direct channel: the hotline, a private message, a visit."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.monitors.models import Mention
from tinglan.replies.errors import ReplyError
from tinglan.replies.models import Handoff
from tinglan.replies.story import require_unsolved, tell


@transaction.atomic
def hand_off(
    mention: Mention, channel: Handoff.Channel, reference: str, *, by: Member, now: datetime
) -> Handoff:
    """`reference` is the number of the ticket there: names and numbers of people stay there too."""
    require(by, Right.REPLY)
    require_unsolved(mention)
    if not reference.strip():
        raise ReplyError(_("Give the number under which the talk goes on."))
    handoff = Handoff.objects.create(
        mention=mention, channel=channel, reference=reference.strip(), by=by, at=now
    )
    data = {"channel": handoff.channel, "reference": handoff.reference}
    tell(mention, "hand_off", handoff, kind="consumer_handed_off", by=by, now=now, **data)
    return handoff
