"""The frame of every page: what has stopped, what reached nobody, what waits for the reader."""

import gzip
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.templatetags.static import static
from django.test import Client

from tests.make import make_event, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.alerts.models import Alert, Channel, Delivery
from tinglan.alerts.tell import tell
from tinglan.approvals.models import Request
from tinglan.lib import clock
from tinglan.lib.models import Heartbeat
from tinglan.pages import assets

pytestmark = pytest.mark.django_db


@pytest.fixture
def bowen(client: Client) -> Member:
    """博文 approves facts, and reads English."""
    member = make_member("博文", Role.PR_LEAD, language="en")
    client.force_login(member)
    client.cookies["tinglan_language"] = "en"
    return member


def page(client: Client, address: str = "/me") -> str:
    return client.get(address).content.decode()


def beat(name: str, ago: timedelta) -> None:
    Heartbeat.objects.create(name=name, at=clock.wall() - ago)


def make_alert(state: str) -> Alert:
    alert = Alert.objects.create(
        event=make_event(level="I"),
        key="grave",
        level="I",
        reason=Alert.Reason.FIRST,
        title="星河水壶漏电",
        issued_at=clock.now(),
    )
    Delivery.objects.create(
        alert=alert,
        channel=Channel.objects.create(kind="email", name="E-mail", created_at=clock.now()),
        channel_kind="email",
        reason=Delivery.Reason.FIRST,
        stable_id="grave-1",
        state=state,
        created_at=clock.now(),
        sent_at=clock.now() if state == Delivery.State.SENT else None,
    )
    return alert


@pytest.mark.parametrize(
    ("process", "silent", "said"),
    [
        ("worker.delivery", timedelta(minutes=2), "no alert leaves this system"),
        ("worker.ingest", timedelta(minutes=2), "new posts are not fetched"),
        ("worker.slow", timedelta(minutes=2), "new posts are not fetched"),
        ("auditor", timedelta(minutes=20), "nobody checks whether alerts arrive"),
    ],
)
@pytest.mark.usefixtures("bowen")
def test_what_has_stopped_is_told_on_every_page(
    client: Client, process: str, silent: timedelta, said: str
) -> None:
    beat(process, silent)
    assert said in page(client)


@pytest.mark.usefixtures("bowen")
def test_processes_that_beat_are_not_worth_a_word(client: Client) -> None:
    beat("worker.delivery", timedelta(seconds=5))
    beat("auditor", timedelta(minutes=5))
    assert "has stopped" not in page(client)


@pytest.mark.usefixtures("bowen")
def test_an_alert_that_reached_nobody_is_told_on_every_page(client: Client) -> None:
    alert = make_alert(Delivery.State.FAILED)
    told = page(client, "/banners")
    assert "One alert reached nobody" in told
    assert f"/alerts/{alert.pk}" in told


@pytest.mark.parametrize("state", [Delivery.State.PENDING, Delivery.State.SENT])
@pytest.mark.usefixtures("bowen")
def test_an_alert_that_arrived_or_is_on_its_way_is_not(client: Client, state: str) -> None:
    make_alert(state)
    assert "reached nobody" not in page(client, "/banners")


def test_the_navigation_counts_what_waits_for_the_reader_and_nobody_else(
    client: Client, bowen: Member
) -> None:
    author, step = make_member("以宁", Role.LEGAL), "approve_facts"
    for asker in (author, bowen):  # nobody approves their own
        Request.objects.create(
            subject_kind="cases.Statement",
            subject_id=1,
            title="声明",
            steps=[step],
            n_steps=1,
            content_hash="-",
            requested_by=asker,
            requested_at=clock.now(),
        )
    assert client.get("/counts/approvals").content.decode().strip() == "1"
    client.force_login(author)
    assert client.get("/counts/approvals").content.decode().strip() == ""


@pytest.mark.usefixtures("bowen")
def test_the_navigation_counts_alerts_that_wait(client: Client) -> None:
    make_alert(Delivery.State.SENT)
    assert client.get("/counts/alerts").content.decode().strip() == "1"
    assert client.get("/counts/weather").status_code == 404


def test_the_bell_counts_what_is_new(client: Client, bowen: Member) -> None:
    tell(bowen, stable_id="a", title="Read this", now=clock.now())
    assert f"sse:member:{bowen.pk}" in page(client)
    assert 'side-count">1<' in page(client, "/notifications/bell")


@pytest.mark.usefixtures("bowen")
def test_a_page_leaves_compressed_for_who_can_read_it(client: Client) -> None:
    response = client.get("/me", headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(response.content)


def test_a_static_file_that_changed_has_another_address(monkeypatch: pytest.MonkeyPatch) -> None:
    before = static("pages/tinglan.css")
    assert before.startswith("/static/pages/tinglan.css?v=")
    monkeypatch.setattr(assets, "_digest", lambda name: ContentFile(name.encode()).name or "new")
    assert static("pages/tinglan.css") == "/static/pages/tinglan.css?v=new"
