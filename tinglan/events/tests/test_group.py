"""One pushed post walks to a warned event: matched, labelled, grouped, assessed."""

from datetime import datetime, timedelta

import pytest

from tests.make import NOW, make_brand, make_monitor, make_post
from tinglan.events.models import Event, LevelChange, Membership
from tinglan.lib import clock, worker
from tinglan.lib.claims import announce
from tinglan.lib.models import Lease
from tinglan.monitors.models import Mention, Rollup
from tinglan.sources.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site_clock() -> None:
    clock.set_to(NOW, rate=1)


def hear(*posts: Post) -> None:
    announce(*posts)
    worker.drain()


def crisis(n: int, *, at: datetime = NOW, step: timedelta = timedelta(minutes=2)) -> list[Post]:
    texts = (
        "我家星河K100水壶漏电，孩子的手被电麻了，太危险了，要求退货",
        "我家的星河水壶也漏电！客服三天不理人",
        "星河水壶漏电把孩子电到了，谁来管管",
        "星河K100水壶漏电，退货还要我出运费",
    )
    return [make_post(f"{texts[i % 4]}{'啊' * (i // 4)}", at=at - step * (n - i)) for i in range(n)]


def test_a_post_that_matches_becomes_a_labelled_mention() -> None:
    make_monitor("星河 AND 水壶")
    hear(*crisis(1))
    mention = Mention.objects.get()
    assert mention.polarity == "negative"
    assert mention.intent == "complaint"
    assert "safety" in mention.aspects
    match = mention.matches.get()
    field, start, end, term = match.spans[0]
    assert mention.post.text[start:end] == term == "星河"
    assert field == "text"


def test_posts_of_one_defect_make_one_event_and_other_talk_makes_none() -> None:
    make_monitor("星河")
    hear(*crisis(8), make_post("星河今天的天气真不错"), make_post("路过星河大厦"))
    event = Event.objects.open().get()
    assert event.n_posts == 8
    assert Membership.objects.filter(event=event).count() == 8


def test_a_safety_allegation_is_level_three_at_once_and_a_spread_rises_higher() -> None:
    make_monitor("星河")
    hear(*crisis(1))
    assert Event.objects.open().get().level == "III"
    hear(*crisis(40, step=timedelta(seconds=40)))
    event = Event.objects.open().get()
    assert event.level in {"II", "I"}
    assert [change.number for change in event.level_changes.all()] == [1, 2]
    snapshot = event.snapshots.order_by("-id")[0]
    assert sum(factor["share"] for factor in snapshot.factors) == round(snapshot.score)


def test_hearing_the_same_posts_again_changes_nothing() -> None:
    make_monitor("星河")
    posts = crisis(6)
    hear(*posts)
    before = (Mention.objects.count(), Membership.objects.count(), LevelChange.objects.count())
    rolled = list(Rollup.objects.values_list("hour", "polarity", "n_mentions"))
    hear(*posts)
    after = (Mention.objects.count(), Membership.objects.count(), LevelChange.objects.count())
    assert after == before
    assert list(Rollup.objects.values_list("hour", "polarity", "n_mentions")) == rolled


def test_a_post_that_waited_and_was_edited_into_a_complaint_belongs_to_one_event() -> None:
    make_monitor("星河")
    seen = "星河水壶的蓝色款今天摆在商场一楼的展台上"
    edited = make_post(seen)
    hear(edited)
    assert not Membership.objects.exists()
    Post.objects.filter(pk=edited.pk).update(
        text="星河水壶漏电，手被电麻了，太危险了", content_hash="2"
    )
    hear(edited)
    hear(*(make_post(f"{seen}{sign}") for sign in "旁边中间前面左侧右侧"))
    assert Membership.objects.filter(mention__post=edited).count() == 1
    assert Event.objects.count() == 2
    assert not Lease.objects.exists()


def test_a_repost_is_folded_and_counts_once() -> None:
    make_monitor("星河")
    first = make_post(
        "我家星河K100水壶漏电，孩子的手被电麻了，太危险了，要求退货", at=NOW - timedelta(hours=1)
    )
    copies = [make_post(f"转发微博//@老王:{first.text}", kind="repost") for _ in range(5)]
    hear(first, *copies)
    original = Mention.objects.originals().get()
    assert original.copies.count() == 5
    event = Event.objects.open().get()
    assert (event.n_posts, event.n_copies) == (6, 5)
    assert sum(Rollup.objects.values_list("n_copies", flat=True)) == 5


def test_old_posts_are_grouped_and_never_warned_of() -> None:
    make_monitor("星河")
    old = crisis(8, at=NOW - timedelta(days=5))
    Post.objects.update(is_backfill=True)
    hear(*Post.objects.filter(pk__in=[post.pk for post in old]))
    event = Event.objects.open().get()
    assert event.is_backfill
    assert event.level == ""
    assert not LevelChange.objects.exists()


def test_a_comment_that_names_no_brand_belongs_to_the_post_above_it() -> None:
    make_monitor("星河")
    root = make_post("我家星河K100水壶漏电，孩子的手被电麻了，太危险了，要求退货")
    hear(root)
    hear(make_post("同求", kind="comment", parent=root, root=root))
    inherited = Mention.objects.get(post__kind="comment")
    assert inherited.is_inherited
    assert inherited.brand == make_brand()
    assert inherited.intent == "complaint"
    assert Event.objects.open().get().n_posts == 2


def test_a_happy_launch_never_reaches_level_three() -> None:
    make_monitor("星河")
    texts = ("星河新款水壶真好看，已经下单了", "星河新品发布会太棒了，推荐", "喜欢星河，好用")
    hear(
        *(
            make_post(f"{texts[i % 3]}{'！' * (i // 3)}{i}", at=NOW - timedelta(minutes=i))
            for i in range(45)
        )
    )
    assert all(event.level in {"", "IV"} for event in Event.objects.all())
