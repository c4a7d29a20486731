"""Every address of the product asks who one is and what one may: new ones as well.

All addresses are read from the URL patterns. Whoever adds one that strangers, members without a
role or members who may only look can use has to say so here.
"""

from collections.abc import Iterable
from http import HTTPStatus

import pytest
from django.test import Client

from tests.house.addresses import ALL, address_of, signed_in
from tests.make import make_member
from tinglan.accounts.rights import RIGHTS, Right, Role
from tinglan.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

# What strangers reach: the doors, the health checks, and the API, which asks for a key of its own.
OPEN = {
    "healthz",
    "healthz/audit",
    "first-run",
    "sign-in",
    "sign-in/demo",
    "sign-in/password/<str:uid>/<str:token>",
    "language",
    "api/v1/openapi.json",
    "api/v1/posts",
    "api/v1/source",
    "api/v1/",
}
# What a member without any role reaches besides: their own account, and the way out.
OWN = {"me", "me/password", "sign-out"}
# What a member who may only look can do besides: look, as far as it leaves a trace.
LOOKING = {
    "notifications/seen",
    "settings/duty/quiet-hours",  # one's own
    "drills",  # the demo alone
}
# Where the row says who may: who has the task, the step of a request, all who read reports.
BY_ROW = {
    "actions/<int:pk>/completion",
    "tasks/<int:pk>/completion",
    "approvals/<int:pk>/decision",
    "reports/daily",
    "reports/review",
    "settings/duty/<int:pk>/stand-in",  # whose duty it is gives it away
    "settings/duty/<int:pk>/swap",
    "settings/duty/quiet-hours/<int:pk>/deletion",
}


def statuses(
    client: Client, patterns: Iterable[str], rows: dict[str, int], methods: Iterable[str]
) -> dict[str, int]:
    """What each address answers, where it knows the method at all."""
    found = {}
    for pattern in patterns:
        for method in methods:
            answer = client.generic(method, address_of(pattern, rows))
            if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
                found[f"{method} {pattern}"] = answer.status_code
    return found


def test_a_stranger_is_sent_to_the_door(client: Client, rows: dict[str, int]) -> None:
    for pattern in ALL:
        if pattern not in OPEN:
            for method in ("GET", "POST"):
                answer = client.generic(method, address_of(pattern, rows))
                assert answer.status_code == HTTPStatus.FOUND, pattern
                assert answer.headers["Location"].startswith("/sign-in?next="), pattern


def test_a_member_without_a_role_sees_nothing(rows: dict[str, int]) -> None:
    chenxi = signed_in(make_member("晨曦"))
    patterns = [one for one in ALL if one not in OPEN | OWN]
    found = statuses(chenxi, patterns, rows, ["GET", "POST"])
    assert {what for what, status in found.items() if status != HTTPStatus.FORBIDDEN} == set()


def test_the_page_that_refuses_tells_nothing_either(rows: dict[str, int]) -> None:
    page = signed_in(make_member("晨曦")).get("/").content.decode()
    assert "data-topics" not in page
    assert 'href="/alerts"' not in page


def test_a_lost_role_closes_the_live_stream() -> None:
    assert signed_in(make_member("晨曦")).get("/live").status_code == HTTPStatus.FORBIDDEN


def test_who_may_only_look_changes_nothing(
    rows: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RIGHTS, Role.AGENT, {Right.SEE, Right.READ_REPORTS})
    looker = signed_in(make_member("晨曦", Role.AGENT))
    patterns = [one for one in ALL if one not in OPEN | OWN | LOOKING | BY_ROW]
    before = AuditEntry.objects.count()
    found = statuses(looker, patterns, rows, ["POST"])
    assert {what for what, status in found.items() if status != HTTPStatus.FORBIDDEN} == set()
    assert AuditEntry.objects.count() == before


def test_nothing_is_listed_that_is_gone() -> None:
    assert set(ALL) >= OPEN | OWN | LOOKING | BY_ROW
