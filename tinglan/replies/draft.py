"""Write a reply to one consumer. It is not sent from here: a person posts it on the platform."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.monitors.models import Mention
from tinglan.replies.errors import ReplyError
from tinglan.replies.models import Promise, Reply
from tinglan.replies.story import require_unsolved, tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Vow:
    """What a reply promises: what, who owns it, until when."""

    text: str
    owner: Member
    due_at: datetime


@transaction.atomic
def draft(
    mention: Mention,
    kind: Reply.Kind,
    text: str,
    *,
    by: Member,
    now: datetime,
    vow: Vow | None = None,
) -> Reply:
    """A holding reply says when the answer comes, so it needs a promise with an owner."""
    require(by, Right.REPLY)
    require_unsolved(mention)
    if not text.strip():
        raise ReplyError(_("The reply has no text."))
    if kind == Reply.Kind.HOLDING and vow is None:
        raise ReplyError(_("A holding reply promises an answer: say by when, and who sees to it."))
    if vow is not None:
        _check(vow, now)
    reply = Reply.objects.create(mention=mention, kind=kind, text=text.strip(), by=by, at=now)
    if vow is not None:
        Promise.objects.create(
            reply=reply, text=vow.text.strip(), owner=vow.owner, due_at=vow.due_at, at=now
        )
    tell(mention, "draft", reply, kind="reply_drafted", by=by, now=now, reply=reply.kind)
    return reply


def _check(vow: Vow, now: datetime) -> None:
    if not vow.text.strip():
        raise ReplyError(_("Say what is promised."))
    if vow.due_at <= now:
        raise ReplyError(_("The promise would be due in the past."))
    if not vow.owner.can(Right.REPLY):
        raise ReplyError(
            _("%(name)s may not reply to consumers: choose another owner for the promise.")
            % {"name": vow.owner.name}
        )
