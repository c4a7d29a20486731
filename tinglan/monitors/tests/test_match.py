"""Posts become mentions: whose, of what, copies of which, and what an edit changes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make import NOW, make_brand, make_member, make_monitor, make_post
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.analysis.fingerprint import exact_key
from tinglan.lib import clock, worker
from tinglan.lib.claims import announce
from tinglan.monitors.correct import correct
from tinglan.monitors.models import (
    Match,
    Mention,
    Monitor,
    MonitorVersion,
    Polarity,
    Product,
    Rollup,
)
from tinglan.monitors.search import find
from tinglan.monitors.tests.hearing import handle
from tinglan.sources.models import Post

pytestmark = pytest.mark.django_db

LEAK = "星河水壶漏电，客服三天没有回复"
PRAISE = "星河水壶真好用，客服很耐心，推荐"


@pytest.fixture(autouse=True)
def _site_clock() -> None:
    clock.set_to(NOW, rate=1)


@pytest.fixture
def angel() -> Member:
    return make_member("安琪", Role.DUTY_OFFICER)


def hear(*posts: Post) -> None:
    announce(*posts)
    worker.drain()


def edit(post: Post, text: str) -> None:
    """What intake does to an edited post."""
    post.revisions.create(
        title=post.title, text=post.text, content_hash=post.content_hash, seen_at=NOW
    )
    post.text, post.content_hash = text, f"{hash(text):x}"
    post.save()
    hear(post)


def mention_of(post: Post) -> Mention:
    return Mention.objects.get(post=post)


# Whose, and of what


def test_two_brands_in_one_post_give_two_mentions() -> None:
    make_monitor("星河")
    make_monitor("远山", brand=make_brand("远山"))
    hear(make_post("星河和远山的水壶，哪个更安全？"))
    assert set(Mention.objects.values_list("brand__name", flat=True)) == {"星河", "远山"}


def test_two_monitors_of_one_brand_give_one_mention_with_both_reasons() -> None:
    make_monitor("星河")
    make_monitor("水壶 AND 漏电")
    hear(make_post(LEAK))
    assert Mention.objects.get().matches.count() == 2


@pytest.mark.parametrize(
    ("title", "text", "named"),
    [
        ("", "星河的 K200 不如 K100", "K200"),
        ("", "星河的 K100 不如 K200", "K100"),
        ("请问大家，星河的 K100 值得买吗", "K200 太贵了", "K100"),
    ],
)
def test_the_product_named_first_is_the_mentions_product(title: str, text: str, named: str) -> None:
    make_monitor("星河")
    for name in ("K100", "K200"):
        Product.objects.create(brand=make_brand(), name=name)
    hear(make_post(text, title=title))
    product = Mention.objects.get().product
    assert product is not None
    assert product.name == named


def test_a_comment_that_names_a_product_is_about_that_product_and_not_the_roots() -> None:
    make_monitor("星河")
    for name in ("K100", "K200"):
        Product.objects.create(brand=make_brand(), name=name)
    root = make_post("星河 K100 漏电，谁来管管")
    hear(root)
    answer = make_post("我的 K200 也漏电，同样的位置", kind="comment", parent=root, root=root)
    hear(answer)
    assert str(mention_of(answer).product) == "K200"


def test_comments_that_arrive_with_their_post_or_before_it_are_heard() -> None:
    make_monitor("星河")
    root = make_post("星河水壶漏电，手被电麻了")
    early = make_post("同求", kind="comment", parent=root, root=root)
    deep = make_post("我家的也是", kind="comment", parent=early)
    hear(deep, early)
    assert not Mention.objects.exists()
    hear(root)
    assert {mention_of(post).is_inherited for post in (early, deep)} == {True}
    assert mention_of(early).intent == mention_of(root).intent


# Copies


def test_pure_reposts_are_folded_across_batches() -> None:
    make_monitor("星河")
    first = make_post(LEAK)
    hear(first)
    hear(make_post(f"转发微博//@老王:{LEAK}", kind="repost"))
    hear(make_post(f"//@小李:转发微博//@老王:{LEAK}", kind="repost"))
    assert mention_of(first).copies.count() == 2


def test_a_repost_without_words_of_its_own_is_a_copy_of_what_it_passes_on() -> None:
    make_monitor("星河")
    first = make_post(LEAK)
    hear(first)
    hear(make_post("转发微博", kind="repost", repost_of=first))
    assert mention_of(first).copies.count() == 1


def test_a_repost_with_words_of_its_own_is_no_copy() -> None:
    make_monitor("星河")
    first = make_post(LEAK)
    hear(first)
    hear(make_post("我家的水壶也是这样，太气人了", kind="repost", repost_of=first))
    assert Mention.objects.originals().count() == 2


def test_a_text_that_returns_after_a_week_is_news_again_and_has_copies_of_its_own() -> None:
    make_monitor("星河")
    first = make_post(LEAK, at=NOW - timedelta(days=9))
    inside = make_post(LEAK, at=NOW - timedelta(days=2, hours=1))
    again = make_post(LEAK, at=NOW - timedelta(days=1))
    late = make_post(LEAK, at=NOW)
    hear(first)
    hear(inside, again)
    hear(late)
    assert mention_of(inside).copy_of == mention_of(first)
    assert mention_of(again).copy_of is None
    assert mention_of(late).copy_of == mention_of(again)


def test_a_batch_of_old_and_new_posts_folds_each_to_an_original_of_its_own_week() -> None:
    make_monitor("星河")
    posts = [make_post(LEAK, at=NOW - timedelta(days=days)) for days in (20, 19, 1, 0)]
    hear(*posts)
    assert [mention_of(post).copy_of_id is None for post in posts] == [True, False, True, False]
    assert mention_of(posts[3]).copy_of == mention_of(posts[2])


def test_an_edit_that_copies_a_newer_post_of_the_same_batch_is_stored() -> None:
    make_monitor("星河")
    edited, newer = make_post(LEAK), make_post(PRAISE)
    hear(edited)
    edited.text = PRAISE
    edited.save()
    hear(newer, edited)
    assert mention_of(edited).copy_of == mention_of(newer)


def test_what_has_copies_stays_an_original_whatever_it_is_edited_into() -> None:
    make_monitor("星河")
    first, copy, other = make_post(LEAK), make_post(LEAK), make_post(PRAISE)
    hear(first, copy, other)
    edit(first, PRAISE)
    assert mention_of(first).copy_of is None
    assert mention_of(copy).copy_of == mention_of(first)


# Edits


@pytest.mark.parametrize(
    "passed_on",
    [
        f"【城市晚报讯】{LEAK}",
        f"{LEAK}。来源：晨光网 责编：李某",
        f"本报讯（记者 王某）{LEAK}（编辑 李某）",
    ],
)
def test_a_syndicated_copy_is_folded(passed_on: str) -> None:
    make_monitor("星河")
    first, again = make_post(LEAK), make_post(passed_on)
    hear(first, again)
    assert mention_of(again).copy_of == mention_of(first)


def test_a_syndicated_copy_under_the_same_title_is_folded() -> None:
    make_monitor("星河")
    first = make_post(LEAK, title="水壶漏电")
    again, other = make_post(f"本报讯 {LEAK}", title="水壶漏电"), make_post(LEAK, title="说明")
    hear(first, again, other)
    assert mention_of(again).copy_of == mention_of(first)
    assert mention_of(other).copy_of is None


def test_an_edited_post_is_labelled_anew() -> None:
    make_monitor("星河")
    post = make_post(LEAK)
    hear(post)
    assert mention_of(post).polarity == Polarity.NEGATIVE
    edit(post, PRAISE)
    mention = mention_of(post)
    assert mention.polarity == Polarity.POSITIVE
    assert mention.fold_key == exact_key(PRAISE)


def test_an_edit_does_not_overwrite_a_persons_label(angel: Member) -> None:
    make_monitor("星河")
    post = make_post(LEAK)
    hear(post)
    correct(mention_of(post), "polarity", Polarity.NEUTRAL, by=angel, now=NOW)
    edit(post, PRAISE)
    mention = mention_of(post)
    assert (mention.polarity, mention.polarity_method) == (Polarity.NEUTRAL, "person")
    assert mention.intent_method.startswith("model")


def test_after_an_edit_the_reasons_point_into_the_new_text() -> None:
    make_monitor("星河")
    make_monitor("漏电 AND 水壶")
    post = make_post(LEAK)
    hear(post)
    edit(post, "已经换货，谢谢星河")
    match = Match.objects.get()
    assert [span[1:3] for span in match.spans] == [[7, 9]]


def test_an_edit_that_drops_the_brand_keeps_the_mention_and_is_read_anew() -> None:
    make_monitor("星河")
    post = make_post(LEAK)
    hear(post)
    edit(post, "问题解决了，很满意，大家放心买，推荐")
    mention = mention_of(post)
    assert mention.polarity == Polarity.POSITIVE
    assert not mention.matches.exists()
    assert not find(Mention.objects.all(), "漏电").exists()
    assert find(Mention.objects.all(), "放心").get() == mention


# Monitors change


def test_an_edited_monitor_listens_anew_without_a_restart() -> None:
    version = make_monitor("远山")
    hear(make_post(LEAK))
    assert not Mention.objects.exists()
    MonitorVersion.objects.create(monitor=version.monitor, number=2, query="水壶", at=NOW)
    hear(make_post(LEAK))
    assert Mention.objects.get().matches.get().version.number == 2


def test_a_paused_monitor_hears_nothing() -> None:
    version = make_monitor("星河")
    Monitor.objects.filter(pk=version.monitor.pk).update(is_active=False)
    hear(make_post(LEAK))
    assert not Mention.objects.exists()


def test_a_new_name_of_a_brand_is_listened_for_at_once() -> None:
    make_monitor("")
    hear(make_post("老星家的水壶漏电"))
    assert not Mention.objects.exists()
    brand = make_brand()
    brand.names = ["星河", "老星家"]
    brand.save()
    hear(make_post("老星家的水壶又漏电"))
    assert Mention.objects.count() == 1


def test_a_name_that_is_a_common_word_counts_only_in_its_context() -> None:
    make_monitor("")
    brand = make_brand()
    brand.names = ["星河", "XH"]
    brand.ambiguous = [{"word": "星河", "context": ["水壶", "电器", "星河官方"]}]
    brand.save()
    hear(
        make_post("夏天的夜里能看见星河，真美。" + "我们走了很远的路" * 5 + "，水壶里的水也喝完了")
    )
    assert not Mention.objects.exists()
    heard = ["星河的水壶漏电", "电器还是星河好", "@星河官方 出来", "星河官方电器", "XH 漏电"]
    for text in heard:
        hear(make_post(text))
    assert Mention.objects.count() == len(heard)


def test_a_query_that_does_not_parse_stops_nothing() -> None:
    make_monitor("星河 AND")
    make_monitor("水壶")
    hear(make_post(LEAK))
    assert Mention.objects.get().matches.get().version.query == "水壶"


# Figures and costs


def test_many_posts_cost_as_many_queries_as_few() -> None:
    make_monitor("星河")
    Product.objects.create(brand=make_brand(), name="K100")

    def cost(n: int) -> int:
        posts = [
            make_post(f"星河 K100 水壶漏电第{n}-{i}台", at=NOW - timedelta(hours=i), kind="post")
            for i in range(n)
        ]
        posts += [make_post(LEAK, kind="repost") for _ in range(n)]
        posts += [make_post(f"同求{i}", kind="comment", root=posts[0]) for i in range(n)]
        with CaptureQueriesContext(connection) as queries:
            handle(posts, now=NOW)
        return len(queries)

    cost(1)  # compiles the monitors
    few = cost(3)
    assert cost(60) <= few + 3 <= 40


def test_many_edited_posts_cost_as_many_queries_as_few() -> None:
    make_monitor("星河")

    def cost(n: int) -> int:
        posts = [make_post(f"星河水壶漏电第{n}-{i}台") for i in range(n)]
        handle(posts, now=NOW)
        for post in posts:
            post.revisions.create(text=post.text, content_hash=post.content_hash, seen_at=NOW)
            post.text, post.content_hash = f"{post.text}，已换货", f"edited {post.pk}"
            post.save()
        with CaptureQueriesContext(connection) as queries:
            handle(posts, now=NOW)
        return len(queries)

    cost(1)  # compiles the monitors
    few = cost(3)
    assert cost(60) <= few + 3 <= 40


def test_the_figures_follow_an_edit() -> None:
    make_monitor("星河")
    post = make_post(LEAK)
    hear(post)
    edit(post, PRAISE)
    assert list(Rollup.objects.exclude(n_mentions=0).values_list("polarity", "n_mentions")) == [
        ("positive", 1)
    ]
