"""The compiled loops that keep the clusters at work: columns of rows, under an inverted index.

A cluster is a row: its times, its facts, and a chain of blocks that hold its terms with their
weights. A term has a list of the clusters that hold it. Weights grow with time instead of fading,
from the cluster's own base: only their ratio counts. Nothing that is answered depends on the order
in which clusters were added, so that a state stored and loaded goes on exactly as it would have.
"""

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.kernels import kernel

__all__ = ["fill", "forget", "keep_heaviest", "learn", "relist", "written"]

Terms = NDArray[np.int32]
Weights = NDArray[np.float32]
Numbers = NDArray[np.int32]
Facts = NDArray[np.int64]
Times = NDArray[np.float64]
State = tuple[
    Facts, Times, Facts, Terms, Weights, Numbers, Numbers, Numbers, Numbers, Numbers, Numbers
]

BLOCK, LIST = 32, 4  # entries of a block of a cluster, of a block of a term's list
BASE, OPENED, LAST, SQUARE = 0, 1, 2, 3  # columns of times, in seconds, and the squared length
FIRST, N_TERMS, STATE, SERIAL = 0, 1, 2, 3  # columns of facts
GONE, WAITS, EVENT = 0, 1, 2  # states of a cluster
FREE_BLOCK, USED_BLOCKS, FREE_LIST, USED_LISTS = 0, 1, 2, 3  # entries of the tally
MOST_DOUBLINGS = 40.0  # of a weight before its cluster gets a new base

_I1, _N1, _W1 = "int64[::1]", "int32[::1]", "float32[::1]"
STATE_TYPE = (
    f"Tuple(({_I1}, float64[:,::1], int64[:,::1], int32[:,::1], float32[:,::1], {_N1},"
    f" {_N1}, {_N1}, int32[:,::1], {_N1}, {_N1}))"
)


@kernel(f"int64({_I1}, {_N1}, int64)")
def _taken(tally: Facts, following: Numbers, free: int) -> int:
    """A block from the chain of free ones, or a new one."""
    block = int(tally[free])
    if block >= 0:
        tally[free] = following[block]
    else:
        block = int(tally[free + 1])
        tally[free + 1] += 1
    following[block] = -1
    return block


@kernel(f"void({STATE_TYPE}, int64, int64)")
def _enlist(state: State, term: int, row: int) -> None:
    """Put a cluster on the list of a term."""
    tally, heads, sizes, listed, following = state[0], state[6], state[7], state[8], state[9]
    within = sizes[term] % LIST
    if within == 0:
        block = _taken(tally, following, FREE_LIST)
        following[block] = heads[term]
        heads[term] = block
    listed[heads[term], within] = row
    sizes[term] += 1


@kernel(f"void({STATE_TYPE}, int64, int64)")
def _strike(state: State, term: int, row: int) -> None:
    """Take a cluster off the list of a term: the last entry takes its place."""
    tally, heads, sizes, listed, following = state[0], state[6], state[7], state[8], state[9]
    last = (sizes[term] - 1) % LIST
    head = heads[term]
    block, filled = head, last + 1
    while block >= 0:
        for at in range(filled):
            if listed[block, at] == row:
                listed[block, at] = listed[head, last]
                sizes[term] -= 1
                if last == 0:
                    heads[term] = following[head]
                    following[head] = tally[FREE_LIST]
                    tally[FREE_LIST] = head
                return
        block, filled = following[block], LIST


@kernel(f"float64({STATE_TYPE}, int64, float64)")
def _rescaled(state: State, row: int, factor: float) -> float:
    """Multiply the weights of a cluster; its squared length, summed anew."""
    facts, weights, following = state[2], state[4], state[5]
    left, block, square = facts[row, N_TERMS], facts[row, FIRST], 0.0
    while block >= 0:
        for at in range(min(left, BLOCK)):
            weight = np.float64(weights[block, at]) * factor
            weights[block, at] = weight
            square += np.float64(weights[block, at]) * np.float64(weights[block, at])
        left -= BLOCK
        block = following[block]
    return square


@kernel(f"int64({STATE_TYPE}, int64, {_N1}, {_W1})")
def written(state: State, row: int, terms: Terms, weights: Weights) -> int:
    """Copy the terms of a cluster with their weights into columns, as they stand; how many."""
    facts, held, heavy, following = state[2], state[3], state[4], state[5]
    n, block = 0, facts[row, FIRST]
    while block >= 0:
        for at in range(min(facts[row, N_TERMS] - n, BLOCK)):
            terms[n], weights[n] = held[block, at], heavy[block, at]
            n += 1
        block = following[block]
    return n


@kernel(f"void({STATE_TYPE}, int64)")
def forget(state: State, row: int) -> None:
    """Free what a cluster holds; the lists of terms still name it until they are made anew."""
    tally, facts, following = state[0], state[2], state[5]
    block = facts[row, FIRST]
    while block >= 0:
        after = following[block]
        following[block] = tally[FREE_BLOCK]
        tally[FREE_BLOCK] = block
        block = after
    facts[row, FIRST], facts[row, N_TERMS], facts[row, STATE] = -1, 0, GONE


@kernel(f"void({STATE_TYPE}, int64)")
def relist(state: State, n_rows: int) -> None:
    """Make the lists of all terms anew from the clusters that are there."""
    tally, facts, held, following = state[0], state[2], state[3], state[5]
    tally[FREE_LIST], tally[USED_LISTS] = -1, 0
    state[6][:] = -1
    state[7][:] = 0
    for row in range(n_rows):
        left, block = facts[row, N_TERMS], facts[row, FIRST]
        while facts[row, STATE] != GONE and block >= 0:
            for at in range(min(left, BLOCK)):
                _enlist(state, held[block, at], row)
            left -= BLOCK
            block = following[block]


@kernel(f"void({STATE_TYPE}, int64, int64, float32)")
def _append(state: State, row: int, term: int, weight: np.float32) -> None:
    """Give a cluster a term that it lacks."""
    tally, facts, held, heavy, following = state[0], state[2], state[3], state[4], state[5]
    n, last = facts[row, N_TERMS], facts[row, FIRST]
    while last >= 0 and following[last] >= 0:
        last = following[last]
    if n % BLOCK == 0:
        block = _taken(tally, following, FREE_BLOCK)
        if last < 0:
            facts[row, FIRST] = block
        else:
            following[last] = block
        last = block
    held[last, n % BLOCK], heavy[last, n % BLOCK] = term, weight
    facts[row, N_TERMS] = n + 1
    _enlist(state, term, row)


@kernel(f"void({STATE_TYPE}, int64, {_N1}, {_W1})")
def fill(state: State, row: int, terms: Terms, weights: Weights) -> None:
    """Give an empty row the terms of a cluster, in their order."""
    for index in range(len(terms)):
        _append(state, row, terms[index], weights[index])
    state[1][row, SQUARE] = _rescaled(state, row, 1.0)


@kernel(f"void({STATE_TYPE}, int64, {_N1}, {_W1}, float64, float64)")
def learn(
    state: State, row: int, terms: Terms, weights: Weights, at: float, half_life: float
) -> None:
    """Add a unit vector to a cluster with the weight of its time."""
    times, facts, held, heavy, following = state[1], state[2], state[3], state[4], state[5]
    place_of = state[10]
    doublings = (at - times[row, BASE]) / half_life
    if doublings > MOST_DOUBLINGS:
        _rescaled(state, row, 2.0**-doublings)
        times[row, BASE], doublings = at, 0.0
    gain = 2.0 ** max(-MOST_DOUBLINGS, doublings)
    left, block = facts[row, N_TERMS], facts[row, FIRST]
    while block >= 0:
        for index in range(min(left, BLOCK)):
            place_of[held[block, index]] = block * BLOCK + index
        left -= BLOCK
        block = following[block]
    for index in range(len(terms)):
        place = place_of[terms[index]]
        if place >= 0:
            heavy[place // BLOCK, place % BLOCK] += gain * weights[index]
    for index in range(len(terms)):
        if place_of[terms[index]] < 0:
            _append(state, row, terms[index], np.float32(gain * weights[index]))
    block = facts[row, FIRST]
    left = facts[row, N_TERMS]
    while block >= 0:
        for index in range(min(left, BLOCK)):
            place_of[held[block, index]] = -1
        left -= BLOCK
        block = following[block]
    times[row, SQUARE] = _rescaled(state, row, 1.0)


@kernel(f"void({STATE_TYPE}, int64, int64)")
def keep_heaviest(state: State, row: int, size: int) -> None:
    """Leave a cluster only so many of its terms, the heaviest."""
    times, facts = state[1], state[2]
    n = facts[row, N_TERMS]
    terms, weights = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.float32)
    written(state, row, terms, weights)
    order = np.argsort(-weights, kind="mergesort")
    for rank in range(size, n):
        _strike(state, terms[order[rank]], row)
    kept = np.sort(order[:size])
    block = facts[row, FIRST]
    for rank in range(len(kept)):
        if rank > 0 and rank % BLOCK == 0:
            block = state[5][block]
        state[3][block, rank % BLOCK] = terms[kept[rank]]
        state[4][block, rank % BLOCK] = weights[kept[rank]]
    spare = state[5][block]
    state[5][block] = -1
    while spare >= 0:
        after = state[5][spare]
        state[5][spare] = state[0][FREE_BLOCK]
        state[0][FREE_BLOCK] = spare
        spare = after
    facts[row, N_TERMS] = min(n, size)
    times[row, SQUARE] = _rescaled(state, row, 1.0)
