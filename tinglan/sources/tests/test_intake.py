"""Items become posts, whatever their order and however often they come."""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.make import make_source
from tinglan.lib import vault
from tinglan.lib.models import Change, Lease
from tinglan.sources.batch import Result
from tinglan.sources.intake import close_run, open_run, take_in
from tinglan.sources.item import Item, ItemAuthor, Reject
from tinglan.sources.models import (
    Author,
    Outlet,
    Post,
    Raw,
    Reading,
    Rejection,
    Revision,
    Run,
    Sighting,
    Source,
)
from tinglan.sources.tests.cast import NOW, make_comment, make_item

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
T = TypeVar("T")


def statuses(results: Sequence[Result]) -> list[str]:
    return [result.status for result in results]


def waiting() -> list[int]:
    """Posts announced to the monitors."""
    leases = Lease.objects.filter(subscriber="monitors.match").order_by("id")
    return list(leases.values_list("object_id", flat=True))


def test_an_item_becomes_a_post_with_its_provenance(now: datetime) -> None:
    source = make_source()
    taken = take_in(source, [make_item("星河水壶漏电", url="https://weibo.example/1")], now=now)
    post = Post.objects.get()
    assert (post.text, post.first_seen_at, post.author_name) == (
        "星河水壶漏电",
        now,
        "路过的消费者",
    )
    assert statuses(taken.results) == ["created"]
    assert taken.results[0].post_id == post.pk
    sighting = Sighting.objects.get()
    assert (sighting.post, sighting.source, sighting.run) == (post, source, taken.run)
    assert (taken.run.n_created, taken.run.finished_at) == (1, now)
    assert waiting() == [post.pk]
    assert set(Change.objects.values_list("topic", flat=True)) == {"mentions", "sources"}
    source.refresh_from_db()
    assert source.last_post_at == now


def test_words_of_a_red_line_stand_before_all_others(now: datetime) -> None:
    texts = {"calm": "星河水壶到货了", "grave": "星河水壶漏电，手被电麻了"}
    take_in(
        make_source(), [make_item(text, native_id=name) for name, text in texts.items()], now=now
    )
    grave = Post.objects.get(native_id="grave")
    assert Lease.objects.order_by("rank").first().object_id == grave.pk  # type: ignore[union-attr]


def test_the_raw_record_is_sealed_and_kept_for_30_days(now: datetime) -> None:
    take_in(make_source(), [make_item(raw={"text": "原文", "ip": "广东"})], now=now)
    raw = Raw.objects.get()
    assert "广东".encode() not in bytes(raw.sealed)
    assert vault.unseal(raw.sealed) == {"text": "原文", "ip": "广东"}
    assert raw.expires_at == now + timedelta(days=30)


def test_the_same_item_again_is_a_duplicate_and_tells_nobody(now: datetime) -> None:
    source, item = make_source(), make_item()
    take_in(source, [item], now=now)
    again = take_in(source, [item, item], now=now + HOUR)
    assert statuses(again.results) == ["duplicate", "duplicate"]
    assert (Post.objects.count(), Sighting.objects.count(), len(waiting())) == (1, 1, 1)
    assert not Revision.objects.exists()


def test_a_second_source_adds_a_sighting(now: datetime) -> None:
    item = make_item()
    take_in(make_source(), [item], now=now)
    take_in(make_source(), [item], now=now + HOUR)
    assert (Post.objects.count(), Sighting.objects.count()) == (1, 2)


def test_comments_and_posts_with_the_same_id_are_apart(now: datetime) -> None:
    items = [make_item(native_id="7"), make_comment("同求", native_id="7")]
    take_in(make_source(), items, now=now)
    assert Post.objects.count() == 2


def test_an_edit_becomes_a_revision_and_is_told(now: datetime) -> None:
    source, item = make_source(), make_item("水壶漏电")
    take_in(source, [item], now=now)
    taken = take_in(source, [replace(item, text="水壶漏电，已退款")], now=now + HOUR)
    post, revision = Post.objects.get(), Revision.objects.get()
    assert statuses(taken.results) == ["updated"]
    assert (post.text, revision.text) == ("水壶漏电，已退款", "水壶漏电")
    assert waiting() == [post.pk, post.pk]


def test_an_older_version_that_comes_late_does_not_undo_the_edit(now: datetime) -> None:
    source, item = make_source(), make_item("水壶漏电")
    edited = replace(item, text="水壶漏电，已退款", edited_at=now - HOUR)
    taken = take_in(source, [edited, item], now=now)
    assert statuses(taken.results) == ["created", "duplicate"]
    assert Post.objects.get().text == "水壶漏电，已退款"
    assert Revision.objects.get().text == "水壶漏电"


def test_two_sources_that_spell_a_post_differently_do_not_rewrite_it_in_turns(
    now: datetime,
) -> None:
    long, short = (
        make_item("水壶漏电，客服不理", native_id="1"),
        make_item("水壶漏电", native_id="1"),
    )
    for item in (long, short, long, short, long):
        take_in(make_source(), [item], now=now)
    assert (Post.objects.get().text, Revision.objects.count()) == ("水壶漏电", 1)
    assert len(waiting()) == 2


def test_what_was_unknown_is_filled_and_what_is_known_stays(now: datetime) -> None:
    source, item = make_source(), make_item(published_at=None, author=None, native_id="1")
    take_in(source, [item], now=now)
    fuller = make_item(native_id="1", published_at=now - HOUR, region="广东", region_kind="ip")
    taken = take_in(source, [fuller], now=now + HOUR)
    take_in(source, [replace(fuller, published_at=now, region="北京")], now=now + HOUR)
    post = Post.objects.get()
    assert statuses(taken.results) == ["updated"]
    assert (post.published_at, post.effective_at) == (now - HOUR, now - HOUR)
    assert (post.region, post.author_name, post.first_seen_at) == ("广东", "路过的消费者", now)


def test_a_reading_is_written_only_when_a_count_changed(now: datetime) -> None:
    source, item = make_source(), make_item(counts={"like": 3, "comment": None})
    for step, likes in enumerate((3, 3, None, 5)):
        counted = replace(item, counts={"like": likes})
        take_in(source, [counted], now=now + step * HOUR)
    assert list(Reading.objects.values_list("n_likes", "n_comments")) == [(3, None), (5, None)]
    assert (Post.objects.get().n_likes, Post.objects.get().n_comments) == (5, None)


def test_an_author_is_kept_once_and_never_forgets(now: datetime) -> None:
    known = ItemAuthor(native_id="u9", name="河边", followers=12_000, verified="person")
    masked = ItemAuthor(native_id="u9", name="河边")
    take_in(make_source(), [make_item(author=known), make_item(author=masked)], now=now)
    author = Author.objects.get()
    assert (author.name, author.followers, author.verified) == ("河边", 12_000, "person")
    assert author.posts.count() == 2


def test_a_masked_name_is_no_account(now: datetime) -> None:
    take_in(make_source(), [make_item(author=ItemAuthor(name="张***三"))], now=now)
    assert Post.objects.get().author_name == "张***三"
    assert not Author.objects.exists()


def test_an_answer_finds_its_root_in_any_order(now: datetime) -> None:
    source = make_source()
    root = make_item("水壶漏电", native_id="1")
    answer = make_comment("同求", native_id="2", parent_id="1", root_id="1")
    nested = make_comment("楼上加一", native_id="3", parent_id="2", root_id="1")
    repost = make_item("转发微博", native_id="4", kind="repost", repost_of="1")
    taken = take_in(source, [nested, answer, repost, root], now=now)
    by_id = {post.native_id: post for post in Post.objects.all()}
    assert set(statuses(taken.results)) == {"created"}
    assert len(by_id) == 4
    assert by_id["3"].parent == by_id["2"]
    assert by_id["3"].root == by_id["2"].parent == by_id["4"].repost_of == by_id["1"]


def test_what_was_never_collected_is_a_stub_until_it_comes(now: datetime) -> None:
    source = make_source()
    take_in(source, [make_comment("同求", native_id="2", parent_id="1", root_id="1")], now=now)
    stub = Post.objects.get(native_id="1")
    assert (stub.is_stub, stub.text) == (True, "")
    comment = Post.objects.get(native_id="2")
    assert waiting() == [comment.pk]  # a stub says nothing to listen to
    taken = take_in(source, [make_item("水壶漏电", native_id="1")], now=now + HOUR)
    stub.refresh_from_db()
    assert statuses(taken.results) == ["created"]
    assert (stub.is_stub, stub.text, stub.first_seen_at) == (False, "水壶漏电", now + HOUR)
    # The comment is heard again, because it may inherit a brand now.
    assert waiting() == [comment.pk, stub.pk, comment.pk]


def test_an_answer_without_a_root_finds_a_comment_that_comes_later(now: datetime) -> None:
    source = make_source()
    take_in(source, [make_comment("楼上加一", native_id="3", parent_id="2")], now=now)
    take_in(source, [make_comment("同求", native_id="2", parent_id="1", root_id="1")], now=now)
    parent = Post.objects.get(native_id="3").parent
    assert parent is not None
    assert (parent.text, parent.is_stub) == ("同求", False)


def test_a_post_that_names_itself_as_its_parent_has_none(now: datetime) -> None:
    take_in(make_source(), [make_item(native_id="1", parent_id="1", repost_of="1")], now=now)
    post = Post.objects.get()
    assert (post.parent, post.repost_of) == (None, None)


def test_posts_older_than_48_hours_are_backfill(now: datetime) -> None:
    old = make_item(native_id="1", published_at=now - timedelta(hours=49))
    fresh = make_item(native_id="2", published_at=now - timedelta(hours=47))
    take_in(make_source(), [old, fresh], now=now)
    found = dict(Post.objects.values_list("native_id", "is_backfill"))
    assert found == {"1": True, "2": False}


def test_an_outlet_is_known_by_domain_by_channel_or_by_its_verified_account(
    now: datetime,
) -> None:
    paper = Outlet.objects.create(name="河东晚报", domain="hedong.example", tier=3)
    medium = ItemAuthor(native_id="m", name="河东晚报", verified="media")
    pretender = ItemAuthor(native_id="p", name="河东晚报", verified="none")
    items = [
        make_item(native_id="1", url="https://news.hedong.example/a/1"),
        make_item(native_id="2", channel="河东晚报"),
        make_item(native_id="3", author=medium),
        make_item(native_id="4", author=pretender),
        make_item(native_id="5", url="https://nothedong.example/a/1"),
    ]
    take_in(make_source(), items, now=now)
    found = dict(Post.objects.values_list("native_id", "outlet_id"))
    assert found == {"1": paper.pk, "2": paper.pk, "3": paper.pk, "4": None, "5": None}


def test_a_bad_item_is_rejected_on_its_line_and_the_rest_goes_on(now: datetime) -> None:
    items = [make_item(position=1), make_item("", position=2), make_item(position=4)]
    rejects = [Reject(position=3, reason="it has no id", sample='{"text":"…"}')]
    taken = take_in(make_source(), items, rejects, now=now)
    run = Run.objects.get()
    assert (run.n_created, run.n_rejected) == (2, 2)
    assert sorted(Rejection.objects.values_list("position", flat=True)) == [2, 3]
    reasons = {result.position: result.reason for result in taken.results}
    assert "nothing in it" in reasons[2]
    assert reasons[3] == "it has no id"


def test_a_run_can_be_taken_in_by_pieces(now: datetime) -> None:
    source = make_source()
    run = open_run(source, name="weibo.jsonl", now=now)
    for _ in range(3):
        take_in(source, [make_item()], now=now, run=run)
    run.refresh_from_db()
    assert (run.n_created, run.finished_at) == (3, None)
    close_run(run, now=now + HOUR)
    assert Run.objects.get().finished_at == now + HOUR


def test_a_batch_costs_a_fixed_number_of_statements(now: datetime) -> None:
    source = make_source()

    def cost(size: int) -> int:
        items = [
            make_item(author=ItemAuthor(native_id=f"a{i}"), repost_of="root", counts={"like": i})
            for i in range(size)
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            take_in(source, items, now=now)
        return len(queries)

    cost(1)
    # SQLite takes at most 999 variables a statement, so wide rows go in by dozens.
    assert cost(400) - cost(4) < 100


def test_more_items_than_a_batch_are_one_run(now: datetime) -> None:
    taken = take_in(make_source(), [make_item() for _ in range(1201)], now=now)
    assert (taken.run.n_created, len(taken.results), Run.objects.count()) == (1201, 1201, 1)


def test_nothing_of_a_batch_stays_when_it_fails(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*rows: object, rank: int) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("tinglan.sources.batch.claims.announce", fail)
    with pytest.raises(RuntimeError):
        take_in(make_source(), [make_item()], now=now)
    assert not Post.objects.exists()
    assert not Run.objects.exists()


def test_a_post_made_by_another_intake_meanwhile_is_met_on_the_second_try(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, item = make_source(), make_item()
    take_in(source, [item], now=now)
    look, looked = Post.objects.select_for_update, []

    def blind_once(*, no_key: bool) -> object:
        looked.append(1)
        return look(no_key=no_key) if len(looked) > 1 else Post.objects.none()

    monkeypatch.setattr(Post.objects, "select_for_update", blind_once)
    taken = take_in(source, [item], now=now)
    assert (statuses(taken.results), len(looked)) == (["duplicate"], 2)
    assert Post.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_intakes_of_the_same_posts_at_once_make_each_once(
    now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [make_source() for _ in range(4)]
    items = [make_comment(native_id=str(i), parent_id="root", root_id="root") for i in range(30)]
    start = threading.Barrier(len(sources))
    in_a_file(tmp_path / "shared.sqlite3", monkeypatch)

    def take(source: Source, order: int) -> Run:
        start.wait(timeout=60)
        return apart(lambda: take_in(source, items[order:] + items[:order], now=now).run)

    with ThreadPoolExecutor(len(sources)) as pool:
        runs = list(pool.map(take, sources, (0, 7, 14, 21)))
        found = pool.submit(apart, lambda: (Post.objects.count(), Sighting.objects.count()))
    assert sum(run.n_created for run in runs) == 30
    assert sum(run.n_duplicate for run in runs) == 90
    assert found.result() == (31, 120)  # with the stub that all of them stand under


def in_a_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let other threads see the rows: SQLite in memory knows no waiting for another writer."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        monkeypatch.setitem(connection.settings_dict, "NAME", str(path))


def apart(act: Callable[[], T]) -> T:
    """On a connection of this thread that is closed afterwards."""
    try:
        return act()
    finally:
        connection.close()


# One world of posts that know each other, as several sources may tell of it.
WORLD = [
    make_item("水壶漏电", native_id="1", counts={"like": 5}),
    make_item("水壶漏电", native_id="1", author=None, region="广东"),
    make_item("水壶漏电，已退款", native_id="1", edited_at=NOW - HOUR),
    make_item("水壶漏电，退款到账", native_id="1", edited_at=NOW),
    make_comment("同求", native_id="2", parent_id="1", root_id="1"),
    make_comment("楼上加一", native_id="3", parent_id="2", root_id="1"),
    make_item("转", native_id="4", repost_of="1", author=ItemAuthor(native_id="u4", followers=7)),
    make_item("再转", native_id="5", author=None, published_at=None, precision="none"),
    make_item("再转", native_id="5", repost_of="9", author=ItemAuthor(native_id="u4", name="丁")),
]


def rows() -> object:
    """What the database says, without row numbers and without what was put aside on the way."""
    texts = Post.objects.values_list("native_id", "text", "edited_at", "is_stub", "region")
    links = Post.objects.values_list(
        "native_id", "parent__native_id", "root__native_id", "repost_of__native_id"
    )
    facts = Post.objects.values_list("native_id", "author__native_id", "author_name", "n_likes")
    times = Post.objects.values_list("native_id", "published_at", "effective_at", "is_backfill")
    authors = Author.objects.values_list("native_id", "name", "followers")
    seen = Sighting.objects.values_list("post__native_id", "source_id")
    return [sorted(map(str, one)) for one in (texts, links, facts, times, authors, seen)]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    order=st.permutations(WORLD),
    again=st.lists(st.sampled_from(WORLD), max_size=6),
    size=st.integers(1, 15),
)
def test_any_order_and_repetition_gives_the_same_rows(
    order: list[Item], again: list[Item], size: int
) -> None:
    source, _ = Source.objects.get_or_create(
        name="s", defaults={"kind": "push", "platform": "weibo", "created_at": NOW}
    )

    def play(items: Sequence[Item], size: int) -> object:
        Post.objects.all().delete()
        Author.objects.all().delete()
        for start in range(0, len(items), size):
            take_in(source, items[start : start + size], now=NOW)
        return rows()

    assert play([*order, *again], size) == play(WORLD, len(WORLD))
