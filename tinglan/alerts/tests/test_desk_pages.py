"""The pages of silences, quiet hours and rotations; an alert handed back; settings come back."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.make import make_brand, make_event, make_member
from tinglan.accounts.models import Duty, Member
from tinglan.accounts.rights import Role
from tinglan.alerts import issue, notify
from tinglan.alerts.acknowledge import acknowledge
from tinglan.alerts.channels import registry
from tinglan.alerts.models import Alert, Channel, Days, QuietHours, Rotation, Silence
from tinglan.alerts.tests.cast import make_channel, make_line, make_rule, raise_level
from tinglan.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def line(now: datetime, settings: Any) -> list[Member]:
    settings.FETCH_ALLOW = ["127.0.0.1"]
    clock.set_to(now, rate=1)
    return make_line()


@pytest.fixture
def admin() -> Client:
    member = make_member("管理员", Role.ADMINISTRATOR, Role.DUTY_OFFICER, language="en")
    return client_of(member)


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def issue_alert(level: str, now: datetime) -> Alert:
    event = make_event()
    issue.handle([raise_level(event, level)], now=now)
    return event.alerts.get()


def test_what_one_hands_back_waits_for_others_and_its_page_says_so(
    line: list[Member], now: datetime
) -> None:
    alert = issue_alert("II", now)
    acknowledge(alert, by=line[0], now=now)
    client = client_of(line[0])
    assert f"/alerts/{alert.pk}/hand-back" in client.get(f"/alerts/{alert.pk}").content.decode()
    client.post(f"/alerts/{alert.pk}/hand-back", {"reason": "要上飞机了"})
    page = client.get(f"/alerts/{alert.pk}").content.decode()
    assert "要上飞机了" in page
    assert Alert.objects.waiting().get() == alert
    assert f"/alerts/{alert.pk}/hand-back" not in page


def test_without_a_reason_nothing_is_handed_back(line: list[Member], now: datetime) -> None:
    alert = issue_alert("II", now)
    acknowledge(alert, by=line[0], now=now)
    client_of(line[0]).post(f"/alerts/{alert.pk}/hand-back", {"reason": " "})
    assert not Alert.objects.waiting().exists()


def test_a_held_message_says_until_when_and_why(line: list[Member], now: datetime) -> None:
    make_rule(make_channel("email", config={"host": "127.0.0.1", "sender": "t@xinghe.example"}))
    alert = issue_alert("III", now)
    notify.work(now)
    page = client_of(line[0]).get(f"/alerts/{alert.pk}").content.decode()
    assert alert.deliveries.get().get_held_why_display() in page
    assert "09:01" in page


SILENCE = {"gravest": "III", "ends_at": "2026-11-23T12:00", "reason": "新品发布会"}


def test_who_grades_silences_and_ends_it(line: list[Member], now: datetime) -> None:
    client = client_of(line[1])
    client.post("/alerts/silences", SILENCE)
    made = Silence.objects.get()
    assert (made.by, made.reason, made.ends_at) == (line[1], "新品发布会", now + timedelta(hours=3))
    assert "新品发布会" in client.get("/alerts/silences").content.decode()
    client.post(f"/alerts/silences/{made.pk}/end")
    made.refresh_from_db()
    assert not made.is_running(now)


def test_the_list_shows_what_a_silence_kept(line: list[Member], now: datetime) -> None:
    client = client_of(line[1])
    client.post("/alerts/silences", SILENCE)
    alert = issue_alert("III", now + timedelta(minutes=1))
    for address in ("/alerts?state=silenced", f"/alerts/{alert.pk}"):
        assert "新品发布会" in client.get(address).content.decode()
    assert alert.title not in client.get("/alerts").content.decode()


def test_level_one_cannot_even_be_chosen(line: list[Member]) -> None:
    client_of(line[1]).post("/alerts/silences", {**SILENCE, "gravest": "I"})
    assert not Silence.objects.exists()


def test_a_silence_of_an_event_is_offered_from_its_alert(line: list[Member], now: datetime) -> None:
    alert = issue_alert("II", now)
    client = client_of(line[1])
    assert (
        f"/alerts/silences?event={alert.event_id}"
        in client.get(f"/alerts/{alert.pk}").content.decode()
    )
    form = client.get(f"/alerts/silences?event={alert.event_id}").context["form"]
    assert form["event"].value() == alert.event_id


def test_everybody_sets_their_own_quiet_hours(line: list[Member], admin: Client) -> None:
    hours = {"starts": "22:00", "ends": "08:00", "days": Days.WORKING}
    client = client_of(line[0])
    client.post("/settings/duty/quiet-hours", hours)
    kept = QuietHours.objects.get()
    assert (kept.member, kept.starts, kept.ends, kept.days) == (
        line[0],
        time(22),
        time(8),
        Days.WORKING,
    )
    assert client.post("/settings/duty/quiet-hours/all", hours).status_code == 403
    assert admin.post("/settings/duty/quiet-hours/all", hours).status_code == 302
    assert QuietHours.objects.filter(member=None).exists()
    client.post(f"/settings/duty/quiet-hours/{kept.pk}/deletion")
    assert not QuietHours.objects.filter(pk=kept.pk).exists()


def test_i19_every_field_of_a_rotation_comes_back_as_it_was_entered(
    line: list[Member], admin: Client
) -> None:
    entered = {
        "name": "备班",
        "shift": "night",
        "order": "2",
        "days": Days.OFF,
        "handover": "daily",
        "starts_on": "2026-11-24",
        "is_enabled": "on",
        "member_1": line[1].pk,
        "member_2": line[0].pk,
    }
    admin.post("/settings/duty/rotations/new", entered)
    rotation = Rotation.objects.get()
    assert rotation.members == [line[1], line[0]]
    form: Any = admin.get(f"/settings/duty/rotations/{rotation.pk}").context["form"]
    for name, value in entered.items():
        shown = form[name].value()
        shown = getattr(shown, "pk", shown)
        expected = {"on": True}.get(str(value), value)
        assert str(shown) == str(expected), name
    assert Duty.objects.filter(order=2, turn__rotation=rotation).exists()
    admin.post(f"/settings/duty/rotations/{rotation.pk}/deletion")
    assert not Rotation.objects.exists()


def test_a_rotation_says_what_is_wrong(line: list[Member], admin: Client) -> None:
    form = {"name": "x", "shift": "day", "order": "1", "days": "every", "handover": "daily"}
    twice = {**form, "starts_on": "2026-11-24", "member_1": line[0].pk, "member_2": line[0].pk}
    for wrong in ({**form, "starts_on": "2026-11-24"}, {**form, "starts_on": "?"}, twice):
        assert admin.post("/settings/duty/rotations/new", wrong).context["form"].errors
    assert not Rotation.objects.exists()


CONFIGS: dict[str, dict[str, str]] = {
    "email": {
        "host": "mail.xinghe.example",
        "security": "starttls",
        "port": "2525",
        "sender": "t@xinghe.example",
        "user": "t",
        "password": "geheim-1",
    },
    "webhook": {"url": "http://127.0.0.1/hook-1", "secret": ""},
    "wecom": {"url": "http://127.0.0.1/key-1", "all_at_red": "on"},
    "dingtalk": {"url": "http://127.0.0.1/key-1", "secret": "SEC-1", "keyword": "听澜"},
    "feishu": {"url": "http://127.0.0.1/key-1", "secret": "sec-1", "keyword": "听澜"},
    "alertmanager": {"url": "http://127.0.0.1/root-1", "speaks": "webhook", "token": "tok-1"},
    "sms": {
        "url": "http://127.0.0.1/sms-1",
        "shape": "form",
        "body": "to={phone}",
        "headers": "X-Key: key-1",
        "secret": "sec-1",
        "success": "a.b=OK",
        "busy": "a.b=LATER",
        "longest": "70",
    },
}


@pytest.mark.parametrize("kind", CONFIGS)
def test_i19_every_setting_of_a_channel_comes_back_and_no_secret_does(
    admin: Client, kind: str
) -> None:
    entered = CONFIGS[kind]
    outer = {"channel-name": kind, "channel-is_enabled": "on"}
    admin.post(f"/settings/channels/new/{kind}", {**outer, **entered})
    channel = Channel.objects.get(name=kind)
    response = admin.get(f"/settings/channels/{channel.pk}")
    form, secrets = response.context["config"], registry.channel(kind).Form.secrets
    assert set(entered) <= set(form.fields)
    for name, value in entered.items():
        if name not in secrets:
            expected = True if value == "on" else value
            assert str(form[name].value()) == str(expected), name
        elif value:
            assert channel.config[name] == value
            assert value not in response.content.decode()


def test_i19_a_silence_keeps_every_field(line: list[Member], now: datetime) -> None:
    brand, event = make_brand("星河"), make_event(level="II")
    entered = {**SILENCE, "gravest": "II", "brand": brand.pk, "event": event.pk}
    client_of(line[1]).post("/alerts/silences", entered)
    made = Silence.objects.get()
    assert (made.gravest, made.brand, made.event) == ("II", brand, event)
