"""What a channel is: it hands one message to the other side and tells truly whether it was taken.

A channel is a folder `channels/<kind>/` whose module `channel.py` has the names of `ChannelModule`,
and a line in the registry. It returns only after the other side said yes; a no, or no answer, is a
DeliveryError. It keeps nothing, retries nothing and writes no delivery: `alerts.notify` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django import forms
from django.utils.functional import Promise

from tinglan.accounts.models import Member


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A member who is called in a message to a group."""

    name: str
    phone: str  # digits, "" where there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is to be told, in the recipient's language."""

    stable_id: str  # the same in every attempt: the receiver knows a repetition by it
    thread_id: str  # the same for all messages of an event
    kind: str  # "alert.issued", "channel.test": for machines
    title: str
    text: str
    url: str
    level: str
    at: datetime  # site time
    data: Mapping[str, Any] = field(default_factory=dict)  # JSON values for machines
    mentioned: tuple[Mentioned, ...] = ()  # whom a group's channel calls by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The other side's yes, in its own words: kept as proof."""

    text: str


class ConfigForm(forms.Form):
    """What a channel needs to know. A secret is written and never shown: empty keeps the old."""

    secrets: ClassVar[frozenset[str]] = frozenset()
    needed: ClassVar[frozenset[str]] = frozenset()  # secrets without which nothing can be sent

    def generate(self) -> dict[str, str]:
        """Secrets that we make ourselves where none was given; shown once."""
        return {}

    def merged(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The new settings, with the secrets that were left empty kept."""
        kept = {name: before[name] for name in self.secrets if before.get(name)}
        return {**self.cleaned_data, **{n: v for n, v in kept.items() if not self.cleaned_data[n]}}


class ChannelModule(Protocol):
    kind: str
    label: str | Promise
    hint: str | Promise
    is_inside: bool  # stays in the product: takes level IV and drills too, and never needs a net
    is_personal: bool  # one message per person; otherwise one for all who watch the channel
    takes_digests: bool  # level IV goes by it too, gathered to one message
    mentions: bool  # a group that can call members by name
    per_minute: int | None  # as many as the other side takes; we keep to it ourselves
    Form: type[ConfigForm]

    def address_of(self, member: Member | None, config: Mapping[str, Any]) -> str:
        """Where the message goes, fit to be shown; "" when this member cannot be reached so."""

    def send(self, message: Message, address: str, config: Mapping[str, Any]) -> Answer:
        """Hand the message over, or raise DeliveryError."""
