"""The compiled search: patterns and rules as the columns that the kernels read."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, count

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.characters import Kind, tables
from tinglan.analysis.query_compile import Lexicon, Patterns, Rule
from tinglan.analysis.query_decide import decide, number_sentences
from tinglan.analysis.query_kernels import SPECIAL, PatternColumns, TrieColumns, find
from tinglan.analysis.query_nodes import Field
from tinglan.analysis.query_program import Programmer, Programs
from tinglan.analysis.query_trie import Trie
from tinglan.analysis.text import Views

Hits = NDArray[np.int32]  # columns: part, term, start, end
Numbers = NDArray[np.int32]

_WORD = int(Kind.WORD)
_ROOM = 1024  # rows tried first, for each document; the search is repeated where they are too few
_NO_SENTENCES = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds all patterns of one view."""

    trie: TrieColumns
    patterns: PatternColumns

    @staticmethod
    def of(patterns: Patterns, fields: Sequence[Field]) -> "Finder":
        """For documents of which these fields are looked at, in this order."""
        texts = list(patterns.numbers)
        by_field = [
            [term for one, term in meant if one is wanted]
            for meant in patterns.terms
            for wanted in fields
        ]
        return Finder(
            trie=Trie.of(texts, list(map(_meaning, texts, patterns.terms, count()))).columns,
            patterns=(
                np.array([_is_worded(text) for text in texts], dtype=np.bool_),
                np.array(["." in text for text in texts], dtype=np.bool_),
                _firsts(by_field),
                np.array([term for terms in by_field for term in terms], dtype=np.int32),
                len(fields),
                fields.index(Field.SITE) if Field.SITE in fields else -1,
            ),
        )

    def found_in(self, views: Views) -> Hits:
        """Every hit, in the order of the text."""
        room, n_found = _ROOM, _ROOM + 1
        while n_found > room:
            room = max(n_found, len(views.codes) // 4)
            found = np.empty((room, 4), dtype=np.int32)
            n_found = find((views.codes, views.kinds), self.trie, self.patterns, found)
        return found[:n_found]


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides all rules."""

    rules: tuple[Numbers, Numbers, Numbers]
    programs: Programs
    n_fields: int

    @staticmethod
    def of(rules: Sequence[Rule], lexicon: Lexicon, *, n_fields: int) -> "Judge":
        programmer = Programmer(with_symbol=frozenset(lexicon.with_symbol))
        of_terms: list[list[int]] = [[] for _ in lexicon.numbers]
        for number, rule in enumerate(rules):
            programmer.add(rule.condition)
            for term in rule.required:
                of_terms[term].append(number)
        programs = programmer.finished()
        flat = np.array([rule for some in of_terms for rule in some], dtype=np.int32)
        return Judge(
            rules=(_firsts(of_terms), flat, programs.entries), programs=programs, n_fields=n_fields
        )

    def decided(self, hits: Hits, views: Views) -> NDArray[np.int32]:
        """Rows of document and rule, document by document; loose programs are only candidates."""
        wanted = self.programs.asks_for_sentences
        sentences = number_sentences(views.codes) if wanted else _NO_SENTENCES
        room, n_decided = _ROOM, _ROOM + 1
        while n_decided > room:
            room = n_decided
            rows = np.empty((room, 2), dtype=np.int32)
            places = (views.offsets, sentences)
            n_decided = decide(
                hits,
                self.n_fields,
                places,
                self.rules,
                self.programs.lines,
                self.programs.terms,
                rows,
            )
        return rows[:n_decided]


def _meaning(text: str, meant: Sequence[tuple[Field, int]], number: int) -> int:
    """The term itself, if it is one of title and text without bounds; else what to look up."""
    term = meant[0][1]
    if list(meant) == [(one, term) for one in Field.BODY.sought_in] and not _is_worded(text):
        return term << 1
    return (number << 1) | SPECIAL


def _is_worded(text: str) -> bool:
    """Whether it must stand whole, because it begins or ends with a letter or digit."""
    kinds = tables().kinds
    return bool(kinds[ord(text[0])] == _WORD or kinds[ord(text[-1])] == _WORD)


def _firsts(lists: Sequence[Sequence[int]]) -> Numbers:
    """Where each list begins when all are put in a row, and where the last one ends."""
    return np.array([0, *accumulate(map(len, lists))], dtype=np.int32)
