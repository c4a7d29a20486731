"""The pages of alerts: allowed, refused, absent; secrets that never come back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.make import make_brand, make_event, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.alerts import issue, notify
from tinglan.alerts.acknowledge import acknowledge
from tinglan.alerts.models import Acknowledgement, Alert, AlertRule, Channel, Delivery
from tinglan.alerts.tell import tell
from tinglan.alerts.tests.cast import Mailbox, mail_server, make_channel, make_line, raise_level
from tinglan.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def line(now: datetime) -> list[Member]:
    clock.set_to(now, rate=1)
    return make_line()


@pytest.fixture
def alert(now: datetime) -> Alert:
    event = make_event()
    issue.handle([raise_level(event, "II")], now=now)
    return event.alerts.get()


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def admin() -> Client:
    return client_of(make_member("管理员", Role.ADMINISTRATOR, language="en"))


PAGES = ["/alerts", "/alerts?state=all&level=II", "/alerts?state=acknowledged"]
SETTINGS = [
    "/settings/channels",
    "/settings/channels/new/email",
    "/settings/channels/new/webhook",
    "/settings/channels/rules/new",
]


@pytest.mark.parametrize("page", PAGES)
def test_who_sees_events_sees_alerts(page: str, line: list[Member], alert: Alert) -> None:
    assert client_of(line[0]).get(page).status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "/alerts/{}", *SETTINGS])
def test_an_outsider_sees_nothing(page: str, alert: Alert) -> None:
    chenxi = client_of(make_member("晨曦"))
    assert chenxi.get(page.format(alert.pk)).status_code == 403


@pytest.mark.parametrize("page", ["/alerts", *SETTINGS])
def test_a_stranger_is_sent_to_sign_in(page: str) -> None:
    assert Client().get(page)["Location"].startswith("/sign-in")


@pytest.mark.parametrize("page", SETTINGS)
def test_administrators_change_channels_and_rules_and_others_do_not(
    page: str, admin: Client, line: list[Member]
) -> None:
    assert admin.get(page).status_code == 200
    assert client_of(line[0]).get(page).status_code == 403


@pytest.mark.parametrize(
    "page",
    ["/alerts/0", "/settings/channels/0", "/settings/channels/new/x", "/settings/channels/rules/0"],
)
def test_what_is_not_there_is_not_found(page: str) -> None:
    both = make_member("两者", Role.ADMINISTRATOR, Role.DUTY_OFFICER)
    assert client_of(both).get(page).status_code == 404


def test_the_list_shows_who_is_called_next(line: list[Member], alert: Alert) -> None:
    page = client_of(line[0]).get("/alerts")
    assert alert.title in page.content.decode()
    assert "博文" in page.content.decode()


def test_one_click_takes_an_alert_on(line: list[Member], alert: Alert) -> None:
    answer = client_of(line[0]).post(f"/alerts/{alert.pk}/acknowledgement")
    assert answer["Location"] == f"/alerts/{alert.pk}"
    assert Acknowledgement.objects.get().by == line[0]
    again = client_of(line[1]).post(f"/alerts/{alert.pk}/acknowledgement")
    assert again.status_code == 302
    assert Acknowledgement.objects.get().by == line[0]


def test_from_a_list_one_stays_in_the_list(line: list[Member], alert: Alert) -> None:
    client = client_of(line[0])
    answer = client.post(f"/alerts/{alert.pk}/acknowledgement", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    part = client.get("/alerts", headers={"HX-Target": "alert-list"}).content.decode()
    assert part.lstrip().startswith("<section")


def test_who_may_not_acknowledge_cannot(alert: Alert) -> None:
    agent = client_of(make_member("客服", Role.AGENT))
    assert agent.post(f"/alerts/{alert.pk}/acknowledgement").status_code == 403
    assert not Acknowledgement.objects.exists()
    assert "acknowledgement" not in agent.get(f"/alerts/{alert.pk}").content.decode()


def test_a_note_is_kept_later(line: list[Member], alert: Alert, now: datetime) -> None:
    acknowledge(alert, by=line[0], now=now)
    client_of(line[0]).post(f"/alerts/{alert.pk}/acknowledgement/note", {"note": "已联系客服"})
    assert "已联系客服" in client_of(line[1]).get(f"/alerts/{alert.pk}").content.decode()


def test_the_page_of_an_alert_proves_every_attempt(
    line: list[Member], alert: Alert, now: datetime
) -> None:
    notify.work(now)
    page = client_of(line[0]).get(f"/alerts/{alert.pk}").content.decode()
    assert alert.deliveries.get().attempts.get().answer in page


def test_the_bell_counts_what_is_new(line: list[Member], now: datetime) -> None:
    tell(line[0], stable_id="a", title="请审批声明", url="/approvals", now=now)
    client = client_of(line[0])
    assert ">1<" in client.get("/notifications/bell").content.decode()
    assert "请审批声明" in client.get("/notifications").content.decode()
    client.post("/notifications/seen")
    assert ">1<" not in client.get("/notifications/bell").content.decode()
    assert "请审批声明" not in client_of(line[1]).get("/notifications").content.decode()


MAIL = {
    "channel-name": "公司邮箱",
    "channel-is_enabled": "on",
    "host": "127.0.0.1",
    "security": "tls",
    "sender": "tinglan@xinghe.example",
    "user": "tinglan",
    "password": "kettle-secret",
}


def test_a_secret_is_written_and_never_shown(admin: Client) -> None:
    admin.post("/settings/channels/new/email", MAIL)
    channel = Channel.objects.get(name="公司邮箱")
    assert channel.config["password"] == "kettle-secret"
    assert b"kettle-secret" not in bytes(channel.sealed or b"")
    page = f"/settings/channels/{channel.pk}"
    shown = admin.get(page).content.decode()
    assert "tinglan@xinghe.example" in shown
    assert "kettle-secret" not in shown
    admin.post(page, {**MAIL, "password": "", "host": "mail.xinghe.example"})
    channel.refresh_from_db()
    assert channel.config["password"] == "kettle-secret"
    assert channel.config["host"] == "mail.xinghe.example"


def test_a_password_does_not_travel_in_the_open(admin: Client) -> None:
    admin.post("/settings/channels/new/email", {**MAIL, "security": "none"})
    assert not Channel.objects.filter(name="公司邮箱").exists()


def test_a_webhook_gets_a_secret_that_is_shown_once(admin: Client) -> None:
    form = {"channel-name": "工单系统", "channel-is_enabled": "on", "url": "https://a.example/x"}
    first = admin.post("/settings/channels/new/webhook", form, follow=True).content.decode()
    channel = Channel.objects.get(name="工单系统")
    secret = channel.config["secret"]
    assert secret.startswith("whsec_")
    assert secret in first
    page = admin.get(f"/settings/channels/{channel.pk}").content.decode()
    assert secret not in page
    assert "https://a.example/x" not in page


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/hook", "https://[::ffff:10.0.0.1]/"])
def test_a_webhook_that_points_inside_is_refused_when_it_is_typed(admin: Client, url: str) -> None:
    response = admin.post("/settings/channels/new/webhook", {"channel-name": "内", "url": url})
    assert response.status_code == 200
    assert not Channel.objects.filter(name="内").exists()


def test_a_webhook_without_an_address_is_not_kept(admin: Client) -> None:
    admin.post("/settings/channels/new/webhook", {"channel-name": "空"})
    assert not Channel.objects.filter(name="空").exists()


def test_a_test_message_goes_out_and_its_result_shows(
    admin: Client, box: Mailbox, now: datetime
) -> None:
    channel = make_channel("email", config=box.config)
    admin.post(f"/settings/channels/{channel.pk}/test")
    notify.work(now)
    assert Delivery.objects.get().state == Delivery.State.SENT
    assert box.mails[0]["Subject"] == f"Test of the channel “{channel.name}”"
    assert "accepted" in admin.get(f"/settings/channels/{channel.pk}").content.decode()


def test_i19_every_field_of_a_rule_comes_back_as_it_was_entered(admin: Client) -> None:
    channel, member = make_channel("inapp"), make_member("法务", Role.LEGAL)
    entered = {
        "name": "法务也要知道",
        "brand": make_brand("星河").pk,
        "lowest_level": "I",
        "audience": "members",
        "role": "legal",
        "members": [member.pk],
        "channels": [channel.pk],
        "is_enabled": "",
    }
    admin.post("/settings/channels/rules/new", entered)
    rule = AlertRule.objects.get()
    form: Any = admin.get(f"/settings/channels/rules/{rule.pk}").context["form"]
    for name, value in entered.items():
        shown = form[name].value()
        if name in {"members", "channels"}:
            shown = [getattr(one, "pk", one) for one in shown]
        if name == "brand":
            shown = getattr(shown, "pk", shown)
        assert shown == (False if value == "" else value), name


def test_a_rule_says_what_is_missing(admin: Client) -> None:
    channel = make_channel("inapp")
    form = {"name": "x", "lowest_level": "I", "audience": "role", "channels": [channel.pk]}
    answer = admin.post("/settings/channels/rules/new", form)
    assert answer.status_code == 200
    assert not AlertRule.objects.exists()


def test_a_rule_is_deleted(admin: Client) -> None:
    rule = AlertRule.objects.create(name="old")
    admin.post(f"/settings/channels/rules/{rule.pk}/deletion")
    assert not AlertRule.objects.exists()
