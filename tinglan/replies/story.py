"""Where every verb of replies ends: the story of the event, the audit trail, open pages told."""

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.audit.record import record
from tinglan.events import timeline
from tinglan.events.models import Event
from tinglan.lib import changes
from tinglan.monitors.models import Mention
from tinglan.replies.errors import ReplyError
from tinglan.replies.models import Resolution


def event_of(mention: Mention) -> Event | None:
    """The event that the mention belongs to, if it has come to one."""
    return Event.objects.filter(memberships__mention=mention).first()


def tell(
    mention: Mention,
    verb: str,
    subject: Model,
    *,
    kind: str,
    by: Member,
    now: datetime,
    **data: Any,
) -> None:
    event = event_of(mention)
    if event is not None:
        timeline.add(event, kind, at=now, by=by, mention=mention.pk, **data)
    changes.note("mentions", f"mention:{mention.pk}")
    record(f"replies.{verb}", subject, by=by, now=now, data={"mention": mention.pk, **data})


def require_unsolved(mention: Mention) -> None:
    if Resolution.objects.filter(mention=mention).exists():
        raise ReplyError(_("The problem of this consumer is solved: the talk has ended."))
