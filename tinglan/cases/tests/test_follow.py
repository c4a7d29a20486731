"""When an event becomes a part of another, its response is not lost."""

from datetime import timedelta

import pytest

from tests.make import NOW, make_event, make_member, make_mention
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.cases.follow import hear_merges
from tinglan.cases.models import Case, Task, Transfer
from tinglan.cases.open import open_case
from tinglan.events.merge import merge
from tinglan.events.models import Event
from tinglan.events.split import unmerge
from tinglan.lib import clock, worker

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def bowen() -> Member:
    clock.set_to(NOW, rate=1)
    return make_member("博文", Role.PR_LEAD, Role.DUTY_OFFICER)


def event_of(title: str) -> Event:
    return make_event(title, make_mention(f"{title}，怎么办"))


def task_of(case: Case, title: str, *, code: str = "", hours: int = 1) -> Task:
    return Task.objects.create(
        case=case, title=title, code=code, due_at=NOW + hours * HOUR, added_at=NOW
    )


def test_the_case_goes_with_its_event_where_the_other_has_none(bowen: Member) -> None:
    small, large = event_of("漏电"), event_of("电人")
    case = open_case(small, by=bowen, now=NOW)
    task_of(case, "联系当事人")
    merge(small, large, by=bowen, now=NOW)
    worker.drain()
    case.refresh_from_db()
    assert case.event == large
    assert case.is_open
    assert case.tasks.open().count() == 1
    assert large.timeline.filter(kind="case_followed").count() == 1
    assert open_case(large, by=bowen, now=NOW) == case


def test_where_both_have_one_the_other_goes_on_for_both(bowen: Member) -> None:
    small, large = event_of("漏电"), event_of("电人")
    ours, theirs = open_case(small, by=bowen, now=NOW), open_case(large, by=bowen, now=NOW)
    task_of(ours, "联系当事人")
    task_of(ours, "核实", code="verify", hours=1)
    same = task_of(theirs, "核实", code="verify", hours=5)
    merge(small, large, by=bowen, now=NOW)
    worker.drain()
    same.refresh_from_db()
    assert same.due_at == NOW + HOUR
    assert sorted(theirs.tasks.values_list("title", flat=True)) == ["核实", "联系当事人"]
    assert Case.objects.count() == 2
    done = Transfer.objects.get()
    assert (done.case, done.continued_in, done.into) == (ours, theirs, large)
    assert Case.objects.get(pk=ours.pk).event.going_on == large


def test_a_merge_taken_back_gives_the_case_back(bowen: Member) -> None:
    small, large = event_of("漏电"), event_of("电人")
    case = open_case(small, by=bowen, now=NOW)
    done = merge(small, large, by=bowen, now=NOW)
    worker.drain()
    unmerge(done, by=bowen, now=NOW + HOUR)
    worker.drain()
    case.refresh_from_db()
    assert case.event == small
    assert [one.into for one in case.transfers.order_by("id")] == [large, small]


def test_hearing_a_merge_twice_changes_nothing(bowen: Member) -> None:
    small, large = event_of("漏电"), event_of("电人")
    open_case(small, by=bowen, now=NOW)
    open_case(large, by=bowen, now=NOW)
    done = merge(small, large, by=bowen, now=NOW)
    worker.drain()
    from_now = Transfer.objects.count()
    from_events = large.timeline.count()
    hear_merges([done], now=NOW)
    assert (Transfer.objects.count(), large.timeline.count()) == (from_now, from_events)
