"""One consumer: a holding reply with a promise, the answer, a handoff, and the problem solved."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_event, make_member, make_mention
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.audit.models import AuditEntry
from tinglan.clocks import run
from tinglan.clocks.models import Clock, Kind
from tinglan.monitors.models import Mention
from tinglan.replies.draft import Vow, draft
from tinglan.replies.errors import ReplyError
from tinglan.replies.hand_off import hand_off
from tinglan.replies.models import Handoff, Promise, Reply, Resolution, Sending
from tinglan.replies.resolve import resolve
from tinglan.replies.send import open_promises, send

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
HOLDING, ANSWER = Reply.Kind.HOLDING, Reply.Kind.ANSWER


@pytest.fixture
def agent() -> Member:
    return make_member("小满", Role.AGENT)


@pytest.fixture
def mention() -> Mention:
    return make_mention()


def _vow(agent: Member, now: datetime) -> Vow:
    return Vow(text="今晚八点前回电", owner=agent, due_at=now + 4 * HOUR)


def _send(reply: Reply, by: Member, now: datetime, at: datetime | None = None) -> Sending:
    return send(reply, account="星河客服", url="", at=at or now, by=by, now=now)


def test_a_draft_does_not_end_the_clock_of_contact_and_a_sent_reply_does(
    agent: Member, mention: Mention, now: datetime
) -> None:
    event = make_event("漏电", mention)
    run.start_for_level(event, "II", now=now)
    reply = draft(mention, ANSWER, "您好，请问人是否平安？", by=agent, now=now)
    clock = Clock.objects.of(event).get(kind=Kind.CONTACT)
    assert clock.is_running
    sending = _send(reply, agent, now + HOUR, at=now + HOUR / 2)
    clock.refresh_from_db()
    assert (clock.met_at, clock.met_by_id) == (now + HOUR / 2, sending.pk)
    assert [entry.kind for entry in event.timeline.all()] == ["reply_drafted", "reply_sent"]


def test_from_level_three_on_a_reply_is_not_the_first_public_word(
    agent: Member, mention: Mention, now: datetime
) -> None:
    event = make_event("漏电", mention)
    run.start_for_level(event, "III", now=now)
    _send(draft(mention, ANSWER, "已为您登记", by=agent, now=now), agent, now)
    assert Clock.objects.of(event).get(kind=Kind.HOLDING).is_running


def test_at_level_four_consumers_are_answered_one_by_one(
    agent: Member, mention: Mention, now: datetime
) -> None:
    event = make_event("漏电", mention)
    run.start_for_level(event, "IV", now=now)
    holding = draft(mention, HOLDING, "正在核实", by=agent, now=now, vow=_vow(agent, now))
    _send(holding, agent, now)
    assert not Clock.objects.of(event).get(kind=Kind.HOLDING).is_running
    assert Clock.objects.of(event).get(kind=Kind.INFORM).is_running
    _send(draft(mention, ANSWER, "已核实", by=agent, now=now), agent, now)
    assert not Clock.objects.of(event).get(kind=Kind.INFORM).is_running


def test_a_holding_reply_promises_an_answer_with_an_owner_and_a_time(
    agent: Member, mention: Mention, now: datetime
) -> None:
    with pytest.raises(ReplyError):
        draft(mention, HOLDING, "正在核实", by=agent, now=now)
    late = Vow(text="回电", owner=agent, due_at=now)
    with pytest.raises(ReplyError):
        draft(mention, HOLDING, "正在核实", by=agent, now=now, vow=late)
    stranger = Vow(text="回电", owner=make_member("晨曦"), due_at=now + HOUR)
    with pytest.raises(ReplyError):
        draft(mention, HOLDING, "正在核实", by=agent, now=now, vow=stranger)
    assert not Reply.objects.exists()


def test_a_promise_runs_from_when_it_was_sent_and_the_answer_keeps_it(
    agent: Member, mention: Mention, now: datetime
) -> None:
    holding = draft(mention, HOLDING, "正在核实", by=agent, now=now, vow=_vow(agent, now))
    promise = Promise.objects.get()
    assert not Clock.objects.of(promise).exists()
    assert open_promises(mention) == []
    _send(holding, agent, now)
    assert Clock.objects.of(promise).get(kind=Kind.PROMISE).due_at == now + 4 * HOUR
    assert open_promises(mention) == [promise]
    _send(draft(mention, ANSWER, "是密封圈", by=agent, now=now), agent, now + HOUR)
    assert Promise.objects.get().is_kept
    assert Clock.objects.of(promise).get().met_at == now + HOUR


def test_a_reply_keeps_no_promise_made_to_somebody_else(
    agent: Member, mention: Mention, now: datetime
) -> None:
    _send(draft(mention, HOLDING, "正在核实", by=agent, now=now, vow=_vow(agent, now)), agent, now)
    _send(draft(make_mention("另一位"), ANSWER, "您好", by=agent, now=now), agent, now)
    assert len(open_promises(mention)) == 1


def test_a_reply_is_sent_once_from_a_named_account_and_not_in_the_future(
    agent: Member, mention: Mention, now: datetime
) -> None:
    reply = draft(mention, ANSWER, "您好", by=agent, now=now)
    with pytest.raises(ReplyError):
        send(reply, account=" ", url="", at=now, by=agent, now=now)
    with pytest.raises(ReplyError):
        _send(reply, agent, now, at=now + HOUR)
    _send(reply, agent, now)
    with pytest.raises(ReplyError):
        _send(reply, agent, now)


def test_only_a_resolution_ends_the_talk(agent: Member, mention: Mention, now: datetime) -> None:
    with pytest.raises(ReplyError):
        resolve(mention, remedy="已换新", by=agent, now=now)
    hand_off(mention, Handoff.Channel.HOTLINE, "T-2026-118", by=agent, now=now)
    assert not Resolution.objects.exists()
    resolve(mention, remedy="已换新并致歉", by=agent, now=now)
    with pytest.raises(ReplyError):
        draft(mention, ANSWER, "您好", by=agent, now=now)
    with pytest.raises(ReplyError):
        resolve(mention, remedy="已换新", by=agent, now=now)
    assert AuditEntry.objects.filter(verb__startswith="replies.").count() == 2


def test_a_promise_that_is_no_longer_needed_stops(
    agent: Member, mention: Mention, now: datetime
) -> None:
    _send(draft(mention, HOLDING, "正在核实", by=agent, now=now, vow=_vow(agent, now)), agent, now)
    resolve(mention, remedy="已退款", by=agent, now=now)
    assert not Clock.objects.running().exists()


def test_who_may_not_reply_does_not(mention: Mention, agent: Member, now: datetime) -> None:
    outsider = make_member("晨曦")
    reply = draft(mention, ANSWER, "您好", by=agent, now=now)
    with pytest.raises(ForbiddenError):
        draft(mention, ANSWER, "您好", by=outsider, now=now)
    with pytest.raises(ForbiddenError):
        _send(reply, outsider, now)
    with pytest.raises(ForbiddenError):
        hand_off(mention, Handoff.Channel.HOTLINE, "T-1", by=outsider, now=now)
    with pytest.raises(ForbiddenError):
        resolve(mention, remedy="好", by=outsider, now=now)
