"""Tasks are given, done and proven; what the proof is decides who completes them."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_member, make_mention, make_post
from tests.make_response import Crew, make_case, make_crew, make_finding
from tinglan.accounts.rights import ForbiddenError
from tinglan.cases.assign import add_task, appoint, assign
from tinglan.cases.complete import complete
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Evidence, Task
from tinglan.cases.open import add_plan
from tinglan.cases.preserve import preserve_post
from tinglan.clocks.models import Clock, Kind
from tinglan.events.models import Membership
from tinglan.lib import worker
from tinglan.plans import defaults
from tinglan.plans.models import Plan, Step
from tinglan.replies.draft import draft
from tinglan.replies.models import Reply
from tinglan.replies.send import send

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def crew() -> Crew:
    return make_crew()


@pytest.fixture
def case(crew: Crew, now: datetime) -> Case:
    case = make_case(crew)
    defaults.ensure_defaults(now)
    add_plan(case, Plan.objects.get(code="safety-II").steps.all(), since=now, now=now)
    return case


def test_a_task_is_assigned_and_its_clock_ends_when_it_is_done(
    crew: Crew, case: Case, now: datetime
) -> None:
    task = case.tasks.get(code="lines")
    assign(task, crew.duty, by=crew.lead, now=now)
    done = complete(task, by=crew.duty, now=now + HOUR, note="口径已发")
    clock = Clock.objects.of(task).get(kind=Kind.TASK)
    assert (clock.met_at, clock.met_by_id) == (now + HOUR, done.pk)
    kinds = list(case.event.timeline.values_list("kind", flat=True))
    assert kinds[-2:] == ["task_assigned", "task_completed"]


def test_the_assignee_completes_it_without_the_right_to_work_on_cases(
    crew: Crew, case: Case, now: datetime
) -> None:
    task = case.tasks.get(code="sales")
    assert task.assignee == crew.leader
    complete(task, by=crew.leader, now=now, note="暂停销售三款")
    assert case.tasks.get(code="sales").is_done


def test_somebody_else_without_the_right_does_not(crew: Crew, case: Case, now: datetime) -> None:
    with pytest.raises(ForbiddenError):
        complete(case.tasks.get(code="sales"), by=crew.spokesperson, now=now, note="好了")


def test_a_task_is_done_once_and_says_how(crew: Crew, case: Case, now: datetime) -> None:
    task = case.tasks.get(code="legal")
    with pytest.raises(CaseError):
        complete(task, by=crew.legal, now=now, note=" ")
    complete(task, by=crew.legal, now=now, note="需报告缺陷")
    with pytest.raises(CaseError):
        complete(task, by=crew.legal, now=now, note="需报告缺陷")


def test_preserving_evidence_completes_the_task_that_asks_for_it(
    crew: Crew, case: Case, now: datetime
) -> None:
    evidence = preserve_post(case, make_post(), by=crew.duty, now=now)
    completion = case.tasks.get(code="preserve").completion
    assert (completion.proof_kind, completion.proof_id) == (Evidence._meta.label, evidence.pk)


def test_findings_complete_the_tasks_only_when_all_are_checked(crew: Crew, case: Case) -> None:
    make_finding(case, crew, verdict=None)
    make_finding(case, crew)
    assert not case.tasks.get(code="verify").is_done
    case.findings.filter(checks__isnull=True).delete()
    make_finding(case, crew)
    assert case.tasks.get(code="verify").is_done


def test_a_sent_reply_to_a_consumer_of_the_event_completes_the_contact(
    crew: Crew, case: Case, now: datetime
) -> None:
    mention = make_mention()
    Membership.objects.create(event=case.event, mention=mention, reason="similar", at=now)
    reply = draft(mention, Reply.Kind.ANSWER, "请问您是否平安？", by=crew.agent, now=now)
    send(reply, account="星河客服", url="", at=now, by=crew.agent, now=now)
    worker.drain()
    assert case.tasks.get(code="contact").is_done


def test_tasks_nobody_foresaw_are_added_with_a_time_to_come(
    crew: Crew, case: Case, now: datetime
) -> None:
    task = add_task(case, "回访首位投诉人", to=crew.agent, due_at=now + HOUR, by=crew.lead, now=now)
    assert Clock.objects.of(task).get().due_at == now + HOUR
    with pytest.raises(CaseError):
        add_task(case, "昨天就该做", to=crew.agent, due_at=now, by=crew.lead, now=now)
    assert not case.tasks.get(pk=task.pk).is_required


def test_open_tasks_stand_before_done_ones(crew: Crew, case: Case, now: datetime) -> None:
    soonest = Task.objects.filter(case=case).earliest("due_at")
    complete(soonest, by=crew.lead, now=now, note="完成")
    ordered = list(case.tasks.in_order())
    assert ordered[-1] == soonest
    dues = [task.due_at for task in ordered[:-1]]
    assert dues == sorted(dues)


def test_the_lead_changes_hands(crew: Crew, case: Case, now: datetime) -> None:
    appoint(case, crew.duty, by=crew.lead, now=now)
    assert Case.objects.get().lead == crew.duty
    with pytest.raises(CaseError):
        appoint(case, make_member("离职", is_active=False), by=crew.lead, now=now)


def test_steps_carry_both_languages(case: Case) -> None:
    assert all(step.title_en and step.instructions_en for step in Step.objects.all()), (
        "a step lacks its English text"
    )
