"""Every address of the product asks who one is and what one may: new ones as well.

All addresses are read from the URL patterns. Whoever adds one that strangers, members without a
role or members who may only look can use has to say so here.
"""

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.make import (
    NOW,
    make_brand,
    make_duty,
    make_event,
    make_member,
    make_mention,
    make_monitor,
    make_source,
)
from tests.make_response import make_case, make_crew, make_finding, make_request, make_statement
from tinglan.accounts.models import Member, Team
from tinglan.accounts.rights import RIGHTS, Right, Role
from tinglan.alerts.models import Acknowledgement, Alert, AlertRule, Channel
from tinglan.audit.models import AuditEntry
from tinglan.cases.models import CorrectiveAction, Task
from tinglan.cases.preserve import preserve_file
from tinglan.lib import clock
from tinglan.monitors.models import Correction, KeywordList, Product
from tinglan.plans import defaults
from tinglan.plans.models import Plan
from tinglan.replies.models import Reply
from tinglan.reports.build import build_daily, day_of
from tinglan.reports.models import Report
from tinglan.sources.models import Run

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
    "mentions/<int:pk>/showing",  # masked names and numbers; on record
    "notifications/seen",
    "drills",  # the demo alone
}
# Where the row says who may: who has the task, the step of a request, all who read reports.
BY_ROW = {
    "actions/<int:pk>/completion",
    "tasks/<int:pk>/completion",
    "approvals/<int:pk>/decision",
    "reports/daily",
    "reports/review",
}
LEFT_OUT = {"live"}  # a stream without an end; test_live.py has its refusals


def addresses(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, prefix + str(one.pattern))
        else:
            yield prefix + str(one.pattern)


ALL = sorted({*addresses(get_resolver().url_patterns)} - LEFT_OUT)


@pytest.fixture
def rows(settings: LazySettings, tmp_path: Path) -> dict[str, int]:
    """A row behind every address, by the beginning of the address."""
    settings.MEDIA_ROOT = tmp_path
    clock.set_to(NOW)
    crew, mention, source = make_crew(), make_mention(), make_source()
    case, event = make_case(crew), make_event("星河水壶开裂", mention)
    statement = make_statement(case, crew)
    alert = Alert.objects.create(
        event=event, key="k", level="II", reason=Alert.Reason.FIRST, title="漏电", issued_at=NOW
    )
    Acknowledgement.objects.create(alert=alert, by=crew.duty, at=NOW)
    defaults.ensure_defaults(NOW)
    upload = SimpleUploadedFile("照片.jpg", b"bytes")
    made = {
        "settings/members": make_member("新人"),
        "settings/teams": Team.objects.create(name="值班组", kind=Team.Kind.OFFICE),
        "settings/duty": make_duty(crew.duty),
        "settings/channels": Channel.objects.create(kind="inapp", name="c", created_at=NOW),
        "settings/channels/rules": AlertRule.objects.create(name="r"),
        "settings/plans": Plan.objects.get(code="safety-II"),
        "approvals": make_request(statement, crew),
        "sources": source,
        "mentions": mention,
        "mentions/corrections": Correction.objects.create(
            mention=mention, field="intent", old="complaint", new="inquiry", by=crew.lead, at=NOW
        ),
        "monitors": make_monitor().monitor,
        "brands": make_brand(),
        "brands/products": Product.objects.create(brand=make_brand(), name="水壶"),
        "keywords": KeywordList.objects.create(name="质量", words=["漏电"]),
        "events": event,
        "alerts": alert,
        "replies": Reply.objects.create(
            mention=mention, kind="holding", text="稍等", by=crew.agent, at=NOW
        ),
        "cases": case,
        "tasks": Task.objects.create(case=case, title="打电话", due_at=NOW, added_at=NOW),
        "findings": make_finding(case, crew),
        "evidence": preserve_file(case, upload, by=crew.analyst, now=NOW),
        "statements": statement,
        "actions": CorrectiveAction.objects.create(
            case=case, title="换密封圈", owner=crew.lead, due_at=NOW, by=crew.lead, at=NOW
        ),
        "reports/schedules": Report.objects.create(),
        "reports": build_daily(day_of(NOW, until=NOW), brand=None, by=crew.lead, now=NOW),
    }
    run = Run.objects.create(source=source, started_at=NOW)
    return {name: row.pk for name, row in made.items()} | {"runs": run.pk}


PLACEHOLDER = re.compile(r"<(?:str|int):(\w+)>")
WORDS = {"board": "figures", "counts": "alerts", "parts": "story", "new": "inapp"}


def address_of(pattern: str, rows: dict[str, int]) -> str:
    """An address that leads to a row that is there: what is missing is refused to nobody."""

    def filled(match: re.Match[str]) -> str:
        before = pattern[: match.start()].strip("/")
        name = PLACEHOLDER.sub("", before).replace("//", "/").strip("/")
        last = name.rsplit("/", 1)[-1]
        if match.group().startswith("<str:"):
            return WORDS.get(last, "x")
        if name not in rows and last not in rows:
            pytest.fail(f"{pattern}: make a row for {name!r} in the fixture `rows`")
        return str(rows.get(name, rows.get(last)))

    return "/" + PLACEHOLDER.sub(filled, pattern)


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


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client
