"""The inbox: who sees what, and deciding from it."""

import pytest
from django.test import Client

from tests.make import make_member
from tests.make_response import Crew, make_case, make_crew, make_request, make_statement
from tinglan.accounts.models import Member
from tinglan.approvals.models import Request

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew() -> Crew:
    return make_crew()


@pytest.fixture
def asked(crew: Crew) -> Request:
    return make_request(make_statement(make_case(crew), crew), crew)


def _as(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def test_the_inbox_shows_the_whole_text_and_both_answers(crew: Crew, asked: Request) -> None:
    page = _as(crew.analyst).get("/approvals").content.decode()
    assert "今晚八点前通报" in page
    assert page.count(f'action="/approvals/{asked.pk}/decision"') == 2


def test_an_inbox_with_nothing_in_it_says_so_and_shows_what_one_asked_for(
    crew: Crew, asked: Request
) -> None:
    page = _as(crew.lead).get("/approvals").content.decode()
    assert f"/approvals/{asked.pk}/decision" not in page
    assert asked.title in page


def test_an_outsider_is_refused(asked: Request) -> None:
    outsider = _as(make_member("晨曦"))
    assert outsider.get("/approvals").status_code == 403
    assert outsider.get(f"/approvals/{asked.pk}").status_code == 403
    decision = {"decision": "approved", "step": 0}
    assert outsider.post(f"/approvals/{asked.pk}/decision", decision).status_code == 403


def test_what_is_not_there_is_not_found(crew: Crew, asked: Request) -> None:
    analyst = _as(crew.analyst)
    assert analyst.get("/approvals/999").status_code == 404
    path = f"/approvals/{asked.pk}/decision"
    assert analyst.post("/approvals/999/decision", {"step": 0}).status_code == 404
    assert analyst.post(path, {"decision": "perhaps", "step": 0}).status_code == 404
    assert analyst.post(path, {"decision": "approved"}).status_code == 404
    assert not asked.approvals.exists()


def test_a_request_leads_to_its_subject(crew: Crew, asked: Request) -> None:
    answer = _as(crew.analyst).get(f"/approvals/{asked.pk}")
    assert answer.headers["Location"] == f"/statements/{asked.subject_id}"


def test_approving_and_sending_back(crew: Crew, asked: Request) -> None:
    path = f"/approvals/{asked.pk}/decision"
    answer = _as(crew.analyst).post(path, {"decision": "approved", "step": 0})
    assert answer.headers["Location"] == "/approvals"
    back = {"decision": "rejected", "step": 1, "comment": "语气太硬"}
    _as(crew.legal).post(path, back)
    decisions = Request.objects.get().decisions
    assert [each.comment for each in decisions] == ["", "语气太硬"]
    assert Request.objects.get().state == Request.State.SENT_BACK


def test_a_page_that_is_out_of_date_decides_nothing(crew: Crew, asked: Request) -> None:
    path = f"/approvals/{asked.pk}/decision"
    _as(crew.analyst).post(path, {"decision": "approved", "step": 0})
    _as(crew.legal).post(path, {"decision": "approved", "step": 0})
    assert asked.approvals.count() == 1
