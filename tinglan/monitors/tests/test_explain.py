"""Errors and remarks reach the author in their language, at the place where they typed."""

import pytest
from django.utils import translation

from tests.make import make_brand
from tinglan.analysis.query import MESSAGES
from tinglan.analysis.query_lint import FINDINGS
from tinglan.monitors.explain import ERRORS, REMARKS, remarks
from tinglan.monitors.models import Brand, KeywordList


@pytest.fixture
def brand() -> Brand:
    return Brand(name="星河电器", names=["星河"])


@pytest.fixture
def problems() -> KeywordList:
    return KeywordList(name="质量", words=["漏电", "漏水"])


def test_every_code_has_the_text_of_the_analysis() -> None:
    with translation.override("en"):
        assert {code: (str(a), str(b)) for code, (a, b) in ERRORS.items()} == dict(MESSAGES)
        assert {code: str(text) for code, text in REMARKS.items()} == {
            code: text for code, (_level, text) in FINDINGS.items()
        }


def test_an_error_points_to_where_it_was_typed(brand: Brand) -> None:
    (remark,) = remarks("  星河 AND", brand=brand)
    assert (remark.level, remark.position, remark.character) == ("error", 5, 6)


def test_a_good_query_has_no_remarks(brand: Brand) -> None:
    assert remarks("星河 (漏水 OR 漏电)", brand=brand) == []


def test_a_short_word_is_too_broad_alone_and_not_beside_problem_words(
    brand: Brand, problems: KeywordList
) -> None:
    (remark,) = remarks("星河", brand=brand)
    assert (remark.level, remark.position) == ("warning", 0)
    assert remarks("星河", brand=brand, lists=[problems]) == []


def test_remarks_keep_their_place_when_words_are_combined(
    brand: Brand, problems: KeywordList
) -> None:
    (remark,) = remarks(" 星河电器 星河电器", brand=brand, lists=[problems])
    assert (remark.position, remark.length) == (6, 4)


def test_words_of_the_lists_are_not_blamed_on_the_query(brand: Brand) -> None:
    doubled = KeywordList(name="质量", words=["漏电", "漏电了"])
    assert remarks("星河电器", brand=brand, lists=[doubled]) == []


def test_without_a_query_the_names_are_looked_at() -> None:
    (remark,) = remarks("", brand=Brand(name="星河", names=[]))
    assert (remark.level, remark.position) == ("warning", None)


def test_a_name_of_one_character_cannot_be_listened_for_alone(problems: KeywordList) -> None:
    star = Brand(name="星", names=[])
    (remark,) = remarks("", brand=star)
    assert (remark.level, remark.position) == ("error", None)
    assert not [one for one in remarks("", brand=star, lists=[problems]) if one.level == "error"]


def test_too_many_words_together_are_an_error_of_the_whole(brand: Brand) -> None:
    many = KeywordList(name="全部", words=[f"问题{n}" for n in range(2001)])
    (remark,) = remarks("星河电器", brand=brand, lists=[many])
    assert (remark.level, remark.position) == ("error", None)


@pytest.mark.django_db
def test_the_texts_are_translated() -> None:
    with translation.override("zh-hans"):
        (remark,) = remarks("(漏电", brand=make_brand())
        assert remark.text
