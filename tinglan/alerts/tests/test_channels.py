"""Each channel against a real other side on loopback."""

import re
import smtplib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.make import make_member
from tinglan import alerts
from tinglan.accounts.models import Member
from tinglan.alerts.channels import registry
from tinglan.alerts.channels.email import channel as email
from tinglan.alerts.channels.webhook import channel as webhook
from tinglan.alerts.errors import DeliveryError
from tinglan.alerts.models import Notification
from tinglan.alerts.tests.cast import SECRET, Hook, Mailbox, free_port, hook_server, mail_server
from tinglan.alerts.tests.check_channel import check_channel, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _allow_loopback(settings: Any) -> None:
    settings.FETCH_ALLOW = ["127.0.0.1"]


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hook_server() as hook:
        yield hook


class Product:
    def config(self) -> Mapping[str, Any]:
        return {}

    def ids(self) -> list[str]:
        return list(Notification.objects.values_list("stable_id", flat=True))

    def texts(self) -> list[str]:
        return [f"{one.title}\n{one.text}" for one in Notification.objects.all()]

    def refuse_for_good(self) -> Mapping[str, Any]:
        return {}


class MailSide:
    def __init__(self, box: Mailbox) -> None:
        self.box = box

    def config(self) -> Mapping[str, Any]:
        return {**self.box.config, "password": ""}

    def ids(self) -> list[str]:
        return [mail["X-Tinglan-Id"] for mail in self.box.mails]

    def texts(self) -> list[str]:
        return [f"{mail['Subject']}\n{plain(mail)}" for mail in self.box.mails]

    def refuse_for_good(self) -> Mapping[str, Any]:
        self.box.answers["DATA"] = "554 no thanks"
        return {key: value for key, value in self.config().items() if key != "password"}


class HookSide:
    def __init__(self, hook: Hook) -> None:
        self.hook = hook

    def config(self) -> Mapping[str, Any]:
        return self.hook.config

    def ids(self) -> list[str]:
        return self.hook.ids()

    def texts(self) -> list[str]:
        return [f"{one['data']['title']}\n{one['data']['text']}" for one in self.hook.payloads()]

    def refuse_for_good(self) -> Mapping[str, Any]:
        self.hook.status = 403
        return self.config()


def plain(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


def test_the_product_keeps_the_contract() -> None:
    check_channel("inapp", Product(), make_member())


def test_email_keeps_the_contract(box: Mailbox) -> None:
    check_channel("email", MailSide(box), make_member())


def test_webhook_keeps_the_contract(hook: Hook) -> None:
    check_channel("webhook", HookSide(hook), make_member())


def test_a_channel_is_one_folder_and_one_line_in_the_registry() -> None:
    """Its folder is complete, the registry names it, and no other program file does."""
    folder = Path(alerts.__file__).parent / "channels"
    kinds = {path.parent.name for path in folder.glob("*/channel.py")}
    assert kinds == set(registry.KINDS)
    registered = (folder / "registry.py").read_text()
    for kind in kinds:
        assert registered.count(f'"{kind}"') == 1
    named = re.compile("|".join(f'"{kind}"|channels.{kind}' for kind in sorted(kinds)))
    allowed = {folder / "registry.py", folder.parent / "defaults.py"}  # what is there on day one
    for path in folder.parent.rglob("*.py"):
        inside = folder in path.parents and path.parent != folder
        if not inside and path not in allowed and "tests" not in path.parts:
            assert not named.search(path.read_text()), path


def test_a_mail_has_both_forms_one_thread_and_an_id_that_does_not_change(box: Mailbox) -> None:
    for _ in range(2):
        email.send(make_message(), "anqi@xinghe.example", box.config)
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"] == "<tl_1@xinghe.example>"
    assert first["In-Reply-To"] == "<tl_event@xinghe.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["To"] == "anqi@xinghe.example"
    html = first.get_body(("html",))
    assert html is not None
    assert "&lt;script&gt;" in html.get_content()
    assert "http://tinglan.xinghe.example/alerts/7" in plain(first)


def test_a_title_with_line_breaks_cannot_add_a_header(box: Mailbox) -> None:
    message = make_message(title="星河\r\nBcc: all@xinghe.example\r\n")
    email.send(message, "anqi@xinghe.example", box.config)
    assert box.mails[0]["Bcc"] is None
    assert box.mails[0]["Subject"] == "星河 Bcc: all@xinghe.example"


def test_an_unknown_recipient_is_the_recipients_fault(box: Mailbox) -> None:
    box.answers["RCPT"] = "550 no such user"
    with pytest.raises(DeliveryError, match="550 no such user") as raised:
        email.send(make_message(), "nobody@xinghe.example", box.config)
    assert raised.value.permanent
    assert raised.value.is_about_address


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_busy_mail_server_is_tried_again(box: Mailbox, command: str) -> None:
    box.answers[command] = "451 greylisted"
    with pytest.raises(DeliveryError, match="greylisted") as raised:
        email.send(make_message(), "anqi@xinghe.example", box.config)
    assert not raised.value.permanent


def test_a_mail_server_that_is_not_there_is_tried_again() -> None:
    config = {**Mailbox(port=free_port()).config}
    with pytest.raises(DeliveryError, match="could not be reached") as raised:
        email.send(make_message(), "anqi@xinghe.example", config)
    assert not raised.value.permanent


def test_without_a_mail_server_it_fails_for_good() -> None:
    with pytest.raises(DeliveryError, match="No mail server") as raised:
        email.send(make_message(), "anqi@xinghe.example", {})
    assert raised.value.permanent


def test_starttls_is_not_skipped_where_the_server_has_none(box: Mailbox) -> None:
    config = {**box.config, "security": "starttls"}
    with pytest.raises(DeliveryError) as raised:
        email.send(make_message(), "anqi@xinghe.example", config)
    assert raised.value.permanent
    assert isinstance(raised.value.__cause__, smtplib.SMTPNotSupportedError)
    assert not box.mails


def test_a_webhook_is_signed_so_that_the_standard_library_of_it_agrees(hook: Hook) -> None:
    webhook.send(make_message(), "", hook.config)
    headers, body = hook.received[0]
    told = Webhook(SECRET).verify(body, dict(headers))
    assert told["type"] == "alert.issued"
    assert told["data"]["alert"] == "7"
    assert told["timestamp"] == "2026-11-23T01:00:00+00:00"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"II", b"IV"), dict(headers))


def test_a_webhook_body_stays_under_20_kb(hook: Hook) -> None:
    webhook.send(make_message(text="星河水壶" * 50_000), "", hook.config)
    assert len(hook.received[0][1]) < 20_000


def test_gone_means_never_again(hook: Hook) -> None:
    hook.status = 410
    with pytest.raises(DeliveryError) as raised:
        webhook.send(make_message(), "", hook.config)
    assert raised.value.is_gone
    assert raised.value.permanent


@pytest.mark.parametrize("status", [429, 503])
def test_a_webhook_that_asks_for_a_pause_gets_it(hook: Hook, status: int) -> None:
    hook.status, hook.headers = status, {"Retry-After": "120"}
    with pytest.raises(DeliveryError) as raised:
        webhook.send(make_message(), "", hook.config)
    assert not raised.value.permanent
    assert raised.value.retry_after == timedelta(seconds=120)


@pytest.mark.parametrize(
    ("status", "permanent"), [(400, True), (404, True), (302, True), (408, False), (500, False)]
)
def test_which_answers_are_worth_another_try(hook: Hook, status: int, permanent: bool) -> None:
    hook.status, hook.headers = status, {"Location": "http://127.0.0.1:1/elsewhere"}
    with pytest.raises(DeliveryError) as raised:
        webhook.send(make_message(), "", hook.config)
    assert raised.value.permanent is permanent
    assert len(hook.received) == 1


def test_a_webhook_does_not_reach_inside(hook: Hook, settings: Any) -> None:
    settings.FETCH_ALLOW = []
    with pytest.raises(DeliveryError, match=r"allow") as raised:
        webhook.send(make_message(), "", hook.config)
    assert raised.value.permanent
    assert "s3cret" not in str(raised.value)
    assert not hook.received


def test_the_page_shows_only_the_host_of_a_webhook(hook: Hook) -> None:
    assert webhook.address_of(None, hook.config) == "http://127.0.0.1"


def test_a_notification_sent_twice_is_there_once() -> None:
    member: Member = make_member()
    send = registry.channel("inapp").send
    send(make_message(), f"member:{member.pk}", {})
    assert "already" in send(make_message(), f"member:{member.pk}", {}).text
    assert member.notifications.count() == 1
