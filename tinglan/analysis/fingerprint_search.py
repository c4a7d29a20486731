"""The table that near copies are found in: sets of eight places for each band of each text.

A set that is full forgets what stood there longest, so the table has one size for good. Two texts
that share a band are compared by their sketches before they count as alike.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.fingerprint_sketch import N_BANDS, WIDTH, Sketches
from tinglan.analysis.kernels import kernel

MOST_KEPT = 1 << 18  # texts: 134 MB of sketches, 67 MB of bands
WAYS, PER_SET = 8, 4  # places of a set, and texts for which there is one set
NONE = -1
MOST_STEPS = 8  # places taken over one after the other

# Chosen on the development part of Q8.
LEAST_SHINGLES = 8  # fewer tell no edited copy from another short text
BODY, TAG = 4, 1  # what a shingle weighs
PLAINLY = 0.45  # Jaccard similarity of any copy, topics counted in full
LIKE = 0.38  # weighted Jaccard similarity of an edited copy
CUT_INSIDE, CUT_BODY = 0.85, 8  # a cut copy lies in the longer text with words of its own
SAME = 0.9  # so like an original that it need not be found itself

_EMPTY = 0xFFFFFFFF
_SLOT_BITS = 18  # of a place; the rest are the highest bits of the band's key


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by slot, one slot a text; `places` by band, set and way hold tag and slot.

    `order` counts texts in the order they came; `root` is the slot of the original, `root_order`
    what its order was then, so that a slot taken by another text is noticed.
    """

    places: NDArray[np.uint32]
    hashes: NDArray[np.uint32]
    sizes: NDArray[np.int64]
    at: NDArray[np.int64]
    order: NDArray[np.int64]
    root: NDArray[np.int64]
    root_order: NDArray[np.int64]
    looked_at: NDArray[np.int64]

    @classmethod
    def empty(cls, n_kept: int) -> "Table":
        """A table for so many texts, a power of two."""
        if n_kept.bit_count() != 1 or not PER_SET <= n_kept <= MOST_KEPT:
            raise ValueError(f"{n_kept} is no power of two from {PER_SET} to {MOST_KEPT}")

        def column() -> NDArray[np.int64]:
            return np.full(n_kept, NONE, dtype=np.int64)

        return cls(
            places=np.full((N_BANDS, n_kept // PER_SET, WAYS), _EMPTY, dtype=np.uint32),
            hashes=np.zeros((n_kept, WIDTH), dtype=np.uint32),
            sizes=np.zeros(n_kept, dtype=np.int64),
            at=column(),
            order=column(),
            root=column(),
            root_order=column(),
            looked_at=column(),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A batch in the order of time: `known` the slot of an equal text, `slot` one of its own."""

    at: NDArray[np.int64]
    order: NDArray[np.int64]
    known: NDArray[np.int64]
    slot: NDArray[np.int64]


def search(
    table: Table, made: Sketches, asked: Asked
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Put a batch into the table: the slot of each one's original, and the slot it takes over."""
    original = np.full(len(asked.at), NONE, dtype=np.int64)
    taken = np.full(len(asked.at), NONE, dtype=np.int64)
    _search(
        (table.places, table.hashes, table.sizes),
        (table.at, table.order, table.root, table.root_order, table.looked_at),
        (made.hashes, made.sizes, made.bands),
        (asked.at, asked.order, asked.known, asked.slot),
        original,
        taken,
    )
    return original, taken


_U1, _U2, _U3, _I1 = "uint32[::1]", "uint32[:,::1]", "uint32[:,:,::1]", "int64[::1]"
_PLACES = f"Tuple(({_U3},{_U2},{_I1}))"
_SLOTS = f"UniTuple({_I1},5)"
_MADE = f"Tuple(({_U2},{_I1},{_U2}))"
_ASKED = f"UniTuple({_I1},4)"

Codes = NDArray[np.uint32]
Numbers = NDArray[np.int64]
Kept = tuple[Codes, Codes, Numbers]  # places, hashes, sizes of the table
Slots = tuple[Numbers, Numbers, Numbers, Numbers, Numbers]  # its other columns


@kernel(f"int64({_SLOTS},int64)")
def _root(slots: Slots, slot: int) -> int:
    """What a text is a copy of, and who took that place since; itself when that has gone."""
    _, order, root, root_order, _ = slots
    for step in range(MOST_STEPS):
        above = root[slot]
        is_taken_over = order[above] > order[slot]
        if order[above] != root_order[slot] or (step > 0 and not is_taken_over):
            break
        slot = above
    return slot


@kernel("int64(uint32)")
def _weight(shingle: np.uint32) -> int:
    return TAG if shingle & np.uint32(1) else BODY


@kernel(f"Tuple((float64,float64,float64,int64))({_U1},int64,{_U1},int64)")
def _compare(
    ours: Codes, n_ours: int, theirs: Codes, n_theirs: int
) -> tuple[float, float, float, int]:
    """Two sketches: weighted Jaccard and containment of the smaller, plain Jaccard, shared body.

    Where one is cut off at its width, only hashes up to its last count, of both: a fair sample.
    """
    last = np.uint32(0xFFFFFFFF)
    if n_ours == len(ours):
        last = min(last, ours[-1])
    if n_theirs == len(theirs):
        last = min(last, theirs[-1])
    here, there, n_shared, n_body = 0, 0, 0, 0
    shared, own, other = 0, 0, 0
    while here < n_ours and ours[here] <= last and there < n_theirs and theirs[there] <= last:
        first, second = ours[here], theirs[there]
        if first >> np.uint32(1) == second >> np.uint32(1):
            # A sign # more or less turns topics into text and text into topics: text it is then.
            weighs = max(_weight(first), _weight(second))
            shared += weighs
            own += weighs
            other += weighs
            n_shared += 1
            n_body += weighs == BODY
            here += 1
            there += 1
        elif first < second:
            own += _weight(first)
            here += 1
        else:
            other += _weight(second)
            there += 1
    while here < n_ours and ours[here] <= last:
        own += _weight(ours[here])
        here += 1
    while there < n_theirs and theirs[there] <= last:
        other += _weight(theirs[there])
        there += 1
    if shared == 0:
        return 0.0, 0.0, 0.0, 0
    plain = n_shared / (here + there - n_shared)
    return shared / (own + other - shared), shared / min(own, other), plain, n_body


@kernel(f"float64({_PLACES},int64,{_U1},int64)")
def _likeness(kept: Kept, slot: int, ours: Codes, n_ours: int) -> float:
    """How like the text of a slot is, 0 when it is another text."""
    _, hashes, sizes = kept
    jaccard, inside, plain, n_body = _compare(ours, n_ours, hashes[slot], sizes[slot])
    is_cut = inside >= CUT_INSIDE and n_body >= CUT_BODY
    return jaccard if plain >= PLAINLY and (jaccard >= LIKE or is_cut) else 0.0


@kernel(f"Tuple((int64,float64))({_PLACES},{_SLOTS},{_U1},int64,{_U1},int64)")
def _earliest(
    kept: Kept, slots: Slots, ours: Codes, n_ours: int, bands: Codes, order_now: int
) -> tuple[int, float]:
    """The earliest text like ours, of those that share a band and of their originals.

    With it how like the likest is.
    """
    places, at, order, looked_at = kept[0], slots[0], slots[1], slots[4]
    best, most = NONE, 0.0
    for band in range(len(bands)):
        row = places[band, bands[band] & np.uint32(places.shape[1] - 1)]
        tag = bands[band] >> np.uint32(_SLOT_BITS)
        for way in range(len(row)):
            if row[way] == np.uint32(_EMPTY):
                break
            if row[way] >> np.uint32(_SLOT_BITS) != tag:
                continue
            slot: int = np.int64(row[way] & np.uint32(MOST_KEPT - 1))  # type: ignore[assignment]
            for _ in range(2):
                if looked_at[slot] != order_now:
                    looked_at[slot] = order_now
                    likeness = _likeness(kept, slot, ours, n_ours)
                    most = max(most, likeness)
                    is_first = best == NONE or (at[slot], order[slot]) < (at[best], order[best])
                    if likeness > 0.0 and is_first:
                        best = slot
                slot = _root(slots, slot)
    return best, most


@kernel(f"void({_U3},int64,{_U1})")
def _place(places: NDArray[np.uint32], slot: int, bands: Codes) -> None:
    """Put a text in front of the sets of its bands; what is last in a full one is forgotten."""
    for band in range(len(bands)):
        row = places[band, bands[band] & np.uint32(places.shape[1] - 1)]
        for way in range(len(row) - 1, 0, -1):
            row[way] = row[way - 1]
        tag = bands[band] >> np.uint32(_SLOT_BITS)
        row[0] = (tag << np.uint32(_SLOT_BITS)) | np.uint32(slot)


@kernel(f"int64({_SLOTS},int64,int64)")
def _equal(slots: Slots, known: int, asked_at: int) -> int:
    """The original of a text that stands in a slot; NONE when the text asked is earlier.

    Then the slot of its equal becomes its own, and that of the original before.
    """
    at, order, root, root_order, _ = slots
    first = _root(slots, known)
    if asked_at >= at[first]:
        return first
    at[known] = asked_at
    for slot in (first, known):
        root[slot], root_order[slot] = known, order[known]
    return NONE


@kernel(f"int64({_PLACES},{_SLOTS},int64,{_U1},int64,{_U1})")
def _like(kept: Kept, slots: Slots, slot: int, ours: Codes, n_ours: int, bands: Codes) -> int:
    """Put a text in its slot; the earliest that it is like, NONE when it is that itself."""
    at, order, root, root_order, looked_at = slots
    root[slot], root_order[slot], looked_at[slot] = slot, order[slot], order[slot]
    kept[1][slot], kept[2][slot] = ours, n_ours
    if n_ours < LEAST_SHINGLES:
        return NONE
    first, most = _earliest(kept, slots, ours, n_ours, bands, order[slot])
    if most < SAME:
        _place(kept[0], slot, bands)
    if first == NONE:
        return NONE
    if at[first] <= at[slot]:
        root[slot], root_order[slot] = first, order[first]
        return first
    root[first], root_order[first] = slot, order[slot]
    return NONE


@kernel(f"void({_PLACES},{_SLOTS},{_MADE},{_ASKED},{_I1},{_I1})")
def _search(
    kept: Kept,
    slots: Slots,
    made: tuple[Codes, Numbers, Codes],
    asked: tuple[Numbers, Numbers, Numbers, Numbers],
    original: Numbers,
    taken: Numbers,
) -> None:
    hashes, sizes, bands = made
    asked_at, asked_order, known, slot_of = asked
    for text in range(len(known)):
        slot = slot_of[text]
        if known[text] != NONE:
            original[text] = _equal(slots, known[text], asked_at[text])
            taken[text] = known[text] if original[text] == NONE else NONE
        elif slot != NONE:
            slots[0][slot], slots[1][slot] = asked_at[text], asked_order[text]
            original[text] = _like(kept, slots, slot, hashes[text], sizes[text], bands[text])
