"""Tell those who may decide it that an approval waits: in the product and by mail."""

from collections.abc import Sequence
from datetime import datetime

from django.apps import apps

from tinglan.accounts.models import Member
from tinglan.accounts.rights import roles_with
from tinglan.alerts.channels import registry
from tinglan.alerts.deliver import deliver_request
from tinglan.alerts.models import Channel
from tinglan.approvals.models import Approval, Request
from tinglan.events.models import Event


def hear_requests(rows: Sequence[Request], *, now: datetime) -> None:
    """The worker's step: something was submitted."""
    for request in rows:
        ask(request, now=now)


def hear_decisions(rows: Sequence[Approval], *, now: datetime) -> None:
    """The worker's step: one step is decided, and the next may wait for somebody else."""
    for approval in rows:
        ask(approval.request, now=now)


def ask(request: Request, *, now: datetime) -> None:
    """One message per person and way for the step at hand, however often it is asked."""
    right = request.next_right
    if right is None:
        return
    holding = Member.objects.holding(*roles_with(right))
    people = [member for member in holding if request.waits_for(member)]
    event = event_of(request)
    if event is not None and event.is_drill:
        channels = [one for one in _channels() if registry.channel(one.kind).is_inside]
    else:
        channels = _channels()
    level = event.level if event is not None else ""
    for channel in channels:
        for member in people:
            deliver_request(request, member, channel, level=level, now=now)


def event_of(request: Request) -> Event | None:
    """The event that the thing to be approved hangs on, by itself or by its case."""
    subject = (
        apps.get_model(request.subject_kind)._default_manager.filter(pk=request.subject_id).first()
    )
    for row in (subject, getattr(subject, "case", None)):
        event = getattr(row, "event", None)
        if isinstance(event, Event):
            return event
    return None


def _channels() -> list[Channel]:
    """The product itself, and mail: nobody is rung up for a signature."""
    found = Channel.objects.filter(is_enabled=True)
    modules = [(one, registry.channel(one.kind)) for one in found if one.kind in registry.KINDS]
    return [one for one, module in modules if module.is_inside or module.takes_digests]
