"""The pages of a case: allowed, refused, absent; and the whole way by hand."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.make import make_event, make_member, make_mention, make_post
from tests.make_response import (
    Crew,
    approve_all,
    make_case,
    make_crew,
    make_finding,
    make_request,
    make_statement,
)
from tinglan.accounts.models import Member
from tinglan.cases.close import Ending, close
from tinglan.cases.draft import Wording, revise
from tinglan.cases.models import Case, Evidence, Publication, Review, Statement
from tinglan.cases.models.case import Cause, Cluster
from tinglan.cases.open import add_plan
from tinglan.cases.preserve import preserve_file, preserve_post
from tinglan.cases.room import PARTS
from tinglan.events.models import Membership
from tinglan.lib import clock
from tinglan.plans import defaults
from tinglan.plans.models import Plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew() -> Crew:
    return make_crew()


@pytest.fixture(autouse=True)
def _site_time(now: datetime, settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    clock.set_to(now + timedelta(minutes=5))


@pytest.fixture
def case(crew: Crew, now: datetime) -> Case:
    case = make_case(crew, level="II")
    defaults.ensure_defaults(now)
    add_plan(case, Plan.objects.get(code="safety-II").steps.all(), since=now, now=now)
    return case


def _as(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def _page(member: Member, path: str, status: int = 200) -> str:
    answer = _as(member).get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_the_list_shows_open_cases_with_their_next_clock(crew: Crew, case: Case) -> None:
    page = _page(crew.duty, "/cases")
    assert case.number in page
    assert "星河水壶漏电" in page
    assert case.number not in _page(crew.duty, "/cases?state=closed")


def test_an_empty_list_says_what_would_open_one(crew: Crew) -> None:
    assert "/events" in _page(crew.duty, "/cases")


def test_the_room_shows_every_part_and_hears_the_case(crew: Crew, case: Case) -> None:
    make_statement(case, crew, Statement.Kind.HOLDING, make_finding(case, crew))
    preserve_post(case, make_post(), by=crew.duty, now=clock.now())
    page = _page(crew.duty, f"/cases/{case.pk}")
    for name in PARTS:
        assert f'hx-get="/cases/{case.pk}/parts/{name}"' in page
    assert f"case:{case.pk}" in page
    assert "批次 2611 的密封圈偏薄" in page
    assert "关于水壶反馈的说明" in page


@pytest.mark.parametrize("name", PARTS)
def test_each_part_comes_alone_for_a_live_page(crew: Crew, case: Case, name: str) -> None:
    part = _page(crew.duty, f"/cases/{case.pk}/parts/{name}")
    assert f'id="{name}"' in part
    assert "<html" not in part


def test_an_outsider_sees_nothing(crew: Crew, case: Case) -> None:
    outsider = make_member("晨曦")
    statement = make_statement(case, crew)
    evidence = preserve_post(case, make_post(), by=crew.duty, now=clock.now())
    for path in (
        "/cases",
        f"/cases/{case.pk}",
        f"/cases/{case.pk}/parts/tasks",
        f"/cases/{case.pk}/review",
        f"/cases/{case.pk}/closure",
        f"/cases/{case.pk}/tasks",
        f"/statements/{statement.pk}",
        f"/evidence/{evidence.pk}",
        f"/evidence/{evidence.pk}/file",
    ):
        assert case.event.title not in _page(outsider, path, 403)


def test_what_is_not_there_is_not_found(crew: Crew, case: Case) -> None:
    for path in ("/cases/999", "/cases/999/parts/tasks", f"/cases/{case.pk}/parts/nothing"):
        _page(crew.lead, path, 404)
    _page(crew.lead, "/statements/999", 404)
    _page(crew.lead, f"/cases/{case.pk}/statements?kind=rumour", 404)


def test_forms_of_a_case_are_refused_to_who_may_not_use_them(crew: Crew, case: Case) -> None:
    statement = make_statement(case, crew)
    for member, path in (
        (crew.spokesperson, f"/cases/{case.pk}/tasks"),
        (crew.agent, f"/cases/{case.pk}/statements"),
        (crew.agent, f"/cases/{case.pk}/closure"),
        (crew.agent, f"/statements/{statement.pk}/publications"),
    ):
        assert _as(member).post(path, {}).status_code == 403


def test_a_person_opens_a_case_from_the_event(crew: Crew) -> None:
    event = make_event("小事")
    answer = _as(crew.duty).post(f"/events/{event.pk}/case")
    assert answer.headers["Location"] == Case.objects.get(event=event).get_absolute_url()
    assert _as(crew.duty).post("/events/999/case").status_code == 404


def test_a_claim_is_linked_to_evidence_once_there_is_some(
    crew: Crew, case: Case, now: datetime
) -> None:
    duty, address = _as(crew.duty), f"/cases/{case.pk}/findings"
    assert "还没有可选的内容" in duty.get(address).content.decode()
    evidence = preserve_post(case, make_post("壶底烧黑了"), by=crew.duty, now=now)
    page = duty.get(address).content.decode()
    assert "所依据的证据" in page
    assert evidence.title in page
    assert "还没有可选的内容" not in page


def test_tasks_findings_and_tellings_are_written_through_their_forms(
    crew: Crew, case: Case
) -> None:
    duty = _as(crew.duty)
    task = case.tasks.get(code="lines")
    duty.post(f"/tasks/{task.pk}/assignment", {"to": crew.agent.pk})
    duty.post(f"/tasks/{task.pk}/completion", {"note": "口径已发"})
    assert case.tasks.get(code="lines").completion.note == "口径已发"
    duty.post(f"/cases/{case.pk}/findings", {"claim": "已有三起漏电"})
    finding = case.findings.get()
    duty.post(f"/findings/{finding.pk}/checks", {"verdict": "confirmed", "note": "工单核对"})
    assert finding.checks.get().by == crew.duty
    duty.post(f"/cases/{case.pk}/assessments", {"kind": "judgement", "text": "批次问题"})
    assert case.assessments.get().text == "批次问题"
    duty.post(f"/cases/{case.pk}/lead", {"to": crew.duty.pk})
    assert Case.objects.get().lead == crew.duty
    telling = {"group": "employees", "channel": "邮件", "told": "统一口径"}
    assert duty.post(f"/cases/{case.pk}/stakeholders", telling).status_code == 302
    assert case.event.timeline.filter(kind="stakeholder_informed").exists()


def test_a_form_that_does_not_fit_comes_back_with_what_was_typed(crew: Crew, case: Case) -> None:
    task = case.tasks.get(code="lines")
    answer = _as(crew.duty).post(f"/tasks/{task.pk}/completion", {"note": " "})
    assert answer.status_code == 422
    past = {"title": "昨天就该做", "to": crew.agent.pk, "due_at": "2020-01-01T08:00"}
    answer = _as(crew.duty).post(f"/cases/{case.pk}/tasks", past)
    assert answer.status_code == 422
    assert "昨天就该做" in answer.content.decode()


def test_evidence_is_one_thing_and_a_file_is_only_ever_downloaded(
    crew: Crew, case: Case, now: datetime
) -> None:
    mention = make_mention("漏电视频")
    Membership.objects.create(event=case.event, mention=mention, reason="similar", at=now)
    duty, path = _as(crew.duty), f"/cases/{case.pk}/evidence"
    assert duty.post(path, {}).status_code == 422
    assert duty.post(path, {"post": mention.post_id}).status_code == 302
    page = SimpleUploadedFile("坏.html", b"<script>alert(1)</script>", content_type="text/html")
    assert duty.post(path, {"file": page}).status_code == 302
    address = {"url": "https://news.example/a", "text": "记者称三起"}
    assert duty.post(path, address).status_code == 302
    assert case.evidence.count() == 3
    file = Evidence.objects.get(kind="file")
    answer = duty.get(f"/evidence/{file.pk}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert b"".join(answer) == b"<script>alert(1)</script>"
    assert file.sha256 in _page(crew.duty, f"/evidence/{file.pk}")


def test_a_lost_file_of_evidence_is_told_and_not_a_fault(crew: Crew, case: Case) -> None:
    file = SimpleUploadedFile("照片.jpg", b"bytes")
    evidence = preserve_file(case, file, by=crew.duty, now=clock.now())
    Path(evidence.file.path).unlink()
    assert not evidence.is_intact()
    assert _page(crew.duty, f"/evidence/{evidence.pk}")
    assert "照片.jpg" in _page(crew.duty, f"/evidence/{evidence.pk}/file", 422)


def test_script_in_a_post_is_text_everywhere(crew: Crew, case: Case, now: datetime) -> None:
    mention = make_mention("<script>alert('漏电')</script>")
    Membership.objects.create(event=case.event, mention=mention, reason="similar", at=now)
    evidence = preserve_post(case, mention.post, by=crew.duty, now=now)
    for path in (f"/cases/{case.pk}", f"/evidence/{evidence.pk}"):
        assert "<script>alert(" not in _page(crew.duty, path)


def test_a_statement_walks_from_the_editor_to_its_record(crew: Crew, case: Case) -> None:
    lead = _as(crew.lead)
    text = "正在核实，质量部今晚八点前通报"
    written = {"title": "说明", "text": text, "strategies": ["adjust"]}
    answer = lead.post(f"/cases/{case.pk}/statements?kind=holding", written)
    statement = Statement.objects.get()
    assert answer.headers["Location"] == f"/statements/{statement.pk}"
    lead.post(f"/statements/{statement.pk}/request")
    for member in (crew.analyst, crew.legal, crew.spokesperson):
        request = statement.request
        assert request is not None
        assert f"/approvals/{request.pk}/decision" in _page(member, f"/statements/{statement.pk}")
        decision = {"decision": "approved", "step": request.step}
        _as(member).post(f"/approvals/{request.pk}/decision", decision)
    record = {"account": "星河电器", "url": "https://weibo.example/3"}
    lead.post(f"/statements/{statement.pk}/publications", record)
    assert Publication.objects.get().by == crew.lead
    page = _page(crew.agent, f"/statements/{statement.pk}")
    assert "https://weibo.example/3" in page
    assert "station-done" in page


def test_publishing_what_is_not_approved_says_so(crew: Crew, case: Case) -> None:
    statement = make_statement(case, crew)
    answer = _as(crew.lead).post(
        f"/statements/{statement.pk}/publications", {"account": "星河电器"}
    )
    assert answer.status_code == 422
    assert not Publication.objects.exists()


def test_versions_are_compared_word_by_word(crew: Crew, case: Case, now: datetime) -> None:
    first = make_statement(case, crew, text="今晚8点前通报")
    wording = Wording(title=first.title, text="今晚10点前再次通报")
    second = revise(first, wording, by=crew.lead, now=now)
    page = _page(crew.lead, f"/statements/{second.pk}")
    assert "<del>8</del><ins>10</ins>" in page
    answer = _as(crew.lead).get(f"/statements/{second.pk}/revision")
    assert "今晚10点前再次通报" in answer.content.decode()


def test_a_request_is_taken_back(crew: Crew, case: Case) -> None:
    statement = make_statement(case, crew)
    assert _as(crew.lead).post(f"/statements/{statement.pk}/withdrawal").status_code == 404
    make_request(statement, crew)
    _as(crew.lead).post(f"/statements/{statement.pk}/withdrawal")
    assert statement.stage == Statement.Stage.DRAFT


def test_closing_asks_for_the_cause_and_leads_to_the_review(crew: Crew, case: Case) -> None:
    lead = _as(crew.lead)
    ending = {"cause": "own_fault", "cluster": "preventable", "summary": "密封圈批次问题"}
    answer = lead.post(f"/cases/{case.pk}/closure", ending)
    assert answer.status_code == 422
    assert "保全证据" in answer.content.decode()
    answer = lead.post(f"/cases/{case.pk}/closure", {**ending, "reason": "已移交质量部"})
    assert answer.headers["Location"] == f"/cases/{case.pk}/review"
    lessons = {"went_well": "回应快", "lessons": "上市前加测"}
    lead.post(f"/cases/{case.pk}/review", lessons)
    assert Review.objects.get().by == crew.lead
    assert "上市前加测" in _page(crew.leader, f"/cases/{case.pk}/review")
    assert lead.post(f"/cases/{case.pk}/reopening", {"reason": "又有两起"}).status_code == 302
    assert Case.objects.get().is_open


def test_corrective_actions_are_added_and_finished(crew: Crew, case: Case) -> None:
    lead = _as(crew.lead)
    plan = {"title": "加测密封", "to": crew.leader.pk, "due_at": "2027-01-01T09:00"}
    assert lead.post(f"/cases/{case.pk}/actions", plan).status_code == 302
    action = case.actions.get()
    _as(crew.leader).post(f"/actions/{action.pk}/completion", {"note": "标准已发布"})
    assert case.actions.get().is_done


def test_a_closed_case_offers_the_review_and_no_more_work(
    crew: Crew, case: Case, now: datetime
) -> None:
    statement = make_statement(case, crew)
    approve_all(make_request(statement, crew), crew)
    ending = Ending(
        cause=Cause.ACCIDENT, cluster=Cluster.ACCIDENTAL, summary="结束", reason="已移交"
    )
    close(case, ending, by=crew.lead, now=now)
    page = _page(crew.lead, f"/cases/{case.pk}")
    assert f"/cases/{case.pk}/review" in page
    assert f"/cases/{case.pk}/tasks" not in page
    assert f"/cases/{case.pk}/closure" not in page


def test_the_room_speaks_english_too(crew: Crew, case: Case) -> None:
    client = _as(crew.lead)
    client.cookies["tinglan_language"] = "en"
    page = client.get(f"/cases/{case.pk}").content.decode()
    assert "Preserve the evidence" in page
