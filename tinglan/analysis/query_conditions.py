"""What a compiled query asks of one document whose terms have been found.

Terms are numbers here. A condition answers two questions: does it hold, and by which places in the
text. Proximity is decided on stretches: one place, or the places of a proximity inside it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Protocol

from tinglan.analysis.query_nodes import Closeness

MAX_STRETCHES = 10_000  # of one proximity in one document: a text of one word repeated stays cheap


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One occurrence: which part of the batch, where in the original and in the normalised text."""

    part: int
    source_start: int
    source_end: int
    start: int
    end: int
    term: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Places that belong together, from the first to the last."""

    places: tuple[Place, ...]
    part: int
    source_start: int
    source_end: int
    start: int
    end: int


class Found(Protocol):
    """What was found in one document."""

    @property
    def hits(self) -> Mapping[int, Sequence[tuple[int, int]]]:
        """The terms found, each with its hits."""

    def places(self, term: int) -> Sequence[Place]:
        """Where a term was found, in order."""

    def sentence(self, place: Place) -> int:
        """The number of the sentence in which a place begins."""


class Condition(Protocol):
    """A node of a query, compiled."""

    def holds(self, found: Found) -> bool:
        """Whether the document satisfies it."""

    def places(self, found: Found) -> Iterable[Place]:
        """The places by which it does; none when it does not hold, or excludes."""

    def stretches(self, found: Found) -> Sequence[Stretch]:
        """The same, each place with those that belong to it."""


@dataclass(frozen=True, slots=True)
class AnyTerm:
    """One term, or a group of terms joined by OR: by far the most frequent node."""

    terms: frozenset[int]

    def holds(self, found: Found) -> bool:
        return not self.terms.isdisjoint(found.hits)

    def places(self, found: Found) -> list[Place]:
        present = sorted(self.terms.intersection(found.hits))
        return [place for term in present for place in found.places(term)]

    def stretches(self, found: Found) -> list[Stretch]:
        return [_stretch((place,)) for place in self.places(found)]


@dataclass(frozen=True, slots=True)
class All:
    """Every part, anywhere in the document."""

    parts: tuple[Condition, ...]

    def holds(self, found: Found) -> bool:
        return all(part.holds(found) for part in self.parts)

    def places(self, found: Found) -> list[Place]:
        if not self.holds(found):
            return []
        return [place for part in self.parts for place in part.places(found)]

    def stretches(self, found: Found) -> list[Stretch]:
        return [_stretch((place,)) for place in self.places(found)]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part."""

    parts: tuple[Condition, ...]

    def holds(self, found: Found) -> bool:
        return any(part.holds(found) for part in self.parts)

    def places(self, found: Found) -> list[Place]:
        return [place for part in self.parts for place in part.places(found)]

    def stretches(self, found: Found) -> list[Stretch]:
        return [stretch for part in self.parts for stretch in part.stretches(found)]


@dataclass(frozen=True, slots=True)
class Without:
    """An exclusion: it shows no place."""

    part: Condition

    def holds(self, found: Found) -> bool:
        return not self.part.holds(found)

    def places(self, found: Found) -> list[Place]:
        return []

    def stretches(self, found: Found) -> list[Stretch]:
        return []


@dataclass(frozen=True, slots=True)
class CloseTo:
    """Two sides near one another: A NEAR/n (B AND C) means near B and near C."""

    how: Closeness
    distance: int
    left: Condition
    right: Condition

    def holds(self, found: Found) -> bool:
        return bool(self.stretches(found))

    def places(self, found: Found) -> set[Place]:
        return {place for stretch in self.stretches(found) for place in stretch.places}

    def stretches(self, found: Found) -> list[Stretch]:
        if not self.left.holds(found) or not self.right.holds(found):
            return []
        return self._between(self.left, self.right, found)

    def _between(self, left: Condition, right: Condition, found: Found) -> list[Stretch]:
        """An OR is taken apart before an AND: one and the same branch must be near all parts."""
        if lefts := _branches(left, beside=right, found=found):
            return _joined(self._between(part, right, found) for part in lefts)
        if rights := _branches(right, beside=left, found=found):
            return _joined(self._between(left, part, found) for part in rights)
        if isinstance(left, All):
            return _all_of([self._between(part, right, found) for part in left.parts])
        if isinstance(right, All):
            return _all_of([self._between(left, part, found) for part in right.parts])
        return self._pairs(left.stretches(found), right.stretches(found), found)

    def _pairs(
        self, lefts: Sequence[Stretch], rights: Sequence[Stretch], found: Found
    ) -> list[Stretch]:
        if self.how is Closeness.SAME:
            return _in_one_sentence(lefts, rights, found)
        in_order = self.how is Closeness.ONEAR
        return _within(lefts, rights, self.distance, in_order=in_order)


def _branches(side: Condition, *, beside: Condition, found: Found) -> Sequence[Condition]:
    """The branches of an OR; words stay together unless the other side asks for several things."""
    if isinstance(side, Either):
        return side.parts
    if isinstance(side, AnyTerm) and len(side.terms) > 1 and isinstance(beside, All):
        return [AnyTerm(frozenset([term])) for term in sorted(side.terms & found.hits.keys())]
    return ()


def _joined(each: Iterable[Sequence[Stretch]]) -> list[Stretch]:
    return list(islice(chain.from_iterable(each), MAX_STRETCHES))


def _all_of(each: Sequence[Sequence[Stretch]]) -> list[Stretch]:
    return _joined(each) if all(each) else []


def _within(
    lefts: Sequence[Stretch], rights: Sequence[Stretch], distance: int, *, in_order: bool
) -> list[Stretch]:
    """The pairs with at most `distance` characters between; places that overlap are no pair."""
    if not lefts or not rights:
        return []
    rights = sorted(rights, key=lambda stretch: stretch.start)
    starts = [stretch.start for stretch in rights]
    longest = max(stretch.end - stretch.start for stretch in rights)
    pairs: list[Stretch] = []
    for left in lefts:
        first = bisect_left(starts, left.start - distance - longest)
        last = bisect_right(starts, left.end + distance)
        for right in rights[first:last]:
            gap = _gap(left, right, in_order=in_order)
            if gap is not None and gap <= distance:
                pairs.append(_stretch(left.places + right.places))
        if len(pairs) >= MAX_STRETCHES:
            break
    return pairs


def _gap(left: Stretch, right: Stretch, *, in_order: bool) -> int | None:
    """The characters between; 0 when one stands inside the other's stretch, None when no pair."""
    if left.part != right.part:
        return None
    if left.source_end <= right.source_start:
        return right.start - left.end
    if in_order or _overlap(left, right):
        return None
    return left.start - right.end if right.source_end <= left.source_start else 0


def _overlap(left: Stretch, right: Stretch) -> bool:
    return any(
        one.source_start < other.source_end and other.source_start < one.source_end
        for one in left.places
        for other in right.places
    )


def _in_one_sentence(
    lefts: Sequence[Stretch], rights: Sequence[Stretch], found: Found
) -> list[Stretch]:
    """The pairs of which all places begin in one and the same sentence."""
    by_sentence: dict[int, list[Stretch]] = {}
    for right in rights:
        if (sentence := _sentence(right, found)) is not None:
            by_sentence.setdefault(sentence, []).append(right)
    pairs: list[Stretch] = []
    for left in lefts:
        sentence = _sentence(left, found)
        fellows = by_sentence.get(sentence, []) if sentence is not None else []
        pairs.extend(_stretch(left.places + right.places) for right in fellows)
        if len(pairs) >= MAX_STRETCHES:
            break
    return pairs


def _sentence(stretch: Stretch, found: Found) -> int | None:
    """The one sentence of a stretch; None when it runs over several."""
    sentences = {found.sentence(place) for place in stretch.places}
    return sentences.pop() if len(sentences) == 1 else None


def _stretch(places: tuple[Place, ...]) -> Stretch:
    return Stretch(
        places=places,
        part=places[0].part,
        source_start=min(place.source_start for place in places),
        source_end=max(place.source_end for place in places),
        start=min(place.start for place in places),
        end=max(place.end for place in places),
    )
