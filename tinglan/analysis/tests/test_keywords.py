"""Hot keywords and titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.keywords import count, keywords
from tinglan.analysis.titles import MAX_CHARACTERS, title_of

ORDINARY = [
    "星河水壶到货了，颜色很好看",
    "星河水壶烧水很快",
    "给妈妈买了星河水壶，她很喜欢",
    "星河水壶有没有优惠券",
    "客服很耐心，星河水壶推荐",
    "用了半年星河水壶，没出过毛病",
]
LEAKING = [
    "星河水壶漏电，手都麻了，要求退货退款",
    "请问星河水壶漏电怎么处理",
    "家里的水壶漏电跳闸了，差点出事",
    "星河水壶又漏电！老人被电到",
    "漏电的星河水壶客服说正常，必须退货退款",
    "曝光：水壶漏电，商家不给退货退款",
]
texts = st.lists(
    st.text(alphabet="星河水壶漏电退款客服的了abc1，。！# 【】@", max_size=60), max_size=20
)


def words(found: list[str], **options: int) -> list[str]:
    return [each.text for each in keywords(found, background=count(ORDINARY), **options)]


def test_what_sets_the_texts_apart_comes_first_and_the_brand_not_at_all() -> None:
    hot = words(LEAKING)
    assert hot[0] == "漏电"
    assert "退货退款" in hot
    assert not any("星河" in word for word in hot)


def test_a_piece_of_a_keyword_is_no_keyword_beside_it() -> None:
    hot = words(LEAKING)
    assert not {"退货", "退款", "货退款", "退货退"} & set(hot)


def test_copies_count_once() -> None:
    shouted = [*LEAKING, *["抽奖送手机"] * 50]
    assert "抽奖送手机" not in words(shouted)


def test_the_number_of_texts_is_the_number_of_texts() -> None:
    found = {each.text: each.n_texts for each in keywords(LEAKING)}
    assert found["漏电"] == 6
    assert found["退货退款"] == 3


def test_latin_words_stand_as_they_are() -> None:
    reviews = ["E5 报错代码", "一直显示 e5", "又是E5，没法用", "显示e5 怎么办"]
    assert "e5" in words(reviews)


def test_addresses_and_names_are_no_keywords() -> None:
    noisy = [f"@星河客服 看 https://xinghe.example/a{n} 事故{n}" for n in range(6)]
    assert not {"客服", "星河", "xinghe", "https"} & set(words(noisy))


@given(texts, st.integers(1, 5))
def test_keywords_are_bounded_distinct_and_present(given_texts: list[str], limit: int) -> None:
    found = keywords(given_texts, limit=limit)
    assert len(found) <= limit
    for each in found:
        assert sum(each.text in text.lower() for text in set(given_texts)) >= each.n_texts > 0
        assert not any(each.text in other.text for other in found if other is not each)


@given(texts)
def test_a_set_against_itself_has_no_hot_keywords(given_texts: list[str]) -> None:
    distinct = list(dict.fromkeys(given_texts))
    assert keywords(distinct, background=count(distinct, at_least=1)) == []


def test_the_title_is_the_sentence_most_posts_share() -> None:
    assert "漏电" in title_of(LEAKING)
    assert title_of(LEAKING) == title_of(LEAKING * 3)


def test_a_headline_is_preferred_and_shown_without_its_brackets() -> None:
    title = title_of(["【星河水壶漏电事件】记者了解到相关情况", "星河水壶漏电事件，等待答复"])
    assert title == "星河水壶漏电事件"


def test_a_title_is_free_of_names_addresses_and_emoticons() -> None:
    title = title_of(["[怒]@某某 星河水壶漏电了//@路人:转发 http://t.cn/A6x 😡"])
    assert title.startswith("星河水壶漏电了")
    assert not {"@", "[", "h", "😡"} & set(title)


def test_a_long_title_is_cut_at_a_clause() -> None:
    long = (
        "星河水壶使用三天之后在厨房里突然漏电，导致老人手部发麻送医检查，客服至今没有给出任何说法"
    )
    assert title_of([long]) == "星河水壶使用三天之后在厨房里突然漏电"


@pytest.mark.parametrize("nothing", [[], [""], ["转发微博"], ["[笑]", "http://t.cn/A6"]])
def test_posts_that_say_nothing_have_no_title(nothing: list[str]) -> None:
    assert title_of(nothing) == ""


@given(texts)
def test_a_title_fits(given_texts: list[str]) -> None:
    assert len(title_of(given_texts)) <= MAX_CHARACTERS
