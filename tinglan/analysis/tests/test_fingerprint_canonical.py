"""The canonical form equals that of a slow reference, which tries every pattern on every text."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinglan.analysis import fingerprint_canonical
from tinglan.analysis.characters import Kind
from tinglan.analysis.fingerprint_boilerplate import core_of
from tinglan.analysis.fingerprint_canonical import Canonical, canonical
from tinglan.analysis.fingerprint_sketch import WIDTH, sketches
from tinglan.analysis.text import fold

LONGEST_TAG = 42
Character = tuple[str, bool, bool]  # the sign, whether it is told, whether it stands in a #topic#

PIECES = """
转发微博 轉發微博 快转 分享图片 repost Ｒepost //@甲: / @ //@ http://t.cn/a //@bob:hello
网页链接 O网页链接 网頁鏈接 收起全文d 展开全文 ...全文c …全文 L甲的微博视频 的秒拍视频 视频 全文
讯 转 转载 【城市晚报讯】 （记者 李某） 来源： 责编/ 记者 报道 11月2日电 日讯
3.5 . ５．５ # #水壶漏电# ＃ ★ 😡 星河热水壶漏电了 正在调查 ， 。 ! ? ？ ) ] ß ㍿ 本报讯
www.a.com/via@b 据晨光网消息， via 转自@
"""
SIGNS = [*PIECES.split(), " ", "\n", "\u3000", "\x1c", "\u200b", "\ud83d"]
pieces = st.lists(st.sampled_from(SIGNS), max_size=12)
texts = st.lists(st.text(max_size=30) | pieces.map("".join), max_size=4)


@settings(max_examples=300, deadline=None)
@given(texts, st.booleans())
def test_a_batch_equals_the_slow_reference(told: list[str], has_titles: bool) -> None:
    titles = [("", "水壶#漏", "讯 3.")[at % 3] for at in range(len(told))] if has_titles else None
    made = canonical(told, titles)
    heads = [f"{title}\n" if title else "" for title in titles or [""] * len(told)]
    slow = [reference(head, text) for head, text in zip(heads, told, strict=True)]

    assert characters_of(made) == slow
    assert made.core().forms() == [
        "".join(sign for sign, is_core, _ in of if is_core) for of in slow
    ]


@pytest.mark.parametrize(
    "text",
    [
        "#" + "水" * 40 + "#",
        "#" + "水" * 41 + "#",
        "#" + "水" * 60 + "#漏电#",
        "价 3.5 元，v2.0.1，.5 和 5. 还有5.",
        "WWW.via@Æ",
        "星河热水壶漏电，正在调查。via@晨光",
    ],
)
def test_topics_and_points_equal_the_slow_reference(text: str) -> None:
    assert characters_of(canonical([text])) == [reference("", text)]


def reference(head: str, text: str) -> list[Character]:
    root = fingerprint_canonical._rooted(text)
    start, end = core_of(root)
    folded = fold([head + root])
    signs = [chr(code) for code in folded.codes]
    in_topic = topics_of(signs)
    return [
        (sign, at < len(head) or start <= at - len(head) < end, number in in_topic)
        for number, (sign, kind, at) in enumerate(
            zip(signs, folded.kinds, folded.offsets.tolist(), strict=True)
        )
        if kind in (Kind.HAN, Kind.WORD) or is_in_number(signs, number)
    ]


def topics_of(signs: list[str]) -> set[int]:
    places = [at for at, sign in enumerate(signs) if sign == "#"]
    found: set[int] = set()
    for opens, closes in zip(places[::2], places[1::2], strict=False):
        if closes - opens <= LONGEST_TAG:
            found.update(range(opens, closes))
    return found


def is_in_number(signs: list[str], at: int) -> bool:
    digits = set("0123456789")
    around = {signs[at - 1] if at else "", signs[at + 1] if at + 1 < len(signs) else ""}
    return signs[at] == "." and around <= digits


def characters_of(made: Canonical) -> list[list[Character]]:
    columns = zip(map(chr, made.codes), made.is_core.tolist(), made.is_tag.tolist(), strict=True)
    every = list(columns)
    return [every[start:end] for start, end in pairwise(made.starts.tolist())]


@pytest.mark.parametrize("n_shingles", [0, 1, 100, 511, 512, 513, 3000])
def test_hashes_of_a_sketch_ascend_each_once(n_shingles: int) -> None:
    text = "".join(chr(0x4E00 + 7 * at % 9000) for at in range(n_shingles + 2))
    made = sketches(canonical([text, "漏电" * 200 + "#" + "漏电" * 20 + "#"]))
    for hashes, size in zip(made.hashes, made.sizes.tolist(), strict=True):
        assert (np.diff(hashes[:size].astype(np.int64)) > 1).all()
    assert made.sizes.tolist() == [min(n_shingles, WIDTH), 2]
