"""What may go out: faults that block, warnings that want a reason, and what is on record."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.make import make_event, make_member, make_mention
from tinglan.accounts.company import FIELDS, change_company
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.audit.models import AuditEntry
from tinglan.events.models import Event
from tinglan.monitors.models import Mention
from tinglan.replies.draft import Vow, draft
from tinglan.replies.errors import ReplyError
from tinglan.replies.models import Reply
from tinglan.replies.outgoing import WordingError

pytestmark = pytest.mark.django_db

VAGUE = "我们会尽快处理，请私信我们"
BLOCKED = "收件人电话13800001234，请私信我们"
ANSWER = Reply.Kind.ANSWER


@pytest.fixture
def agent() -> Member:
    return make_member("小满", Role.AGENT)


@pytest.fixture
def mention() -> Mention:
    return make_mention("水壶漏电")


@pytest.fixture
def event(mention: Mention) -> Event:
    return make_event("漏电", mention)


def _as(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def test_personal_data_never_goes_out(agent: Member, mention: Mention, now: datetime) -> None:
    with pytest.raises(WordingError, match="13800001234") as refused:
        draft(mention, ANSWER, BLOCKED, by=agent, now=now, reason="他同意公开")
    assert [remark.rule for remark in refused.value.remarks] == ["personal_data"]
    assert not Reply.objects.exists()


def test_asking_for_deletion_never_goes_out(agent: Member, mention: Mention, now: datetime) -> None:
    with pytest.raises(WordingError, match="删掉"):
        draft(mention, ANSWER, "麻烦您把差评删掉，私信我们", by=agent, now=now, reason="已说好")


def test_our_own_numbers_may_go_out(agent: Member, mention: Mention, now: datetime) -> None:
    values = {**dict.fromkeys(FIELDS, ""), "name": "星河电器", "hotline": "13800001234"}
    change_company(values, by=None, now=now)
    assert draft(mention, ANSWER, "请打13800001234找我们", by=agent, now=now)


def test_a_warning_wants_a_reason(agent: Member, mention: Mention, now: datetime) -> None:
    for reason in ("", "  ", "ok"):
        with pytest.raises(WordingError, match="尽快处理"):
            draft(mention, ANSWER, VAGUE, by=agent, now=now, reason=reason)
    assert not Reply.objects.exists()


def test_a_wording_that_is_kept_is_on_record(
    agent: Member, mention: Mention, event: Event, now: datetime
) -> None:
    draft(mention, ANSWER, VAGUE, by=agent, now=now, reason="时间要等厂家，今晚再补")
    entry = event.timeline.get(kind="wording_kept")
    assert entry.data["reason"] == "时间要等厂家，今晚再补"
    assert entry.data["rules"] == ["promise_without_owner_or_date"]
    assert AuditEntry.objects.filter(verb="replies.keep_wording").exists()


def test_what_is_well_worded_leaves_no_such_record(
    agent: Member, mention: Mention, event: Event, now: datetime
) -> None:
    draft(mention, ANSWER, "已为您换新，明天到", by=agent, now=now, reason="多写的理由")
    assert [entry.kind for entry in event.timeline.all()] == ["reply_drafted"]


def test_a_promise_on_record_is_no_empty_one(
    agent: Member, mention: Mention, now: datetime
) -> None:
    vow = Vow(text="今晚回电", owner=agent, due_at=now + timedelta(hours=2))
    assert draft(mention, Reply.Kind.HOLDING, VAGUE, by=agent, now=now, vow=vow)


def test_a_text_of_a_book_is_refused(agent: Member, mention: Mention, now: datetime) -> None:
    with pytest.raises(ReplyError, match="50,000"):
        draft(mention, ANSWER, "好" * 50_001, by=agent, now=now)


def test_the_editor_says_what_is_at_fault_as_one_writes(agent: Member, mention: Mention) -> None:
    path = f"/mentions/{mention.pk}/replies/remarks"
    warned = _as(agent).post(path, {"text": VAGUE}).content.decode()
    assert "<mark>我们会尽快处理</mark>" in warned
    assert 'name="reason"' in warned
    blocked = _as(agent).post(path, {"text": BLOCKED + "，我们会尽快处理"}).content.decode()
    assert "<mark>13800001234</mark>" in blocked
    assert 'name="reason"' not in blocked
    assert "fault-none" in _as(agent).post(path, {"text": "已为您换新"}).content.decode()
    assert _as(agent).post(path, {}).content.decode().strip() == ""


def test_a_promise_in_the_form_counts_as_one_writes(agent: Member, mention: Mention) -> None:
    promised = {"promise": "今晚回电", "owner": agent.pk, "due_at": "2099-01-01T20:00"}
    page = _as(agent).post(f"/mentions/{mention.pk}/replies/remarks", {"text": VAGUE, **promised})
    assert "fault-none" in page.content.decode()


def test_a_refused_draft_comes_back_with_its_words_and_a_way_on(
    agent: Member, mention: Mention
) -> None:
    client, path = _as(agent), f"/mentions/{mention.pk}/replies"
    refused = client.post(path, {"kind": "answer", "text": VAGUE})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert VAGUE in page
    assert 'name="reason"' in page
    kept = {"kind": "answer", "text": VAGUE, "reason": "时间要等厂家"}
    assert client.post(path, kept).status_code == 302
    blocked = client.post(path, {"kind": "answer", "text": BLOCKED, "reason": "他同意公开"})
    assert blocked.status_code == 422
    assert Reply.objects.count() == 1


def test_who_may_not_reply_cannot_ask_the_check(mention: Mention) -> None:
    path = f"/mentions/{mention.pk}/replies/remarks"
    assert _as(make_member("晨曦")).post(path, {"text": VAGUE}).status_code == 403
    assert _as(make_member("小满", Role.AGENT)).get(path).status_code == 405
    agent = make_member("以宁", Role.AGENT)
    assert _as(agent).post("/mentions/999/replies/remarks", {"text": VAGUE}).status_code == 404
