"""How an event spread, from its rows and on its page."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.make import make_author, make_event, make_member, make_mention, make_post
from tinglan.accounts.rights import Role
from tinglan.events import spread_rows
from tinglan.events.models import Event, Membership
from tinglan.events.spread import spread_of
from tinglan.monitors.models import Mention
from tinglan.sources.models import Author, Post

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def repost(event: Event, text: str, *, author: Author, at: datetime, **post: Any) -> Mention:
    mention = make_mention(text, at=at, post_fields={"author": author, **post})
    Membership.objects.create(event=event, mention=mention, reason="thread", at=at)
    return mention


@pytest.fixture
def event(now: datetime) -> Event:
    """安琪 complains, 星河晚报 passes it on, three readers take it from the paper."""
    first = make_mention(
        "星河水壶漏电", at=now, post_fields={"author": make_author("安琪"), "n_reposts": 8}
    )
    event = make_event("星河水壶漏电", first)
    root = first.post
    paper = make_author("星河晚报", verified=Author.Verified.MEDIA, followers=900_000)
    repost(event, "转发微博", author=paper, at=now + 5 * MINUTE, repost_of=root)
    for number in range(3):
        repost(
            event,
            "同求//@星河晚报:转发微博",
            author=make_author(f"读者{number}"),
            at=now + (10 + number) * MINUTE,
            repost_of=root,
        )
    return event


def test_the_tree_has_the_hands_that_chains_name(event: Event) -> None:
    spread = spread_of(event)
    assert [part.without for part, _voice in spread.accounts] == [5, 4]
    assert [voice.name for _part, voice in spread.accounts] == ["安琪", "星河晚报"]
    assert spread.first is not None
    assert (spread.first.name, spread.first.is_public) == ("安琪", False)
    assert spread.shape.by_depth == [1, 1, 3]


def test_the_collection_rate_is_what_the_first_post_says_there_is(event: Event) -> None:
    rate = spread_of(event).collected
    assert (rate.n_collected, rate.n_declared, rate.is_unreliable) == (4, 8, False)


def test_an_older_count_does_not_make_more_than_all(event: Event) -> None:
    Post.objects.filter(n_reposts=8).update(n_reposts=2)
    assert spread_of(event).collected.rate == 1.0


def test_a_hand_that_was_never_collected_is_a_stub(event: Event, now: datetime) -> None:
    root = event.memberships.order_by("id")[0].mention.post
    for number in range(2):
        repost(
            event,
            "啊//@小满测评:你们看",
            author=make_author(f"路人{number}"),
            at=now + (30 + number) * MINUTE,
            repost_of=root,
        )
    unheard = [voice for _part, voice in spread_of(event).accounts if not voice.is_collected]
    assert [(voice.name, voice.mention) for voice in unheard] == [("小满测评", None)]


def test_a_root_that_was_never_collected_is_the_first_source(now: datetime) -> None:
    stub = make_post("", is_stub=True, at=now + timedelta(hours=9))
    mention = make_mention(at=now, post_fields={"repost_of": stub, "author": make_author("安琪")})
    first = spread_of(make_event("星河水壶漏电", mention)).first
    assert first is not None
    assert (first.is_collected, first.at) == (False, now)


def test_the_same_words_on_another_platform_are_a_jump_and_no_sure_edge(
    event: Event, now: datetime
) -> None:
    original = event.memberships.order_by("id")[0].mention
    copy = repost(
        event,
        original.post.text,
        author=make_author("转载号", platform="douyin"),
        at=now + timedelta(hours=2),
        platform="douyin",
    )
    Mention.objects.filter(pk=copy.pk).update(copy_of=original)
    spread = spread_of(event)
    jump = spread.jumps[-1]
    assert (jump.voice.platform, jump.copied_from) == ("douyin", "weibo")
    assert jump.after == timedelta(hours=2)
    part, _voice = spread.accounts[0]
    assert part.share == 1.0 > part.sure_share


def test_few_hands_are_shown(now: datetime) -> None:
    author = make_author("水军")
    mentions = [
        make_mention("同一段话", at=now + n * MINUTE, post_fields={"author": author})
        for n in range(5)
    ]
    Mention.objects.filter(pk__in=[one.pk for one in mentions[1:]]).update(copy_of=mentions[0])
    signs = spread_of(make_event("x", *mentions)).signs
    assert (signs.most_at_once, signs.accounts_at_once, signs.effective_accounts) == (5, 1, 1.0)


def test_of_a_huge_event_the_first_posts_are_drawn(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread_rows, "N_POSTS", 3)
    Event.objects.filter(pk=event.pk).update(n_posts=5)
    event.refresh_from_db()
    spread = spread_of(event)
    assert (spread.is_cut, spread.shape.n_posts) == (True, 3)


def test_an_event_without_posts_has_a_page(client: Client) -> None:
    client.force_login(make_member("安琪", Role.DUTY_OFFICER))
    event = make_event("星河水壶漏电")
    assert client.get(f"/events/{event.pk}/spread").status_code == 200
    assert client.get(f"/events/{event.pk}/spread/summary").status_code == 200


def test_the_page_masks_private_persons_and_names_the_paper(client: Client, event: Event) -> None:
    client.force_login(make_member("安琪", Role.DUTY_OFFICER))
    Author.objects.filter(name="安琪").update(name="隔壁老王头")
    page = client.get(f"/events/{event.pk}/spread").content.decode()
    assert "星河晚报" in page
    assert "隔壁老王头" not in page
    assert "50" in page  # collected 4 of 8


def test_the_spread_is_read_by_a_few_queries(
    event: Event, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(9):
        spread_of(event)


def test_an_outsider_sees_no_spread(client: Client, event: Event) -> None:
    client.force_login(make_member("晨曦"))
    for part in ("spread", "spread/path", "spread/summary"):
        assert client.get(f"/events/{event.pk}/{part}").status_code == 403


def test_an_absent_event_has_no_spread(client: Client) -> None:
    client.force_login(make_member("安琪", Role.DUTY_OFFICER))
    assert client.get("/events/999/spread").status_code == 404
