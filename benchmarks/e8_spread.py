"""E8: the spread tree. Stated parents are used, repost chains are read, spreaders are named.

CED's texts have lost their chains, so they are put back for the simulation: real trees, times and
words (CED has those of the first 300 reposts, to 100 characters), "words//@parent:words//@…" cut at
140 characters as Weibo did, and of the cascade only a part is collected. Each post has an account
of its own: real people repost twice, which makes the exact post harder to tell. The chain parser
has a suite of its own, spread_chains.jsonl.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.corpora import read
from tinglan.analysis.spread import NOBODY, Ints, Posts, Tree, tree_of
from tinglan.analysis.spread_chain import NONE, Hands, hands
from tinglan.analysis.spread_reach import key_accounts

ID = "E8"
GOAL = "stated parents used: 100 %; chain parser on the suite: ≥ .997 (floor .99)"

SUITE = Path(__file__).with_name("spread_chains.jsonl")
CASCADES = "CED_weibo_cascades/train_dev.jsonl.gz"
SEED, N_SIMULATED, LENGTH, TOP = 0, 1200, 140, 5
FRACTIONS = (1.0, 0.5, 0.2, 0.1)


@dataclass(frozen=True, slots=True)
class Cascade:
    """A real cascade: row 0 is the original, `parents` are rows."""

    times: Sequence[float]
    parents: Ints
    texts: Sequence[str]

    def __len__(self) -> int:
        return len(self.times)


def run() -> dict[str, object]:
    cases = [json.loads(line) for line in SUITE.read_text(encoding="utf-8").splitlines()]
    right = [hands(case["text"]) == _expected(case) for case in cases]
    return {
        "cases of the suite": len(cases),
        "chain parser on the suite": round(sum(right) / len(right), 4),
        **_stated(),
        **_simulated(),
    }


def _expected(case: Mapping[str, object]) -> Hands:
    names = case["names"]
    assert isinstance(names, list)
    return Hands(tuple(names), str(case.get("cut", "")))


def _stated() -> dict[str, object]:
    n_edges, n_kept, started = 0, 0, process_time()
    for cascade in cascades():
        tree = tree_of(posts_of(cascade, stated=cascade.parents))
        n_edges += len(cascade) - 1
        n_kept += int((tree.parents[1 : len(cascade)] == cascade.parents[1:]).sum())
    spent = process_time() - started
    return {
        "stated parents": n_edges,
        "stated parents used": n_kept / n_edges,
        "posts placed per CPU second, reading included": round(n_edges / spent),
    }


def cascades() -> Iterator[Cascade]:
    for row in read(CASCADES):
        reposts = row["reposts"]
        assert isinstance(reposts, list)
        parents = np.array([NOBODY, *(parent + 1 for _at, parent, _text in reposts)])
        yield Cascade(
            times=[0.0, *(float(at) for at, _parent, _text in reposts)],
            parents=parents.astype(np.int64),
            texts=[str(row["text"]), *(text or "" for _at, _parent, text in reposts)],
        )


def posts_of(
    cascade: Cascade,
    *,
    stated: Ints | None = None,
    found: Mapping[int, Hands] | None = None,
    kept: Ints | None = None,
) -> Posts:
    """The columns of a cascade, each post by an account of its own; all of it, or the rows kept."""
    kept = np.arange(len(cascade)) if kept is None else kept
    none = np.full(len(kept), NOBODY)
    return Posts(
        times=np.array(cascade.times)[kept],
        weights=np.ones(len(kept), dtype=np.int64),
        authors=kept,
        names=[name_of(row) for row in kept],
        platforms=np.zeros(len(kept), dtype=np.int64),
        stated=none if stated is None else stated[kept],
        roots=np.where(kept == 0, NOBODY, 0),
        copied=none,
        hands={row: (found or {}).get(int(was), NONE) for row, was in enumerate(kept)},
    )


def name_of(row: int) -> str:
    """A nickname as they are: Chinese, Latin, digits, "_" and "-", 4 to 14 letters."""
    shapes = ("水壶用户{}", "安琪_{}", "bo-wen{}", "手机用户20260{}", "小满说家电{}V", "_{}_")
    return shapes[row % len(shapes)].format(row)


def _simulated() -> dict[str, object]:
    random = np.random.default_rng(SEED)
    chosen = [one for one in cascades() if len(one) >= 20]
    rows = random.permutation(len(chosen))[:N_SIMULATED]
    whole = [chosen[row] for row in rows]
    figures: dict[str, object] = {"simulated cascades": len(whole)}
    for length in (LENGTH, None):
        figures[f"parent account recovered, cut at {length or 'no'} characters"] = round(
            _accounts_recovered(whole, length=length), 4
        )
    for fraction in FRACTIONS:
        posts, overlap = _at_collection(whole, fraction=fraction, random=random)
        figures[f"at {fraction:.0%} collected"] = {
            "exact parent post": round(posts, 3),
            f"overlap of the top {TOP} spreaders": round(overlap, 3),
        }
    return figures


def chained(cascade: Cascade, *, length: int | None) -> dict[int, Hands]:
    """What is read from the chains that the reposts of a cascade would carry."""
    texts = [*cascade.texts]
    for row in range(1, len(cascade)):
        parent = int(cascade.parents[row])
        if parent > 0:
            texts[row] = f"{cascade.texts[row]}//@{name_of(parent)}:{texts[parent]}"[:length]
    return {row: hands(text) for row, text in enumerate(texts) if row}


def _accounts_recovered(whole: Sequence[Cascade], *, length: int | None) -> float:
    n_all, n_right = 0, 0
    for cascade in whole:
        found = chained(cascade, length=length)
        for row in range(1, len(cascade)):
            parent = int(cascade.parents[row])
            if parent > 0:
                names = found[row].names
                n_all += 1
                n_right += bool(names) and names[0] == name_of(parent)
    return n_right / n_all


def _at_collection(
    whole: Sequence[Cascade], *, fraction: float, random: np.random.Generator
) -> tuple[float, float]:
    """Edges to the exact parent post, and how many of the true top spreaders are named."""
    n_edges, n_right, overlaps = 0, 0, []
    for cascade in whole:
        kept = np.flatnonzero(random.random(len(cascade)) < fraction)
        kept = np.union1d([0], kept)  # the original is why we know of it
        found = chained(cascade, length=LENGTH)
        tree = tree_of(posts_of(cascade, found=found, kept=kept))
        truth = cascade.parents[kept]
        indirect = np.flatnonzero(truth > 0)
        n_edges += len(indirect)
        n_right += int((_originals(tree, kept)[indirect] == truth[indirect]).sum())
        true = _top(tree_of(posts_of(cascade, stated=cascade.parents)))
        if true:
            overlaps.append(len(true & _top(tree)) / len(true))
    return n_right / max(n_edges, 1), float(np.mean(overlaps))


def _originals(tree: Tree, kept: Ints) -> Ints:
    """The parents as rows of the whole cascade; a stub is no post."""
    parents = tree.parents[: len(kept)]
    is_post = (parents >= 0) & (parents < len(kept))
    return np.where(is_post, kept[np.where(is_post, parents, 0)], NOBODY)


def _top(tree: Tree) -> set[str]:
    """The names of those who spread it most, the author of the original left out."""
    parts = [one for one in key_accounts(tree, limit=TOP + 1) if not one.is_seed]
    names = {node: name_of(int(tree.accounts[node])) for node in range(tree.n_posts)}
    names |= {tree.n_posts + number: name for number, name in enumerate(tree.stub_names)}
    return {names[part.node] for part in parts[:TOP]}
