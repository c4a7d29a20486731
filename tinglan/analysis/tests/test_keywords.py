"""Hot keywords and titles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.keywords import _read, keywords
from tinglan.analysis.keywords_count import runs_of
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
    return [each.text for each in keywords(found, background=ORDINARY, **options)]


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


def test_latin_words_stand_as_most_people_write_them() -> None:
    reviews = ["E5 报错代码", "一直显示 e5", "又是E5，没法用", "显示Ｅ５ 怎么办", "E5！"]
    assert {each.text: each.n_texts for each in keywords(reviews)}["E5"] == 5
    assert words([f"#星河K100漏电# {text}" for text in ("吓人", "求解释", "已退货")]) == [
        "星河K100漏电"
    ]


def test_addresses_and_names_are_no_keywords() -> None:
    noisy = [f"@星河客服 看 https://xinghe.example/a{n} 事故{n}" for n in range(6)]
    noisy += ["厨房跳闸了", "说明书没写", "昨晚又响了", "换了新的插座"]
    assert set(words(noisy)) == {"事故"}


def test_what_platforms_write_beside_a_text_is_no_keyword() -> None:
    shown = [f"水壶{n}号 L安琪的微博视频 O网页链接 [怒] 收起全文d 转发微博" for n in range(6)]
    assert set(words(shown)) <= {"水壶"}


def test_traditional_and_wide_characters_count_as_the_same_word() -> None:
    mixed = ["水壺漏電了", "这水壶漏电", "又是Ｅ５，水壶漏电", "e5报错", "一直E5"]
    found = {each.text.lower(): each.n_texts for each in keywords(mixed)}
    assert (found["水壶漏电"], found["e5"]) == (3, 3)


def test_a_topic_is_one_keyword_and_not_its_pieces() -> None:
    tagged = [f"#星河水壶漏电伤人# {text}" for text in ("太吓人", "求解释", "已退货", "还敢用吗")]
    assert words(tagged) == ["星河水壶漏电伤人"]


def test_a_word_of_a_topic_that_stands_outside_it_too_is_a_keyword_beside_it() -> None:
    tagged = [f"#星河水壶漏电伤人# {text}" for text in ("吓人", "求解释", "已退货")]
    plain = [f"{text}漏电" for text in ("我家也", "真的会", "昨晚又", "同款居然")]
    assert {"星河水壶漏电伤人", "漏电"} <= set(words([*tagged, *plain]))


def test_what_the_background_does_not_know_is_new() -> None:
    found = {each.text: each for each in keywords(LEAKING, background=ORDINARY * 3 + LEAKING[:1])}
    assert not found["漏电"].is_new
    unseen = keywords(LEAKING, background=ORDINARY)
    assert {each.text for each in unseen if each.is_new} >= {"漏电", "退货退款"}


def test_a_background_too_small_to_know_a_word_makes_nothing_new() -> None:
    assert not any(each.is_new for each in keywords(LEAKING, background=ORDINARY[:2]))
    assert not any(each.is_new for each in keywords(LEAKING))


@pytest.mark.parametrize(
    "hostile",
    [
        [],
        [""],
        ["\ud800"],
        ["😡" * 1000],
        ["#" * 5000],
        ["漏" * 50_000],
        ["\u202e星河\x00"],
        ["a" * 9999],
    ],
)
def test_hostile_texts_are_answered(hostile: list[str]) -> None:
    assert isinstance(keywords(hostile * 3, background=hostile), list)
    assert isinstance(keywords(LEAKING, background=hostile), list)


@given(texts, st.integers(1, 5))
def test_keywords_are_bounded_distinct_and_present(given_texts: list[str], limit: int) -> None:
    found = keywords(given_texts, limit=limit)
    assert len(found) <= limit
    assert len({each.text for each in found}) == len(found)
    for each in found:
        holding = {text for text in given_texts if each.text.lower() in "".join(normalised(text))}
        assert len(holding) >= each.n_texts > 0


@given(texts)
def test_counts_equal_a_slow_and_obvious_recount(given_texts: list[str]) -> None:
    column = _read(given_texts).column
    runs = runs_of(column, at_least=2)
    stretches = [re.findall(r"[\u4e00-\u9fff]+", part) for part in _parts(given_texts)]
    for first, length, n_texts in zip(runs.first, runs.length, runs.n_texts, strict=True):
        run = "".join(map(chr, column.codes[first : first + length]))
        assert n_texts == sum(any(run in stretch for stretch in text) for text in stretches)


@given(texts)
def test_a_set_against_itself_has_no_hot_keywords(given_texts: list[str]) -> None:
    assert keywords(given_texts, background=given_texts) == []


def normalised(text: str) -> list[str]:
    return _parts([text])


def _parts(given_texts: list[str]) -> list[str]:
    return _read(given_texts).text.split("\n")[:-1]


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
