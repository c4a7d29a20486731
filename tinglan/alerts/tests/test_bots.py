"""The group bots, each against a server on loopback that speaks the protocol of its platform."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.make import make_member
from tinglan.alerts.channels import registry, web
from tinglan.alerts.channels.bot import cut
from tinglan.alerts.channels.contract import Mentioned
from tinglan.alerts.errors import DeliveryError
from tinglan.alerts.tests.cast import Hook, free_port, hook_server
from tinglan.alerts.tests.check_channel import check_channel, make_message
from tinglan.lib import clock

pytestmark = pytest.mark.django_db

BOTS = ("wecom", "dingtalk", "feishu")
CODE = {"wecom": "errcode", "dingtalk": "errcode", "feishu": "code"}
SIGNING = "SEC星河"
ANQI = Mentioned("安琪", "13800000001")


@pytest.fixture(autouse=True)
def _allow_loopback(settings: Any) -> None:
    settings.FETCH_ALLOW = ["127.0.0.1"]


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hook_server(200) as hook:
        yield hook


@dataclass
class BotSide:
    kind: str
    hook: Hook

    def answer(self, code: int, text: str = "ok") -> None:
        self.hook.body = json.dumps({CODE[self.kind]: code, "errmsg": text, "msg": text}).encode()

    def config(self) -> Mapping[str, Any]:
        self.answer(0)
        config = {"url": f"{self.hook.url}?key=k3y", "keyword": "", "all_at_red": True}
        return config if self.kind == "wecom" else config | {"secret": SIGNING}

    def words(self) -> list[str]:
        return [
            one["content"]["text"] if self.kind == "feishu" else one["text"]["content"]
            for one in self.hook.payloads()
        ]

    def ids(self) -> list[str]:
        return [text.rpartition("#")[2] for text in self.words()]

    def texts(self) -> list[str]:
        return self.words()

    def refuse_for_good(self) -> Mapping[str, Any]:
        config = self.config()
        self.answer(93000, "invalid webhook")
        return config


@pytest.fixture(params=BOTS)
def side(request: pytest.FixtureRequest, hook: Hook) -> BotSide:
    return BotSide(request.param, hook)


def send(side: BotSide, config: Mapping[str, Any] | None = None, **fields: Any) -> str:
    module = registry.channel(side.kind)
    values = config if config is not None else side.config()
    return module.send(make_message(**fields), "", values).text


def test_a_bot_keeps_the_contract(side: BotSide) -> None:
    check_channel(side.kind, side, make_member())


def test_a_no_inside_a_200_is_a_no(side: BotSide) -> None:
    config = side.config()
    side.answer(310000, "keywords not in content")
    with pytest.raises(DeliveryError, match="keywords not in content") as raised:
        send(side, config)
    assert raised.value.permanent


@pytest.mark.parametrize(
    ("kind", "code", "pause"),
    [
        ("wecom", 45009, timedelta(minutes=1)),
        ("wecom", -1, None),
        ("dingtalk", 130101, timedelta(minutes=10)),
        ("feishu", 11232, timedelta(minutes=1)),
    ],
)
def test_a_busy_bot_is_tried_again_after_its_pause(
    hook: Hook, kind: str, code: int, pause: timedelta | None
) -> None:
    side = BotSide(kind, hook)
    config = side.config()
    side.answer(code, "too fast")
    with pytest.raises(DeliveryError, match="too fast") as raised:
        send(side, config)
    assert not raised.value.permanent
    assert raised.value.retry_after == pause


@pytest.mark.parametrize(("status", "permanent"), [(429, False), (502, False), (404, True)])
def test_a_status_counts_before_the_body(side: BotSide, status: int, permanent: bool) -> None:
    side.hook.status, side.hook.headers = status, {"Retry-After": "30"}
    with pytest.raises(DeliveryError) as raised:
        send(side)
    assert raised.value.permanent is permanent


@pytest.mark.parametrize("body", [b"<html>please sign in</html>", b"", b"[0]", b'{"errcode":"0"}'])
def test_an_answer_that_is_no_bots_is_no_yes(side: BotSide, body: bytes) -> None:
    config = side.config()
    side.hook.body = body
    with pytest.raises(DeliveryError, match="not the answer of a bot") as raised:
        send(side, config)
    assert not raised.value.permanent


def test_a_bot_that_is_not_there_is_tried_again(side: BotSide) -> None:
    config = {**side.config(), "url": f"http://127.0.0.1:{free_port()}/send?key=k3y"}
    with pytest.raises(DeliveryError) as raised:
        send(side, config)
    assert not raised.value.permanent
    assert "k3y" not in str(raised.value)


def test_a_slow_bot_is_tried_again(side: BotSide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "TIMEOUT", 0.2)
    over = threading.Event()
    side.hook.on_post = lambda: over.wait(30)
    try:
        with pytest.raises(DeliveryError, match="in time") as raised:
            send(side)
    finally:
        over.set()
    assert not raised.value.permanent


def test_a_long_text_is_cut_between_characters_and_keeps_link_and_id(side: BotSide) -> None:
    send(side, title="星河水壶" * 300, text="漏电😀" * 20_000)
    (words,) = side.words()
    most = registry.channel(side.kind).MOST_BYTES  # type: ignore[attr-defined]
    assert most - 8 < len(words.encode()) <= most
    assert words.endswith("http://tinglan.xinghe.example/alerts/7\n#tl_1")
    assert "�" not in words
    assert side.kind != "wecom" or most == 2048
    assert len(side.hook.received[0][1]) <= 20_000


def test_what_json_doubles_stays_within_the_limit_of_the_body(hook: Hook) -> None:
    send(BotSide("feishu", hook), text='"\\' * 20_000)
    assert len(hook.received[0][1]) <= 20_000


@pytest.mark.parametrize("most_bytes", range(3, 20))
def test_no_cut_breaks_a_character(most_bytes: int) -> None:
    text = cut("水a😀壶b电c", most_bytes=most_bytes)
    assert len(text.encode()) <= most_bytes
    assert "�" not in text


def test_the_words_of_a_post_call_nobody(side: BotSide) -> None:
    config = {**side.config(), "all_at_red": False}
    send(side, config, title='<at user_id="all">所有人</at> <@all>', text='<at user_id="all"></at>')
    (words,) = side.words()
    assert side.kind != "feishu" or "<at" not in words
    assert side.kind != "wecom" or "<@" not in words
    payload = side.hook.payloads()[0]
    assert side.kind != "wecom" or payload["text"]["mentioned_list"] == []
    assert side.kind != "dingtalk" or payload["at"]["isAtAll"] is False


def test_whoever_is_called_is_mentioned_as_the_platform_wants_it(side: BotSide) -> None:
    send(side, mentioned=(ANQI, Mentioned("博文", "")))
    payload, (words,) = side.hook.payloads()[0], side.words()
    match side.kind:
        case "wecom":
            assert payload["text"]["mentioned_mobile_list"] == ["13800000001"]
        case "dingtalk":
            assert payload["at"]["atMobiles"] == ["13800000001"]
            assert "@13800000001" in words
        case "feishu":
            assert "@安琪 @博文" in words


def test_everyone_is_called_at_red_only_where_it_was_asked_for(side: BotSide) -> None:
    for level in ("II", "I"):
        send(side, level=level)
    send(side, {**side.config(), "all_at_red": False}, level="I")
    called = []
    for payload in side.hook.payloads():
        match side.kind:
            case "wecom":
                called.append(payload["text"]["mentioned_list"] == ["@all"])
            case "dingtalk":
                called.append(payload["at"]["isAtAll"])
            case "feishu":
                called.append(payload["content"]["text"].startswith('<at user_id="all">'))
    assert called == [False, True, False]


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_the_keyword_of_a_bot_is_put_in_where_it_is_missing(hook: Hook, kind: str) -> None:
    side = BotSide(kind, hook)
    send(side, {**side.config(), "keyword": "听澜提醒"})
    send(side, {**side.config(), "keyword": "水壶"})
    assert [
        words.count(word) for words, word in zip(side.words(), ["听澜提醒", "水壶"], strict=True)
    ] == [1, 1]


def test_dingtalk_is_signed_in_the_query_with_milliseconds(hook: Hook) -> None:
    send(BotSide("dingtalk", hook))
    query = parse_qs(urlsplit(hook.paths[0]).query)
    assert query["key"] == ["k3y"]
    (stamp,), (sign,) = query["timestamp"], query["sign"]
    assert abs(int(stamp) / 1000 - clock.wall().timestamp()) < 60
    wanted = hmac.digest(SIGNING.encode(), f"{stamp}\n{SIGNING}".encode(), "sha256")
    assert base64.b64decode(sign) == wanted


def test_feishu_is_signed_in_the_body_with_seconds(hook: Hook) -> None:
    send(BotSide("feishu", hook))
    payload = hook.payloads()[0]
    stamp = payload["timestamp"]
    assert abs(int(stamp) - clock.wall().timestamp()) < 60
    wanted = hmac.new(f"{stamp}\n{SIGNING}".encode(), b"", hashlib.sha256).digest()
    assert base64.b64decode(payload["sign"]) == wanted


def test_without_a_secret_nothing_is_signed(hook: Hook) -> None:
    for kind in ("dingtalk", "feishu"):
        side = BotSide(kind, hook)
        send(side, {**side.config(), "secret": ""})
    assert "sign" not in hook.paths[0]
    assert "sign" not in hook.payloads()[1]
