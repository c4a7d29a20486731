"""Who is called, and how: by the rules, the line of duty and the channels that are switched on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from tinglan.accounts.models import Duty, Member, line_of_duty
from tinglan.accounts.rights import Role
from tinglan.alerts.channels import registry
from tinglan.alerts.models import AlertRule, Channel
from tinglan.events.models import Event, Level
from tinglan.lib.vault import VaultError


@dataclass(frozen=True, slots=True)
class Call:
    """One way to one recipient; without a member the channel itself is the recipient."""

    channel: Channel
    member: Member | None
    address: str
    mentioned: tuple[int, ...] = ()  # members whom the message of a group calls by name


def calls_by_rules(event: Event, level: str, *, now: datetime) -> list[Call]:
    """Whom the rules name for this event, each by every channel of the rule, nobody twice."""
    found: dict[tuple[int, int | None], Call] = {}
    for rule in _rules(event, level):
        members = members_of(rule, now)
        for channel in _open_channels(rule.channels.all(), event, level):
            for call in _calls(channel, members):
                found[_key(call)] = _merged(found.get(_key(call)), call)
    return list(found.values())


def calls_to(members: Iterable[Member], event: Event, level: str) -> list[Call]:
    """These members in person or by name, by the channels that the rules use for this event."""
    channels = {c.pk: c for rule in _rules(event, level) for c in rule.channels.all()}
    people = list(dict.fromkeys(members))
    return [
        call
        for channel in _open_channels(channels.values(), event, level)
        if _calls_people(channel)
        for call in _calls(channel, people)
    ]


def other_ways(event: Event, level: str, member: Member | None) -> list[Call]:
    """Every way there is, in the order in which they are tried when one fails."""
    channels = Channel.objects.order_by("is_broken", "position", "id")
    people = [member] if member else []
    return [
        call
        for channel in _open_channels(channels, event, level)
        for call in _calls(channel, people)
    ]


def members_of(rule: AlertRule, now: datetime) -> list[Member]:
    match rule.audience:
        case AlertRule.Audience.FIRST_IN_LINE:
            return list(line_of_duty(now))[:1]
        case AlertRule.Audience.ON_DUTY:
            duties = Duty.objects.at(now).select_related("member")
            return list(dict.fromkeys(duty.member for duty in duties))
        case AlertRule.Audience.ROLE:
            return list(Member.objects.holding(Role(rule.role))) if rule.role else []
    return list(rule.members.filter(is_active=True))


def may_be_used(channel: Channel, event: Event, level: str) -> bool:
    """Blue leaves the product in a digest only, and a drill not at all."""
    module = registry.channel(channel.kind)
    if module.is_inside:
        return True
    return not event.is_drill and (level != Level.BLUE or module.takes_digests)


def _calls_people(channel: Channel) -> bool:
    module = registry.channel(channel.kind)
    return module.is_personal or module.mentions


def _rules(event: Event, level: str) -> list[AlertRule]:
    rules = AlertRule.objects.prefetch_related("channels")
    return [rule for rule in rules if rule.covers(event, level)]


def _open_channels(channels: Iterable[Channel], event: Event, level: str) -> list[Channel]:
    return [one for one in channels if one.is_enabled and may_be_used(one, event, level)]


def _calls(channel: Channel, members: Iterable[Member]) -> list[Call]:
    """A channel whose settings cannot be opened is called all the same: it fails where it shows."""
    module, people = registry.channel(channel.kind), list(members)
    recipients: list[Member | None] = [*people] if module.is_personal else [None]
    named = tuple(who.pk for who in people) if module.mentions else ()
    try:
        config = channel.config
    except VaultError:
        return [Call(channel, who, channel.name, named) for who in recipients]
    calls = [Call(channel, who, module.address_of(who, config), named) for who in recipients]
    return [call for call in calls if call.address]


def _merged(before: Call | None, call: Call) -> Call:
    """One message to a group calls all whom its rules name."""
    named = dict.fromkeys([*(before.mentioned if before else ()), *call.mentioned])
    return replace(call, mentioned=tuple(named))


def _key(call: Call) -> tuple[int, int | None]:
    return call.channel.pk, call.member.pk if call.member else None
