"""The spread tree: who took it from whom, and whose part was great."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.spread import NOBODY, Ints, Known, Posts, Tree, depths_of, tree_of
from tinglan.analysis.spread_chain import Hands, hands
from tinglan.analysis.spread_reach import key_accounts, shape_of, walk

SUITE = Path(__file__).parents[3] / "benchmarks" / "spread_chains.jsonl"
ANQI, BOWEN, XIAOMAN, CHENXI = "安琪", "博文", "小满", "晨曦"


def make_posts(
    names: Sequence[str],
    *,
    stated: Mapping[int, int] | None = None,
    roots: Mapping[int, int] | None = None,
    copied: Mapping[int, int] | None = None,
    texts: Mapping[int, str] | None = None,
    platforms: Sequence[int] | None = None,
    stubs: Sequence[int] = (),
) -> Posts:
    """Posts a minute apart, each named account the same wherever its name stands."""
    n_posts = len(names)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    weights = np.ones(n_posts, dtype=np.int64)
    weights[list(stubs)] = 0
    return Posts(
        times=np.arange(n_posts, dtype=np.float64) * 60,
        weights=weights,
        authors=np.array([numbers[name] for name in names], dtype=np.int64),
        names=names,
        platforms=np.array(platforms or [0] * n_posts, dtype=np.int64),
        stated=_rows(n_posts, stated),
        roots=_rows(n_posts, roots),
        copied=_rows(n_posts, copied),
        hands={row: hands(text) for row, text in (texts or {}).items()},
    )


def _rows(n_posts: int, given: Mapping[int, int] | None) -> Ints:
    rows = np.full(n_posts, NOBODY, dtype=np.int64)
    for row, value in (given or {}).items():
        rows[row] = value
    return rows


def name_of(tree: Tree, node: int) -> str:
    return tree.stub_names[node - tree.n_posts]


def test_every_chain_of_the_suite_is_read() -> None:
    for line in SUITE.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        assert hands(case["text"]) == Hands(tuple(case["names"]), case.get("cut", "")), case


def test_a_stated_parent_beats_the_chain() -> None:
    posts = make_posts(
        [ANQI, BOWEN, XIAOMAN], stated={2: 0}, roots={1: 0, 2: 0}, texts={2: f"同求//@{BOWEN}:漏"}
    )
    tree = tree_of(posts)
    assert (tree.parents[2], tree.known[2], tree.sure[2]) == (0, Known.STATED, 1.0)


def test_a_chain_names_a_parent_that_was_never_collected() -> None:
    posts = make_posts(
        [ANQI, CHENXI, XIAOMAN],
        roots={1: 0, 2: 0},
        texts={1: f"嗯//@{BOWEN}:漏了", 2: f"啊//@{BOWEN}:漏了"},
    )
    tree = tree_of(posts)
    stub = int(tree.parents[1])
    assert (name_of(tree, stub), tree.parents[2], tree.parents[stub]) == (BOWEN, stub, 0)
    assert tree.weights.tolist() == [1, 1, 1, 0]


def test_hands_between_become_a_path_to_the_root() -> None:
    posts = make_posts([ANQI, XIAOMAN], roots={1: 0}, texts={1: f"嗯//@{BOWEN}:哈//@{CHENXI}:啊"})
    tree = tree_of(posts)
    path = [1]
    while tree.parents[path[-1]] != NOBODY:
        path.append(int(tree.parents[path[-1]]))
    assert [name_of(tree, node) for node in path[1:-1]] == [BOWEN, CHENXI]
    assert path[-1] == 0


def test_an_account_with_two_posts_is_the_later_one_and_less_sure() -> None:
    posts = make_posts(
        [ANQI, BOWEN, BOWEN, XIAOMAN],
        roots={1: 0, 2: 0, 3: 0},
        texts={3: f"嗯//@{BOWEN}:漏了"},
    )
    tree = tree_of(posts)
    assert tree.parents[3] == 2
    assert tree.sure[3] < tree_of(make_posts([ANQI, BOWEN], roots={1: 0})).sure[1]


def test_a_chain_does_not_reach_into_another_thread() -> None:
    posts = make_posts(
        [ANQI, CHENXI, BOWEN, XIAOMAN], roots={2: 0, 3: 1}, texts={3: f"嗯//@{BOWEN}:漏了"}
    )
    tree = tree_of(posts)
    assert name_of(tree, int(tree.parents[3])) == BOWEN
    assert tree.parents[tree.parents[3]] == 1


def test_a_cut_name_is_completed_where_only_one_account_begins_so() -> None:
    posts = make_posts(
        [ANQI, "星河测评君", XIAOMAN, CHENXI],
        roots={1: 0, 2: 0, 3: 0},
        texts={2: "嗯//@星河测", 3: "嗯//@无"},
    )
    tree = tree_of(posts)
    assert tree.parents.tolist() == [NOBODY, 0, 1, 0]
    assert tree.sure[2] < 0.9


def test_copied_words_are_an_unsure_edge_and_less_sure_across_platforms() -> None:
    posts = make_posts([ANQI, BOWEN, XIAOMAN], copied={1: 0, 2: 0}, platforms=[0, 0, 1])
    tree = tree_of(posts)
    assert tree.known.tolist() == [Known.SEED, Known.COPY, Known.COPY]
    assert 0.5 >= tree.sure[1] > tree.sure[2]


def test_posts_that_answer_each_other_in_a_circle_lose_no_post() -> None:
    tree = tree_of(make_posts([ANQI, BOWEN, XIAOMAN, CHENXI], stated={0: 1, 1: 2, 2: 0, 3: 2}))
    assert tree.parents.tolist() == [NOBODY, 2, 0, 2]
    assert walk(tree.parents, tree.weights).size[0] == 4


@given(st.lists(st.integers(-1, 30), min_size=1, max_size=31))
def test_whatever_is_stated_there_is_a_forest_of_all_posts(stated: list[int]) -> None:
    links = {row: parent for row, parent in enumerate(stated) if NOBODY < parent < len(stated)}
    tree = tree_of(make_posts([str(row) for row in range(len(stated))], stated=links))
    walked = walk(tree.parents, tree.weights)
    assert sorted(walked.order.tolist()) == list(range(len(stated)))
    assert walked.size[tree.parents == NOBODY].sum() == len(stated)
    below = tree.parents != NOBODY
    assert np.array_equal(tree.depths[below], tree.depths[tree.parents[below]] + 1)


def test_depths_of_a_long_chain_of_hands() -> None:
    assert depths_of(np.arange(-1, 4999)).tolist() == list(range(5000))


def test_without_an_account_counts_all_its_branches_once() -> None:
    # 博文 reposts twice, the second time under its own first: 小满's and the rest hang below.
    posts = make_posts([ANQI, BOWEN, "a", BOWEN, "b", "c"], stated={1: 0, 2: 1, 3: 2, 4: 3, 5: 0})
    parts = {part.node: part for part in key_accounts(tree_of(posts), limit=5)}
    assert parts[1].without == 4  # its two posts and the two below them, of six
    assert parts[1].n_taken == 2
    assert parts[1].share == pytest.approx(4 / 6)
    assert not parts[1].is_seed


def test_unsure_edges_are_told_apart() -> None:
    posts = make_posts([ANQI, BOWEN, XIAOMAN], stated={1: 0}, copied={2: 0})
    part = key_accounts(tree_of(posts), limit=1)[0]
    assert part.share == 1.0
    assert part.sure_share == pytest.approx(2 / 3)


def test_who_spread_nothing_is_no_key_account() -> None:
    assert key_accounts(tree_of(make_posts([ANQI, BOWEN, BOWEN])), limit=5) == []


def test_the_shape_of_a_star_and_of_a_chain() -> None:
    names = [str(row) for row in range(10)]
    star = shape_of(tree_of(make_posts(names, stated=dict.fromkeys(range(1, 10), 0))))
    chain = shape_of(tree_of(make_posts(names, stated={row: row - 1 for row in range(1, 10)})))
    assert star.virality == pytest.approx(1.8)
    assert chain.virality == pytest.approx(11 / 3)
    assert (star.by_depth, len(chain.by_depth)) == ([1, 9], 10)
    assert (star.peak_per_hour, star.n_seeds, star.stated_share) == (10, 1, 1.0)


def test_nothing_collected_has_no_shape() -> None:
    shape = shape_of(tree_of(make_posts([])))
    assert (shape.n_posts, shape.virality, shape.stated_share, shape.by_depth) == (
        0,
        None,
        None,
        [],
    )
