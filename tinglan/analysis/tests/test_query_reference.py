"""The compiled matcher equals a slow obvious evaluator on random queries and texts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tinglan.analysis.query import Document, Matcher, QueryError, parse
from tinglan.analysis.query_nodes import Query
from tinglan.analysis.tests.query_reference import Reference

WORDS = [
    "星河",
    "河水",
    "漏",
    "漏水",
    "水壶",
    "ai",
    "k1",
    "1",
    "3.5",
    "😡",
    "c+",
    "“星河，漏”",
    "“ai k1”",
]
PIECES = [
    "星河",
    "河水",
    "漏",
    "漏水",
    "水壺",
    "ai",
    "AI",
    "K1",
    "1",
    "3.5",
    "😡",
    "Ｃ+",
    "ß",
    "在",
    "x",
]
JOINTS = ["", "", "", " ", "★", "，", "。", "!", "\n", "\u200b", "(", " 😡 ", "."]
TEXT = st.lists(
    st.builds("{}{}".format, st.sampled_from(PIECES), st.sampled_from(JOINTS)), max_size=9
).map("".join)
DOCUMENTS = st.builds(Document, title=TEXT, text=TEXT, author=st.sampled_from(["", "星河"]))


def _joined(parts: list[str], operator: str) -> str:
    return f"({f' {operator} '.join(parts)})"


def _queries() -> st.SearchStrategy[str]:
    word = st.sampled_from(WORDS)
    fielded = st.builds("{}:{}".format, st.sampled_from(["title", "text", "author"]), word)
    close = st.sampled_from(["NEAR/0", "NEAR/2", "NEAR/5", "ONEAR/0", "ONEAR/3", "SAME"])
    return st.recursive(
        word | fielded,
        lambda inner: st.one_of(
            st.builds(_joined, st.lists(inner, min_size=2, max_size=3), st.just("AND")),
            st.builds(_joined, st.lists(inner, min_size=2, max_size=3), st.just("OR")),
            st.builds("({} {} {})".format, inner, close, inner),
            st.builds("({} {} {} {} {})".format, inner, close, inner, close, inner),
            st.builds("({} -{})".format, inner, inner),
            st.builds("(NOT {})".format, inner),
        ),
        max_leaves=8,
    )


def _parsed(sources: list[str]) -> dict[int, Query]:
    parsed: dict[int, Query] = {}
    for number, source in enumerate(sources):
        try:
            parsed[number] = parse(source)
        except QueryError:
            continue
    return parsed


@settings(max_examples=400, deadline=None)
@given(st.lists(_queries(), min_size=1, max_size=6), st.lists(DOCUMENTS, min_size=1, max_size=3))
def test_matches_and_spans_equal_the_reference(
    sources: list[str], documents: list[Document]
) -> None:
    queries = _parsed(sources)
    found = Matcher(queries).match(documents)
    for document, keys in zip(documents, found, strict=True):
        reference = Reference(document)
        for number, query in queries.items():
            assert (number in keys) is reference.matches(query.root), query.source
            spots = {(span.field.value, span.start, span.end) for span in keys.get(number, ())}
            expected = reference.spans(query.root) if number in keys else set()
            assert spots == expected, query.source
    pairs = Matcher(queries).matches(documents)
    together = zip(pairs.documents.tolist(), pairs.keys.tolist(), strict=True)
    assert set(together) == {(at, key) for at, keys in enumerate(found) for key in keys}
