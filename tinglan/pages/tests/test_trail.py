"""The audit trail: filtered, linked, and checked."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from tests.make import make_event, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.audit.models import AuditEntry
from tinglan.audit.record import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(client: Client) -> Member:
    member = make_member("安琪", Role.LEADER)
    client.force_login(member)
    return member


@pytest.fixture
def _entries(leader: Member, now: datetime) -> None:
    event = make_event("星河水壶漏电")
    with transaction.atomic():
        record("accounts.sign_in", leader, by=leader, now=now)
        record("events.grade", event, by=None, now=now + timedelta(days=1))


@pytest.mark.usefixtures("_entries")
@pytest.mark.parametrize(
    ("query", "verbs"),
    [
        ("", ["events.grade", "accounts.sign_in"]),
        ("verb=accounts.", ["accounts.sign_in"]),
        ("subject=events.event", ["events.grade"]),
        ("subject=events.Event/0", []),
        ("last=2026-11-23", ["accounts.sign_in"]),
        ("first=2026-11-24", ["events.grade"]),
        ("actor=999", ["events.grade", "accounts.sign_in"]),
    ],
)
def test_the_trail_is_filtered(client: Client, query: str, verbs: list[str]) -> None:
    rows = client.get(f"/audit?{query}").context["rows"]
    assert [entry.verb for entry, _subject in rows] == verbs


@pytest.mark.usefixtures("_entries")
def test_one_person_s_acts(client: Client, leader: Member) -> None:
    rows = client.get(f"/audit?actor={leader.pk}").context["rows"]
    assert [entry.verb for entry, _subject in rows] == ["accounts.sign_in"]


@pytest.mark.usefixtures("_entries")
def test_an_entry_leads_to_its_subject(client: Client) -> None:
    page = client.get("/audit?verb=events").content.decode()
    assert "星河水壶漏电" in page
    assert 'href="/events/' in page


@pytest.mark.usefixtures("_entries")
def test_a_chain_that_holds_is_said_to_hold(client: Client) -> None:
    page = client.post("/audit/verification", follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["success"]


@pytest.mark.usefixtures("_entries")
def test_a_changed_entry_is_found(client: Client) -> None:
    AuditEntry.objects.filter(verb="accounts.sign_in").update(verb="accounts.nothing")
    page = client.post("/audit/verification", follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_the_trail_is_not_open_to_everybody(client: Client) -> None:
    client.force_login(make_member("晨曦", Role.AGENT))
    assert client.get("/audit").status_code == 403
    assert client.post("/audit/verification").status_code == 403
