"""A statement: draft → fact check → legal → spokesperson → published, and what stops the clock."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_member
from tests.make_response import (
    MINUTE,
    Crew,
    approve_all,
    make_case,
    make_crew,
    make_finding,
    make_request,
    make_statement,
)
from tinglan.accounts.rights import ForbiddenError, Right
from tinglan.approvals.decide import approve, send_back
from tinglan.approvals.models import Request
from tinglan.cases.check import check
from tinglan.cases.draft import Wording, draft, revise
from tinglan.cases.errors import CaseError, ClosedError, NotApprovedError, UncheckedError
from tinglan.cases.models import Case, Check, Publication, Statement
from tinglan.cases.publish import publish
from tinglan.cases.submit import submit
from tinglan.clocks.models import Clock, Kind
from tinglan.lib import worker

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
HOLDING, FULL = Statement.Kind.HOLDING, Statement.Kind.FULL
Stage = Statement.Stage


@pytest.fixture
def crew() -> Crew:
    return make_crew()


@pytest.fixture
def case(crew: Crew) -> Case:
    return make_case(crew, level="I")


def _clock(case: Case, kind: Kind) -> Clock:
    return Clock.objects.of(case.event).filter(kind=kind).earliest("id")


def _publish(statement: Statement, crew: Crew, at: datetime) -> Publication:
    url = "https://weibo.example/2"
    return publish(statement, account="星河电器", url=url, at=at, by=crew.lead, now=at)


def test_only_the_published_record_stops_the_holding_clock(
    crew: Crew, case: Case, now: datetime
) -> None:
    statement = make_statement(case, crew)
    request = make_request(statement, crew)
    stages = [statement.stage]
    for member in (crew.analyst, crew.legal, crew.spokesperson):
        approve(request, by=member, now=now)
        stages.append(statement.stage)
        assert _clock(case, Kind.HOLDING).is_running
    assert stages == [Stage.FACT_CHECK, Stage.LEGAL, Stage.SPOKESPERSON, Stage.APPROVED]
    publication = _publish(statement, crew, now + 40 * MINUTE)
    clock = _clock(case, Kind.HOLDING)
    assert (clock.met_at, clock.met_by_id) == (now + 40 * MINUTE, publication.pk)
    assert statement.stage == Stage.PUBLISHED
    assert _clock(case, Kind.INFORM).is_running


def test_a_draft_cannot_be_published_nor_one_half_approved(
    crew: Crew, case: Case, now: datetime
) -> None:
    statement = make_statement(case, crew)
    with pytest.raises(NotApprovedError):
        _publish(statement, crew, now)
    approve(make_request(statement, crew), by=crew.analyst, now=now)
    with pytest.raises(NotApprovedError):
        _publish(statement, crew, now)
    assert _clock(case, Kind.HOLDING).is_running


def test_the_clock_ends_when_it_appeared_not_when_it_was_recorded(
    crew: Crew, case: Case, now: datetime
) -> None:
    statement = make_statement(case, crew)
    approve_all(make_request(statement, crew), crew, now=now)
    appeared, recorded = now + 20 * MINUTE, now + 3 * HOUR
    publish(statement, account="星河电器", url="", at=appeared, by=crew.lead, now=recorded)
    clock = _clock(case, Kind.HOLDING)
    assert (clock.met_at, clock.breached_at) == (appeared, None)


@pytest.mark.parametrize("minutes", [-10, 10])
def test_it_cannot_have_appeared_before_its_approval_or_in_the_future(
    crew: Crew, case: Case, now: datetime, minutes: int
) -> None:
    statement = make_statement(case, crew)
    approve_all(make_request(statement, crew), crew, now=now)
    at = now + minutes * MINUTE
    with pytest.raises(CaseError):
        publish(statement, account="星河电器", url="", at=at, by=crew.lead, now=now)


def test_a_full_statement_ends_the_clocks_of_information_too(
    crew: Crew, case: Case, now: datetime
) -> None:
    statement = make_statement(case, crew, FULL, make_finding(case, crew))
    approve_all(make_request(statement, crew), crew)
    _publish(statement, crew, now + HOUR)
    for kind in (Kind.HOLDING, Kind.INFORM, Kind.FULL):
        assert _clock(case, kind).met_at == now + HOUR


def test_each_publication_starts_the_next_update_anew(
    crew: Crew, case: Case, now: datetime
) -> None:
    statement = make_statement(case, crew)
    approve_all(make_request(statement, crew), crew)
    _publish(statement, crew, now + HOUR)
    running = Clock.objects.of(case.event).running().get(kind=Kind.UPDATE)
    assert running.due_at == now + 3 * HOUR


def test_a_full_statement_rests_on_checked_findings(crew: Crew, case: Case, now: datetime) -> None:
    finding = make_finding(case, crew, verdict=None)
    statement = make_statement(case, crew, FULL, finding)
    with pytest.raises(UncheckedError, match="密封圈"):
        submit(statement, by=crew.lead, now=now)
    check(finding, Check.Verdict.REFUTED, note="检测合格", by=crew.analyst, now=now)
    assert submit(statement, by=crew.lead, now=now).state == Request.State.PENDING


def test_a_full_statement_cites_at_least_one_finding(crew: Crew, case: Case, now: datetime) -> None:
    with pytest.raises(UncheckedError):
        submit(make_statement(case, crew, FULL), by=crew.lead, now=now)


def test_a_holding_statement_may_go_before_anything_is_checked(
    crew: Crew, case: Case, now: datetime
) -> None:
    finding = make_finding(case, crew, verdict=None)
    assert submit(make_statement(case, crew, HOLDING, finding), by=crew.lead, now=now)


def test_a_fact_that_turns_out_otherwise_voids_the_approvals(
    crew: Crew, case: Case, now: datetime
) -> None:
    finding = make_finding(case, crew)
    statement = make_statement(case, crew, FULL, finding)
    approve_all(make_request(statement, crew), crew)
    check(finding, Check.Verdict.REFUTED, note="复检合格", by=crew.analyst, now=now)
    assert statement.stage == Stage.DRAFT
    with pytest.raises(NotApprovedError):
        _publish(statement, crew, now + HOUR)
    again = make_request(statement, crew, now=now)
    assert again.next_right == Right.APPROVE_FACTS


def test_a_new_wording_is_a_new_version_and_withdraws_the_request(
    crew: Crew, case: Case, now: datetime
) -> None:
    first = make_statement(case, crew)
    request = make_request(first, crew)
    second = revise(first, Wording(title=first.title, text="新的说法"), by=crew.lead, now=now)
    assert (second.version, second.number, second.previous) == (2, first.number, first)
    assert Request.objects.get(pk=request.pk).state == Request.State.WITHDRAWN
    assert (Statement.objects.get(pk=first.pk).stage, second.stage) == (
        Stage.SUPERSEDED,
        Stage.DRAFT,
    )
    assert list(case.statements.last_versions()) == [second]


def test_the_same_words_again_are_no_new_version(crew: Crew, case: Case, now: datetime) -> None:
    first = make_statement(case, crew)
    assert (
        revise(first, Wording(title=first.title, text=first.text), by=crew.lead, now=now) == first
    )


def test_an_old_version_is_neither_revised_nor_submitted_nor_published(
    crew: Crew, case: Case, now: datetime
) -> None:
    first = make_statement(case, crew)
    approve_all(make_request(first, crew), crew)
    revise(first, Wording(title="新", text="新的说法"), by=crew.lead, now=now)
    first = Statement.objects.get(pk=first.pk)
    with pytest.raises(CaseError):
        revise(first, Wording(title="又", text="又一种"), by=crew.lead, now=now)
    with pytest.raises(CaseError):
        submit(first, by=crew.lead, now=now)
    with pytest.raises(NotApprovedError):
        _publish(first, crew, now)


def test_what_was_sent_back_has_to_be_rewritten(crew: Crew, case: Case, now: datetime) -> None:
    statement = make_statement(case, crew)
    send_back(make_request(statement, crew), comment="语气太硬", by=crew.analyst, now=now)
    assert statement.stage == Stage.SENT_BACK
    with pytest.raises(CaseError):
        submit(statement, by=crew.lead, now=now)
    better = revise(statement, Wording(title="说明", text="对不起"), by=crew.lead, now=now)
    assert submit(better, by=crew.lead, now=now).state == Request.State.PENDING


def test_whoever_wrote_an_earlier_version_may_not_approve_a_later_one(
    crew: Crew, case: Case, now: datetime
) -> None:
    other = make_member("副手", *crew.lead.roles)
    first = make_statement(case, crew)
    second = revise(first, Wording(title="说明", text="改写"), by=other, now=now)
    request = submit(second, by=other, now=now)
    assert not request.waits_for(crew.lead)
    assert request.waits_for(crew.analyst)


def test_a_published_statement_is_corrected_not_revised(
    crew: Crew, case: Case, now: datetime
) -> None:
    statement = make_statement(case, crew)
    with pytest.raises(CaseError):
        draft(
            case, Statement.Kind.CORRECTION, Wording(title="更正", text="…"), by=crew.lead, now=now
        )
    approve_all(make_request(statement, crew), crew)
    _publish(statement, crew, now)
    wording = Wording(title="更正", text="通报时间改为九点")
    with pytest.raises(CaseError):
        revise(statement, wording, by=crew.lead, now=now)
    correction = draft(
        case, Statement.Kind.CORRECTION, wording, by=crew.lead, now=now, corrects=statement
    )
    assert (correction.corrects, correction.number) == (statement, 2)


def test_one_account_is_recorded_once_and_another_may_follow(
    crew: Crew, case: Case, now: datetime
) -> None:
    statement = make_statement(case, crew)
    approve_all(make_request(statement, crew), crew)
    _publish(statement, crew, now)
    with pytest.raises(CaseError):
        _publish(statement, crew, now)
    publish(statement, account="官网", url="", at=now, by=crew.lead, now=now)
    assert statement.publications.count() == 2


def test_denial_and_apology_do_not_go_into_one_statement(
    crew: Crew, case: Case, now: datetime
) -> None:
    wording = Wording(title="说明", text="不是事实，我们道歉", strategies=("deny", "rebuild"))
    with pytest.raises(CaseError):
        draft(case, HOLDING, wording, by=crew.lead, now=now)


def test_only_who_may_write_writes_and_who_may_publish_publishes(
    crew: Crew, case: Case, now: datetime
) -> None:
    with pytest.raises(ForbiddenError):
        draft(case, HOLDING, Wording(title="说明", text="…"), by=crew.agent, now=now)
    statement = make_statement(case, crew)
    approve_all(make_request(statement, crew), crew)
    with pytest.raises(ForbiddenError):
        publish(statement, account="星河电器", url="", at=now, by=crew.analyst, now=now)


def test_decisions_stand_in_the_story_of_the_event(crew: Crew, case: Case, now: datetime) -> None:
    statement = make_statement(case, crew)
    request = make_request(statement, crew)
    approve(request, by=crew.analyst, now=now, comment="批次属实")
    send_back(request, comment="删去“绝对”", by=crew.legal, now=now)
    worker.drain()
    approved = case.event.timeline.get(kind="statement_approved")
    assert (approved.by, approved.data["step"]) == (crew.analyst, "approve_facts")
    assert case.event.timeline.get(kind="statement_sent_back").data["comment"] == "删去“绝对”"


def test_a_closed_case_takes_no_statement(crew: Crew, case: Case, now: datetime) -> None:
    case.closures.create(cause="accident", cluster="victim", summary="结", by=crew.lead, at=now)
    with pytest.raises(ClosedError):
        make_statement(case, crew)
