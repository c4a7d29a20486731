"""Errors on purpose become words, each in the way of its request."""

import errno
import json

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from tests.make import make_member
from tinglan.accounts.rights import ForbiddenError, Right, Role
from tinglan.lib.errors import TinglanError
from tinglan.pages.errors import SpeakErrors

pytestmark = pytest.mark.django_db


@pytest.fixture
def anqi(client: Client) -> Client:
    client.force_login(make_member("安琪", Role.ADMINISTRATOR))
    return client


def refuse(error: Exception, path: str = "/x", **headers: str) -> HttpResponse | None:
    request = RequestFactory(headers=headers).post(path)
    with translation.override("en"):
        return SpeakErrors(_unused).process_exception(request, error)


def _unused(request: HttpRequest) -> HttpResponse:
    raise AssertionError(request.path)


def test_a_fragment_gets_a_toast_in_any_language() -> None:
    response = refuse(TinglanError("时间不对"), hx_request="true")
    assert response is not None
    assert response.status_code == 422
    assert json.loads(response.headers["HX-Trigger"])["tinglan:message"]["text"] == "时间不对"


def test_a_refusal_names_the_right_and_who_has_it() -> None:
    response = refuse(ForbiddenError(Right.PUBLISH), hx_request="true")
    assert response is not None
    text = json.loads(response.headers["HX-Trigger"])["tinglan:message"]["text"]
    assert response.status_code == 403
    assert "Record a publication" in text
    assert "Spokesperson" in text


def test_a_fault_of_the_program_is_left_to_the_500_page() -> None:
    assert refuse(ValueError("a fault")) is None


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        PermissionError(errno.EACCES, "Permission denied"),
        OperationalError("database or disk is full"),
        OperationalError("attempt to write a readonly database"),
        OperationalError("database is locked"),
    ],
)
def test_a_full_disk_is_told_and_not_a_fault(error: Exception) -> None:
    response = refuse(error, hx_request="true")
    assert response is not None
    assert response.status_code == 507
    assert "Nothing was kept" in response.headers["HX-Trigger"]


def test_another_fault_of_the_database_is_a_fault() -> None:
    assert refuse(OperationalError("no such column")) is None


def test_the_api_answers_in_its_own_way() -> None:
    assert refuse(TinglanError("x"), "/api/v1/posts") is None


def test_a_page_nobody_made_is_said_to_be_absent(anqi: Client) -> None:
    response = anqi.get("/no-such-page", headers={"accept-language": "en"})
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_a_form_that_cannot_be_read_is_answered_as_such() -> None:
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.get("/first-run")  # for its cookie, without which nobody reads the form
    form = "application/x-www-form-urlencoded; charset=utf-7"
    response = browser.post("/first-run", data=b"email=a", content_type=form)
    assert response.status_code == 400
    assert "This request could not be read" in response.content.decode()


def test_a_form_without_its_mark_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in", {"email": "a"})
    assert response.status_code == 403
    assert "reload the page and try again" in response.content.decode()


def test_every_page_lets_only_its_own_site_in(anqi: Client) -> None:
    headers = anqi.get("/me").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"


def test_no_page_has_inline_scripts_or_styles(anqi: Client) -> None:
    for address in ("/me", "/first-steps", "/settings/duty", "/audit"):
        html = anqi.get(address).content.decode()
        assert "style=" not in html
        assert "<style" not in html
        assert " onclick=" not in html


def test_the_health_check_is_open_to_machines(client: Client) -> None:
    assert client.get("/healthz").json()["status"] == "ok"


def test_a_theme_is_remembered_by_the_browser(anqi: Client) -> None:
    anqi.cookies["tinglan_theme"] = "dark"
    assert 'data-bs-theme="dark"' in anqi.get("/me").content.decode()
    anqi.cookies["tinglan_theme"] = '"><script>'
    assert 'data-theme="auto"' in anqi.get("/me").content.decode()
