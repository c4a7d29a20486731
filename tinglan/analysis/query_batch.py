"""A batch of documents in a matcher: folded once, hits in columns, places worked out on demand."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from operator import attrgetter

import numpy as np

from tinglan.analysis.query_conditions import Place
from tinglan.analysis.query_decide import number_sentences
from tinglan.analysis.query_nodes import Field, bare_host
from tinglan.analysis.query_search import Finder, Hits
from tinglan.analysis.sounds import sounds
from tinglan.analysis.text import Views, fold

DOCUMENT_FIELDS = (Field.TITLE, Field.TEXT, Field.AUTHOR, Field.PLATFORM, Field.SITE)


@dataclass(frozen=True, slots=True)
class Document:
    """What a query can look at."""

    title: str = ""
    text: str = ""
    author: str = ""
    platform: str = ""
    site: str = ""


Columns = Mapping[Field, Sequence[str]]  # documents field by field, in the order of the fields


class Batch:
    """Documents and the hits of all terms in them.

    Its parts are the fields of the first document, then those of the second, and so on.
    """

    def __init__(
        self, columns: Columns, with_symbol: frozenset[int], *, by_sound: bool = False
    ) -> None:
        self.fields = tuple(columns)
        self._with_symbol = with_symbol
        self._by_sound = by_sound
        self._folded = fold(_texts(columns))
        self.hits: Hits = np.empty((0, 4), dtype=np.int32)

    @cached_property
    def joined(self) -> Views:
        """The normalised view."""
        return self._heard(self._folded.view())

    @cached_property
    def with_symbols(self) -> Views:
        """The view in which symbols and emoji still stand."""
        return self._heard(self._folded.view(keep_symbols=True))

    def _heard(self, view: Views) -> Views:
        return replace(view, codes=sounds()[view.codes]) if self._by_sound else view

    def seek(self, plain: Finder | None, symbols: Finder | None) -> None:
        """Find all terms; those with symbols on the view in which symbols still stand."""
        found = [plain.found_in(self.joined)] if plain else []
        if symbols:
            found.append(symbols.found_in(self.with_symbols))
        hits = found[0] if len(found) == 1 else np.concatenate(found)
        # Both are in the order of the text; together they must be in the order of the documents.
        self.hits = hits if len(found) == 1 else hits[np.argsort(hits[:, 0], kind="stable")]

    def found_in(self, document: int) -> dict[int, list[tuple[int, int]]]:
        """The terms found in one document, each with its hits in order."""
        first, after = document * len(self.fields), (document + 1) * len(self.fields)
        start, end = np.searchsorted(self.hits[:, 0], [first, after])
        terms: dict[int, list[tuple[int, int]]] = {}
        for _, term, begins, ends in self.hits[start:end].tolist():
            terms.setdefault(term, []).append((begins, ends))
        return terms

    def place(self, term: int, start: int, end: int) -> Place:
        """The place of a hit; one with symbols is counted where its text would stand without."""
        has_symbol = term in self._with_symbol
        view = self._symbol_columns if has_symbol else self._columns
        source_start, source_end = view.offsets[start], view.offsets[end - 1] + 1
        part = bisect_right(view.starts, start) - 1
        if has_symbol:
            start, end = (
                bisect_left(self._columns.origins, view.origins[start]),
                bisect_right(self._columns.origins, view.origins[end - 1]),
            )
        return Place(part, source_start, source_end, start, end, term)

    def sentence(self, start: int) -> int:
        """The number of the sentence, over the batch, in which a place begins."""
        return self._sentences[start]

    @cached_property
    def _columns(self) -> "_Columns":
        return _Columns.of(self.joined)

    @cached_property
    def _symbol_columns(self) -> "_Columns":
        return _Columns.of(self.with_symbols)

    @cached_property
    def _sentences(self) -> Sequence[int]:
        return number_sentences(self.joined.codes).data


class FoundTerms:
    """The terms found in one document of a batch: what conditions ask (`Found`)."""

    def __init__(self, batch: Batch, document: int) -> None:
        self.batch = batch
        self.hits = batch.found_in(document)
        self._places: dict[int, list[Place]] = {}

    def places(self, term: int) -> list[Place]:
        """Where a term was found, in order."""
        if term not in self._places:
            found = [self.batch.place(term, start, end) for start, end in self.hits[term]]
            self._places[term] = found
        return self._places[term]

    def sentence(self, place: Place) -> int:
        """The number of the sentence in which a place begins, counted over the batch."""
        return self.batch.sentence(place.start)


@dataclass(frozen=True, slots=True)
class _Columns:
    """A view read number by number, for which an array is slow."""

    starts: Sequence[int]
    offsets: Sequence[int]
    origins: Sequence[int]

    @staticmethod
    def of(views: Views) -> "_Columns":
        return _Columns(views.starts.data, views.offsets.data, views.origins.data)


def columns_of(documents: Sequence[Document], fields: Iterable[Field]) -> Columns:
    """The documents field by field."""
    return {one: list(map(attrgetter(one), documents)) for one in fields}


def _texts(columns: Columns) -> list[str]:
    """The fields of the first document, then those of the second, and so on."""
    read = [
        list(map(bare_host, values)) if field is Field.SITE else values
        for field, values in columns.items()
    ]
    return list(read[0] if len(read) == 1 else chain.from_iterable(zip(*read, strict=True)))
