"""Queries matched on rows of JSON, as `tinglan match` reads them: one for all, or one in each.

A row whose query cannot be used, or that holds no text, is answered by what is wrong with it; the
rows beside it are matched all the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tinglan.analysis.query import Document, Field, Matcher, Query, QueryError, Span, parse
from tinglan.lib.jsonl import Answer, BadLineError, Row, text_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A document and the query that is asked of it."""

    document: Document
    query: Query


def match_rows(rows: Sequence[Row], *, query: str | None = None) -> list[Answer | Exception]:
    """Whether each row matches `query`, or its own "query" when none is given, and where."""
    parsed: dict[str, Query | QueryError] = {}
    asked = [_asked(row, query, parsed) for row in rows]
    found = _found([one for one in asked if isinstance(one, Asked)])
    answers: list[Answer | Exception] = []
    for row, one in zip(rows, asked, strict=True):
        answers.append(_answer(row, next(found)) if isinstance(one, Asked) else one)
    return answers


def _asked(
    row: Row, query: str | None, parsed: dict[str, Query | QueryError]
) -> Asked | BadLineError | QueryError:
    try:
        source = text_of(row, "query") if query is None else query
        document = _document(row)
    except BadLineError as error:
        return error
    if source not in parsed:
        parsed[source] = _parsed(source)
    understood = parsed[source]
    return understood if isinstance(understood, QueryError) else Asked(document, understood)


def _parsed(source: str) -> Query | QueryError:
    try:
        return parse(source)
    except QueryError as error:
        return error


def _document(row: Row) -> Document:
    """A post line as a query sees it; where it names no site, the host of its address is that."""
    site = text_of(row, "site", default="") or _host(text_of(row, "url", default=""))
    return Document(
        title=text_of(row, "title", default=""),
        text=text_of(row, "text"),
        author=text_of(row, "author", default=""),
        platform=text_of(row, "platform", default=""),
        site=site,
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # a bracket that looks like an address of IPv6: no site
        return ""


def _found(asked: Sequence[Asked]) -> Iterator[tuple[Span, ...] | None]:
    """For each its spans, None where it does not match; each query is compiled once."""
    by_query: dict[str, list[int]] = {}
    for number, one in enumerate(asked):
        by_query.setdefault(one.query.source, []).append(number)
    found: dict[int, tuple[Span, ...] | None] = {}
    for numbers in by_query.values():
        matcher = Matcher({0: asked[numbers[0]].query})
        matched = matcher.match([asked[number].document for number in numbers])
        found.update((number, hits.get(0)) for number, hits in zip(numbers, matched, strict=True))
    return iter([found[number] for number in range(len(asked))])


def _answer(row: Row, spans: tuple[Span, ...] | None) -> Answer:
    """Places count in the text; those in the title stand apart, so that none can be mistaken."""
    answer: dict[str, object] = {"id": row["id"], "match": spans is not None}
    answer["spans"] = _places(spans or (), Field.TEXT)
    if in_title := _places(spans or (), Field.TITLE):
        answer["title_spans"] = in_title
    return answer


def _places(spans: Iterable[Span], field: Field) -> list[list[int | str]]:
    return [[span.start, span.end, span.term] for span in spans if span.field is field]
