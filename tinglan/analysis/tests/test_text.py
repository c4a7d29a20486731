"""The normalised view: what vanishes, what stays, and the way back to the original."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.tests.query_reference import letters
from tinglan.analysis.text import bigrams, fold, normalise, query_bigrams

SIGNS = "星河電电器漏水好aKß①1５.，。！ \u3000\n\t★*#@_-😡❤\ufe0f\u200b\u0301👍🏻，“”（）/:\ud83d"
TEXTS = st.text(st.sampled_from(SIGNS), max_size=30) | st.text(max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("星河電器漲價", "星河电器涨价"),
        ("ｶﾞｽ", "カス"),
        ("ﬁne Straße", "fine strasse"),
        ("Häagen-Dazs", "haagen-dazs"),
        ("Ha\u0308agen", "haagen"),
        ("𝐀𝐩𝐩𝐥𝐞", "apple"),
        ("⼀⽇", "一日"),
        ("星\u200b河\ufeff", "星河"),
        ("❤️👍🏻", "❤👍"),
        ("星 河　電\t器", "星河电器"),
        ("星★河*电_器", "星河电器"),
        ("星😡河…电——器", "星河电器"),
        ("星™河", "星河"),
        ("星，河。电、器", "星,河。电、器"),
        ("“星河”《说明》", "“星河”《说明》"),
        ("iPhone   15 Pro", "iphone 15 pro"),
        ("星河 K100 水壶", "星河k100水壶"),
        ("C++ 和 A&B", "c++和a&b"),
        ("第一行 \r\n 第二行", "第一行\n第二行"),
        ("a 😡 b", "a 😡 b"),
        ("看https://t.cn/A6xY?x=1 的", "看的"),
        ("看www.example.com/a好", "看好"),
        ("看t.cn/A6xY，好", "看,好"),
        ("(http://t.cn/A6xY)。好", "( )。好"),
        ("HTTP://T.CN/A", ""),
        ("ｈｔｔｐ：／／ｔ.ｃｎ／Ａ", ""),
        ("jd.com很快", "jd.com很快"),
        ("涨到3.15元", "涨到3.15元"),
        ("", ""),
        ("  ", ""),
        ("a\ud83db", "a\ufffdb"),
    ],
)
def test_a_text_is_normalised(text: str, expected: str) -> None:
    assert normalise(text).text == expected


@pytest.mark.parametrize(
    ("text", "part", "original"),
    [
        ("买了星★河電器吧", "星河电器", "星★河電器"),
        ("看 http://t.cn/x 星河", "星河", "星河"),
        ("大Straße", "strasse", "Straße"),
        ("\u200b星\u200b河\u200b", "星河", "星\u200b河"),
        ("价⑴元", "(1)", "⑴"),
    ],
)
def test_a_span_comes_back_to_the_original(text: str, part: str, original: str) -> None:
    view = normalise(text)
    start = view.text.index(part)
    first, after = view.span(start, start + len(part))
    assert text[first:after] == original


@given(TEXTS)
def test_offsets_rise_and_stay_inside_the_text(text: str) -> None:
    view = normalise(text)
    assert len(view.text) == len(view.offsets)
    assert list(view.offsets) == sorted(view.offsets)
    assert all(0 <= offset < len(text) for offset in view.offsets)


@given(TEXTS)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@given(st.lists(TEXTS, max_size=6))
def test_a_batch_gives_what_each_text_gives_alone(texts: list[str]) -> None:
    views = fold(texts).view()
    alone = [normalise(text) for text in texts]
    assert list(views.parts()) == [view.text for view in alone]
    for start, view in zip(views.starts.tolist(), alone, strict=False):
        offsets = views.offsets[start : start + len(view.text)].tolist()
        assert tuple(offsets) == view.offsets


PIECES = (
    "星 河 a . .. , ？ / : # @ - www. http:// HTTPS:// ftp:// ｔ.cn/ a.b.cn/x x.y 1.5 ß \u200b 😡"
)
NEAR_ADDRESSES = st.lists(st.sampled_from([*PIECES.split(" "), " ", "\n"]), max_size=12)


@given(st.lists(NEAR_ADDRESSES.map("".join) | TEXTS, max_size=4), st.booleans())
def test_views_equal_the_reference(texts: list[str], keep_symbols: bool) -> None:
    """Compiled loops against obvious rules: addresses, expansions and gaps beside each other."""
    parts = fold(texts).view(keep_symbols=keep_symbols).parts()
    expected = [letters(text, keep_symbols=keep_symbols) for text in texts]
    assert list(parts) == ["".join(char for char, _ in folded) for folded in expected]


@pytest.mark.parametrize("text", ["a/" * 500_000, "." * 1_000_000, "😡 " * 500_000, "ﷺ" * 100_000])
def test_a_text_without_end_is_normalised_once(text: str) -> None:
    assert len(normalise(text).text) <= 18 * len(text)


def test_symbols_can_be_kept_for_terms_that_hold_one() -> None:
    kept = fold(["星😡河 K1"]).view(keep_symbols=True)
    assert list(kept.parts()) == ["星😡河k1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("星河电器", ["星河", "河电", "电器"]),
        ("星★河，水壶", ["星河", "水壶"]),
        ("买K100吧", ["买", "k100", "吧"]),
        ("iPhone15 3.5折", ["iphone15", "3", "5", "折"]),
        ("😡！", []),
        ("", []),
    ],
)
def test_search_terms_are_cut(text: str, expected: list[str]) -> None:
    assert bigrams(text) == expected


@given(
    st.text(st.sampled_from("星河电器 ，k1"), max_size=8),
    st.text(st.sampled_from("星河电器"), min_size=1, max_size=4),
    st.text(st.sampled_from("星河电器 ，k1"), max_size=8),
)
def test_a_text_has_every_search_term_of_a_phrase_in_it(before: str, word: str, after: str) -> None:
    assert set(query_bigrams(word)) <= set(bigrams(before + word + after))


def test_an_index_of_search_terms_finds_words_of_two_characters() -> None:
    store = sqlite3.connect(":memory:")
    store.execute("CREATE VIRTUAL TABLE found USING fts5(terms, content='')")
    texts = ["新買的星★河水壺漏水", "星星在河里", "K100漏水"]
    for number, text in enumerate(texts, start=1):
        terms = " ".join(bigrams(text))
        store.execute("INSERT INTO found (rowid, terms) VALUES (?, ?)", (number, terms))

    def search(words: str) -> list[int]:
        terms = " ".join(f'"{term}"' for term in query_bigrams(words))
        rows = store.execute("SELECT rowid FROM found WHERE found MATCH ?", (terms,))
        return [rowid for (rowid,) in rows]

    assert search("星河") == [1]
    assert search("漏水") == [1, 3]
    assert search("k100") == [3]
    store.close()
