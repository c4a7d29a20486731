"""The first run makes one administrator, once."""

from datetime import datetime

import pytest
from django.test import Client

from tests.make import make_member
from tinglan.accounts.errors import AlreadySetUpError
from tinglan.accounts.first_run import Founder, set_up
from tinglan.accounts.models import Company, Member
from tinglan.accounts.rights import Role
from tinglan.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

FOUNDER = Founder(
    company="星河电器", name="安琪", email="anqi@xinghe.example", password="starriver-2026"
)
FORM = {
    "company": "星河电器",
    "name": "安琪",
    "email": "anqi@xinghe.example",
    "password": "starriver-2026",
    "again": "starriver-2026",
}


def test_the_first_member_is_the_administrator_of_the_named_company(now: datetime) -> None:
    member = set_up(FOUNDER, now=now)
    assert member.roles == [Role.ADMINISTRATOR]
    assert Company.objects.get().name == "星河电器"
    assert AuditEntry.objects.get().verb == "accounts.first_run"


def test_a_second_founder_is_refused_and_leaves_nothing(now: datetime) -> None:
    set_up(FOUNDER, now=now)
    with pytest.raises(AlreadySetUpError):
        set_up(FOUNDER, now=now)
    assert Member.objects.count() == Company.objects.count() == 1


def test_a_founder_who_comes_while_the_company_is_being_made_loses_by_its_key(
    now: datetime,
) -> None:
    """Two at once both see no member; the company row has one key, so one of them fails."""
    Company.objects.create(id=1, name="云朵", set_up_at=now)
    with pytest.raises(AlreadySetUpError):
        set_up(FOUNDER, now=now)
    assert not Member.objects.exists()


def test_members_of_a_demo_close_the_first_run(now: datetime) -> None:
    make_member()
    with pytest.raises(AlreadySetUpError):
        set_up(FOUNDER, now=now)
    assert not Company.objects.exists()


def test_everything_leads_to_the_first_run_while_nobody_is_here(client: Client) -> None:
    assert client.get("/events").headers["Location"] == "/first-run"
    assert client.get("/sign-in").headers["Location"] == "/first-run"


def test_the_founder_enters_at_once(client: Client) -> None:
    assert client.post("/first-run", FORM).headers["Location"] == "/"
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("password", "short", "password"),
        ("password", "password123", "password"),
        ("again", "another-one-2026", "again"),
        ("email", "not an address", "email"),
    ],
)
def test_a_weak_or_mistyped_form_says_so_and_creates_nobody(
    client: Client, field: str, value: str, error: str
) -> None:
    again = {"again": value} if field == "password" else {}
    response = client.post("/first-run", {**FORM, field: value, **again})
    assert error in response.context["form"].errors
    assert not Member.objects.exists()


def test_the_page_is_closed_afterwards(client: Client) -> None:
    make_member()
    assert client.get("/first-run").headers["Location"] == "/sign-in"
    assert client.post("/first-run", FORM).headers["Location"] == "/sign-in"
    assert Member.objects.count() == 1
