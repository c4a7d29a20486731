"""Alertmanager and the gateway for text messages, against servers on loopback."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.make import make_member
from tinglan.alerts.channels.alertmanager import channel as alertmanager
from tinglan.alerts.channels.sms import channel as sms
from tinglan.alerts.channels.sms.form import EXAMPLE, SmsForm
from tinglan.alerts.errors import DeliveryError
from tinglan.alerts.tests.cast import Hook, hook_server
from tinglan.alerts.tests.check_channel import check_channel, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _allow_loopback(settings: Any) -> None:
    settings.FETCH_ALLOW = ["127.0.0.1"]


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hook_server(200) as hook:
        yield hook


class AlertmanagerSide:
    def __init__(self, hook: Hook, speaks: str) -> None:
        self.hook, self.speaks = hook, speaks

    def config(self) -> Mapping[str, Any]:
        return {"url": self.hook.url, "speaks": self.speaks, "token": "t0ken"}

    def alerts(self) -> list[dict[str, Any]]:
        bodies: list[Any] = self.hook.payloads()
        return [body[0] if self.speaks == "api" else body["alerts"][0] for body in bodies]

    def ids(self) -> list[str]:
        return [one["annotations"]["id"] for one in self.alerts()]

    def texts(self) -> list[str]:
        told = [one["annotations"] for one in self.alerts()]
        return [f"{one['summary']}\n{one['description']}" for one in told]

    def refuse_for_good(self) -> Mapping[str, Any]:
        self.hook.status = 401
        return self.config()


@pytest.mark.parametrize("speaks", ["api", "webhook"])
def test_alertmanager_keeps_the_contract(hook: Hook, speaks: str) -> None:
    check_channel("alertmanager", AlertmanagerSide(hook, speaks), make_member())
    assert hook.received[0][0]["authorization"] == "Bearer t0ken"


def test_the_api_of_alertmanager_gets_one_alert_per_event_and_level(hook: Hook) -> None:
    for stable_id in ("tl_1", "tl_2"):
        config = {"url": f"{hook.url}/", "speaks": "api"}
        alertmanager.send(make_message(stable_id), "", config)
    assert hook.paths == ["/hook/s3cret/api/v2/alerts"] * 2
    (first,), (second,) = (json.loads(body) for _, body in hook.received)
    assert first["labels"] == second["labels"]
    assert first["labels"]["severity"] == "critical"
    assert first["endsAt"] > first["startsAt"]
    assert first["generatorURL"] == "http://tinglan.xinghe.example/alerts/7"


def test_a_receiver_gets_the_envelope_of_version_4(hook: Hook) -> None:
    alertmanager.send(make_message(), "", {"url": hook.url, "speaks": "webhook"})
    told = hook.payloads()[0]
    assert (told["version"], told["status"], told["alerts"][0]["status"]) == (
        "4",
        "firing",
        "firing",
    )
    assert told["groupKey"] == "tl_event"
    assert {"receiver", "groupLabels", "commonLabels", "commonAnnotations", "externalURL"} <= set(
        told
    )


class GatewaySide:
    def __init__(self, hook: Hook) -> None:
        self.hook = hook

    def config(self) -> Mapping[str, Any]:
        self.hook.body = b'{"code": 0}'
        return {"url": self.hook.url, "body": EXAMPLE, "success": "code=0", "secret": "k3y"}

    def ids(self) -> list[str]:
        return [one["id"] for one in self.hook.payloads()]

    def texts(self) -> list[str]:
        return [one["content"] for one in self.hook.payloads()]

    def refuse_for_good(self) -> Mapping[str, Any]:
        config = self.config()
        self.hook.body = b'{"code": 13, "msg": "signature not approved"}'
        return config


PHONE = "138 0000-0001"


def test_a_gateway_keeps_the_contract(hook: Hook) -> None:
    check_channel("sms", GatewaySide(hook), make_member(phone=PHONE))
    assert hook.payloads()[0]["phone"] == "13800000001"


@pytest.mark.parametrize("phone", ["", "ask me", "123"])
def test_who_has_no_number_is_not_reached_so(phone: str) -> None:
    assert sms.address_of(make_member(phone=phone), {}) == ""


def test_a_form_is_sent_as_a_form_with_headers_and_a_signature(hook: Hook) -> None:
    config = {
        "url": hook.url,
        "shape": "form",
        "body": "mobile={phone}\ncontent={title}\nts={timestamp}\nsig={signature}",
        "headers": "X-Key: {secret}\nX-Fixed: a: b",
        "secret": "k3y",
    }
    sms.send(make_message(title="漏电&mobile=13900000002"), "13800000001", config)
    headers, body = hook.received[0]
    sent = parse_qs(body.decode())
    assert sent["mobile"] == ["13800000001"]
    assert sent["content"] == ["漏电&mobile=13900000002"]
    assert len(sent["sig"][0]) == 64
    assert (headers["x-key"], headers["x-fixed"]) == ("k3y", "a: b")


def test_no_post_can_add_a_field_or_a_placeholder(hook: Hook) -> None:
    config = {"url": hook.url, "body": EXAMPLE, "secret": "k3y"}
    sms.send(make_message(title='","admin":"1', text="{secret} {phone}"), "13800000001", config)
    told = hook.payloads()[0]
    assert set(told) == {"phone", "content", "id"}
    assert "k3y" not in told["content"]


def test_a_text_has_no_line_breaks_and_at_most_so_many_characters(hook: Hook) -> None:
    config = {"url": hook.url, "body": '{"to": "{phone}", "t": "{text}"}', "longest": 70}
    sms.send(make_message(text="水壶\n" * 200), "13800000001", config)
    text = hook.payloads()[0]["t"]
    assert len(text) == 70
    assert "\n" not in text


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [(b'{"code": 9}', True), (b'{"code": 5}', False), (b"<html>maintenance", False), (b"{}", True)],
)
def test_the_condition_decides_and_not_the_200(hook: Hook, answer: bytes, permanent: bool) -> None:
    hook.body = answer
    config = {"url": hook.url, "body": EXAMPLE, "success": "code=0", "busy": "code=4,5"}
    with pytest.raises(DeliveryError) as raised:
        sms.send(make_message(), "13800000001", config)
    assert raised.value.permanent is permanent


FORM = {
    "url": "http://127.0.0.1:8080/send",
    "shape": "json",
    "body": EXAMPLE,
    "success": "code=0",
    "longest": "200",
}


@pytest.mark.parametrize(
    ("field", "value"),
    [("body", "{not json {phone}"), ("body", '{"to": "1"}'), ("success", "OK"), ("longest", "5")],
)
def test_a_spoilt_template_is_refused_when_it_is_typed(field: str, value: str) -> None:
    assert SmsForm(FORM).is_valid()
    form = SmsForm({**FORM, field: value})
    assert not form.is_valid()
    assert set(form.errors) == {field}
