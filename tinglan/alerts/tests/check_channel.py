"""The contract that every channel keeps, whatever it speaks: call it with a real other side."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import pytest

from tinglan.accounts.models import Member
from tinglan.alerts.channels import registry
from tinglan.alerts.channels.contract import Answer, Message
from tinglan.alerts.errors import DeliveryError


class OtherSide(Protocol):
    """The real server (or the product itself) that a channel talks to in a test."""

    def config(self) -> Mapping[str, Any]: ...

    def ids(self) -> list[str]:
        """The stable ids of what arrived, in its order."""

    def texts(self) -> list[str]:
        """Title and text of what arrived."""

    def refuse_for_good(self) -> Mapping[str, Any]:
        """From now on every message is refused for good; the settings to send with."""


def make_message(stable_id: str = "tl_1", **fields: Any) -> Message:
    values: dict[str, Any] = {
        "stable_id": stable_id,
        "thread_id": "tl_event",
        "kind": "alert.issued",
        "title": "[II 级] 星河水壶漏电 <script>",
        "text": "品牌：星河\n评分 61，42 条",
        "url": "http://tinglan.xinghe.example/alerts/7",
        "level": "II",
        "at": datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
        "data": {"alert": "7"},
    }
    return Message(**values | fields)


def check_channel(kind: str, other_side: OtherSide, member: Member) -> None:
    """1. It describes itself, and is reached through the registry.
    2. What it was given arrives, with its id and its Chinese words.
    3. It answers with words that can be kept as proof, and with no secret in them.
    4. A second try carries the same id.
    5. A refusal for good is a DeliveryError that says so, and shows no secret either.
    """
    channel, config = registry.channel(kind), dict(other_side.config())
    assert channel.kind == kind
    assert str(channel.label)
    assert str(channel.hint)
    address = channel.address_of(member, config)
    assert 0 < len(address) <= 254

    answer = channel.send(make_message(), address, config)
    assert isinstance(answer, Answer)
    assert answer.text
    assert other_side.ids() == ["tl_1"]
    assert "星河水壶漏电" in other_side.texts()[0]
    assert "评分 61" in other_side.texts()[0]

    channel.send(make_message(), address, config)
    assert set(other_side.ids()) == {"tl_1"}

    config = dict(other_side.refuse_for_good())
    bad = address if kind != "inapp" else "member:0"
    with pytest.raises(DeliveryError) as raised:
        channel.send(make_message("tl_2"), bad, config)
    assert raised.value.permanent
    assert str(raised.value)
    for name in channel.Form.secrets & config.keys():
        assert config[name] not in address + answer.text + str(raised.value)
