"""Aspects by rules: every word of a list counts, the longest wins, none gives none."""

import pytest

from tinglan.analysis import aspects, weights
from tinglan.analysis.aspects import Aspect, classify
from tinglan.analysis.wordrules import as_mapping, as_words, folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("用了两天就掉漆，做工粗糙", {Aspect.QUALITY}),
        ("充电的时候突然冒烟起火", {Aspect.SAFETY}),
        ("升级以后天天闪退卡顿", {Aspect.FUNCTION}),
        ("颜色和外观都很漂亮", {Aspect.DESIGN}),
        ("刚买完就降价，要求补差价", {Aspect.PRICE}),
        ("下单一周了还不发货", {Aspect.DELIVERY}),
        ("不给退货，退款也没有到", {Aspect.AFTER_SALES}),
        ("打客服电话，態度惡劣還掛電話", {Aspect.STAFF}),
        ("虚假宣传，图片不符", {Aspect.ADVERTISING}),
        ("注册完就接到骚扰电话，个人信息被卖了", {Aspect.PRIVACY}),
        ("这广告辱女，品牌三观不正", {Aspect.ADVERTISING, Aspect.ETHICS}),
        ("董事长被立案，股价跌停", {Aspect.MANAGEMENT}),
        ("水壶漏电，客服不理人，退款也不给", {Aspect.SAFETY, Aspect.STAFF, Aspect.AFTER_SALES}),
    ],
)
def test_words_tell_the_aspect(text: str, expected: set[Aspect]) -> None:
    assert set(classify([text])[0]) == expected


def test_a_longer_word_hides_one_that_only_looks_like_an_aspect() -> None:
    assert classify(["新品上市"]) == [()]


def test_a_post_that_names_no_aspect_gets_none() -> None:
    assert classify(["", "同求", "哈哈哈"]) == [(), (), ()]


def test_every_aspect_but_other_has_words_and_no_word_stands_twice_in_a_list() -> None:
    lists = as_mapping(weights.load_rules("aspect_rules")["aspects"])

    assert set(lists) == set(Aspect) - {Aspect.OTHER}
    for name, words in lists.items():
        folded_words = [folded(word) for word in as_words(words)]
        assert len(folded_words) == len(set(folded_words)), name


def test_the_rules_file_carries_the_version_that_labels_are_marked_with() -> None:
    assert weights.load_rules("aspect_rules")["version"] == aspects.VERSION
