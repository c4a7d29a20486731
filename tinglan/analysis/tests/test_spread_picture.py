"""The picture of a spread stays readable, and leaves nothing out of its counts."""

import numpy as np
import pytest

from tinglan.analysis.spread import NOBODY, Posts, Tree, tree_of
from tinglan.analysis.spread_picture import Picture, picture_of
from tinglan.analysis.spread_signs import signs_of

N_POSTS = 10_000


def make_posts(n_posts: int, *, n_seeds: int, seed: int = 0) -> Posts:
    """Each post hangs on one before it, on the loud ones more often; the first are seeds."""
    random = np.random.default_rng(seed)
    rows = np.arange(n_posts)
    stated = (rows * random.random(n_posts) ** 2).astype(np.int64)
    stated[:n_seeds] = NOBODY
    none = np.full(n_posts, NOBODY)
    return Posts(
        times=np.cumsum(random.exponential(30.0, n_posts)),
        weights=np.ones(n_posts, dtype=np.int64),
        authors=rows,
        names=[str(row) for row in rows],
        platforms=np.zeros(n_posts, dtype=np.int64),
        stated=stated,
        roots=none,
        copied=none,
        hands={},
    )


@pytest.fixture(scope="module")
def large() -> tuple[Tree, Picture]:
    tree = tree_of(make_posts(N_POSTS, n_seeds=40))
    return tree, picture_of(tree, most=48)


def test_of_ten_thousand_posts_a_few_branches_are_drawn(large: tuple[Tree, Picture]) -> None:
    _tree, picture = large
    assert len(picture.dots) == 48
    assert [dot.line for dot in picture.dots] == list(range(48))


def test_what_is_not_drawn_is_counted_where_it_hangs(large: tuple[Tree, Picture]) -> None:
    tree, picture = large
    drawn = sum(int(tree.weights[dot.node]) + dot.n_folded for dot in picture.dots)
    assert drawn + picture.n_alone == N_POSTS
    assert all(dot.n_folded >= 0 for dot in picture.dots)


def test_every_dot_hangs_on_a_dot_that_stands_above_it_and_was_there_before(
    large: tuple[Tree, Picture],
) -> None:
    tree, picture = large
    for dot in picture.dots:
        if tree.parents[dot.node] == NOBODY:
            assert dot.parent is None
            continue
        assert dot.parent is not None
        above = picture.dots[dot.parent]
        assert above.node == tree.parents[dot.node]
        assert above.line < dot.line
        assert above.x <= dot.x <= 1


def test_a_small_tree_is_drawn_whole() -> None:
    picture = picture_of(tree_of(make_posts(30, n_seeds=2)), most=48)
    assert len(picture.dots) == 30
    assert not any(dot.n_folded for dot in picture.dots)


def test_an_empty_tree_is_an_empty_picture() -> None:
    picture = picture_of(tree_of(make_posts(0, n_seeds=0)), most=48)
    assert (picture.dots, picture.ticks, picture.n_alone) == ([], [], 0)


def test_nobody_is_nobodys_account() -> None:
    posts = make_posts(0, n_seeds=0)
    signs = signs_of(posts)
    assert (signs.n_accounts, signs.top_share, signs.copied_share) == (0, None, None)
    assert (signs.most_at_once, signs.effective_accounts) == (0, 0.0)
