"""Change channels and rules: by administrators, with secrets that are written and never shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.alerts.audience import Call
from tinglan.alerts.channels import registry
from tinglan.alerts.deliver import deliver_test
from tinglan.alerts.errors import AlertError
from tinglan.alerts.models import AlertRule, Channel, Delivery
from tinglan.audit.record import record
from tinglan.lib import changes
from tinglan.lib.vault import VaultError


@dataclass(frozen=True, slots=True)
class Saved:
    """A channel, and the secrets that were made for it: shown once, then never again."""

    channel: Channel
    shown_once: Mapping[str, str]


@transaction.atomic
def save_channel(
    channel: Channel,
    config: Mapping[str, Any],
    made: Mapping[str, str],
    *,
    by: Member,
    now: datetime,
) -> Saved:
    """Keep a channel with its settings; what is still missing and was made for it is put in."""
    require(by, Right.ADMINISTER)
    is_new = channel.pk is None
    form = registry.channel(channel.kind).Form
    missing = sorted(name for name in form.needed if not config.get(name))
    if missing:
        raise AlertError(
            _("This channel needs more: %(names)s.") % {"names": _(", ").join(missing)}
        )
    shown = {name: value for name, value in (made or {}).items() if not config.get(name)}
    channel.config = {**config, **shown}
    channel.is_broken = False
    if is_new:
        channel.created_at = now
        channel.position = Channel.objects.count() + 1
    channel.save()
    verb = "alerts.add_channel" if is_new else "alerts.change_channel"
    record(verb, channel, by=by, now=now, data={"name": channel.name, "kind": channel.kind})
    changes.note("channels")
    return Saved(channel, shown)


@transaction.atomic
def try_channel(channel: Channel, *, by: Member | None, now: datetime) -> Delivery:
    """Put a test message in the queue of the dispatcher, to whoever asks (I-02)."""
    require(by, Right.ADMINISTER)
    module = registry.channel(channel.kind)
    address = module.address_of(by, channel.config)
    if not address:
        raise AlertError(_("This channel has no address for you: complete its settings first."))
    number = channel.deliveries.filter(reason=Delivery.Reason.TEST).count() + 1
    member = by if module.is_personal else None
    test = deliver_test(Call(channel, member, address), number=number, now=now)
    record("alerts.try_channel", channel, by=by, now=now, data={"name": channel.name})
    changes.note("channels")
    return test


@transaction.atomic
def save_rule(rule: AlertRule, *, by: Member, now: datetime, **lists: Any) -> AlertRule:
    """Keep a rule with its `channels` and `members`."""
    require(by, Right.ADMINISTER)
    rule.save()
    rule.channels.set(lists["channels"])
    rule.members.set(lists["members"])
    record("alerts.save_rule", rule, by=by, now=now, data={"name": rule.name})
    return rule


@transaction.atomic
def delete_rule(rule: AlertRule, *, by: Member, now: datetime) -> None:
    require(by, Right.ADMINISTER)
    record("alerts.delete_rule", rule, by=by, now=now, data={"name": rule.name})
    rule.delete()


def opened(channel: Channel) -> dict[str, Any]:
    """The settings to edit; nothing where they cannot be opened: they are entered anew."""
    try:
        return channel.config
    except VaultError:
        return {}
