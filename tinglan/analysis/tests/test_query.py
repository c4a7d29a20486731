"""The query language: written cases, its errors, its findings, and where a match stands."""

import pytest

from tinglan.analysis.query import (
    MAX_TERMS,
    Document,
    Field,
    Matcher,
    QueryError,
    Span,
    lint,
    parse,
)
from tinglan.analysis.tests.query_cases import CASES


def matches(query: str, document: Document) -> bool:
    return 1 in Matcher({1: parse(query)}).match([document])[0]


def spans(query: str, document: Document) -> list[tuple[str, int, int, str]]:
    found: tuple[Span, ...] = Matcher({1: parse(query)}).match([document])[0].get(1, ())
    return [(span.field.value, span.start, span.end, span.term) for span in found]


@pytest.mark.parametrize(("query", "text", "expected"), CASES)
def test_a_query_matches_as_written(query: str, text: str, expected: bool) -> None:
    assert matches(query, Document(text=text)) is expected


def test_all_cases_hold_when_matched_together() -> None:
    matcher = Matcher({number: parse(query) for number, (query, _, _) in enumerate(CASES)})
    found = matcher.match([Document(text=text) for _, text, _ in CASES])
    wrong = [
        CASES[number]
        for number, keys in enumerate(found)
        if (number in keys) is not CASES[number][2]
    ]
    assert wrong == []


POST = Document(
    title="星河热水壶召回",
    text="水壶漏水了",
    author="安琪",
    platform="weibo",
    site="https://www.news.example.com.cn/a/1",
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("召回", True),
        ("召回 漏水", True),
        ("title:召回", True),
        ("title:漏水", False),
        ("text:召回", False),
        ("TITLE:召回", True),
        ("ｔｉｔｌｅ：召回", True),
        ("title：“热水壶 召回”", True),
        ("title:(星河 OR 银河) 漏水", True),
        ("title:(漏水 OR 漏电)", False),
        ("漏水 -title:召回", False),
        ("漏水 -text:召回", True),
        ("安琪", False),
        ("author:安琪 漏水", True),
        ("author:博文 漏水", False),
        ("platform:weibo 漏水", True),
        ("platform:Weibo 漏水", True),
        ("platform:wei 漏水", False),
        ("site:example.com.cn 漏水", True),
        ("site:www.news.example.com.cn 漏水", True),
        ("site:https://news.example.com.cn/b 漏水", True),
        ("site:ample.com.cn 漏水", False),
        ("site:example.com 漏水", False),
        ("site:example 漏水", True),
        ("召回 NEAR/9 漏水", False),
        ("召回 SAME 漏水", False),
        ("title:星河 NEAR/3 召回", True),
        ("title:星河 NEAR/9 text:漏水", False),
    ],
)
def test_a_field_is_looked_at_alone(query: str, expected: bool) -> None:
    assert matches(query, POST) is expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("星河電器", "買了星★河电器，星河", [("text", 2, 7, "星河電器")]),
        ("漏水 OR 退款", "退款！漏水", [("text", 0, 2, "退款"), ("text", 3, 5, "漏水")]),
        ("星河 -招聘", "星河星河", [("text", 0, 2, "星河"), ("text", 2, 4, "星河")]),
        ("(星河 漏电) OR 漏水", "星河漏水", [("text", 2, 4, "漏水")]),
        (
            "星河 NEAR/2 漏水",
            "星河。今天说的那个星河漏水",
            [("text", 9, 11, "星河"), ("text", 11, 13, "漏水")],
        ),
        ("😡 真的", "差😡，真的", [("text", 1, 2, "😡"), ("text", 3, 5, "真的")]),
        ("“星河 水壶” OR 星河水壶", "星河水壶", [("text", 0, 4, "星河 水壶")]),
        ("strasse", "Straße 5", [("text", 0, 6, "strasse")]),
        ("星河 OR 河水", "星河水", [("text", 0, 2, "星河"), ("text", 1, 3, "河水")]),
    ],
)
def test_spans_stand_in_the_original(
    query: str, text: str, expected: list[tuple[str, int, int, str]]
) -> None:
    assert spans(query, Document(text=text)) == expected


def test_spans_tell_their_field() -> None:
    assert spans("水壶 author:安琪", POST) == [
        ("title", 3, 5, "水壶"),
        ("text", 0, 2, "水壶"),
        ("author", 0, 2, "安琪"),
    ]


def test_a_large_batch_gives_each_document_its_own_matches() -> None:
    matcher = Matcher({1: parse("星河 漏水"), 2: parse("漏水 -星河"), 3: parse("title:星河")})
    document = Document(title="星河", text="😡")
    documents = [Document(text="星河漏水"), Document(text="漏水"), document, Document()] * 400
    found = [set(keys) for keys in matcher.match(documents)]
    assert found == [{1}, {2}, {3}, set()] * 400


def test_by_sound_a_hidden_word_is_found_where_it_stands() -> None:
    matcher = Matcher({1: parse("星河 NEAR/5 漏電"), 2: parse("星河 -招聘")}, by_sound=True)
    found = matcher.match([Document(text="型★核水壶楼店，k100"), Document(text="兴合找品")])
    assert [(one.start, one.end, one.term) for one in found[0][1]] == [
        (0, 3, "星河"),
        (5, 7, "漏電"),
    ]
    assert [set(keys) for keys in found] == [{1, 2}, set()]
    assert Matcher({1: parse("星河")}).match([Document(text="型核")]) == [{}]


def test_hits_beyond_the_room_first_made_are_found() -> None:
    matcher = Matcher({n: parse(f"水壶{'壶' * n} OR 水壶") for n in range(30)})
    documents = [Document(text="水壶" + "壶" * 40)] * 600
    found = matcher.matches(documents)
    assert len(found.keys) == 30 * 600
    assert sorted(set(found.documents.tolist())) == list(range(600))


def test_a_text_without_end_is_matched_in_bounded_time() -> None:
    queries = ["星 NEAR/3 河", "星河 SAME 漏水", "1.1 OR (1 水)", "(星 OR 河) ONEAR/2 (星 河)"]
    matcher = Matcher({n: parse(f"水壶 OR {query}") for n, query in enumerate(queries)})
    for text in (
        "1." * 200_000,
        "星" * 300_000,
        "星。" * 100_000,
        "漏水。" * 100_000,
        "水壶" * 99_999,
    ):
        matcher.matches([Document(text=text)])


def test_no_queries_match_nothing() -> None:
    assert Matcher({}).match([POST, Document()]) == [{}, {}]
    assert Matcher({1: parse("星河")}).match([]) == []


def test_broken_text_is_matched_all_the_same() -> None:
    assert matches("星河 😡", Document(text="\ud83d星河\ud83d😡\x00"))


ERRORS = [
    ("", "empty_query", 0, 0),
    ("   ", "empty_query", 0, 0),
    ("(星河", "unclosed_parenthesis", 0, 1),
    ("星河 （漏水", "unclosed_parenthesis", 3, 1),
    ("星河)", "unopened_parenthesis", 2, 1),
    (") 星河", "unopened_parenthesis", 0, 1),
    ("星河 OR )", "missing_right", 3, 2),
    ('星河 "漏水', "unclosed_quote", 3, 1),
    ("星河 “漏水", "unclosed_quote", 3, 1),
    ("星河 「漏水", "unclosed_quote", 3, 1),
    ("星河 ()", "empty_group", 3, 2),
    ("星河 （ ）", "empty_group", 3, 3),
    ('星河 ""', "empty_phrase", 3, 2),
    ("星河 “ ”", "empty_phrase", 3, 3),
    ("星河 “，”", "empty_term", 3, 3),
    ("星河 http://t.cn/A6", "empty_term", 3, 14),
    ("AND 星河", "missing_left", 0, 3),
    ("星河 OR", "missing_right", 3, 2),
    ("星河 OR OR 漏水", "missing_right", 3, 2),
    ("星河 (OR 漏水)", "missing_left", 4, 2),
    ("星河 NOT", "missing_right", 3, 3),
    ("星河 -", "missing_right", 3, 1),
    ("星河 - 漏水", "missing_right", 3, 1),
    ("NEAR/3 星河", "missing_left", 0, 6),
    ("星河 SAME", "missing_right", 3, 4),
    ("星河 NEAR 漏水", "bad_distance", 3, 4),
    ("星河 NEAR/ 漏水", "bad_distance", 3, 5),
    ("星河 NEAR/三 漏水", "bad_distance", 3, 6),
    ("星河 ONEAR/-1 漏水", "bad_distance", 3, 8),
    ("星河 NEAR/1.5 漏水", "bad_distance", 3, 8),
    ("星河 NEAR/9999999 漏水", "bad_distance", 3, 12),
    ("标题:星河", "unknown_field", 0, 2),
    ("星河 content:漏水", "unknown_field", 3, 7),
    ("title:", "empty_field", 0, 6),
    ("title: 星河", "empty_field", 0, 6),
    ("(title:) 星河", "empty_field", 1, 6),
    ("title:OR 星河", "empty_field", 0, 6),
    ("title:(星河 text:漏水)", "nested_field", 10, 5),
    ("-星河", "only_exclusions", 1, 2),
    ("-星河 -漏水", "only_exclusions", 1, 6),
    ("星河 OR NOT 漏水", "only_exclusions", 10, 2),
    ("星河 OR (漏水 OR -退款)", "only_exclusions", 14, 2),
    ("NOT (星河 OR 漏水)", "only_exclusions", 5, 8),
    ("漏", "single_character", 0, 1),
    ("星河 OR 漏", "single_character", 6, 1),
    ("(漏)", "single_character", 1, 1),
    ("漏 -广告", "single_character", 0, 1),
    ("(漏 OR 坏) -广告", "single_character", 1, 1),
    ("a", "single_character", 0, 1),
    ("author:安", "single_character", 7, 1),
    ("星河 NEAR/3 NOT 漏水", "negated_near", 3, 6),
    ("-星河 NEAR/3 漏水", "negated_near", 4, 6),
    ("星河 SAME (漏水 -退款)", "negated_near", 3, 4),
    ("(" * 60 + "星河" + ")" * 60, "too_deep", 51, 1),
    ("NOT " * 200 + "星河", "too_deep", 204, 3),
]


@pytest.mark.parametrize(("query", "code", "position", "length"), ERRORS)
def test_an_error_says_what_and_where(query: str, code: str, position: int, length: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    error = caught.value
    assert (error.code, error.position, error.length) == (code, position, length)
    assert error.message
    assert error.hint in str(error)
    assert "%(" not in str(error)


@pytest.mark.parametrize(
    "query", ["platform:x", "星河 漏", "😡", "漏 NEAR/3 坏", "星河 (漏 OR 坏)"]
)
def test_a_short_term_that_says_enough_is_allowed(query: str) -> None:
    parse(query)


def test_a_query_has_at_most_two_thousand_terms() -> None:
    most = " OR ".join(f"星河{number}" for number in range(MAX_TERMS))
    parse(most)
    with pytest.raises(QueryError) as caught:
        parse(most + " OR 银河")
    assert caught.value.code == "too_many_terms"
    assert caught.value.position == len(most) + 4
    assert caught.value.params == {"count": MAX_TERMS + 1, "limit": MAX_TERMS}


@pytest.mark.parametrize(
    ("query", "findings"),
    [
        ("星河电器 (漏水 OR 漏电)", []),
        ("星河电器", []),
        ("苹果", ["too_broad 0+2"]),
        ("星河电器 OR 苹果", ["too_broad 8+2"]),
        ("苹果 -水果", ["too_broad 0+2"]),
        ("ai", ["too_broad 0+2"]),
        ("platform:weibo -广告", ["whole_platform 9+9"]),
        ("site:example.com", ["whole_platform 5+11"]),
        ("星河电器 星河电器", ["duplicate_term 5+4"]),
        ("星河电器 OR 星河電器", ["duplicate_term 8+4"]),
        ("星河电器 (漏水 OR 漏水事故)", ["covered_term 12+4"]),
        ("星河电器 -星河", ["never_matches 0+4"]),
        ("星河电器 -星河电器", ["never_matches 0+4"]),
        ("星河 -星河电器 漏水", []),
        ("title:星河 NEAR/3 text:漏水", ["never_near 6+17"]),
        ("星河电器 and 漏水", ["lower_case_operator 5+3"]),
        ("星河电器 “and” 漏水", []),
        ("星河电器*", ["wildcard 0+5"]),
        ("星河电器，漏水", ["punctuation 0+7"]),
        ("星河电器-招聘", ["glued_exclusion 0+7"]),
        ("星河电器 -招聘", []),
        ("星河电器 15", ["ambiguous_word 5+2"]),
        ("星河电器 OR 银河电器 漏水", ["mixed_operators 5+2"]),
        ("(星河电器 OR 银河电器) 漏水", []),
        ("星河电器 AND", ["missing_right 5+3"]),
    ],
)
def test_the_linter_finds(query: str, findings: list[str]) -> None:
    found = [f"{one.code} {one.position}+{one.length}" for one in lint(query)]
    assert found == findings


def test_a_finding_names_the_term() -> None:
    (finding,) = lint("苹果")
    assert finding.level == "warning"
    assert finding.text.startswith("苹果 alone may match far too much")


def test_a_field_knows_where_it_is_sought() -> None:
    assert Field.BODY.sought_in == (Field.TITLE, Field.TEXT)
