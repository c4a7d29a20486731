"""The chain of calls while nobody acknowledges: written when it starts, so that no later change of
roster or policy rewrites it, and deferred while nobody may be disturbed.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from tinglan.accounts.models import Member, line_of_duty
from tinglan.accounts.rights import Role
from tinglan.alerts.channels import registry
from tinglan.alerts.models import Alert, Delivery, Escalation
from tinglan.analysis.levels import Level as Rank
from tinglan.clocks.targets import ACKNOWLEDGEMENT_STEPS
from tinglan.events.models import Level

Planned = tuple[datetime, Member | None, Escalation.Reason]


def plan_calls(alert: Alert, *, called: Collection[int], now: datetime) -> None:
    """Write the chain with its due times: a restart forgets nothing (I-03)."""
    last = alert.escalations.last()
    chain = _chain(alert.level, called, now)
    Escalation.objects.bulk_create(
        [
            Escalation(alert=alert, number=number, to=to, due_at=due_at, reason=reason)
            for number, (due_at, to, reason) in enumerate(
                chain, start=last.number + 1 if last else 1
            )
        ]
    )
    alert.next_action_at = chain[0][0] if chain else None
    alert.save(update_fields=["next_action_at"])


def called_by(deliveries: Iterable[Delivery]) -> set[int]:
    """Members who are told in person or by name."""
    found: set[int] = set()
    for one in deliveries:
        found |= {*one.mentioned} | ({one.recipient_id} if one.recipient_id else set())
    return found


def called_for(alert: Alert) -> list[Member]:
    """Who was told of this alert so far, in the order of the calls."""
    deliveries = alert.deliveries.order_by("id")
    numbers = [pk for one in deliveries for pk in sorted(called_by([one]))]
    members = Member.objects.in_bulk(numbers)
    return [members[pk] for pk in dict.fromkeys(numbers) if pk in members]


def nobody_disturbed_until(alert: Alert, now: datetime) -> datetime | None:
    """When the first message leaves the product, while all that should leave it are held."""
    if alert.level in {Level.RED, Level.ORANGE}:
        return None
    outside = [one for one in alert.deliveries.all() if not _is_inside(one)]
    held = [one.held_until for one in outside if one.is_held(now) and one.held_until]
    quiet = [one for one in outside if one.held_why == Delivery.Held.QUIET]
    return min(held) if held and quiet and len(held) == len(outside) else None


def defer_calls(alert: Alert, until: datetime) -> None:
    """The chain begins when somebody is told; the times between its calls stay."""
    planned = list(alert.escalations.filter(at__isnull=True, dropped_why=""))
    if not planned:
        return
    later = until + (planned[0].due_at - alert.issued_at) - planned[0].due_at
    for step in planned:
        step.due_at += later
    Escalation.objects.bulk_update(planned, ["due_at"])
    alert.next_action_at = planned[0].due_at
    alert.save(update_fields=["next_action_at"])


def _is_inside(delivery: Delivery) -> bool:
    kind = delivery.channel_kind
    return kind in registry.KINDS and registry.channel(kind).is_inside


def _chain(level: str, called: Collection[int], now: datetime) -> list[Planned]:
    """The next in line at each step, at the last one a leader; then everybody again."""
    waiting = [member for member in line_of_duty(now) if member.pk not in called]
    steps = ACKNOWLEDGEMENT_STEPS[Rank.from_roman(level)]
    chain: list[Planned] = []
    for number, target in enumerate(steps, start=1):
        due_at = now + timedelta(minutes=target.amount)
        to, reason = _next_of(waiting, is_last=number == len(steps))
        if to is not None:
            waiting.remove(to)
        chain.append((due_at, to, reason))
    return chain


def _next_of(
    waiting: Sequence[Member], *, is_last: bool
) -> tuple[Member | None, Escalation.Reason]:
    if not waiting:
        return None, Escalation.Reason.REPEAT
    if is_last:
        leaders = [member for member in waiting if Role.LEADER in member.roles]
        if leaders:
            return leaders[0], Escalation.Reason.LEADER
    return waiting[0], Escalation.Reason.NEXT
