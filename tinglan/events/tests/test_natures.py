"""Which natures a mention alleges: by words, by aspects, by intent."""

import pytest

from tests.make import make_mention
from tinglan.events.models import Nature
from tinglan.events.natures import alleged
from tinglan.monitors.models import Mention

pytestmark = pytest.mark.django_db


def codes(mention: Mention) -> set[str]:
    return {nature.code for nature in alleged([mention])[0]}


def test_the_table_is_filled_with_what_ships() -> None:
    harm = dict(Nature.objects.values_list("code", "harm"))
    assert harm["safety"] == 100
    assert harm["praise"] == 0
    floors = Nature.objects.exclude(floor="").values_list("code", "floor")
    assert dict(floors) == {"casualty": "III", "safety": "III"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("星河水壶漏电", "safety"),
        ("孩子被星河水壶烫伤", "casualty"),
        ("星河水壶里有异物", "food_drug_child"),
        ("星河被市场监管部门约谈", "official"),
        ("星河把我的信息泄露给中介，信息泄露太严重", "data_leak"),
        ("星河虚假宣传", "advertising"),
        ("星河又裁员了", "labour"),
    ],
)
def test_words_allege_whatever_the_label_but_praise(text: str, code: str) -> None:
    assert code in codes(make_mention(text, polarity="neutral", intent="other"))
    assert code not in codes(make_mention(text, polarity="positive", intent="praise"))


def test_to_ask_about_a_danger_alleges_none() -> None:
    calm = {"polarity": "neutral", "intent": "inquiry", "intent_confidence": 0.95}
    assert codes(make_mention("星河水壶会漏电吗", **calm)) == {"inquiry"}


def test_a_cry_for_help_that_may_be_a_question_alleges_the_danger() -> None:
    unsure = {"polarity": "neutral", "intent": "inquiry", "intent_confidence": 0.6}
    assert "safety" in codes(make_mention("星河水壶漏电，手都麻了，有没有人管？", **unsure))


def test_an_aspect_alleges_in_a_complaint_only() -> None:
    blamed = make_mention("星河客服不理人", intent="complaint", aspects=["after_sales"])
    told = make_mention(
        "星河客服电话换了", polarity="neutral", intent="other", aspects=["after_sales"]
    )
    assert codes(blamed) == {"service"}
    assert codes(told) == set()


def test_a_batch_answers_in_its_order() -> None:
    mentions = [make_mention("星河水壶漏电"), make_mention("星河真好", intent="praise")]
    assert [[nature.code for nature in one] for one in alleged(mentions)] == [
        ["safety"],
        ["praise"],
    ]


def test_a_nature_that_the_site_edits_counts_at_once() -> None:
    mention = make_mention("星河水壶变绿了", polarity="neutral", intent="other")
    assert codes(mention) == set()
    Nature.objects.create(code="colour", name="变色", name_en="Colour", harm=20, query="变绿")
    assert codes(mention) == {"colour"}
