"""Who may decide an approval hears of it, once per step, and no longer than it waits."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.make_response import (
    Crew,
    make_case,
    make_crew,
    make_finding,
    make_request,
    make_statement,
)
from tinglan.alerts import notify
from tinglan.alerts.models import Delivery
from tinglan.alerts.tests.cast import Mailbox, let_leases_be_due, mail_server, make_channel
from tinglan.approvals.decide import approve
from tinglan.approvals.models import Request
from tinglan.approvals.submit import withdraw
from tinglan.events.models import Event
from tinglan.lib import worker

pytestmark = pytest.mark.django_db

REASON = Delivery.Reason.APPROVAL


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        make_channel("email", config=box.config)
        make_channel("webhook", config={"url": "https://hook.xinghe.example/x"})
        yield box


@pytest.fixture
def crew() -> Crew:
    return make_crew()


def make_waiting(crew: Crew, level: str = "II") -> Request:
    case = make_case(crew, level=level)
    make_finding(case, crew)
    return make_request(make_statement(case, crew), crew)


def asked(request: Request) -> set[tuple[str, int]]:
    """(who, of which step)"""
    deliveries = Delivery.objects.filter(request=request, reason=REASON)
    return {(one.recipient.name, one.number) for one in deliveries if one.recipient}


def test_each_step_asks_those_who_may_decide_it(now: datetime, crew: Crew, box: Mailbox) -> None:
    request = make_waiting(crew)
    worker.drain()
    first = asked(request)
    assert first
    assert {number for _, number in first} == {0}
    assert crew.lead.name not in {name for name, _ in first}  # who wrote it approves nothing
    assert {one.channel_kind for one in Delivery.objects.filter(reason=REASON)} == {"email"}
    decider = next(one for one in (crew.analyst, crew.legal) if request.waits_for(one))
    approve(request, by=decider, now=now)
    worker.drain()
    later = asked(Request.objects.get(pk=request.pk)) - first
    assert later
    assert {number for _, number in later} == {1}


def test_it_arrives_by_mail_with_its_title(now: datetime, crew: Crew, box: Mailbox) -> None:
    request = make_waiting(crew)
    worker.drain()
    notify.work(now)
    assert box.mails
    assert request.title in box.mails[0]["Subject"]
    assert "/approvals" in str(box.mails[0].get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_what_was_decided_or_withdrawn_meanwhile_is_not_asked(
    now: datetime, crew: Crew, box: Mailbox
) -> None:
    request = make_waiting(crew)
    worker.drain()
    withdraw(request, reason="改一下", by=crew.lead, now=now)
    let_leases_be_due()
    notify.work(now)
    assert not box.mails
    assert {one.state for one in Delivery.objects.filter(reason=REASON)} == {"dropped"}


def test_it_is_asked_once_however_often_it_is_heard(
    now: datetime, crew: Crew, box: Mailbox
) -> None:
    request = make_waiting(crew)
    worker.drain()
    n_asked = Delivery.objects.filter(reason=REASON).count()
    from_anew = Request.objects.get(pk=request.pk)
    assert asked(from_anew)
    worker.drain()
    assert Delivery.objects.filter(reason=REASON).count() == n_asked


def test_the_approval_of_a_drill_stays_in_the_product(crew: Crew, box: Mailbox) -> None:
    make_channel("inapp")
    request = make_waiting(crew)
    Event.objects.update(is_drill=True)
    worker.drain()
    assert asked(request)
    kinds = {one.channel_kind for one in Delivery.objects.filter(reason=REASON)}
    assert kinds == {"inapp"}
