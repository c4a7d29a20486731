"""Four eyes: nobody approves their own, nobody twice, and only what was submitted."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.make import NOW, make_member
from tests.make_response import (
    Crew,
    approve_all,
    make_case,
    make_crew,
    make_request,
    make_statement,
)
from tinglan.accounts.models import Appointment, Member
from tinglan.accounts.rights import ForbiddenError, Right, Role
from tinglan.approvals.decide import approve, send_back
from tinglan.approvals.errors import ApprovalError, ChangedError, DecidedError, NotYoursError
from tinglan.approvals.inbox import inbox
from tinglan.approvals.models import Approval, Request
from tinglan.approvals.submit import submit, withdraw
from tinglan.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew() -> Crew:
    return make_crew()


@pytest.fixture
def request_(crew: Crew) -> Request:
    return make_request(make_statement(make_case(crew), crew), crew)


def test_three_people_approve_one_step_after_the_other(
    crew: Crew, request_: Request, now: datetime
) -> None:
    assert request_.next_right == Right.APPROVE_FACTS
    approve_all(request_, crew)
    request_.refresh_from_db()
    assert request_.state == Request.State.APPROVED
    assert [each.by for each in request_.decisions] == [
        crew.analyst,
        crew.legal,
        crew.spokesperson,
    ]
    assert AuditEntry.objects.filter(verb="approvals.approve").count() == 3


def test_a_later_step_cannot_be_decided_first(crew: Crew, request_: Request, now: datetime) -> None:
    with pytest.raises(ForbiddenError):
        approve(request_, by=crew.legal, now=now)
    assert not Approval.objects.exists()


def test_the_requester_may_not_approve_even_with_the_right(
    crew: Crew, request_: Request, now: datetime
) -> None:
    assert crew.lead.can(Right.APPROVE_FACTS)
    with pytest.raises(NotYoursError):
        approve(request_, by=crew.lead, now=now)


def test_an_author_who_did_not_submit_may_not_approve(crew: Crew, now: datetime) -> None:
    statement = make_statement(make_case(crew), crew)
    ghost = make_member("代笔", Role.ANALYST)
    request = submit(statement, [Right.APPROVE_FACTS], authors=[ghost], by=crew.lead, now=now)
    with pytest.raises(NotYoursError):
        approve(request, by=ghost, now=now)


def test_nobody_decides_two_steps_whatever_roles_they_hold(
    crew: Crew, request_: Request, now: datetime
) -> None:
    both = make_member("身兼两职", Role.ANALYST, Role.LEGAL)
    approve(request_, by=both, now=now)
    with pytest.raises(NotYoursError):
        approve(request_, by=both, now=now)


def test_a_step_seen_on_an_old_page_is_not_the_next_one(
    crew: Crew, request_: Request, now: datetime
) -> None:
    approve(request_, 0, by=crew.analyst, now=now)
    late = make_member("后到", Role.ANALYST, Role.LEGAL)
    with pytest.raises(DecidedError):
        approve(request_, 0, by=late, now=now)


def test_changed_content_voids_the_request(crew: Crew, now: datetime) -> None:
    statement = make_statement(make_case(crew), crew)
    request = make_request(statement, crew)
    approve(request, by=crew.analyst, now=now)
    type(statement).objects.filter(pk=statement.pk).update(text="改过的话")
    with pytest.raises(ChangedError):
        approve(request, by=crew.legal, now=now)


def test_content_changed_after_the_last_approval_is_approved_no_more(crew: Crew) -> None:
    statement = make_statement(make_case(crew), crew)
    approve_all(make_request(statement, crew), crew)
    assert statement.is_approved
    statement.text += "另：一切正常。"
    assert not statement.is_approved


def test_what_is_sent_back_needs_a_reason_and_is_decided_for_good(
    crew: Crew, request_: Request, now: datetime
) -> None:
    with pytest.raises(ApprovalError):
        send_back(request_, comment="  ", by=crew.analyst, now=now)
    send_back(request_, comment="批次号不对", by=crew.analyst, now=now)
    assert Request.objects.get().state == Request.State.SENT_BACK
    with pytest.raises(DecidedError):
        approve(request_, by=crew.legal, now=now)


def test_a_withdrawn_request_is_decided_no_more(
    crew: Crew, request_: Request, now: datetime
) -> None:
    withdraw(request_, reason="重写", by=crew.lead, now=now)
    with pytest.raises(DecidedError):
        approve(request_, by=crew.analyst, now=now)
    with pytest.raises(DecidedError):
        withdraw(request_, reason="再来", by=crew.lead, now=now)


def test_one_thing_waits_for_approval_once(crew: Crew, request_: Request, now: datetime) -> None:
    statement = crew.lead.statements.get()
    with pytest.raises(ApprovalError):
        submit(statement, [Right.APPROVE_FACTS], authors=[], by=crew.lead, now=now)


def test_a_request_without_steps_is_refused(crew: Crew, now: datetime) -> None:
    statement = make_statement(make_case(crew), crew)
    with pytest.raises(ApprovalError):
        submit(statement, [], authors=[], by=crew.lead, now=now)


def test_the_inbox_holds_what_waits_for_me_and_nothing_else(
    crew: Crew, request_: Request, now: datetime
) -> None:
    assert inbox(crew.analyst) == [request_]
    assert inbox(crew.legal) == inbox(crew.lead) == inbox(make_member("晨曦")) == []
    approve(request_, by=crew.analyst, now=now)
    assert (inbox(crew.analyst), inbox(crew.legal)) == ([], [request_])


def test_someone_who_left_approves_nothing(crew: Crew, request_: Request, now: datetime) -> None:
    crew.analyst.is_active = False
    crew.analyst.save()
    with pytest.raises(ForbiddenError):
        approve(request_, by=crew.analyst, now=now)


class FourEyes(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(
        roles=st.lists(
            st.sets(st.sampled_from([Role.PR_LEAD, Role.ANALYST, Role.LEGAL, Role.SPOKESPERSON])),
            min_size=4,
            max_size=4,
        ),
        clicks=st.lists(st.integers(0, 3), max_size=14),
    )
    def test_whoever_clicks_in_whatever_order_approval_means_three_others_with_the_rights(
        self, roles: list[set[Role]], clicks: list[int]
    ) -> None:
        crew = make_crew()
        request = make_request(make_statement(make_case(crew), crew), crew)
        members = [crew.lead, *(make_member("某人", *held) for held in roles[1:])]
        Appointment.objects.bulk_create(
            [Appointment(member=crew.lead, role=role) for role in roles[0] - {Role.PR_LEAD}]
        )
        at = NOW
        for click in clicks:
            at += timedelta(minutes=1)
            _try_to_approve(request, members[click], at)
        decided = Request.objects.get(pk=request.pk).decisions
        assert len({each.by_id for each in decided}) == len(decided)
        assert crew.lead not in [each.by for each in decided]
        assert all(each.by.can(each.right) for each in decided)
        assert [each.step for each in decided] == list(range(len(decided)))


def _try_to_approve(request: Request, member: Member, at: datetime) -> None:
    try:
        approve(request, by=Member.objects.get(pk=member.pk), now=at)
    except (ForbiddenError, ApprovalError):
        return
