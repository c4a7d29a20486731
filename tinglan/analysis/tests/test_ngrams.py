"""N-grams of posts, held equal to a slow, obvious reference; and what the heads sum up of them."""

import re
import unicodedata
from functools import cache
from itertools import groupby

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tinglan.analysis import ngrams, ngrams_kernels
from tinglan.analysis.characters import read_simplified
from tinglan.analysis.heads import Heads
from tinglan.analysis.ngrams import BUCKETS, NO_GRAM, ORDERS, grams

MARKS = START, END, ADDRESS, NAME = tuple(
    map(
        chr,
        (ngrams_kernels.START, ngrams_kernels.END, ngrams_kernels.ADDRESS, ngrams_kernels.NAME),
    )
)
MASKED = re.compile(r"(?P<address>(?a:(?:https?://|www\.)[\w./?=&%#:+~-]*))|@[\w·-]{1,12}")
SIMPLIFIED = read_simplified()
WORDLIKE = {"Ll", "Lo", "Lm", "Lt", "Lu", "So"}

# What posts are made of where folding, masking and cutting of runs could go wrong.
posts = st.lists(
    st.text(max_size=20)
    | st.lists(
        st.sampled_from(
            [*"@·哈漲９1 \u3000#😀\ud83dÉß", *MARKS, "http://", "https://", "www.", "a.b/c?", "@某"]
        ),
        max_size=14,
    ).map("".join),
    max_size=5,
)


@settings(deadline=None)  # the first builds the tables
@given(posts)
def test_buckets_equal_a_slow_reference(texts: list[str]) -> None:
    batch = grams(texts)
    bounds = [*batch.starts.tolist(), batch.buckets.shape[1]]

    for at, text in enumerate(texts):
        codes = folded(text)
        found = batch.buckets[:, bounds[at] : bounds[at + 1]]
        assert found.tolist() == buckets_of(codes)
        assert batch.sizes[at] == np.count_nonzero(found != NO_GRAM)
        assert batch.has_words[at] == any(unicodedata.category(code) in WORDLIKE for code in codes)


def test_only_the_beginning_of_a_long_post_is_read() -> None:
    long = "水壶漏电" * 1000
    cut_in_an_address = "壶" * 1990 + "http://t.cn/A6x"

    assert grams([long]).buckets.tolist() == grams([long[:2000]]).buckets.tolist()
    assert grams([cut_in_an_address]).buckets.tolist() == [
        *buckets_of(folded(cut_in_an_address[:2000]))
    ]


@cache
def some_heads(n_heads: int) -> tuple[NDArray[np.int8], Heads]:
    weights = np.random.default_rng(7).integers(-127, 128, (BUCKETS, n_heads), dtype=np.int8)
    return weights, Heads.of(weights)


@settings(deadline=None)
@given(posts, st.sampled_from([3, 33]))
def test_heads_sum_up_what_a_post_holds(texts: list[str], n_heads: int) -> None:
    weights, heads = some_heads(n_heads)
    batch = grams(texts)
    sums = heads.sums(batch)
    bounds = [*batch.starts.tolist(), batch.buckets.shape[1]]

    assert sums.totals.shape == (len(texts), n_heads)
    for post in range(len(texts)):
        found = batch.buckets[:, bounds[post] : bounds[post + 1]].ravel()
        real = np.unique(found[found != NO_GRAM])
        assert sums.totals[post].tolist() == weights[real].sum(axis=0, dtype=int).tolist()
        assert sums.distinct[post] == len(real)


def test_no_lane_of_a_sum_overflows() -> None:
    every = "".join(map(chr, range(0x4E00, 0x4E00 + 1990)))
    most = np.full((BUCKETS, 1), 127, dtype=np.int8)

    for weights in (most, -most):
        sums = Heads.of(weights).sums(grams([every]))
        assert sums.totals[0, 0] == int(weights[0, 0]) * sums.distinct[0]


def test_more_posts_than_there_are_stamps_are_summed_alike() -> None:
    few = ["水壶漏电", "好用！", "漏漏漏漏"]
    batch = grams(few * 6000)
    sums = Heads.of(np.ones((BUCKETS, 1), dtype=np.int8)).sums(batch)

    assert sums.distinct.reshape(-1, len(few)).std(axis=0).max() == 0
    assert (sums.totals[:, 0] == sums.distinct).all()


def folded(text: str) -> str:
    """The reference: a regular expression, one character after the other, runs by groupby."""
    masked = MASKED.sub(lambda found: ADDRESS if found["address"] else NAME, text[:2000])
    plain = [_plain(char) for char in START + masked + END]
    return "".join("".join(list(run)[:3]) for _, run in groupby(plain))


def _plain(char: str) -> str:
    if char in SIMPLIFIED:
        return SIMPLIFIED[char]
    code = ord(char)
    if code >= 0x10000 or 0xD800 <= code <= 0xDFFF:
        return char
    plain = unicodedata.normalize("NFKC", char).lower()
    if len(plain) != 1:
        return char
    if plain.isspace():
        return " "
    return "0" if plain.isdigit() else plain


def buckets_of(codes: str) -> list[list[int]]:
    return [
        [
            _bucket(codes[at : at + order]) if at + order <= len(codes) else NO_GRAM
            for at in range(len(codes))
        ]
        for order in ORDERS
    ]


def _bucket(gram: str) -> int:
    rolling = ord(gram[0]) * 0x85EBCA6B % 2**32
    for order, char in enumerate(gram[1:], start=2):
        rolling = (rolling * 0x9E3779B1 ^ (ord(char) * 0x85EBCA6B + order) % 2**32) % 2**32
    mixed = rolling * 0xC2B2AE35 % 2**32
    mixed = (mixed ^ mixed >> 15) * 0x2C1B3C6D % 2**32
    return mixed >> (32 - ngrams.BITS)
