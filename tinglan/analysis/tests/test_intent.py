"""Intent by rules: praise, inquiry, complaint, other; unknown when nothing is said."""

import pytest

from tinglan.analysis import intent, sentiment
from tinglan.analysis.intent import Intent, classify


def labels(*texts: str) -> list[Intent]:
    return classify(texts, sentiment.classify(texts)).labels


@pytest.mark.parametrize(
    "text",
    [
        "都三天了怎么还不退款？",
        "星河水壶漏电把我妈电到了，客服互相推",
        "发货太慢了，一星期没动静",
        "希望星河能尽快给个解释，毕竟我一直很支持",
        "呵呵，你们的服务可真好啊，等了半个月",
        "不推荐，颜值高有什么用，用两天就坏了",
        "虚假宣传，实物和图片完全不一样，差评",
        "刚买的充电宝就起火了，大家避雷",
        "说好七天无理由，拒绝退货，我要投诉你们",
        "客服已讀不回，太敷衍了",
    ],
)
def test_blame_and_demands_are_complaints(text: str) -> None:
    assert labels(text) == [Intent.COMPLAINT]


@pytest.mark.parametrize(
    "text",
    [
        "听说漏电是真的吗",
        "请问星河水壶怎么清洗",
        "退款多久到账？",
        "好用吗？想买一个",
        "客服电话多少",
        "网上说星河水壶起火，真的假的？",
        "这两款有什么区别，哪个好",
    ],
)
def test_a_calm_question_is_an_inquiry_even_about_a_bad_rumour(text: str) -> None:
    assert labels(text) == [Intent.INQUIRY]


@pytest.mark.parametrize(
    "text",
    ["星河水壶推荐大家入手，颜值高", "客服很耐心，点赞", "性价比高，会回购", "真香，闭眼入"],
)
def test_recommending_and_thanking_are_praise(text: str) -> None:
    assert labels(text) == [Intent.PRAISE]


@pytest.mark.parametrize(
    "text",
    [
        "【星河电器召回部分水壶】记者获悉，星河电器今日发布召回公告",
        "星河电器回应水壶漏电：正在核查",
        "转发抽奖！关注@星河电器 转发本条送出水壶一个",
        "星河电器三季度营收同比增长两成",
    ],
)
def test_news_and_advertising_are_other_even_about_a_bad_fact(text: str) -> None:
    assert labels(text) == [Intent.OTHER]


def test_when_nothing_is_said_the_intent_is_unknown() -> None:
    texts = ["", "同求", "哈哈哈哈", "今天下雨"]
    found = classify(texts, sentiment.classify(texts))

    assert found.unknown.all()


def test_no_posts_give_no_intents() -> None:
    assert labels() == []


def test_the_sayer_of_a_sure_complaint_is_not_unknown() -> None:
    texts = ["我家水壶漏电，客服踢皮球，垃圾，我要投诉你们"]
    found = classify(texts, sentiment.classify(texts))

    assert not found.unknown.any()
    assert found.confidences[0] > intent.UNKNOWN_BELOW
