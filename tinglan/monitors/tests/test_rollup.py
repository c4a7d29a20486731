"""The hourly figures equal a recount, whatever is heard, edited, corrected and taken back."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.make import NOW, make_brand, make_member, make_monitor, make_post
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.monitors import rollup
from tinglan.monitors.correct import correct, undo
from tinglan.monitors.models import Aspect, Correction, Intent, Mention, Polarity, Rollup
from tinglan.monitors.tests.hearing import handle
from tinglan.sources.models import Post

pytestmark = pytest.mark.django_db

TEXTS = (
    "星河水壶漏电，客服三天没有回复",
    "转发微博//@老王:星河水壶漏电，客服三天没有回复",
    "星河和远山的水壶都真好用，推荐",
    "远山怎么退货？",
    "今天天气不错",
    "转发微博",
    "同求",
)
places = st.integers(0, 5)
steps = st.one_of(
    st.tuples(
        st.just("post"),
        st.lists(
            st.tuples(st.sampled_from(TEXTS), st.integers(0, 240), st.none() | places),
            min_size=1,
            max_size=4,
        ),
    ),
    st.tuples(st.just("edit"), st.tuples(places, st.sampled_from(TEXTS), st.integers(0, 240))),
    st.tuples(st.just("polarity"), st.tuples(places, st.sampled_from(Polarity.values))),
    st.tuples(st.just("intent"), st.tuples(places, st.sampled_from(Intent.values))),
    st.tuples(st.just("aspects"), st.tuples(places, st.lists(st.sampled_from(Aspect.values)))),
    st.tuples(st.just("undo"), st.tuples(places)),
)


class World:
    """Posts, and what may befall them."""

    def __init__(self, by: Member) -> None:
        self.by = by
        self.posts: list[Post] = []

    def post(self, *made: tuple[str, int, int | None]) -> None:
        posts = []
        for text, hours, above in made:
            target = self.posts[above % len(self.posts)] if above and self.posts else None
            at = NOW - timedelta(hours=hours)
            posts.append(make_post(text, at=at, repost_of=target, root=target))
        self.posts += posts
        handle(posts, now=NOW)

    def edit(self, place: int, text: str, hours: int) -> None:
        if not self.posts:
            return
        post = self.posts[place % len(self.posts)]
        post.revisions.create(text=post.text, content_hash=post.content_hash, seen_at=NOW)
        post.text, post.content_hash = text, text[:30]
        post.effective_at = NOW - timedelta(hours=hours)
        post.save()
        handle([post], now=NOW)

    def label(self, field: str, place: int, value: str) -> None:
        mentions = list(Mention.objects.order_by("pk"))
        if mentions:
            mention = mentions[place % len(mentions)]
            correct(mention, field, value, by=self.by, now=NOW)  # type: ignore[arg-type]

    def undo(self, place: int) -> None:
        made = list(Correction.objects.order_by("pk"))
        if made:
            chosen = made[place % len(made)]
            last = chosen.mention.corrections.filter(field=chosen.field).latest("pk")
            undo(last, by=self.by, now=NOW)

    def play(self, name: str, what: tuple[object, ...] | list[object]) -> None:
        if name in {"polarity", "intent", "aspects"}:
            self.label(name, *what)
        else:
            getattr(self, name)(*what)


def counted() -> dict[rollup.Bucket, tuple[int, int]]:
    mentions = list(Mention.objects.select_related("post"))
    buckets = {m.pk: rollup.bucket_of(m, platform=m.post.platform) for m in mentions}
    copies = Counter(buckets[m.pk] for m in mentions if m.copy_of_id)
    return {one: (n, copies[one]) for one, n in Counter(buckets.values()).items()}


def stored() -> dict[rollup.Bucket, tuple[int, int]]:
    fields = (*rollup.Bucket._fields, "n_mentions", "n_copies")
    rows = Rollup.objects.values_list(*fields)
    return {rollup.Bucket(*row[:5]): (row[5], row[6]) for row in rows if row[5] or row[6]}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=st.lists(steps, min_size=1, max_size=12))
def test_the_figures_always_equal_a_recount(story: list[tuple[str, list[object]]]) -> None:
    with transaction.atomic():
        make_monitor("星河")
        make_monitor("远山", brand=make_brand("远山"))
        world = World(make_member("安琪", Role.ANALYST))
        for name, what in story:
            world.play(name, what)
            assert stored() == counted()
            assert not Mention.objects.filter(copy_of__copy_of__isnull=False).exists()
        transaction.set_rollback(True)


def test_a_change_of_hundreds_of_hours_is_few_queries() -> None:
    brand = make_brand()
    hours = [NOW - timedelta(hours=n) for n in range(400)]
    many = Counter(rollup.bucket(brand.pk, at, "weibo", "negative", "complaint") for at in hours)
    with CaptureQueriesContext(connection) as queries:
        rollup.shift(many, Counter())
        rollup.shift(many, Counter(list(many)[:3]))
    assert len(queries) <= 16
    assert sorted(set(Rollup.objects.values_list("n_mentions", "n_copies"))) == [(2, 0), (2, 1)]
