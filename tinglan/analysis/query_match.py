"""Match thousands of queries on batches of documents.

All terms of all queries are sought in one pass over the normalised text. A query is looked at only
where a term of its rarest required part was found, and every hit is verified before it counts: the
characters themselves, word bounds of Latin letters and digits, whole hosts. Compiled loops decide
what matches; where in the text is worked out for what matched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.query_batch import (
    DOCUMENT_FIELDS,
    Batch,
    Columns,
    Document,
    FoundTerms,
    columns_of,
)
from tinglan.analysis.query_compile import Lexicon, Rule, compile_rule
from tinglan.analysis.query_nodes import Field, Query
from tinglan.analysis.query_search import Finder, Judge

BATCH = 1024  # documents folded together: larger ones leave the processor's cache
MOST_CHARACTERS = 1 << 20  # of a batch; one document alone may be longer


@dataclass(frozen=True, slots=True)
class Span:
    """Where a query's term stands in the original of a field; `term` as the query writes it."""

    field: Field
    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class Matches:
    """Which documents match which queries, in columns: the number of the document, the key."""

    documents: NDArray[np.int64]
    keys: NDArray[np.int64]


class Matcher:
    """Queries compiled together; `match` and `matches` may be called any number of times.

    >>> from tinglan.analysis.query_parse import parse
    >>> matcher = Matcher({7: parse("星河 NEAR/5 漏水"), 8: parse("星河 -漏水")})
    >>> post = Document(text="新買的星★河水壺漏水了")
    >>> matcher.match([post, Document(text="漏水")])
    [{7: (Span(field=<Field.TEXT: 'text'>, start=3, end=6, term='星河'),
          Span(field=<Field.TEXT: 'text'>, start=8, end=10, term='漏水'))}, {}]
    >>> matcher.matches([Document(text="漏水"), post]).documents.tolist()
    [1]
    """

    fields: tuple[Field, ...]  # those that some query looks at

    def __init__(self, queries: Mapping[int, Query], *, by_sound: bool = False) -> None:
        """With `by_sound`, Chinese characters match all that sound the same."""
        lexicon = Lexicon(by_sound=by_sound)
        self._by_sound = by_sound
        self._rules = [compile_rule(key, query, lexicon) for key, query in queries.items()]
        self.fields = tuple(one for one in DOCUMENT_FIELDS if one in lexicon.fields)
        self._with_symbol = frozenset(lexicon.with_symbol)
        plain, symbols = lexicon.plain, lexicon.symbols
        self._plain = Finder.of(plain, self.fields) if plain.numbers else None
        self._symbols = Finder.of(symbols, self.fields) if symbols.numbers else None
        self._judge = Judge.of(self._rules, lexicon, n_fields=len(self.fields))

    def match(self, documents: Sequence[Document]) -> list[dict[int, tuple[Span, ...]]]:
        """For each document the queries that match it, with their places in the original."""
        matched: list[dict[int, tuple[Span, ...]]] = [{} for _ in documents]
        for first, batch, rows in self._decided(columns_of(documents, self.fields)):
            for document, of_document in groupby(rows.tolist(), key=lambda row: row[0]):
                rules = [self._rules[number] for _, number in of_document]
                found = FoundTerms(batch, document)
                matched[first + document] = {
                    rule.key: _spans(rule, found)
                    for rule in sorted(rules, key=lambda rule: rule.key)
                }
        return matched

    def matches(self, documents: Sequence[Document]) -> Matches:
        """Which documents match which queries, without their places."""
        return self.matches_in(columns_of(documents, self.fields))

    def matches_in(self, columns: Columns) -> Matches:
        """The same for documents given field by field: those fields that stand in `fields`."""
        found = [(rows[:, 0] + first, rows[:, 1]) for first, _, rows in self._decided(columns)]
        numbers, rules = zip(*found, strict=True) if found else ((), ())
        keys = np.array([rule.key for rule in self._rules], dtype=np.int64)
        return Matches(
            documents=np.concatenate([_NONE, *numbers]), keys=keys[np.concatenate([_NONE, *rules])]
        )

    def _decided(self, columns: Columns) -> Iterator[tuple[int, Batch, NDArray[np.int32]]]:
        """Batch by batch its first document, itself, and its rows of document and rule."""
        wanted = {one: columns[one] for one in self.fields}
        for first, after in _batches(wanted):
            part = {one: values[first:after] for one, values in wanted.items()}
            batch = Batch(part, self._with_symbol, by_sound=self._by_sound)
            batch.seek(self._plain, self._symbols)
            rows = self._judge.decided(batch.hits, batch.joined)
            yield first, batch, self._confirmed(rows, batch)

    def _confirmed(self, rows: NDArray[np.int32], batch: Batch) -> NDArray[np.int32]:
        """Without those rows that the loops left open and that do not hold."""
        kept = np.ones(len(rows), dtype=np.bool_)
        for at in np.flatnonzero(self._judge.programs.is_loose[rows[:, 1]]).tolist():
            document, number = rows[at].tolist()
            kept[at] = self._rules[number].condition.holds(FoundTerms(batch, document))
        return rows[kept]


_NONE = np.zeros(0, dtype=np.int64)


def _batches(columns: Columns) -> Iterator[tuple[int, int]]:
    """Where each batch begins and ends: so many documents, fewer where they are long."""
    n_documents = max(map(len, columns.values()), default=0)
    first = 0
    while first < n_documents:
        after = min(first + BATCH, n_documents)
        while after - first > 1 and _size(columns, first, after) > MOST_CHARACTERS:
            after = first + (after - first) // 2
        yield first, after
        first = after


def _size(columns: Columns, first: int, after: int) -> int:
    return sum(sum(map(len, values[first:after])) for values in columns.values())


def _spans(rule: Rule, found: FoundTerms) -> tuple[Span, ...]:
    """The places of a rule, in order, one for each stretch of the original."""
    spans: dict[tuple[int, int, int], Span] = {}
    for place in sorted(rule.condition.places(found)):
        field = found.batch.fields[place.part % len(found.batch.fields)]
        span = Span(field, place.source_start, place.source_end, rule.sources[place.term])
        spans.setdefault((place.part, place.source_start, place.source_end), span)
    return tuple(spans.values())
