"""Scripted colleagues close the loop for who only watches, and wait for who takes part."""

from datetime import timedelta

import pytest

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.accounts.signing import note_sign_in
from tinglan.alerts.models import Acknowledgement, Alert
from tinglan.approvals.models import Approval
from tinglan.cases.draft import Wording, draft
from tinglan.cases.models import Case, Publication, Statement
from tinglan.drills.tests.director import Director, drill
from tinglan.replies.models import Sending

pytestmark = pytest.mark.django_db


def person(role: Role) -> Member:
    return Member.objects.holding(role).get(is_scripted=False)


def test_watched_only_the_loop_closes_with_four_hands_on_each_statement(
    director: Director,
) -> None:
    case = director.until_case()
    director.minutes(24)
    for published in Publication.objects.select_related("statement__author"):
        decided = Approval.objects.filter(request__subject_id=published.statement_id)
        hands = [published.statement.author, *(each.by for each in decided.order_by("step"))]
        assert len(hands) == len(set(hands)) == 4
        assert all(member.is_scripted for member in hands)
    acts = {"spread", "wave", "answered", "explained"}
    assert set(drill().cues.values_list("act", flat=True)) == acts
    assert Sending.objects.count() == 2
    assert not Alert.objects.waiting().exists()
    closed = Case.objects.get(pk=case.pk)
    assert closed.closure is not None
    assert closed.review.lessons
    assert not closed.tasks.required().open().exists()


def test_the_step_of_the_visitor_is_left_alone_for_longer(director: Director) -> None:
    note_sign_in(person(Role.DUTY_OFFICER), now=director.now, how="demo")
    case = director.until_case()
    director.minutes(2)
    assert not Acknowledgement.objects.exists()
    assert case.findings.exists()  # the analysts are at work meanwhile
    director.minutes(4)
    assert Acknowledgement.objects.exists()


def test_what_a_person_writes_is_carried_on_and_not_written_twice(director: Director) -> None:
    case = director.until_case()
    lead = person(Role.PR_LEAD)
    words = Wording(title="情况说明", text="我们正在核实，今晚八点前通报。")
    mine = draft(case, Statement.Kind.HOLDING, words, by=lead, now=director.now)
    director.minutes(5)
    assert mine.is_published
    assert case.statements.filter(kind=Statement.Kind.HOLDING).count() == 1


def test_nobody_acts_before_there_is_a_case(director: Director) -> None:
    director.tick(timedelta(seconds=40))
    assert not Acknowledgement.objects.exists()
    assert not Case.objects.exists()
