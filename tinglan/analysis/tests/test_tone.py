"""What may not go out is found, with its words; what stands close to it passes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.tone import (
    LONGEST,
    Draft,
    Fact,
    Finding,
    Kind,
    Known,
    Rule,
    TooLongError,
    check,
)
from tinglan.analysis.tone_rules import groups

REACH = "，有事拨400-000-8820。"


def rules_of(text: str, kind: Kind = Kind.REPLY, known: Known | None = None) -> set[Rule]:
    return {found.rule for found in check(Draft(kind, text), known)}


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (Rule.BLAME_CONSUMER, "漏水是您自己操作不当造成的", "漏水不是您的操作问题，是密封圈老化"),
        (Rule.THREAT, "再这样闹下去，后果自负", "向12315投诉是您的权利，我们配合调查"),
        (Rule.ASKS_DELETION, "麻烦您把差评删了，返您20元", "差评您不必删，退款照样办"),
        (Rule.ASKS_DELETION, "改成五星好评就送您红包", "评价改不改由您决定"),
        (Rule.PERSONAL_DATA, "收货人电话13800001234", "请把电话私信给我们"),
        (Rule.UNVERIFIED_CLAIM, "网传漏电纯属谣言", "网传漏电，正在检测，明天18点前公布结果"),
        (Rule.PROMISE, "我们会尽快给您答复", "售后主管今天18点前给您答复"),
        (Rule.BUREAUCRATIC_TONE, "来件收悉，特此回复", "您的留言看到了"),
        (Rule.SARCASM_OR_INSULT, "呵呵，您可真会挑刺", "您说得对，我们没做好"),
        (Rule.DISCLOSES_INTERNAL, "内部系统里把您标成C级客诉", "师傅已经派给您了，明天上午到"),
        (Rule.ADVERTISING, "新款正在热卖，限时5折快来抢购", "补发一个同款，运费我们出"),
    ],
)
def test_a_fault_is_found_and_what_stands_close_to_it_passes(
    rule: Rule, bad: str, good: str
) -> None:
    assert rule in rules_of(bad + REACH)
    assert rules_of(good + REACH) == set()


def test_the_words_at_fault_stand_in_the_original_text() -> None:
    text = "您好！麻　烦把差★評刪掉，私信我们"
    found = [it for it in check(Draft(Kind.REPLY, text)) if it.rule == Rule.ASKS_DELETION]
    assert [text[it.start : it.end] for it in found] == ["差★評刪掉"]


def test_an_apology_without_a_way_to_reach_us_is_told() -> None:
    assert rules_of("非常抱歉，我们会引以为戒") == {Rule.NO_CONTACT_PATH}
    assert rules_of("非常抱歉，请私信我们") == set()
    assert rules_of("非常抱歉，请看 https://xinghe.example/help") == set()
    assert rules_of("谢谢您的夸奖") == set()


def test_a_recall_needs_a_number_and_news_do_not() -> None:
    recall = "我们召回5800台水壶"
    assert rules_of(recall, Kind.STATEMENT) == {Rule.NO_CONTACT_PATH}
    assert rules_of(recall + REACH, Kind.STATEMENT) == set()
    assert rules_of("董事会任命了新的总经理。", Kind.STATEMENT) == set()


def test_denying_and_paying_in_one_text_is_told() -> None:
    text = "网传漏电不属实，检测报告编号2026-17。对漏电造成的伤害我们道歉并赔偿"
    assert rules_of(text + REACH, Kind.STATEMENT) == {Rule.MIXED_STRATEGY}


def test_a_denial_stands_on_named_evidence() -> None:
    denial = "网传漏电不属实"
    assert rules_of(denial + REACH, Kind.STATEMENT) == {Rule.UNVERIFIED_CLAIM}
    named = denial + "，检验院检测报告编号2026-17"
    assert rules_of(named + REACH, Kind.STATEMENT) == set()


def test_a_denial_stands_on_a_claim_that_was_refuted() -> None:
    text = "网传K3水壶漏电不属实" + REACH
    refuted = Known(facts=(Fact("K3水壶漏电", is_true=False),))
    confirmed = Known(facts=(Fact("K3水壶漏电"),))
    assert rules_of(text, Kind.STATEMENT, refuted) == set()
    assert rules_of(text, Kind.STATEMENT, confirmed) == {Rule.UNVERIFIED_CLAIM}


def test_a_factual_legal_notice_is_no_threat() -> None:
    notice = "公司已向公安机关报案，并对三家假冒网店提起诉讼" + REACH
    assert rules_of(notice, Kind.STATEMENT) == set()


def test_a_consumer_who_asks_for_offers_may_hear_of_them() -> None:
    answer = "这款现在立减100元" + REACH
    asked = check(Draft(Kind.REPLY, answer, context="双十二有优惠吗"))
    unasked = check(Draft(Kind.REPLY, answer, context="水壶漏水"))
    assert asked == []
    assert [found.rule for found in unasked] == [Rule.ADVERTISING]


def test_the_companys_own_number_is_no_personal_data() -> None:
    text = "值班手机13800001234，请联系"
    assert rules_of(text) == {Rule.PERSONAL_DATA}
    assert rules_of(text, known=Known(contacts=("138-0000-1234",))) == set()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "😀" * 50,
        "https://xinghe.example/a",
        "\ud800\udfff",
        "\u202e您好\u200f",
        "\x00" * 9,
    ],
)
def test_spoilt_texts_have_no_fault(text: str) -> None:
    assert check(Draft(Kind.REPLY, text)) == []


def test_a_text_longer_than_any_reply_is_refused() -> None:
    with pytest.raises(TooLongError, match="50,000"):
        check(Draft(Kind.REPLY, "好" * (LONGEST + 1)))


@given(
    st.text(st.sampled_from("您我们删差评尽快道歉赔偿不属实，。！1380号\ud800😀 \n★"), max_size=80)
)
def test_findings_stand_within_the_text_and_apart_within_a_rule(text: str) -> None:
    found = check(Draft(Kind.REPLY, text))
    assert all(0 <= it.start < it.end <= len(text) for it in found)
    by_rule: dict[Rule, list[Finding]] = {}
    for it in found:
        by_rule.setdefault(it.rule, []).append(it)
    for same in by_rule.values():
        assert all(one.end <= other.start for one, other in pairwise(same))


def test_every_rule_of_the_data_is_a_rule() -> None:
    helpers = {"denies", "rebuilds", "diminishes"}
    assert {group.rule for group in groups().values()} - helpers <= {rule.value for rule in Rule}


def test_no_pattern_repeats_without_bound() -> None:
    """Bounded repetition keeps the time bounded, whatever text is given."""
    for group in groups().values():
        for pattern in filter(None, (group.found, group.unless, group.need, group.asked)):
            bare = pattern.pattern.replace("\\+", "")
            assert "*" not in bare, group.name
            assert "+" not in bare, group.name
