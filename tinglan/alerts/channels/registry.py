"""The channels there are: a folder beside this file, and its line here."""

from importlib import import_module
from typing import Final, cast

from tinglan.alerts.channels.contract import ChannelModule
from tinglan.alerts.errors import DeliveryError

KINDS: Final = (
    "inapp",
    "email",
    "webhook",
    "wecom",
    "dingtalk",
    "feishu",
    "alertmanager",
    "sms",
)


def channel(kind: str) -> ChannelModule:
    """The module that sends for channels of this kind."""
    if kind not in KINDS:
        message = f"There is no channel of kind {kind!r}; there are {', '.join(KINDS)}."
        raise DeliveryError(message, permanent=True)
    return cast("ChannelModule", import_module(f"{__package__}.{kind}.channel"))


def all_channels() -> list[ChannelModule]:
    return [channel(kind) for kind in KINDS]
