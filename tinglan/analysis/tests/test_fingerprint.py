"""Copies share a key; different texts, and texts that say too little, do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.fingerprint import (
    MIN_CHARACTERS,
    canonical,
    exact_key,
    exact_keys,
    repost_chain,
    repost_root,
)

TEXT = "星河热水壶漏水，客服三天没回，价格199.5元"


@pytest.mark.parametrize(
    "copy",
    [
        TEXT,
        "转发微博//@安琪:" + TEXT,
        "//@安琪：" + TEXT,
        "//@安琪_01-x: " + TEXT,
        "說得好 //@晨曦:同求//@安琪:" + TEXT,
        "同求//@博文:转发微博//@安琪:" + TEXT,
        TEXT + "//@博文:转发微博",
        TEXT + " //@博文:",
        "快转微博 // @安琪 ：" + TEXT,
        TEXT + " https://t.cn/A6xYz1",
        TEXT + " O网页链接",
        TEXT + "🔗网页链接",
        "😡" + TEXT + "！！！",
        "星河★热*水 壶漏\u200b水，客服三天没回。价格 199.5元",
        "星河熱水壺漏水，客服三天沒回，價格１９９.5元",
        "【星河热水壶漏水】客服三天没回；价格：199.5元",
        "星河热水壶漏水\n客服三天没回\n价格199.5元",
    ],
)
def test_a_copy_has_the_key_of_its_original(copy: str) -> None:
    assert exact_key(copy) == exact_key(TEXT)


@pytest.mark.parametrize(
    "other",
    [
        "星河热水壶漏水，客服三天没回，价格1995元",
        "星河热水壶漏水，客服两天没回，价格199.5元",
        "银河热水壶漏水，客服三天没回，价格199.5元",
        TEXT + "已退款",
        "回复@安琪:" + TEXT,
    ],
)
def test_another_text_has_another_key(other: str) -> None:
    assert exact_key(other) not in {exact_key(TEXT), None}


@pytest.mark.parametrize(
    "short",
    [
        "哈哈哈",
        "转发微博",
        "同求//@安琪:哈哈哈",
        "！！！！！！！！",
        "😡" * 20,
        "http://t.cn/A6xYz1",
        "",
    ],
)
def test_a_text_that_says_too_little_is_a_copy_of_nothing(short: str) -> None:
    assert exact_key(short) is None


def test_the_shortest_text_with_a_key() -> None:
    assert exact_key("星" * (MIN_CHARACTERS - 1)) is None
    assert exact_key("星" * MIN_CHARACTERS) is not None


def test_keys_are_the_same_in_every_process_and_release() -> None:
    # Keys are stored: changing what counts as a copy needs a migration that makes them anew.
    assert exact_key("星河热水壶漏水了") == -7252313853123845844
    assert exact_key("Galaxy kettle leaks") == 3903796117127980952


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("漏水了", "漏水了"),
        ("同求//@安琪:漏水了", "漏水了"),
        ("同求//@晨曦:真的//@安琪:漏水了", "漏水了"),
        ("转发微博//@安琪:漏水了", "漏水了"),
        ("真差//@安琪:转发微博", "真差"),
        ("真差//@安琪:Repost", "真差"),
        ("转发微博//@安琪:快转微博", ""),
        ("轉發微博", ""),
        ("看 http://@example.com:80/a", "看 http://@example.com:80/a"),
        ("//@安琪 漏水了", "//@安琪 漏水了"),
        ("9//@安琪:漏水了 http://t.cn/a//b", "漏水了 http://t.cn/a//b"),
        ("", ""),
    ],
)
def test_a_repost_leads_to_its_root(text: str, root: str) -> None:
    assert repost_root(text) == root


def test_a_chain_names_its_authors() -> None:
    chain = repost_chain("同求//@晨曦：真的//@安琪:漏水了")
    assert [(link.author, link.text) for link in chain] == [
        ("", "同求"),
        ("晨曦", "真的"),
        ("安琪", "漏水了"),
    ]


@given(st.lists(st.text(max_size=40), max_size=5))
def test_a_batch_gives_what_each_text_gives_alone(texts: list[str]) -> None:
    assert exact_keys(texts) == [exact_key(text) for text in texts]


@given(st.text(max_size=40))
def test_keys_fit_both_stores_and_follow_the_canonical_form(text: str) -> None:
    key = exact_key(text)
    (form,) = canonical([text])
    assert (key is None) is (len(form) < MIN_CHARACTERS)
    assert key is None or -(2**63) <= key < 2**63
