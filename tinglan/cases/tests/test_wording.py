"""The wording of a statement is checked while it is written and before people approve it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.make import make_member
from tests.make_response import Crew, make_case, make_crew, make_statement
from tinglan.accounts.models import Member
from tinglan.approvals.models import Request
from tinglan.cases.check import check
from tinglan.cases.find import find
from tinglan.cases.models import Case, Check, Statement
from tinglan.cases.submit import submit
from tinglan.lib import clock
from tinglan.replies.outgoing import WordingError

pytestmark = pytest.mark.django_db

VAGUE = "水壶漏电的反馈我们已看到，会尽快公布结果。"
BLOCKED = "家住云溪市槐安路27号的顾客已得到赔偿，热线400-000-8820。"
DENIAL = "网传水壶漏电伤人不属实，热线400-000-8820。"


@pytest.fixture
def crew() -> Crew:
    return make_crew()


@pytest.fixture(autouse=True)
def _site_time(now: datetime, settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    clock.set_to(now + timedelta(minutes=5))


@pytest.fixture
def case(crew: Crew) -> Case:
    return make_case(crew, level="II")


def _as(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def test_what_must_not_go_out_is_not_submitted(crew: Crew, case: Case, now: datetime) -> None:
    statement = make_statement(case, crew, text=BLOCKED)
    with pytest.raises(WordingError, match="27号"):
        submit(statement, by=crew.lead, now=now, reason="顾客同意")
    assert statement.stage == Statement.Stage.DRAFT


def test_a_warning_wants_a_reason_that_stays_on_record(
    crew: Crew, case: Case, now: datetime
) -> None:
    statement = make_statement(case, crew, text=VAGUE)
    with pytest.raises(WordingError, match="尽快公布"):
        submit(statement, by=crew.lead, now=now)
    asked = submit(statement, by=crew.lead, now=now, reason="检测时间由检验院定")
    assert asked.state == Request.State.PENDING
    entry = case.event.timeline.get(kind="wording_kept")
    assert entry.data["reason"] == "检测时间由检验院定"
    assert entry.data["rules"] == ["promise_without_owner_or_date"]


def test_a_denial_rests_on_what_was_refuted_in_the_case(
    crew: Crew, case: Case, now: datetime
) -> None:
    statement = make_statement(case, crew, text=DENIAL)
    with pytest.raises(WordingError, match="不属实"):
        submit(statement, by=crew.lead, now=now)
    finding = find(case, "水壶漏电伤人", by=crew.analyst, now=now)
    check(finding, Check.Verdict.REFUTED, note="医院核实", by=crew.analyst, now=now)
    assert submit(statement, by=crew.lead, now=now).state == Request.State.PENDING


def test_the_editor_says_what_is_at_fault_as_one_writes(crew: Crew, case: Case) -> None:
    path = f"/cases/{case.pk}/statements/remarks"
    page = _as(crew.lead).post(path, {"title": "说明", "text": VAGUE}).content.decode()
    assert "尽快公布" in page
    assert 'name="reason"' not in page
    calm = {"title": "说明", "text": "正在核实，质量部今晚八点前通报。"}
    assert "fault-none" in _as(crew.lead).post(path, calm).content.decode()
    assert _as(crew.agent).post(path, calm).status_code == 403
    assert _as(make_member("晨曦")).post(path, calm).status_code == 403
    assert _as(crew.lead).post("/cases/999/statements/remarks", calm).status_code == 404


def test_a_draft_shows_what_the_check_says_and_asks_why_it_is_kept(crew: Crew, case: Case) -> None:
    statement = make_statement(case, crew, text=VAGUE)
    client, path = _as(crew.lead), f"/statements/{statement.pk}"
    page = client.get(path).content.decode()
    assert "尽快公布" in page
    assert 'form="request"' in page
    client.post(f"{path}/request")
    assert statement.stage == Statement.Stage.DRAFT
    client.post(f"{path}/request", {"reason": "检测时间由检验院定"})
    assert Statement.objects.get().stage != Statement.Stage.DRAFT


def test_a_draft_with_what_blocks_asks_for_no_reason(crew: Crew, case: Case) -> None:
    statement = make_statement(case, crew, text=BLOCKED)
    page = _as(crew.lead).get(f"/statements/{statement.pk}").content.decode()
    assert "fault-blocking" in page
    assert 'name="reason"' not in page
