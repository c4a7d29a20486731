"""Tell an event in its posts' own words: the few sentences that say most, each something else.

Extractive, so that nothing stands in a summary that nobody wrote. A sentence counts by what most
texts hold, less what the chosen ones have said already (maximal marginal relevance, Carbonell and
Goldstein 1998).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tinglan.analysis.sentences import centrality, distinct, held_by, sentences_of
from tinglan.analysis.terms import terms_of

MOST_SENTENCES = 3
_MOST_CHARACTERS = 80
_MOST_SHARED = 0.35  # of a sentence's terms that those before it may have said
_LEAST = 0.15  # of the centrality of the first that another needs


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence, and which of the texts it stands in."""

    text: int
    words: str


def summary_of(texts: Sequence[str]) -> list[Told]:
    """At most three sentences of the texts, in the order of the texts; none where none says much.

    >>> texts = [
    ...     "星河水壶漏电，手都麻了！客服三天没有回复。",
    ...     "我家的星河水壶也漏电了，手麻",
    ...     "水壶漏电还不让退货，客服没有回复",
    ... ]
    >>> [(told.text, told.words) for told in summary_of(texts)]
    [(1, '我家的星河水壶也漏电了，手麻'), (2, '水壶漏电还不让退货，客服没有回复')]
    """
    known = distinct(texts)
    holding = held_by(list(known))
    weights = {
        Told(at, sentence): bonus * centrality(sentence, holding)
        for text, at in known.items()
        for sentence, bonus in sentences_of(text).items()
        if len(sentence) <= _MOST_CHARACTERS
    }
    chosen: list[Told] = []
    said: Counter[str] = Counter()
    for told in sorted(weights, key=lambda each: (-weights[each], each.text)):
        terms = terms_of(told.words)
        is_central = not chosen or weights[told] >= _LEAST * weights[chosen[0]]
        shared = sum(1 for term in terms if term in said) / max(1, len(terms))
        if is_central and shared <= _MOST_SHARED and len(chosen) < MOST_SENTENCES:
            chosen.append(told)
            said.update(terms)
    return sorted(chosen, key=lambda told: told.text)
