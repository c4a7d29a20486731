"""Posts become events: by links, by nearness, by seeds; and chatter does not."""

import gzip
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.background import Background, terms_of_all
from tinglan.analysis.clustering import (
    DEFAULT,
    Assignment,
    Grouping,
    Groups,
    Piece,
    assign,
)
from tinglan.analysis.clusters import Cluster, dump, load
from tinglan.analysis.twins import absorb, distinct, twins

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LEAK = "星河水壶漏电，把我手都电麻了"
LEAK_AGAIN = "我家水壶也漏电，手电麻了，吓死人"
REFUND = "退款申请拖了半个月，一直不到账"


def complaint(key: str, text: str, *links: str, after: float = 0) -> Piece:
    at = NOON + timedelta(hours=after)
    return Piece(key, text, at, polarity="negative", intent="complaint", links=links)


def chat(key: str, text: str, *links: str, after: float = 0) -> Piece:
    return Piece(key, text, NOON + timedelta(hours=after), links=links)


def group(*posts: Piece, clusters: Sequence[Cluster] = ()) -> Grouping:
    return assign(clusters, posts, background=Background())


def places(grouping: Grouping) -> dict[str, str | None]:
    return {each.post: each.cluster for each in grouping.assignments}


def reasons(grouping: Grouping) -> dict[str, str]:
    return {each.post: each.reason for each in grouping.assignments}


def test_two_complaints_of_the_same_thing_are_one_event_and_another_is_another() -> None:
    grouping = group(complaint("1", LEAK), complaint("2", LEAK_AGAIN), complaint("3", REFUND))
    assert places(grouping) == {"1": "new:1", "2": "new:1", "3": "new:3"}
    assert reasons(grouping) == {"1": "first", "2": "similar", "3": "first"}


def test_a_later_batch_joins_the_events_of_an_earlier_one() -> None:
    first = group(complaint("1", LEAK))
    event = replace(first.clusters[0], key="77")
    second = group(complaint("2", LEAK_AGAIN, after=5), clusters=[event])
    assert places(second) == {"2": "77"}
    assert second.changed == {"77"}
    assert second.clusters[0].n_posts == 2


def test_the_order_in_a_batch_does_not_matter_only_the_times_do() -> None:
    one, two = complaint("1", LEAK), complaint("2", LEAK_AGAIN, after=1)
    assert group(two, one).assignments == group(one, two).assignments


def test_a_copy_joins_at_once_and_counts_as_no_post() -> None:
    grouping = group(complaint("1", LEAK, "copy:a"), complaint("2", "转发", "copy:a"))
    assert grouping.assignments[1] == Assignment("2", "new:1", 1.0, "copy")
    assert grouping.clusters[0].n_posts == 1


def test_a_reply_without_words_of_its_own_follows_its_thread() -> None:
    grouping = group(complaint("1", LEAK, "thread:1"), chat("2", "同求", "thread:1", after=1))
    assert (places(grouping)["2"], reasons(grouping)["2"]) == ("new:1", "thread")


def test_the_own_words_of_a_reply_may_take_it_elsewhere() -> None:
    grouping = group(
        complaint("1", LEAK, "thread:1"),
        complaint("2", REFUND, "thread:2"),
        complaint("3", REFUND + "，同样", "thread:1", after=1),
    )
    assert (places(grouping)["3"], reasons(grouping)["3"]) == ("new:2", "similar")


def test_chatter_opens_no_events() -> None:
    grouping = group(
        *(chat(str(n), text) for n, text in enumerate(["早上好", "水壶到货了", "哪里买", "哈哈哈"]))
    )
    assert set(places(grouping).values()) == {None}
    assert set(reasons(grouping).values()) == {"waiting"}


def test_what_many_say_is_an_event_and_those_who_waited_join_it() -> None:
    launch = [chat(str(n), f"星河新品发布会直播，新款水壶亮相{'呀哦嗯啦哈'[n]}") for n in range(5)]
    waiting, grouping = group(*launch[:4]), group(*launch)
    assert set(places(waiting).values()) == {None}
    born = [each for each in grouping.assignments if each.cluster]
    assert [each.post for each in born] == ["0", "1", "2", "3", "4"]
    assert [each.reason for each in born] == ["first"] + ["similar"] * 4


def test_those_who_waited_in_an_earlier_batch_are_assigned_when_a_seed_comes() -> None:
    asked = group(chat("1", "听说星河水壶漏电把人手电麻了"))
    stored = [load(json.loads(json.dumps(dump(each)))) for each in asked.clusters]
    later = group(complaint("2", LEAK, after=2), clusters=stored)
    assert places(later) == {"1": "new:1", "2": "new:1"}


def test_copies_alone_never_gather_to_an_event() -> None:
    adverts = [chat(str(n), "星河水壶限时五折，点击购买", "copy:ad") for n in range(50)]
    assert set(places(group(*adverts)).values()) == {None}


def test_a_shout_that_says_nothing_opens_no_event() -> None:
    assert places(group(complaint("1", "够了！！！"))) == {"1": None}


def test_a_question_about_safety_is_a_seed_and_one_about_price_is_not() -> None:
    safety = replace(chat("1", "听说星河水壶漏电是真的吗"), intent="inquiry", aspects=("safety",))
    price = replace(safety, aspects=("price",))
    assert (safety.is_seed, price.is_seed, replace(price, polarity="negative").is_seed) == (
        True,
        False,
        True,
    )


def test_an_event_that_rested_longer_than_the_window_is_left_alone() -> None:
    first = group(complaint("1", LEAK))
    later = group(complaint("2", LEAK, after=24 * 8), clusters=first.clusters)
    assert places(later) == {"2": "new:2"}
    assert later.changed == {"new:2"}


def test_an_old_post_that_comes_late_joins_the_old_event_and_not_the_new_one() -> None:
    old = replace(group(complaint("1", LEAK)).clusters[0], key="old")
    new = replace(group(complaint("2", LEAK, after=24 * 40)).clusters[0], key="new")
    late = group(complaint("3", LEAK_AGAIN, after=3), clusters=[old, new])
    assert places(late) == {"3": "old"}


def test_chatter_that_waited_too_long_is_forgotten() -> None:
    waiting = group(chat("1", "星河水壶到货了，包装不错"))
    later = group(chat("2", "今天天气真好适合出门", after=24 * 3), clusters=waiting.clusters)
    assert [each.key for each in later.clusters] == ["new:2"]


def test_only_the_newest_chatter_is_kept() -> None:
    config = replace(DEFAULT, max_waiting=3)
    waiting = [
        Cluster(f"w{n}", NOON, NOON + timedelta(hours=n), is_event=False, serial=n)
        for n in range(6)
    ]
    kept = assign(waiting, [chat("1", "别的话题而已")], background=Background(), config=config)
    assert {each.key for each in kept.clusters} == {"w3", "w4", "w5", "new:1"}


def test_the_size_of_a_cluster_is_bounded() -> None:
    config = replace(DEFAULT, terms_per_cluster=20, links_per_cluster=3)
    posts = [complaint(str(n), f"{LEAK}，批次{n}号第{n * 7}天", f"thread:{n}") for n in range(40)]
    grouping = assign([], posts, background=Background(), config=config)
    for cluster in grouping.clusters:
        assert len(cluster.terms) <= 2 * 20
        assert len(cluster.links) <= 3


def test_chatter_moves_no_event() -> None:
    event = group(complaint("1", LEAK)).clusters[0]
    joined = group(chat("2", f"{LEAK}，转给大家看看", after=1), clusters=[event])
    assert places(joined) == {"2": event.key}
    assert joined.clusters[0].terms.tolist() == event.terms.tolist()


def test_twins_name_each_event_once_and_absorbing_keeps_the_larger() -> None:
    config = replace(DEFAULT, join_at=0.9)
    posts = [complaint("1", LEAK), complaint("2", LEAK_AGAIN), complaint("3", REFUND)]
    clusters = {
        each.key: each
        for each in assign([], posts, background=Background(), config=config).clusters
    }
    (pair,) = twins(clusters.values(), config=DEFAULT)
    assert {pair.smaller, pair.larger} == {"new:1", "new:2"}
    merged = absorb(clusters[pair.larger], clusters[pair.smaller])
    assert (merged.key, merged.n_posts) == (pair.larger, 2)
    assert twins([merged, clusters["new:3"]]) == []


def test_the_brands_own_name_brings_nothing_together() -> None:
    background = Background()
    for n in range(60):
        background.learn(terms_of_all([f"星河电器今天说了第{n}件事"]).numbers)
    posts = [complaint("1", "星河电器漏电伤人"), complaint("2", "星河电器拖欠货款")]
    grouping = assign([], posts, background=background)
    assert len({*places(grouping).values()}) == 2


posts_of_a_week = st.lists(
    st.builds(
        Piece,
        key=st.uuids().map(str),
        text=st.text(alphabet="星河水壶漏电退款客服拖延电视机屏幕碎", max_size=30),
        at=st.integers(0, 7 * 86_400).map(lambda seconds: NOON + timedelta(seconds=seconds)),
        polarity=st.sampled_from(["negative", "neutral"]),
        links=st.lists(st.sampled_from(["copy:a", "copy:b", "thread:c"]), max_size=2).map(tuple),
    ),
    max_size=40,
    unique_by=lambda post: post.key,
)


@given(posts_of_a_week, st.integers(1, 40))
def test_every_post_has_one_place_at_most_and_none_is_lost(posts: list[Piece], size: int) -> None:
    posts.sort(key=lambda post: post.at)
    clusters: dict[str, Cluster] = {}
    placed: dict[str, str] = {}
    background = Background()
    for start in range(0, len(posts), size):
        batch = posts[start : start + size]
        grouping = assign(clusters.values(), batch, background=background)
        assert {post.key for post in batch} <= {each.post for each in grouping.assignments}
        for each in grouping.assignments:
            if each.cluster is not None:
                assert each.post not in placed
                placed[each.post] = each.cluster
        clusters |= {each.key: load(dump(each)) for each in grouping.clusters}
    events = {key for key, cluster in clusters.items() if cluster.is_event}
    assert set(placed.values()) == events


def stream(n: int) -> list[Piece]:
    """Complaints of three defects, chatter and copies, out of order by hours now and then."""
    said = [LEAK, LEAK_AGAIN, REFUND, "屏幕碎了一地，客服说不保修", "今天路过星河大厦，人真多"]
    return [
        Piece(
            str(at),
            f"{said[at % 5]}，{at % 7}楼{at * 37 % 101}号{'催了' * (at % 3)}",
            NOON + timedelta(minutes=20 * at, hours=-5 if at % 11 == 0 else 0),
            intent="complaint" if at % 5 < 4 else "other",
            links=("copy:x",) if at % 13 == 0 else (f"thread:{at}",),
        )
        for at in range(n)
    ]


def placed_in_batches(posts: Sequence[Piece], *, stored_after: int | None) -> list[Assignment]:
    """Group batch by batch, merging as it goes; stored and loaded again after so many batches."""
    background, groups = Background(), None
    made: list[Assignment] = []
    for number, start in enumerate(range(0, len(posts), 40)):
        groups = groups or Groups(background)
        made += groups.place(sorted(posts[start : start + 40], key=lambda post: post.at))
        for pair in distinct(groups.twins_of(sorted(groups.changed()))):
            groups.merge(pair.smaller, pair.larger)
        groups.forget_before(posts[start].at - timedelta(days=1))
        if number == stored_after:
            rows = json.loads(json.dumps([dump(groups.value(key)) for key in groups]))
            background = Background.load(background.dump())
            groups = Groups(background)
            for row in reversed(rows):
                groups.take_up(load(row))
    return made


@pytest.mark.parametrize("stored_after", [0, 3, 11])
def test_a_restart_in_mid_stream_gives_the_same_events_as_no_restart(stored_after: int) -> None:
    posts = stream(800)
    ever = placed_in_batches(posts, stored_after=None)
    assert placed_in_batches(posts, stored_after=stored_after) == ever
    assert len({made.cluster for made in ever}) > 3


def test_a_flood_of_one_copied_text_moves_nothing_and_takes_no_room() -> None:
    background = Background()
    groups = Groups(background)
    flood = [chat(str(n), LEAK, "copy:flood", after=n / 100) for n in range(3_000)]
    made = groups.place([complaint("first", LEAK, "copy:flood"), *flood])
    (event,) = (groups.value(key) for key in groups)
    assert {each.cluster for each in made} == {"new:first"}
    assert (event.n_posts, len(event.links)) == (1, 1)
    assert background.n_texts == 1


def test_an_event_of_very_many_posts_stays_small() -> None:
    groups = Groups(Background())
    posts = [
        complaint(str(n), f"{LEAK}，第{n}位，{n * 7919 % 100_003}", f"thread:{n}", after=n / 500)
        for n in range(5_000)
    ]
    made = groups.place(posts)
    largest = max((groups.value(key) for key in groups), key=lambda each: each.n_posts)
    assert largest.n_posts > 4_900
    assert len(made) == 5_000
    assert len(largest.terms) <= 2 * DEFAULT.terms_per_cluster
    assert len(largest.links) <= DEFAULT.links_per_cluster


def test_a_thread_that_a_large_event_has_let_go_of_is_found_by_its_home() -> None:
    event = replace(group(complaint("1", LEAK)).clusters[0], key="7")
    reply = chat("2", "同求", "thread:long ago", after=1)
    known = assign([event], [reply], background=Background(), homes={"thread:long ago": "7"})
    assert places(known) == {"2": "7"}
    gone = assign([event], [reply], background=Background(), homes={"thread:long ago": "8"})
    assert places(gone) == {"2": None}


def test_what_a_person_put_apart_is_no_pair() -> None:
    config = replace(DEFAULT, join_at=0.9)
    posts = [complaint("1", LEAK), complaint("2", LEAK_AGAIN)]
    clusters = assign([], posts, background=Background(), config=config).clusters
    assert len(twins(clusters)) == 1
    assert twins(clusters, apart=[frozenset({"new:1", "new:2"})]) == []


def b_cubed(gold: Sequence[object], found: Sequence[object]) -> float:
    """B³ F1: for each post, how pure and how complete its group is."""
    by_gold: defaultdict[object, set[int]] = defaultdict(set)
    by_found: defaultdict[object, set[int]] = defaultdict(set)
    for n, (one, other) in enumerate(zip(gold, found, strict=True)):
        by_gold[one].add(n)
        by_found[other].add(n)
    pairs = [(by_gold[one], by_found[other]) for one, other in zip(gold, found, strict=True)]
    precision = sum(len(one & other) / len(other) for one, other in pairs) / len(pairs)
    recall = sum(len(one & other) / len(one) for one, other in pairs) / len(pairs)
    return 2 * precision * recall / (precision + recall)


@pytest.mark.needs_data
def test_real_rumours_are_grouped_better_than_the_floor(data: Path) -> None:
    path = data / "covid19_weibo_rumor" / "covid19_weibo_rumor.dev.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["event"] is not None]
    rows.sort(key=lambda row: row["time"])
    posts = [
        replace(complaint(row["id"], row["text"]), at=datetime.fromtimestamp(row["time"], UTC))
        for row in rows
    ]
    clusters: dict[str, Cluster] = {}
    placed: dict[str, str] = {}
    background = Background()
    for start in range(0, len(posts), 50):
        grouping = assign(clusters.values(), posts[start : start + 50], background=background)
        clusters |= {each.key: each for each in grouping.clusters}
        placed |= {each.post: each.cluster or each.post for each in grouping.assignments}
        for pair in twins(clusters.values()):
            clusters[pair.larger] = absorb(clusters[pair.larger], clusters.pop(pair.smaller))
            placed = {
                post: pair.larger if key == pair.smaller else key for post, key in placed.items()
            }
    assert b_cubed([row["event"] for row in rows], [placed[row["id"]] for row in rows]) >= 0.80
