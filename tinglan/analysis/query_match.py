"""Match thousands of queries on batches of documents.

All terms of all queries are sought at once on the normalised text (Aho-Corasick). A query is looked
at only where a term of its rarest required part was found, and every hit is verified before it
counts: word bounds of Latin letters and digits, whole hosts. Built for batches of hundreds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from tinglan.analysis.query_batch import Batch, Document, FoundTerms
from tinglan.analysis.query_compile import Lexicon, Rule, compile_rule
from tinglan.analysis.query_nodes import Field, Query

BATCH = 512  # documents folded together: larger ones leave the processor's cache


@dataclass(frozen=True, slots=True)
class Span:
    """Where a query's term stands in the original of a field; `term` as the query writes it."""

    field: Field
    start: int
    end: int
    term: str


class Matcher:
    """Queries compiled together; `match` may be called any number of times.

    >>> from tinglan.analysis.query_parse import parse
    >>> matcher = Matcher({7: parse("星河 NEAR/5 漏水"), 8: parse("星河 -漏水")})
    >>> post = Document(text="新買的星★河水壺漏水了")
    >>> matcher.match([post, Document(text="漏水")])
    [{7: (Span(field=<Field.TEXT: 'text'>, start=3, end=6, term='星河'),
          Span(field=<Field.TEXT: 'text'>, start=8, end=10, term='漏水'))}, {}]
    """

    def __init__(self, queries: Mapping[int, Query]) -> None:
        lexicon = Lexicon()
        self._rules = [compile_rule(key, query, lexicon) for key, query in queries.items()]
        self._lexicon = lexicon
        self._plain = AhoCorasick(lexicon.plain.patterns)
        self._symbols = AhoCorasick(lexicon.symbols.patterns)
        self._rules_by_term: dict[int, list[Rule]] = {}
        for rule in self._rules:
            for term in rule.required:
                self._rules_by_term.setdefault(term, []).append(rule)

    def match(self, documents: Sequence[Document]) -> list[dict[int, tuple[Span, ...]]]:
        """For each document the queries that match it, with their places in the original."""
        matched: list[dict[int, tuple[Span, ...]]] = []
        for first in range(0, len(documents), BATCH):
            matched.extend(self._match_batch(documents[first : first + BATCH]))
        return matched

    def _match_batch(self, documents: Sequence[Document]) -> Iterator[dict[int, tuple[Span, ...]]]:
        batch = Batch(documents, self._lexicon)
        batch.seek(self._plain, self._symbols)
        for hits in batch.hits:
            yield self._matched(FoundTerms(batch, hits)) if hits else {}

    def _matched(self, found: FoundTerms) -> dict[int, tuple[Span, ...]]:
        looked_up = self._rules_by_term.keys() & found.hits.keys()
        candidates = {rule.key: rule for term in looked_up for rule in self._rules_by_term[term]}
        return {
            key: _spans(candidates[key], found)
            for key in sorted(candidates)
            if candidates[key].condition.holds(found)
        }


def _spans(rule: Rule, found: FoundTerms) -> tuple[Span, ...]:
    """The places of a rule, in order, one for each stretch of the original."""
    spans: dict[tuple[int, int, int], Span] = {}
    for place in sorted(rule.condition.places(found)):
        field = found.batch.fields[place.part % len(found.batch.fields)]
        span = Span(field, place.source_start, place.source_end, rule.sources[place.term])
        spans.setdefault((place.part, place.source_start, place.source_end), span)
    return tuple(spans.values())
