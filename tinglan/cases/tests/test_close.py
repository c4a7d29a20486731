"""Closing says why, reopening too, and the review measures what happened between."""

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
    make_level_change,
    make_request,
    make_statement,
)
from tinglan.accounts.rights import ForbiddenError
from tinglan.approvals.inbox import inbox
from tinglan.cases.assess import Opinion, assess
from tinglan.cases.close import Ending, close
from tinglan.cases.complete import complete
from tinglan.cases.errors import CaseError, ClosedError
from tinglan.cases.find import find
from tinglan.cases.improve import finish_action, plan_action
from tinglan.cases.inform import Telling, inform
from tinglan.cases.models import Assessment, Case, Closure, Stakeholder
from tinglan.cases.models.case import Cause, Cluster
from tinglan.cases.open import add_plan
from tinglan.cases.publish import publish
from tinglan.cases.reopen import reopen
from tinglan.cases.review import Lessons, milestones_of, review
from tinglan.clocks.models import Clock, Kind
from tinglan.events import timeline
from tinglan.lib import worker
from tinglan.lib.claims import announce
from tinglan.plans import defaults
from tinglan.plans.models import Plan

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ENDING = Ending(
    cause=Cause.OWN_FAULT, cluster=Cluster.PREVENTABLE, summary="密封圈批次问题，已召回"
)
LESSONS = Lessons(went_well="一小时内回应", lessons="抽检要在上市前", plan_changes="缩短送检时间")


@pytest.fixture
def crew() -> Crew:
    return make_crew()


@pytest.fixture
def case(crew: Crew) -> Case:
    return make_case(crew)


def test_closing_stops_the_response_and_starts_the_review(
    crew: Crew, case: Case, now: datetime
) -> None:
    closure = close(case, ENDING, by=crew.lead, now=now + DAY)
    assert case.closure == closure
    assert not Clock.objects.of(case.event).running().exists()
    assert Clock.objects.of(case).running().get().kind == Kind.REVIEW
    assert list(Case.objects.closed()) == [case]
    assert not Case.objects.open().exists()


def test_required_tasks_hold_a_case_open_unless_a_reason_is_given(
    crew: Crew, case: Case, now: datetime
) -> None:
    defaults.ensure_defaults(now)
    add_plan(case, Plan.objects.get(code="general-III").steps.all(), since=now, now=now)
    with pytest.raises(CaseError, match="保全证据"):
        close(case, ENDING, by=crew.lead, now=now)
    ending = Ending(
        cause=Cause.FALSE_CLAIM, cluster=Cluster.VICTIM, summary="误会", reason="已澄清"
    )
    assert close(case, ending, by=crew.lead, now=now).reason == "已澄清"
    assert not Clock.objects.running().filter(kind=Kind.TASK).exists()


def test_with_every_required_task_done_no_reason_is_asked(
    crew: Crew, case: Case, now: datetime
) -> None:
    defaults.ensure_defaults(now)
    add_plan(case, Plan.objects.get(code="general-III").steps.all(), since=now, now=now)
    for task in case.tasks.required():
        complete(task, by=crew.lead, now=now, note="完成")
    assert isinstance(close(case, ENDING, by=crew.leader, now=now), Closure)


def test_a_case_closes_once_and_then_takes_no_work(crew: Crew, case: Case, now: datetime) -> None:
    close(case, ENDING, by=crew.lead, now=now)
    with pytest.raises(ClosedError):
        close(case, ENDING, by=crew.lead, now=now)
    with pytest.raises(ClosedError):
        find(case, "又一种说法", by=crew.analyst, now=now)


def test_who_may_not_close_does_not(crew: Crew, case: Case, now: datetime) -> None:
    for member in (crew.duty, make_member("晨曦")):
        with pytest.raises(ForbiddenError):
            close(case, ENDING, by=member, now=now)


def test_what_waited_for_approval_is_withdrawn_with_the_closure(
    crew: Crew, case: Case, now: datetime
) -> None:
    make_request(make_statement(case, crew), crew)
    close(case, ENDING, by=crew.lead, now=now)
    assert inbox(crew.analyst) == []


def test_a_person_reopens_with_a_reason_and_the_clocks_run_again(
    crew: Crew, case: Case, now: datetime
) -> None:
    close(case, ENDING, by=crew.lead, now=now)
    with pytest.raises(CaseError):
        reopen(case, reason=" ", by=crew.lead, now=now)
    reopen(case, reason="又有两起", by=crew.lead, now=now + DAY)
    assert case.is_open
    assert Clock.objects.of(case.event).running().filter(kind=Kind.HOLDING).exists()
    assert not Clock.objects.of(case).running().exists()
    close(case, ENDING, by=crew.lead, now=now + 2 * DAY)
    assert case.closures.count() == 2


def test_a_rise_to_level_three_reopens_a_closed_case(crew: Crew, case: Case, now: datetime) -> None:
    close(case, ENDING, by=crew.lead, now=now)
    make_level_change(case.event, "", at=now + HOUR)
    announce(make_level_change(case.event, "III", at=now + 2 * HOUR))
    worker.drain()
    assert Case.objects.get().is_open
    assert case.event.timeline.get(kind="case_reopened").by is None


def test_a_rise_to_level_four_does_not(crew: Crew, case: Case, now: datetime) -> None:
    close(case, ENDING, by=crew.lead, now=now)
    make_level_change(case.event, "", at=now + HOUR)
    announce(make_level_change(case.event, "IV", at=now + 2 * HOUR))
    worker.drain()
    assert not Case.objects.get().is_open


def test_the_review_measures_each_part_from_the_rows(crew: Crew, case: Case, now: datetime) -> None:
    timeline.add(case.event, "alert_acknowledged", at=now + 6 * MINUTE, by=crew.duty)
    make_finding(case, crew)
    statement = make_statement(case, crew)
    approve_all(make_request(statement, crew), crew)
    at = now + 50 * MINUTE
    publish(statement, account="星河电器", url="", at=at, by=crew.lead, now=at)
    close(case, ENDING, by=crew.lead, now=now + DAY)
    durations = milestones_of(case).durations()
    assert durations == {
        "detect": timedelta(0),
        "warn": timedelta(0),
        "acknowledge": 6 * MINUTE,
        "hold": 50 * MINUTE,
        "verify": timedelta(0),
        "inform": None,
        "close": DAY,
    }


def test_a_finding_left_unchecked_is_not_verified(crew: Crew, case: Case) -> None:
    make_finding(case, crew)
    make_finding(case, crew, verdict=None)
    assert milestones_of(case).verified is None


def test_the_review_ends_its_clock_and_may_be_written_anew(
    crew: Crew, case: Case, now: datetime
) -> None:
    with pytest.raises(CaseError):
        review(case, LESSONS, by=crew.lead, now=now)
    close(case, ENDING, by=crew.lead, now=now)
    first = review(case, LESSONS, by=crew.lead, now=now + DAY)
    assert Clock.objects.of(case).get(kind=Kind.REVIEW).met_at == now + DAY
    assert first.milestones["closed"] == now.isoformat()
    again = review(case, Lessons(went_well="稳", lessons="快"), by=crew.lead, now=now + 2 * DAY)
    assert (again.pk, again.lessons) == (first.pk, "快")


def test_corrective_actions_have_an_owner_and_run_until_they_are_done(
    crew: Crew, case: Case, now: datetime
) -> None:
    action = plan_action(
        case, "上市前加测密封", owner=crew.leader, due_at=now + 30 * DAY, by=crew.lead, now=now
    )
    close(case, ENDING, by=crew.lead, now=now)
    assert Clock.objects.of(action).get().is_running
    with pytest.raises(CaseError):
        finish_action(action, note="", by=crew.leader, now=now)
    with pytest.raises(ForbiddenError):
        finish_action(action, note="做了", by=crew.spokesperson, now=now)
    finish_action(action, note="标准已发布", by=crew.leader, now=now + DAY)
    assert Clock.objects.of(action).get().met_at == now + DAY


def test_the_first_judgement_ends_its_clock_and_names_the_cluster(
    crew: Crew, case: Case, now: datetime
) -> None:
    legal = Opinion(kind=Assessment.Kind.LEGAL, text="可能需要报告缺陷")
    assess(case, legal, by=crew.legal, now=now)
    assert Clock.objects.of(case.event).get(kind=Kind.JUDGE).is_running
    opinion = Opinion(
        kind=Assessment.Kind.JUDGEMENT, text="批次问题", cause="own_fault", cluster="preventable"
    )
    assess(case, opinion, by=crew.duty, now=now + HOUR)
    assert Clock.objects.of(case.event).get(kind=Kind.JUDGE).met_at == now + HOUR
    assert case.cluster == "preventable"


def test_who_was_told_what_stands_on_record(crew: Crew, case: Case, now: datetime) -> None:
    telling = Telling(
        group=Stakeholder.Group.REGULATORS, name="市监局", channel="电话", told="已启动缺陷调查"
    )
    defaults.ensure_defaults(now)
    add_plan(case, Plan.objects.get(code="safety-II").steps.all(), since=now, now=now)
    told = inform(case, telling, at=now, by=crew.legal, now=now)
    assert case.tasks.get(code="regulators").is_done
    assert not case.tasks.get(code="employees").is_done
    assert list(case.stakeholders.all()) == [told]
    with pytest.raises(CaseError):
        inform(case, telling, at=now + HOUR, by=crew.legal, now=now)
