"""Every address of the product, read from its URL patterns, and a row behind each."""

import re
from collections.abc import Iterable, Iterator
from datetime import time, timedelta
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
from tinglan.alerts.models import (
    Acknowledgement,
    Alert,
    AlertRule,
    Channel,
    QuietHours,
    Rotation,
    Silence,
)
from tinglan.cases.models import CorrectiveAction, Task
from tinglan.cases.preserve import preserve_file
from tinglan.events.models import Merge
from tinglan.lib import clock
from tinglan.monitors.models import Correction, KeywordList, Product
from tinglan.plans import defaults
from tinglan.plans.models import Plan
from tinglan.replies.models import Reply
from tinglan.reports.build import build_daily, day_of
from tinglan.reports.models import Report
from tinglan.sources.models import Run

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = {"live"}  # a stream without an end; test_live.py reads it


def addresses(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, prefix + str(one.pattern))
        else:
            yield prefix + str(one.pattern)


ALL = sorted({*addresses(get_resolver().url_patterns)} - LEFT_OUT)


@pytest.fixture(name="rows")
def made_rows(settings: LazySettings, tmp_path: Path) -> dict[str, int]:
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
        "settings/duty/rotations": Rotation.objects.create(
            name="主班", shift="day", starts_on=NOW.date()
        ),
        "settings/duty/quiet-hours": QuietHours.objects.create(starts=time(22), ends=time(8)),
        "alerts/silences": Silence.objects.create(
            gravest="III", starts_at=NOW, ends_at=NOW + timedelta(hours=1), reason="r", by=crew.lead
        ),
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
        "merges": Merge.objects.create(event=make_event("并入"), into=event, n_moved=0, at=NOW),
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


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client
