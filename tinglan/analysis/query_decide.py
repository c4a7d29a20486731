"""The compiled loop that decides, from the hits of a batch, which rules match which documents."""

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.kernels import kernel
from tinglan.analysis.query_program import YES, Ask, Columns

Numbers = NDArray[np.int32]
Kinds = NDArray[np.uint8]
Hits = NDArray[np.int32]  # columns: part, term, start, end
Lists = tuple[Numbers, Numbers, Numbers]

_YES = YES
_ANY, _NEAR, _SAME = int(Ask.ANY), int(Ask.NEAR), int(Ask.SAME)
_END = -1  # of a list of hits
# As they stand in the view, where the full-width signs are folded; a border is a new line.
_FULL_STOP, _EXCLAMATION, _QUESTION, _SEMICOLON, _NEW_LINE = map(ord, "。!?;\n")

_HITS = "int32[:, ::1]"
_LISTS = "Tuple((int32[::1], int32[::1], int32[::1]))"
_PROGRAMS = (
    "Tuple((uint8[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1],"
    " int32[::1]))"
)


@kernel(f"boolean({_HITS}, int32[::1], int32[::1], int64, int64, int64)")
def _follows(
    hits: Hits, nexts: Numbers, offsets: Numbers, first: int, second: int, distance: int
) -> bool:
    """Whether a hit of the second list begins, in the original, where one of the first has ended,
    or at most `distance` characters of the view behind.
    """
    while first != _END and second != _END:
        behind = hits[second, 0] > hits[first, 0] or (
            hits[second, 0] == hits[first, 0]
            and offsets[hits[second, 2]] > offsets[hits[first, 3] - 1]
        )
        if not behind:
            second = nexts[second]
            continue
        same_part = hits[second, 0] == hits[first, 0]
        if same_part and hits[second, 2] - hits[first, 3] <= distance:
            return True
        first = nexts[first]
    return False


@kernel(f"boolean({_HITS}, int32[::1], int32[::1], int64, int64)")
def _share_sentence(
    hits: Hits, nexts: Numbers, sentences: Numbers, first: int, second: int
) -> bool:
    """Whether hits of both lists begin in one sentence."""
    while first != _END and second != _END:
        one, other = sentences[hits[first, 2]], sentences[hits[second, 2]]
        if one == other:
            return True
        if one < other:
            first = nexts[first]
        else:
            second = nexts[second]
    return False


@kernel(f"boolean({_HITS}, {_LISTS}, Tuple((int32[::1], int32[::1])), {_PROGRAMS}, int64, int64)")
def _is_close(
    hits: Hits, lists: Lists, places: tuple[Numbers, Numbers], columns: Columns, line: int, now: int
) -> bool:
    """Whether one term of each side stand as close as an instruction asks."""
    heads, nexts, seen = lists
    offsets, sentences = places
    asks, firsts, middles, lasts, distances, _, _, terms = columns
    for left in terms[firsts[line] : middles[line]]:
        if seen[left] != now:
            continue
        for right in terms[middles[line] : lasts[line]]:
            if seen[right] != now:
                continue
            one, other = heads[left], heads[right]
            if asks[line] == _SAME:
                if _share_sentence(hits, nexts, sentences, one, other):
                    return True
            elif _follows(hits, nexts, offsets, one, other, distances[line]) or (
                asks[line] == _NEAR and _follows(hits, nexts, offsets, other, one, distances[line])
            ):
                return True
    return False


@kernel(f"boolean({_HITS}, {_LISTS}, Tuple((int32[::1], int32[::1])), {_PROGRAMS}, int64, int64)")
def _holds(
    hits: Hits, lists: Lists, places: tuple[Numbers, Numbers], columns: Columns, line: int, now: int
) -> bool:
    """Run a program from this line on."""
    asks, firsts, middles, _, _, if_yes, if_no, terms = columns
    seen = lists[2]
    while line >= 0:
        answer = False
        if asks[line] == _ANY:
            for term in terms[firsts[line] : middles[line]]:
                if seen[term] == now:
                    answer = True
                    break
        else:
            answer = _is_close(hits, lists, places, columns, line, now)
        line = if_yes[line] if answer else if_no[line]
    return line == _YES


@kernel("int32[::1](uint32[::1])")
def number_sentences(codes: NDArray[np.uint32]) -> Numbers:
    """For each character the number of its sentence, counted over the batch."""
    sentences = np.empty(len(codes), np.int32)
    number = 0
    for at in range(len(codes)):
        sentences[at] = number
        code = codes[at]
        if code in (_FULL_STOP, _EXCLAMATION, _QUESTION, _SEMICOLON, _NEW_LINE):
            number += 1
    return sentences


@kernel(f"int64({_HITS}, int64, int64, {_LISTS}, int64)")
def _list_hits(hits: Hits, start: int, n_fields: int, lists: Lists, now: int) -> int:
    """Chain the hits of one document, term by term in order; return where the next one begins."""
    heads, nexts, seen = lists
    document = hits[start, 0] // n_fields
    after = start
    while after < len(hits) and hits[after, 0] // n_fields == document:
        after += 1
    for hit in range(after - 1, start - 1, -1):
        term = hits[hit, 1]
        nexts[hit] = heads[term] if seen[term] == now else _END
        heads[term], seen[term] = hit, now
    return after


_RULES = "Tuple((int32[::1], int32[::1], int32[::1]))"


@kernel(
    f"int64({_HITS}, int64, Tuple((int32[::1], int32[::1])), {_RULES}, {_PROGRAMS}, int32[:, ::1])"
)
def decide(
    hits: Hits,
    n_fields: int,
    places: tuple[Numbers, Numbers],
    rules: tuple[Numbers, Numbers, Numbers],
    columns: Columns,
    decided: Hits,
) -> int:
    """Which rules match which documents: rows of document and rule; the hits are in order of part.

    A rule is looked at where a term of its rarest required part was found: those of term t are
    `of_terms[firsts[t] : firsts[t + 1]]`. Returns how many match; those for which `decided` has no
    room are only counted.
    """
    firsts, of_terms, entries = rules
    n_terms, n_decided, start, now = len(firsts) - 1, 0, 0, 0
    heads, seen = np.empty(n_terms, np.int32), np.zeros(n_terms, np.int32)
    nexts, looked_at = np.empty(len(hits), np.int32), np.zeros(len(entries), np.int32)
    lists = (heads, nexts, seen)
    while start < len(hits):
        now += 1
        after = _list_hits(hits, start, n_fields, lists, now)
        for hit in range(start, after):
            term = hits[hit, 1]
            if heads[term] != hit:
                continue
            for rule in of_terms[firsts[term] : firsts[term + 1]]:
                if looked_at[rule] == now:
                    continue
                looked_at[rule] = now
                if _holds(hits, lists, places, columns, entries[rule], now):
                    if n_decided < len(decided):
                        decided[n_decided, 0] = hits[start, 0] // n_fields
                        decided[n_decided, 1] = rule
                    n_decided += 1
        start = after
    return n_decided
