"""The talk with one consumer, by hand."""

import pytest
from django.test import Client

from tests.make import make_event, make_member, make_mention
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.monitors.models import Mention
from tinglan.replies.models import Handoff, Promise, Reply, Resolution, Sending

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Member:
    return make_member("小满", Role.AGENT)


@pytest.fixture
def mention() -> Mention:
    mention = make_mention("水壶漏电，请打 13800138000 联系我")
    make_event("漏电", mention)
    return mention


def _as(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def test_the_talk_shows_the_post_with_personal_data_masked(agent: Member, mention: Mention) -> None:
    page = _as(agent).get(f"/mentions/{mention.pk}/replies").content.decode()
    assert "水壶漏电" in page
    assert "13800138000" not in page


def test_a_consumer_is_answered_moved_and_helped(agent: Member, mention: Mention) -> None:
    client, path = _as(agent), f"/mentions/{mention.pk}/replies"
    holding = {
        "kind": "holding",
        "text": "正在核实",
        "promise": "今晚回电",
        "owner": agent.pk,
        "due_at": "2099-01-01T20:00",
    }
    assert client.post(path, holding).status_code == 302
    reply = Reply.objects.get()
    client.post(f"/replies/{reply.pk}/sending", {"account": "星河客服"})
    assert Sending.objects.get().by == agent
    handoff = {"channel": "hotline", "reference": "T-118"}
    client.post(f"/mentions/{mention.pk}/handoff", handoff)
    client.post(f"/mentions/{mention.pk}/resolution", {"remedy": "已换新"})
    assert (Handoff.objects.get().reference, Resolution.objects.get().remedy) == ("T-118", "已换新")
    page = client.get(path).content.decode()
    assert "已换新" in page
    assert "T-118" in page


def test_an_answer_promises_nothing_though_the_form_names_an_owner(
    agent: Member, mention: Mention
) -> None:
    answer = {"kind": "answer", "text": "您好", "owner": agent.pk}
    assert _as(agent).post(f"/mentions/{mention.pk}/replies", answer).status_code == 302
    assert not Promise.objects.exists()


def test_half_a_promise_is_none(agent: Member, mention: Mention) -> None:
    half = {"kind": "answer", "text": "正在核实", "promise": "今晚回电"}
    answer = _as(agent).post(f"/mentions/{mention.pk}/replies", half)
    assert answer.status_code == 422
    assert "今晚回电" in answer.content.decode()
    assert not Promise.objects.exists()


def test_who_may_not_reply_is_refused(agent: Member, mention: Mention) -> None:
    reply = Reply.objects.create(
        mention=mention, kind="answer", text="您好", by=agent, at=mention.at
    )
    outsider, legal = _as(make_member("晨曦")), _as(make_member("以宁", Role.LEGAL))
    assert outsider.get(f"/mentions/{mention.pk}/replies").status_code == 403
    written = {"kind": "answer", "text": "您好"}
    assert legal.post(f"/mentions/{mention.pk}/replies", written).status_code == 403
    assert legal.get(f"/replies/{reply.pk}/sending").status_code == 403
    assert legal.get(f"/mentions/{mention.pk}/handoff").status_code == 403


def test_what_is_not_there_is_not_found(agent: Member) -> None:
    client = _as(agent)
    for path in ("/mentions/999/replies", "/mentions/999/handoff", "/replies/999/sending"):
        assert client.get(path).status_code == 404
