"""Signing in and out, the demo's open door, invitations, languages."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.make import NOW, make_member
from tinglan.accounts.members import invite
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

PASSWORD = "starriver-2026"


@pytest.fixture
def anqi() -> Member:
    return make_member("安琪", Role.DUTY_OFFICER, email="anqi@xinghe.example", password=PASSWORD)


def test_the_right_password_enters_and_is_told_in_the_trail(client: Client, anqi: Member) -> None:
    response = client.post("/sign-in", {"email": anqi.email, "password": PASSWORD})
    assert response.headers["Location"] == "/"
    assert AuditEntry.objects.get().data == {"how": "password"}


@pytest.mark.parametrize("email", ["anqi@xinghe.example", "nobody@xinghe.example"])
def test_a_wrong_password_and_an_unknown_address_read_alike(
    client: Client, anqi: Member, email: str
) -> None:
    response = client.post("/sign-in", {"email": email, "password": "wrong-wrong"})
    assert len(response.context["form"].non_field_errors()) == 1
    assert client.get("/me").status_code == 302


def test_who_has_left_does_not_get_in(client: Client, anqi: Member) -> None:
    Member.objects.filter(pk=anqi.pk).update(is_active=False)
    client.post("/sign-in", {"email": anqi.email, "password": PASSWORD})
    assert client.get("/me").status_code == 302


def test_one_comes_back_to_the_page_one_wanted(client: Client, anqi: Member) -> None:
    assert client.get("/me").headers["Location"] == "/sign-in?next=/me"
    data = {"email": anqi.email, "password": PASSWORD, "next": "/me"}
    assert client.post("/sign-in", data).headers["Location"] == "/me"


def test_no_link_leads_out_of_the_site(client: Client, anqi: Member) -> None:
    data = {"email": anqi.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/sign-in", data).headers["Location"] == "/"


def test_signing_out_closes_the_pages(client: Client, anqi: Member) -> None:
    client.force_login(anqi)
    client.post("/sign-out")
    assert client.get("/me").status_code == 302


def test_a_demo_lets_anyone_in_as_anybody(client: Client, anqi: Member, settings: Settings) -> None:
    settings.DEMO = True
    assert "安琪" in client.get("/sign-in").content.decode()
    client.post("/sign-in/demo", {"member": anqi.pk})
    assert client.get("/me").status_code == 200


def test_without_a_demo_there_is_no_open_door(client: Client, anqi: Member) -> None:
    assert "安琪" not in client.get("/sign-in").content.decode()
    assert client.post("/sign-in/demo", {"member": anqi.pk}).status_code == 404
    assert client.get("/me").status_code == 302


def test_an_invited_member_sets_a_password_once(client: Client, anqi: Member) -> None:
    link = invite(anqi, by=None, now=NOW)
    form = {"password": "another-river-7", "again": "another-river-7"}
    assert client.get(link).status_code == 200
    assert client.post(link, form).headers["Location"] == "/"
    assert Member.objects.get().check_password("another-river-7")
    assert Client().get(link).status_code == 410


def test_who_was_welcomed_in_english_goes_on_in_english(client: Client, anqi: Member) -> None:
    link = invite(anqi, by=None, now=NOW)
    form = {"password": "another-river-7", "again": "another-river-7"}
    client.post(link, form, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert Member.objects.get().language == "en"


def test_a_language_is_remembered_with_the_member_and_the_browser(
    client: Client, anqi: Member
) -> None:
    client.force_login(anqi)
    client.post("/language", {"language": "en", "next": "/me"})
    assert Member.objects.get().language == "en"
    assert 'lang="en"' in client.get("/me").content.decode()
    client.post("/language", {"language": "zh-hans"})
    assert 'lang="zh-hans"' in client.get("/me").content.decode()


def test_an_unknown_language_changes_nothing(client: Client, anqi: Member) -> None:
    client.force_login(anqi)
    client.post("/language", {"language": "xx"})
    assert Member.objects.get().language == "zh-hans"
