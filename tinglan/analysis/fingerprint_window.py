"""The copies among the posts of a stream: a bounded window of the originals seen lately.

Exact, passed on and syndicated copies are found by their keys; edited and cut ones by the bands of
their sketches, and every such find is compared before it counts. What a post is a copy of is the
earliest post in the window that it is like; a post published before it takes over its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.fingerprint_canonical import canonical
from tinglan.analysis.fingerprint_chain import n_passed_on
from tinglan.analysis.fingerprint_search import MOST_KEPT, NONE, Asked, Table, search
from tinglan.analysis.fingerprint_sketch import sketches

Name = str | int


class CopyKind(StrEnum):
    """How a post says what its original said."""

    EXACT = "exact"
    REPOST = "repost"
    EDITED = "edited"
    SYNDICATED = "syndicated"


@dataclass(frozen=True, slots=True)
class Copy:
    """What a post is a copy of, by the name its original was given in with."""

    of: Name
    kind: CopyKind


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of a text beside its sketch."""

    name: Name
    whole: int | None
    core: int | None
    n_passed_on: int

    def keys(self) -> list[int]:
        """The core first: it brings copies together that the whole keeps apart."""
        return [key for key in (self.core, self.whole) if key is not None]

    def kind_beside(self, original: "_Told") -> CopyKind:
        if self.n_passed_on > original.n_passed_on:
            return CopyKind.REPOST
        if self.whole == original.whole:
            return CopyKind.EXACT
        is_wrapped = self.core != self.whole or original.core != original.whole
        return CopyKind.SYNDICATED if is_wrapped else CopyKind.EDITED


class Window:
    """The last `n_kept` different texts: 262,144 as a rule, which takes about 450 MB when full.

    A batch may not hold more texts than the window.

    >>> window = Window(1024)
    >>> told = "星河热水壶漏电，三名消费者受伤送医，厂家表示正在调查原因"
    >>> window.fold(["a", "b"], [told, f"转发微博//@甲:{told}"])
    [None, Copy(of='a', kind=<CopyKind.REPOST: 'repost'>)]
    >>> window.fold(["c"], [told.replace("三名消费者受伤送医", "3名消费者受了伤")])
    [Copy(of='a', kind=<CopyKind.EDITED: 'edited'>)]
    """

    def __init__(self, n_kept: int = MOST_KEPT) -> None:
        self._table = Table.empty(n_kept)
        self._told: list[_Told | None] = [None] * n_kept
        self._slot_of: dict[int, int] = {}
        self._n_kept = 0
        self._n_seen = 0

    def fold(
        self,
        names: Sequence[Name],
        texts: Sequence[str],
        times: Sequence[int] | None = None,
        *,
        titles: Sequence[str] | None = None,
    ) -> list[Copy | None]:
        """Of each post of a batch what it is a copy of, in the order of the batch.

        `times` are numbers that grow with the time of publication; without them the earliest is
        the first. Within a batch the order does not count, only the time.
        """
        at = np.zeros(len(texts), dtype=np.int64) if times is None else np.asarray(times, np.int64)
        in_time = np.argsort(at, kind="stable").tolist()
        found = self._fold(
            [names[n] for n in in_time],
            [texts[n] for n in in_time],
            [titles[n] if titles else "" for n in in_time],
            at[in_time],
        )
        by_place = dict(zip(in_time, found, strict=True))
        return [by_place[place] for place in range(len(texts))]

    def _fold(
        self,
        names: Sequence[Name],
        texts: Sequence[str],
        titles: Sequence[str],
        at: NDArray[np.int64],
    ) -> list[Copy | None]:
        forms = canonical(texts, titles)
        cores = forms.core()
        keys = zip(*forms.both_keys(cores), strict=True)
        told = [
            _Told(name, whole, core, n_passed_on(text))
            for name, text, (whole, core) in zip(names, texts, keys, strict=True)
        ]
        originals, taken = search(self._table, sketches(cores), self._asked(told, at))
        found: list[Copy | None] = []
        for one, original, slot in zip(told, originals.tolist(), taken.tolist(), strict=True):
            if slot != NONE:  # published before what it equals: the place is its own now
                self._told[slot] = replace(self._at(slot), name=one.name)
            kept = self._at(original) if original != NONE else None
            found.append(Copy(kept.name, one.kind_beside(kept)) if kept else None)
        return found

    def _asked(self, told: Sequence[_Told], at: NDArray[np.int64]) -> Asked:
        """Which texts are known by a key; each of the others gets a slot."""
        known = np.full(len(told), NONE, dtype=np.int64)
        slots = np.full(len(told), NONE, dtype=np.int64)
        for place, one in enumerate(told):
            keys = one.keys()
            equal = [self._slot_of[key] for key in keys if key in self._slot_of]
            if equal:
                known[place] = equal[0]
            elif keys:
                slots[place] = self._keep(one)
        order = np.arange(self._n_seen, self._n_seen + len(told), dtype=np.int64)
        self._n_seen += len(told)
        return Asked(at=at, order=order, known=known, slot=slots)

    def _keep(self, one: _Told) -> int:
        """Give a text the next slot, and forget what stood there."""
        slot = self._n_kept % len(self._told)
        self._n_kept += 1
        gone = self._told[slot]
        for key in gone.keys() if gone else ():
            if self._slot_of.get(key) == slot:
                del self._slot_of[key]
        self._told[slot] = one
        self._slot_of.update(dict.fromkeys(one.keys(), slot))
        return slot

    def _at(self, slot: int) -> _Told:
        told = self._told[slot]
        assert told is not None, f"slot {slot} is named by the table and empty"
        return told
