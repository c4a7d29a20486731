"""Guessing a password ends after a few tries, and locks nobody out of their own account."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.make import make_member
from tinglan.accounts.errors import TooManyTriesError
from tinglan.accounts.guess import (
    MOST_IN_ALL,
    MOST_TRIES,
    WINDOW,
    Origin,
    begin_try,
    end_try,
    place_of,
)
from tinglan.accounts.models import Member, SignInTry
from tinglan.accounts.rights import Role

pytestmark = pytest.mark.django_db

PASSWORD = "starriver-2026"
EMAIL = "anqi@xinghe.example"
HERE = Origin(place="203.0.113.9")


@pytest.fixture
def anqi() -> Member:
    return make_member("安琪", Role.DUTY_OFFICER, email=EMAIL, password=PASSWORD)


def fail(n: int, *, origin: Origin = HERE, email: str = EMAIL, now: datetime) -> None:
    for _number in range(n):
        begin_try(email, origin=origin, at=now)


def sign_in(client: Client, password: str, **extra: str) -> int:
    answer = client.post("/sign-in", {"email": EMAIL, "password": password}, **extra)  # type: ignore[arg-type]
    return answer.status_code


def test_after_a_few_tries_even_the_right_password_waits(client: Client, anqi: Member) -> None:
    for _number in range(MOST_TRIES):
        assert sign_in(client, "wrong-wrong") == 200
    answer = client.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 429
    assert "15" in answer.context["form"].non_field_errors()[0]
    assert client.get("/me").status_code == 302


def test_another_spelling_of_the_address_is_no_new_account(now: datetime) -> None:
    fail(MOST_TRIES, now=now)
    with pytest.raises(TooManyTriesError):
        begin_try(EMAIL.upper(), origin=HERE, at=now)


def test_the_wait_ends_by_itself_and_refused_tries_do_not_prolong_it(now: datetime) -> None:
    fail(MOST_TRIES, now=now)
    almost = now + WINDOW - timedelta(seconds=90)
    with pytest.raises(TooManyTriesError) as refusal:
        begin_try(EMAIL, origin=HERE, at=almost)
    assert refusal.value.minutes == 2
    begin_try(EMAIL, origin=HERE, at=now + WINDOW)


def test_tries_from_elsewhere_lock_nobody_out(now: datetime) -> None:
    fail(MOST_TRIES, now=now)
    begin_try(EMAIL, origin=Origin(place="203.0.113.10"), at=now)


def test_a_browser_that_was_let_in_before_is_not_locked_out_by_its_neighbours(
    client: Client, anqi: Member
) -> None:
    """Behind a proxy or an office gateway everybody comes from one address."""
    assert sign_in(client, PASSWORD) == 302
    client.post("/sign-out")
    stranger = Client()
    for _number in range(MOST_TRIES):
        sign_in(stranger, "wrong-wrong")
    assert sign_in(stranger, PASSWORD) == 429
    assert sign_in(client, PASSWORD) == 302


def test_a_known_browser_may_not_guess_without_end_either(client: Client, anqi: Member) -> None:
    assert sign_in(client, PASSWORD) == 302
    client.post("/sign-out")
    statuses = [sign_in(client, "wrong-wrong") for _number in range(MOST_TRIES + 1)]
    assert statuses == [200] * MOST_TRIES + [429]


def test_a_browser_is_known_for_the_account_it_belongs_to_only(
    client: Client, anqi: Member
) -> None:
    make_member("晨曦", email="chenxi@xinghe.example", password=PASSWORD)
    client.post("/sign-in", {"email": "chenxi@xinghe.example", "password": PASSWORD})
    client.post("/sign-out")
    for _number in range(MOST_TRIES):
        sign_in(Client(), "wrong-wrong")
    assert sign_in(client, PASSWORD) == 429


def test_one_place_that_tries_many_accounts_is_stopped(now: datetime) -> None:
    for number in range(MOST_IN_ALL):
        begin_try(f"m{number}@xinghe.example", origin=HERE, at=now)
    with pytest.raises(TooManyTriesError):
        begin_try(EMAIL, origin=HERE, at=now)


def test_a_success_clears_the_slate(now: datetime) -> None:
    fail(MOST_TRIES - 1, now=now)
    end_try(begin_try(EMAIL, origin=HERE, at=now))
    fail(MOST_TRIES, now=now)


def test_old_tries_are_forgotten(now: datetime) -> None:
    fail(MOST_TRIES, now=now)
    begin_try(EMAIL, origin=HERE, at=now + WINDOW)
    assert SignInTry.objects.count() == 1


def test_who_is_locked_out_comes_in_by_an_administrators_link(client: Client, anqi: Member) -> None:
    boss = make_member("启明", Role.ADMINISTRATOR)
    for _number in range(MOST_TRIES + 1):
        sign_in(client, "wrong-wrong")
    administrator = Client()
    administrator.force_login(boss)
    administrator.post(f"/settings/members/{anqi.pk}/invitation")
    link = administrator.get(f"/settings/members/{anqi.pk}").context["link"]
    new = {"password": "another-river-7", "again": "another-river-7"}
    assert client.post(link.removeprefix("http://testserver"), new).status_code == 302


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2400:3200:1:2:3:4:5:6", "2400:3200:1:2::/64"),  # one customer holds all of it
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),  # a socket of this machine has none
    ],
)
def test_a_place_is_an_address_or_the_network_of_one_customer(address: str, place: str) -> None:
    assert place_of(address) == place
