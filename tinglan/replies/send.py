"""Record that a person posted a reply on the platform: from which account, where and when.

The first sent reply ends the clock of the contact with the consumer. Promises start to run with
it, and those made to the same consumer before are kept by an answer. At level IV, where no
statement is made, consumers are answered one by one: there it is the first public word as well.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.clocks import run
from tinglan.clocks.models import Clock, Kind
from tinglan.events.models import Level
from tinglan.lib import changes, claims
from tinglan.monitors.models import Mention
from tinglan.replies.errors import ReplyError
from tinglan.replies.models import Fulfilment, Promise, Reply, Sending
from tinglan.replies.story import event_of, require_unsolved, tell


@transaction.atomic
def send(
    reply: Reply, *, account: str, url: str, at: datetime, by: Member, now: datetime
) -> Sending:
    """`at` is when it was posted, not when somebody came to record it."""
    require(by, Right.REPLY)
    reply = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    require_unsolved(reply.mention)
    if reply.is_sent:
        raise ReplyError(_("This reply is recorded as sent already."))
    if not account.strip():
        raise ReplyError(_("Name the account that the reply was posted from."))
    if at > now:
        raise ReplyError(_("The reply cannot have been posted in the future: mend the time."))
    sending = Sending.objects.create(
        reply=reply, account=account.strip(), url=url.strip(), at=at, by=by
    )
    _keep_promises(reply, now=now)
    for promise in reply.promises.all():
        run.start_until(Kind.PROMISE, promise, promise.due_at, now=now)
        changes.note(f"member:{promise.owner_id}")
    _meet(sending)
    claims.announce(sending)
    data = {"reply": reply.kind, "account": sending.account, "url": sending.url}
    tell(reply.mention, "send", sending, kind="reply_sent", by=by, now=now, **data)
    return sending


def open_promises(mention: Mention) -> list[Promise]:
    """What we owe this consumer: promises of sent replies that no later one has kept."""
    made = Promise.objects.open().filter(reply__mention=mention, reply__sending__isnull=False)
    return list(made.select_related("owner"))


def _keep_promises(reply: Reply, *, now: datetime) -> None:
    """Any later reply keeps the promise of an update: also one that says "not yet, by Friday"."""
    for promise in open_promises(reply.mention):
        if promise.reply_id != reply.pk:
            kept = Fulfilment.objects.create(promise=promise, reply=reply, at=now)
            run.meet(promise, [Kind.PROMISE], by_row=kept, now=now)


def _meet(sending: Sending) -> None:
    event = event_of(sending.reply.mention)
    if event is None:
        return
    run.meet(event, [Kind.CONTACT], by_row=sending, now=sending.at)
    kinds = [Kind.HOLDING]
    if sending.reply.kind == Reply.Kind.ANSWER:
        kinds.append(Kind.INFORM)
    mild = Clock.objects.of(event).running().filter(kind__in=kinds, level=Level.BLUE)
    run.meet(event, [Kind(clock.kind) for clock in mild], by_row=sending, now=sending.at)
