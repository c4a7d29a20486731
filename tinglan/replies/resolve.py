"""Say that the consumer's problem is solved: the only thing that ends a talk."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.clocks import run
from tinglan.monitors.models import Mention
from tinglan.replies.errors import ReplyError
from tinglan.replies.models import Resolution, Sending
from tinglan.replies.send import open_promises
from tinglan.replies.story import require_unsolved, tell


@transaction.atomic
def resolve(mention: Mention, *, remedy: str, by: Member, now: datetime) -> Resolution:
    """Needs a sent reply or a handoff before it: nobody is helped in silence."""
    require(by, Right.REPLY)
    require_unsolved(mention)
    if not remedy.strip():
        raise ReplyError(_("Say what was done for the consumer."))
    is_answered = Sending.objects.filter(reply__mention=mention).exists()
    if not is_answered and not mention.handoffs.exists():
        raise ReplyError(_("Nobody has answered this consumer yet: reply first, or hand it on."))
    resolution = Resolution.objects.create(mention=mention, remedy=remedy.strip(), by=by, at=now)
    for promise in open_promises(mention):
        run.stop(promise, now=now)
    tell(
        mention,
        "resolve",
        resolution,
        kind="consumer_helped",
        by=by,
        now=now,
        remedy=remedy.strip(),
    )
    return resolution
