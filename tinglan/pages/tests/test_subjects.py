"""What the trail and the clocks call the rows they are about, and where these are read."""

from datetime import datetime

import pytest
from django.db.models import Model
from pytest_django import DjangoAssertNumQueries

from tests.make import make_event, make_member, make_mention
from tests.make_response import Crew, make_case, make_crew, make_finding, make_level_change
from tinglan.accounts.rights import Role
from tinglan.cases.close import Ending, close
from tinglan.cases.inform import Telling, inform
from tinglan.cases.models import Case, Stakeholder
from tinglan.cases.models.case import Cause, Cluster
from tinglan.cases.reopen import reopen
from tinglan.clocks.defaults import ensure_defaults
from tinglan.pages.subjects import Subject, subjects_of
from tinglan.replies.draft import draft
from tinglan.replies.models import Reply
from tinglan.replies.resolve import resolve
from tinglan.replies.send import send

pytestmark = pytest.mark.django_db
ENDING = Ending(cause=Cause.OWN_FAULT, cluster=Cluster.PREVENTABLE, summary="密封圈批次问题")


@pytest.fixture
def crew() -> Crew:
    return make_crew()


@pytest.fixture
def case(crew: Crew) -> Case:
    return make_case(crew)


def subject_of(row: Model) -> Subject:
    return subjects_of([(row._meta.label, row.pk)])[row._meta.label, row.pk]


def test_how_a_case_ended_is_named_after_the_case_and_read_in_it(
    crew: Crew, case: Case, now: datetime
) -> None:
    closure = close(case, ENDING, by=crew.lead, now=now)
    reopening = reopen(case, reason="又有新的批次", by=crew.lead, now=now)
    room = case.get_absolute_url()
    assert subject_of(closure) == Subject(f"处置单 {case.number} 的办结", room)
    assert subject_of(reopening) == Subject(f"处置单 {case.number} 的重启", room)


def test_what_is_done_in_a_case_is_called_in_words(crew: Crew, case: Case, now: datetime) -> None:
    check = make_finding(case, crew).checks.get()
    telling = Telling(group=Stakeholder.Group.MEDIA, name="晚报", channel="电话", told="正在核实")
    told = inform(case, telling, at=now, by=crew.lead, now=now)
    room = case.get_absolute_url()
    assert subject_of(check) == Subject("属实：批次 2611 的密封圈偏薄", f"{room}#findings")
    assert subject_of(told) == Subject("媒体 晚报", f"{room}#stakeholders")


def test_an_answer_to_a_consumer_is_read_with_the_mention(crew: Crew, now: datetime) -> None:
    mention = make_mention()
    reply = draft(mention, Reply.Kind.ANSWER, "已为您换新", by=crew.agent, now=now)
    sending = send(reply, account="星河电器", url="", at=now, by=crew.agent, now=now)
    solved = resolve(mention, remedy="换新", by=crew.agent, now=now)
    talk = mention.get_absolute_url()
    assert subject_of(sending) == Subject("已为您换新 · 星河电器", talk)
    assert subject_of(solved) == Subject("换新", talk)


def test_a_change_of_level_names_its_event(now: datetime) -> None:
    event = make_event("星河水壶漏电")
    change = make_level_change(event, "III")
    assert subject_of(change) == Subject("星河水壶漏电：– → III", event.get_absolute_url())


def test_targets_and_people_lead_to_their_settings(now: datetime) -> None:
    member = make_member("安琪", Role.DUTY_OFFICER)
    assert subject_of(ensure_defaults(now)) == Subject("时限标准第 1 版", "/settings/clocks")
    assert subject_of(member) == Subject("安琪", f"/settings/members/{member.pk}")


def test_many_rows_of_a_kind_are_one_query(
    django_assert_num_queries: DjangoAssertNumQueries, now: datetime
) -> None:
    changes = [make_level_change(make_event(title), "III") for title in ("漏电", "漏水", "异味")]
    with django_assert_num_queries(1):
        found = subjects_of((change._meta.label, change.pk) for change in changes)
    assert len(found) == len(changes)


def test_what_is_gone_is_left_out() -> None:
    assert subjects_of([("events.Event", 999), ("events.Nothing", 1)]) == {}
