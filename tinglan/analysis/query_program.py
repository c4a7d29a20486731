"""Conditions as programs of jumps, so that a compiled loop decides them for thousands of posts.

Each instruction asks one thing of a post, and names the instruction to go on with for yes and for
no; there is no stack, and what decides early ends early. What a loop cannot decide (a proximity of
groups, or of terms with symbols) is taken as the looser of the two answers and marked: whoever runs
the program asks the condition itself then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.query_conditions import All, AnyTerm, CloseTo, Condition, Either, Without
from tinglan.analysis.query_nodes import Closeness

Numbers = NDArray[np.int32]

YES, NO = -1, -2  # the ends of a program


class Ask(IntEnum):
    """What an instruction asks: one of these terms at all, or one of each side in proximity."""

    ANY = 0
    NEAR = 1
    ONEAR = 2
    SAME = 3


ASKS = {Closeness.NEAR: Ask.NEAR, Closeness.ONEAR: Ask.ONEAR, Closeness.SAME: Ask.SAME}


@dataclass(frozen=True, slots=True)
class Programs:
    """All programs; that of rule i begins at line `entries[i]`.

    A line is what it asks, where its terms begin in `terms`, where those of the right side of a
    proximity do, where they end, the distance, and the lines to go on with for yes and for no.
    """

    entries: Numbers
    is_loose: NDArray[np.bool_]
    lines: Numbers
    terms: Numbers

    @property
    def asks_for_sentences(self) -> bool:
        return bool((self.lines[:, 0] == Ask.SAME).any())


@dataclass(slots=True)
class Programmer:
    """Writes programs one after the other; `with_symbol` are terms whose places no loop knows."""

    with_symbol: frozenset[int]
    entries: list[int] = field(default_factory=list)
    is_loose: list[bool] = field(default_factory=list)
    lines: list[tuple[int, ...]] = field(default_factory=list)
    terms: list[int] = field(default_factory=list)
    loose: bool = False

    def add(self, condition: Condition) -> None:
        """Write the program of the next rule."""
        self.loose = False
        self.entries.append(self._write(condition, YES, NO, excluded=False))
        self.is_loose.append(self.loose)

    def _write(self, condition: Condition, yes: int, no: int, *, excluded: bool) -> int:
        """Write what decides a condition, its end first; return where to begin."""
        match condition:
            case AnyTerm(terms):
                return self._line(Ask.ANY, (terms, ()), 0, (yes, no))
            case All(parts):
                for part in reversed(parts):
                    yes = self._write(part, yes, no, excluded=excluded)
                return yes
            case Either(parts):
                for part in reversed(parts):
                    no = self._write(part, yes, no, excluded=excluded)
                return no
            case Without(part):
                return self._write(part, no, yes, excluded=not excluded)
            case CloseTo():
                return self._write_closeness(condition, yes, no, excluded=excluded)
        raise TypeError(f"no program for {condition!r:.60}")

    def _write_closeness(self, condition: CloseTo, yes: int, no: int, *, excluded: bool) -> int:
        match condition:
            case CloseTo(how, distance, AnyTerm(left), AnyTerm(right)) if not (
                self.with_symbol & (left | right)
            ):
                return self._line(ASKS[how], (left, right), distance, (yes, no))
        self.loose = True
        if excluded:
            return no
        both = self._write(condition.right, yes, no, excluded=False)
        return self._write(condition.left, both, no, excluded=False)

    def _line(
        self, ask: Ask, sides: Sequence[Iterable[int]], distance: int, targets: tuple[int, int]
    ) -> int:
        first = len(self.terms)
        self.terms.extend(sorted(sides[0]))
        middle = len(self.terms)
        self.terms.extend(sorted(sides[1]))
        self.lines.append((ask, first, middle, len(self.terms), distance, *targets, 0))
        return len(self.lines) - 1

    def finished(self) -> Programs:
        return Programs(
            entries=np.array(self.entries, dtype=np.int32),
            is_loose=np.array(self.is_loose, dtype=np.bool_),
            lines=np.array(self.lines, dtype=np.int32).reshape(-1, _COLUMNS),
            terms=np.array(self.terms, dtype=np.int32),
        )


_COLUMNS = 8  # of a line, the last unused: half a line of the processor's cache
