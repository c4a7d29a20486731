"""The people pages: allowed, refused, absent."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.make import make_duty, make_member
from tinglan.accounts.guess import MOST_TRIES
from tinglan.accounts.models import Company, Duty, Member, Team
from tinglan.accounts.rights import Right, Role
from tinglan.lib import clock

pytestmark = pytest.mark.django_db

PASSWORD = "starriver-2026"
READABLE = ("/settings/members", "/settings/teams", "/settings/duty", "/settings/company")
ADMINISTERED = ("/settings/members/new", "/settings/teams/new")


@pytest.fixture
def administrator(client: Client) -> Member:
    member = make_member("安琪", Role.ADMINISTRATOR, Role.DUTY_OFFICER, password=PASSWORD)
    client.force_login(member)
    return member


@pytest.fixture
def agent() -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(make_member("晨曦", Role.AGENT))
    return browser


@pytest.mark.parametrize("page", [*READABLE, *ADMINISTERED])
def test_an_administrator_opens_every_page(
    client: Client, administrator: Member, page: str
) -> None:
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", READABLE)
def test_every_role_reads_who_is_who(agent: Client, page: str) -> None:
    assert agent.get(page).status_code == 200


@pytest.mark.parametrize("page", ADMINISTERED)
def test_forms_are_for_administrators(agent: Client, page: str) -> None:
    response = agent.get(page)
    assert response.status_code == 403
    assert "Administrator" in response.content.decode()


@pytest.mark.parametrize("page", READABLE)
def test_a_member_without_a_role_sees_nothing(client: Client, page: str) -> None:
    client.force_login(make_member("晨曦"))
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", ["/settings/members/99", "/settings/teams/99"])
def test_who_is_not_there_is_not_found(client: Client, administrator: Member, page: str) -> None:
    assert client.get(page).status_code == 404


def test_a_new_member_gets_a_link_that_is_shown_once(client: Client, administrator: Member) -> None:
    form = {"name": "博文", "email": "bowen@xinghe.example", "roles": ["pr_lead"]}
    page = client.post("/settings/members/new", form).headers["Location"]
    assert "/sign-in/password/" in client.get(page).content.decode()
    assert "/sign-in/password/" not in client.get(page).content.decode()
    assert Member.objects.get(name="博文").can(Right.PUBLISH)


def test_an_address_in_use_is_told_on_its_field(client: Client, administrator: Member) -> None:
    form = {"name": "博文", "email": administrator.email}
    response = client.post("/settings/members/new", form)
    assert "email" in response.context["form"].errors


def test_roles_are_given_on_the_page_of_a_member(client: Client, administrator: Member) -> None:
    bowen = make_member("博文")
    client.post(f"/settings/members/{bowen.pk}/roles", {"roles": ["legal", "leader"]})
    assert Member.objects.get(pk=bowen.pk).roles == [Role.LEGAL, Role.LEADER]


def test_the_last_administrator_is_told_why_they_cannot_leave(
    client: Client, administrator: Member
) -> None:
    page = f"/settings/members/{administrator.pk}"
    response = client.post(
        f"{page}/activity", {"active": "0"}, headers={"referer": f"http://testserver{page}"}
    )
    assert response.headers["Location"].endswith(page)
    assert "安琪" in client.get(page).content.decode()
    assert Member.objects.get(pk=administrator.pk).is_active


def test_an_agent_changes_nobody(agent: Client) -> None:
    bowen = make_member("博文", Role.LEGAL)
    assert agent.post(f"/settings/members/{bowen.pk}/roles", {}).status_code == 403
    assert agent.post(f"/settings/members/{bowen.pk}/activity", {}).status_code == 403
    assert agent.post(f"/settings/members/{bowen.pk}/invitation", {}).status_code == 403
    assert Member.objects.get(pk=bowen.pk).roles == [Role.LEGAL]


def test_teams_are_formed_changed_and_dissolved(client: Client, administrator: Member) -> None:
    form = {"name": "客户关怀组", "kind": "care", "members": [administrator.pk]}
    client.post("/settings/teams/new", form)
    team = Team.objects.get()
    client.post(f"/settings/teams/{team.pk}", {**form, "name": "关怀组"})
    assert Team.objects.get().name == "关怀组"
    client.post(f"/settings/teams/{team.pk}/dissolution")
    assert not Team.objects.exists()


def test_a_roster_is_filled_and_thinned_on_its_page(client: Client, administrator: Member) -> None:
    form = {"member": administrator.pk, "shift": "day", "order": "1"}
    client.post("/settings/duty", {**form, "first": "2026-11-23", "last": "2026-11-25"})
    assert Duty.objects.count() == 3
    client.post(f"/settings/duty/{Duty.objects.earliest('starts_at').pk}/end")
    assert Duty.objects.count() == 2


def test_a_week_backwards_is_told_on_its_field(client: Client, administrator: Member) -> None:
    form = {"member": administrator.pk, "shift": "day", "order": "1"}
    data = {**form, "first": "2026-11-25", "last": "2026-11-23"}
    assert "last" in client.post("/settings/duty", data).context["form"].errors
    assert not Duty.objects.exists()


def test_a_duty_over_midnight_lies_on_both_days(client: Client, administrator: Member) -> None:
    make_duty(administrator)
    page = client.get("/settings/duty?from=2026-11-23")
    assert all(duties for _day, duties in page.context["days"])


@pytest.mark.parametrize("day", ["nonsense", "2026-13-45", "0001-01-01", "9999-12-31"])
def test_a_week_that_is_none_is_this_week(client: Client, administrator: Member, day: str) -> None:
    assert client.get(f"/settings/duty?from={day}").status_code == 200


def test_no_roster_is_filled_at_the_end_of_the_calendar(
    client: Client, administrator: Member
) -> None:
    anqi = make_member("安琪", Role.DUTY_OFFICER)
    days = {"first": "9999-12-30", "last": "9999-12-31"}
    form = {"member": anqi.pk, "shift": "night", "order": 1, **days}
    assert "first" in client.post("/settings/duty", form).context["form"].errors


def test_the_company_profile_is_changed_by_administrators_only(
    client: Client, administrator: Member, agent: Client
) -> None:
    client.post("/settings/company", {"name": "星河电器", "hotline": "400-000-0000"})
    assert Company.objects.get().hotline == "400-000-0000"
    assert agent.post("/settings/company", {"name": "云朵"}).status_code == 403
    assert Company.objects.get().name == "星河电器"


def test_a_member_changes_their_own_name_and_password(
    client: Client, administrator: Member
) -> None:
    own = {"name": "安琪儿", "email": "anqi@xinghe.example", "current": PASSWORD}
    assert client.post("/me", own).status_code == 302
    new = {"current": PASSWORD, "password": "another-river-7", "again": "another-river-7"}
    client.post("/me/password", new)
    changed = Member.objects.get(pk=administrator.pk)
    assert (changed.name, changed.email) == ("安琪儿", "anqi@xinghe.example")
    assert changed.check_password("another-river-7")
    assert client.get("/me").status_code == 200  # still signed in


@pytest.mark.parametrize("current", ["", "not-the-password"])
def test_an_open_browser_is_not_enough_to_change_the_address_of_sign_in(
    client: Client, administrator: Member, current: str
) -> None:
    own = {"name": "安琪儿", "email": "thief@xinghe.example", "current": current}
    assert "current" in client.post("/me", own).context["form"].errors
    assert Member.objects.get(pk=administrator.pk).email == administrator.email


def test_one_s_own_name_is_changed_without_the_password(
    client: Client, administrator: Member
) -> None:
    client.post("/me", {"name": "安琪儿", "email": administrator.email})
    assert Member.objects.get(pk=administrator.pk).name == "安琪儿"


def test_a_weak_password_is_refused_with_its_reason(client: Client, administrator: Member) -> None:
    new = {"current": PASSWORD, "password": "short", "again": "short"}
    response = client.post("/me/password", new)
    assert response.status_code == 422
    assert "password" in response.context["password_form"].errors


def test_an_open_browser_is_not_enough_to_set_a_password(
    client: Client, administrator: Member
) -> None:
    new = {"password": "another-river-7", "again": "another-river-7"}
    for current in ({}, *[{"current": "guessed-it"}] * (MOST_TRIES + 1)):
        assert client.post("/me/password", {**new, **current}).status_code == 422
    response = client.post("/me/password", {**new, "current": PASSWORD})
    assert response.status_code == 422  # it was guessed at too often
    assert Member.objects.get(pk=administrator.pk).check_password(PASSWORD)


def test_a_duty_is_given_away_and_swapped_on_its_page(
    client: Client, administrator: Member
) -> None:
    anqi, bowen = (make_member(name, Role.DUTY_OFFICER) for name in ("安琪", "博文"))
    first, second = (
        Duty.objects.create(
            member=member,
            starts_at=clock.now() + timedelta(days=n),
            ends_at=clock.now() + timedelta(days=n, hours=8),
        )
        for n, member in enumerate((anqi, bowen), start=1)
    )
    start = timezone.localtime(first.starts_at) + timedelta(minutes=1)
    part = {
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{timezone.localtime(first.ends_at):%Y-%m-%dT%H:%M}",
    }
    page = f"/settings/duty/{first.pk}/stand-in"
    assert "安琪" in client.get(page).content.decode()
    client.post(f"/settings/duty/{first.pk}/swap", {"other": second.pk})
    first.refresh_from_db()
    assert (first.member, first.stands_in_for) == (bowen, anqi)
    client.post(page, {"member": anqi.pk, **part})
    assert Duty.objects.filter(member=anqi, stands_in_for=None).exists()
