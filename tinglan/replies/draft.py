"""Write a reply to one consumer. It is not sent from here: a person posts it on the platform.

From here it is copied and posted, so here it is checked: see `outgoing`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.analysis import tone
from tinglan.monitors.models import Mention
from tinglan.replies.errors import ReplyError
from tinglan.replies.models import Promise, Reply
from tinglan.replies.outgoing import remarks_on, require_clear, rules_of
from tinglan.replies.remarks import Remark
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
    reason: str = "",
) -> Reply:
    """A holding reply says when the answer comes, so it needs a promise with an owner.

    `reason` says why a wording is kept of which the check warns; see WordingError.
    """
    require(by, Right.REPLY)
    require_unsolved(mention)
    if not text.strip():
        raise ReplyError(_("The reply has no text."))
    if kind == Reply.Kind.HOLDING and vow is None:
        raise ReplyError(_("A holding reply promises an answer: say by when, and who sees to it."))
    if vow is not None:
        _check(vow, now)
    found = remarks_on_reply(mention, text.strip(), is_promised=vow is not None)
    require_clear(found, reason=reason)
    reply = Reply.objects.create(mention=mention, kind=kind, text=text.strip(), by=by, at=now)
    if vow is not None:
        Promise.objects.create(
            reply=reply, text=vow.text.strip(), owner=vow.owner, due_at=vow.due_at, at=now
        )
    tell(mention, "draft", reply, kind="reply_drafted", by=by, now=now, reply=reply.kind)
    if found:
        kept = {"rules": rules_of(found), "reason": reason.strip()}
        tell(mention, "keep_wording", reply, kind="wording_kept", by=by, now=now, **kept)
    return reply


def remarks_on_reply(mention: Mention, text: str, *, is_promised: bool) -> list[Remark]:
    """What the check says of a reply; `is_promised`: its promise has an owner and a date."""
    draft = tone.Draft(tone.Kind.REPLY, text, context=mention.post.text)
    return remarks_on(draft, is_promise_kept_track_of=is_promised)


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
