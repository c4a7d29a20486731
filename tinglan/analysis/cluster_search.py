"""The compiled loops that compare: which cluster a post is near, which events are near one another.

Candidates share most of the post's weightiest terms; these few are looked at closely. Ties go to
the older cluster, so that an answer depends on nothing but what is stored.
"""

import numpy as np

from tinglan.analysis.cluster_columns import (
    BLOCK,
    EVENT,
    FIRST,
    GONE,
    LAST,
    LIST,
    N_TERMS,
    OPENED,
    SERIAL,
    SQUARE,
    STATE,
    STATE_TYPE,
    Numbers,
    State,
    Terms,
    Times,
    Weights,
    written,
)
from tinglan.analysis.kernels import kernel

__all__ = ["Scratch", "near_events", "nearest"]

Vector = tuple[Terms, Weights, Weights]
Scratch = tuple[Weights, Weights, Weights, Numbers, Numbers]

CANDIDATES = 16  # clusters that a post is compared with
SOUGHT = 24  # of its weightiest terms, under which these are sought
EVIDENCE = 5  # rarest shared terms that count as evidence
HOUR = 3600.0
# What the second look asks, in this order.
REST, WAITING_REST, SURE, ENOUGH, BY_EVIDENCE, BY_SILENCE = range(6)

_F1, _N1, _W1 = "float64[::1]", "int32[::1]", "float32[::1]"
_VECTOR = f"Tuple(({_N1}, {_W1}, {_W1}))"
_SCRATCH = f"Tuple(({_W1}, {_W1}, {_W1}, {_N1}, {_N1}))"


@kernel(f"boolean({STATE_TYPE}, int64, float64, {_F1})")
def _is_in_time(state: State, row: int, at: float, doubt: Times) -> bool:
    times, kind = state[1], state[2][row, STATE]
    if kind == GONE:
        return False
    most = doubt[REST] if kind == EVENT else doubt[WAITING_REST]
    return bool(times[row, OPENED] - most <= at <= times[row, LAST] + most)


@kernel(f"int64({STATE_TYPE}, {_N1}, {_W1}, int64, {_SCRATCH})")
def _sharing(state: State, terms: Terms, weights: Weights, most: int, scratch: Scratch) -> int:
    """Sum up how much of some terms each row shares; how many rows are touched."""
    heads, sizes, listed, following = state[6], state[7], state[8], state[9]
    shared, touched = scratch[0], scratch[3]
    n = 0
    for index in range(min(len(terms), most)):
        block, filled = heads[terms[index]], (sizes[terms[index]] - 1) % LIST + 1
        while block >= 0:
            for entry in range(filled):
                row = listed[block, entry]
                if shared[row] == 0.0:
                    touched[n] = row
                    n += 1
                shared[row] += weights[index]
            block, filled = following[block], LIST
    return n


@kernel(f"boolean({STATE_TYPE}, float64, float64, int64, int64)")
def _goes_before(state: State, one: float, other: float, row: int, than: int) -> bool:
    facts = state[2]
    return one > other or (one == other and facts[row, SERIAL] < facts[than, SERIAL])


@kernel(f"int64({STATE_TYPE}, {_N1}, {_W1}, float64, {_F1}, {_SCRATCH})")
def _candidates(
    state: State, terms: Terms, weights: Weights, at: float, doubt: Times, scratch: Scratch
) -> int:
    """The clusters in time that share most of the post's weightiest terms; how many."""
    shared, touched, best = scratch[0], scratch[3], scratch[4]
    n_touched, n = _sharing(state, terms, weights, SOUGHT, scratch), 0
    for index in range(n_touched):
        row = touched[index]
        if not _is_in_time(state, row, at, doubt):
            continue
        place = n
        while place > 0 and _goes_before(
            state, shared[row], shared[best[place - 1]], row, best[place - 1]
        ):
            if place < CANDIDATES:
                best[place] = best[place - 1]
            place -= 1
        if place < CANDIDATES:
            best[place] = row
            n = min(n + 1, CANDIDATES)
    for index in range(n_touched):
        shared[touched[index]] = 0.0
    return n


@kernel(f"Tuple((float64, float64))({STATE_TYPE}, int64, {_W1}, {_W1})")
def _compared(
    state: State, row: int, weight_of: Weights, rarity_of: Weights
) -> tuple[float, float]:
    """The cosine of a cluster with what is laid out in `weight_of`, and the evidence for it."""
    times, facts, held, heavy, following = state[1], state[2], state[3], state[4], state[5]
    rarest = np.zeros(EVIDENCE, dtype=np.float64)
    product, left, block = 0.0, facts[row, N_TERMS], facts[row, FIRST]
    while block >= 0:
        for index in range(min(left, BLOCK)):
            term = held[block, index]
            weight = weight_of[term]
            if weight > 0.0:
                product += np.float64(weight) * np.float64(heavy[block, index])
                least = np.argmin(rarest)
                rarest[least] = max(rarest[least], np.float64(rarity_of[term]))
        left -= BLOCK
        block = following[block]
    if times[row, SQUARE] <= 0.0:
        return 0.0, 0.0
    return product / np.sqrt(times[row, SQUARE]), rarest.sum()


@kernel(f"float64({STATE_TYPE}, int64, float64, float64, float64, {_F1})")
def _after_doubt(
    state: State, row: int, near: float, evidence: float, at: float, doubt: Times
) -> float:
    """The nearness when a doubtful one was looked at again: little shared, long silent, is less."""
    times = state[1]
    if near >= doubt[SURE]:
        return near
    silence = max(0.0, at - times[row, LAST], times[row, OPENED] - at) / HOUR
    lack = doubt[BY_EVIDENCE] * max(0.0, doubt[ENOUGH] - evidence)
    return near * float(np.exp(-lack - doubt[BY_SILENCE] * np.log1p(silence)))


@kernel(
    f"Tuple((int64, float64))({STATE_TYPE}, {_VECTOR}, float64, {_F1}, float64, float64,"
    f" {_SCRATCH})"
)
def nearest(
    state: State,
    vector: Vector,
    at: float,
    doubt: Times,
    event_at: float,
    waiting_at: float,
    scratch: Scratch,
) -> tuple[int, float]:
    """The cluster that a post is nearest to, if near enough; an event goes before what waits."""
    terms, weights, rarities = vector
    facts, weight_of, rarity_of, best = state[2], scratch[1], scratch[2], scratch[4]
    n = _candidates(state, terms, weights, at, doubt, scratch)
    for index in range(len(terms)):
        weight_of[terms[index]], rarity_of[terms[index]] = weights[index], rarities[index]
    found, found_near, found_event = -1, 0.0, False
    for index in range(n):
        row, is_event = best[index], facts[best[index], STATE] == EVENT
        cosine, evidence = _compared(state, row, weight_of, rarity_of)
        near = _after_doubt(state, row, cosine, evidence, at, doubt)
        if near < (event_at if is_event else waiting_at) or is_event < found_event:
            continue
        if is_event > found_event or found < 0 or _goes_before(state, near, found_near, row, found):
            found, found_near, found_event = row, near, is_event
    for index in range(len(terms)):
        weight_of[terms[index]] = 0.0
    return found, found_near


@kernel(f"int64({STATE_TYPE}, int64, {_F1}, {_N1}, {_W1}, {_SCRATCH})")
def near_events(
    state: State, row: int, doubt: Times, others: Numbers, cosines: Weights, scratch: Scratch
) -> int:
    """The rows that share most with an event, with their cosines; how many."""
    times, facts, weight_of, best = state[1], state[2], scratch[1], scratch[4]
    n = facts[row, N_TERMS]
    terms, weights = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.float32)
    written(state, row, terms, weights)
    if times[row, SQUARE] <= 0.0:
        return 0
    order = np.argsort(-weights, kind="mergesort")
    n_best = _candidates(state, terms[order], weights[order], times[row, LAST], doubt, scratch)
    for index in range(n):
        weight_of[terms[index]] = weights[index] / np.sqrt(times[row, SQUARE])
    found = 0
    for index in range(n_best):
        if best[index] != row:
            others[found] = best[index]
            cosines[found] = _compared(state, best[index], weight_of, weight_of)[0]
            found += 1
    for index in range(n):
        weight_of[terms[index]] = 0.0
    return found
