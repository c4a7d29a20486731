"""A batch of documents in a matcher: folded once, hits verified, places worked out on demand."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ahocorasick_rs import AhoCorasick

from tinglan.analysis.characters import Kind
from tinglan.analysis.query_compile import Lexicon, Patterns
from tinglan.analysis.query_conditions import Place
from tinglan.analysis.query_nodes import Field, bare_host
from tinglan.analysis.text import Views, fold

DOCUMENT_FIELDS = (Field.TITLE, Field.TEXT, Field.AUTHOR, Field.PLATFORM, Field.SITE)

_SENTENCE_END = re.compile(r"[。!?;\n]")
_DECIMAL = re.compile(r"\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Document:
    """What a query can look at."""

    title: str = ""
    text: str = ""
    author: str = ""
    platform: str = ""
    site: str = ""


class Batch:
    """Documents, and the terms found in each: `hits[i]` of document i.

    Its parts are the fields of the first document, then those of the second, and so on.
    """

    def __init__(self, documents: Sequence[Document], lexicon: Lexicon) -> None:
        self.fields = tuple(one for one in DOCUMENT_FIELDS if one in lexicon.fields)
        self.hits: list[dict[int, list[tuple[int, int]]]] = [{} for _ in documents]
        self._lexicon = lexicon
        self._folded = fold([_read(doc, one) for doc in documents for one in self.fields])

    def seek(self, plain: AhoCorasick, symbols: AhoCorasick) -> None:
        """Find all terms; those with symbols on the view in which symbols still stand."""
        if self._lexicon.plain.patterns:
            self._seek(plain, self._lexicon.plain, self.joined)
        if self._lexicon.symbols.patterns:
            self._seek(symbols, self._lexicon.symbols, self.with_symbols)

    def _seek(self, automaton: AhoCorasick, patterns: Patterns, view: "_Columns") -> None:
        """Note every hit with its document; hits come in the order of the text."""
        part, after = -1, 0
        for pattern, start, end in automaton.find_matches_as_indexes(view.text, overlapping=True):
            if patterns.is_worded[pattern] and not view.is_whole(start, end):
                continue
            if start >= after:
                part = bisect_right(view.starts, start) - 1
                after = view.starts[part + 1]
                document, field_number = divmod(part, len(self.fields))
                hits = self.hits[document]
                field = self.fields[field_number]
                terms = patterns.terms[field]
            if field is Field.SITE and not view.is_host(start, end, part):
                continue
            for term in terms[pattern]:
                if term in hits:
                    hits[term].append((start, end))
                else:
                    hits[term] = [(start, end)]

    @cached_property
    def joined(self) -> "_Columns":
        """The normalised view."""
        return _Columns(self._folded.view())

    @cached_property
    def with_symbols(self) -> "_Columns":
        """The view in which symbols and emoji still stand."""
        return _Columns(self._folded.view(keep_symbols=True))

    def place(self, term: int, start: int, end: int) -> Place:
        """The place of a hit; one with symbols is counted where its text would stand without."""
        has_symbol = term in self._lexicon.with_symbol
        view = self.with_symbols if has_symbol else self.joined
        source_start, source_end = view.offsets[start], view.offsets[end - 1] + 1
        part = bisect_right(view.starts, start) - 1
        if has_symbol:
            start, end = (
                bisect_left(self.joined.origins, view.origins[start]),
                bisect_right(self.joined.origins, view.origins[end - 1]),
            )
        return Place(part, source_start, source_end, start, end, term)

    @cached_property
    def sentence_ends(self) -> list[int]:
        """Where sentences end in the normalised view, over the whole batch."""
        return [end.start() for end in _SENTENCE_END.finditer(self.joined.text)]


class FoundTerms:
    """The terms found in one document of a batch: what conditions ask (`Found`)."""

    def __init__(self, batch: Batch, hits: dict[int, list[tuple[int, int]]]) -> None:
        self.batch = batch
        self.hits = hits
        self._places: dict[int, list[Place]] = {}

    def places(self, term: int) -> list[Place]:
        """Where a term was found, in order."""
        if term not in self._places:
            found = [self.batch.place(term, start, end) for start, end in self.hits[term]]
            self._places[term] = found
        return self._places[term]

    def sentence(self, place: Place) -> int:
        """The number of the sentence in which a place begins, counted over the batch."""
        return bisect_left(self.batch.sentence_ends, place.start)


class _Columns:
    """A view as plain lists, made when asked for: single look-ups in arrays are slow."""

    def __init__(self, views: Views) -> None:
        self.text = views.text
        self.kinds = views.kinds.tobytes()
        self.starts: list[int] = views.starts.tolist()
        self._views = views

    @cached_property
    def offsets(self) -> list[int]:
        found: list[int] = self._views.offsets.tolist()
        return found

    @cached_property
    def origins(self) -> list[int]:
        found: list[int] = self._views.origins.tolist()
        return found

    def is_whole(self, start: int, end: int) -> bool:
        """Whether a hit cuts no Latin word and no number; Chinese terms may stand anywhere."""
        kinds = self.kinds
        if kinds[start] == Kind.WORD and start and self._continues(start - 1):
            return False
        return not (kinds[end - 1] == Kind.WORD and self._continues(end))

    def _continues(self, at: int) -> bool:
        return self.kinds[at] == Kind.WORD or (self.text[at] == "." and self._is_decimal_point(at))

    def _is_decimal_point(self, at: int) -> bool:
        """Whether the full stop is that of a number (3.15), not of a date (2026.3.15)."""
        first, after = at, at + 1
        while first and (self.text[first - 1].isdecimal() or self.text[first - 1] == "."):
            first -= 1
        while self.text[after].isdecimal() or self.text[after] == ".":
            after += 1
        return _DECIMAL.fullmatch(self.text, first, after) is not None

    def is_host(self, start: int, end: int, part: int) -> bool:
        """Whether a hit that looks like a host is the whole host or its last labels."""
        if "." not in self.text[start:end]:
            return True
        begins = start == self.starts[part] or self.text[start - 1] == "."
        return begins and end == self.starts[part + 1] - 1


def _read(document: Document, field: Field) -> str:
    match field:
        case Field.TITLE:
            return document.title
        case Field.AUTHOR:
            return document.author
        case Field.PLATFORM:
            return document.platform
        case Field.SITE:
            return bare_host(document.site)
    return document.text
