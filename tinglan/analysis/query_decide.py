"""The compiled loop that decides, from the hits of a batch, which rules match which documents."""

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.kernels import kernel
from tinglan.analysis.query_program import YES, Ask

Numbers = NDArray[np.int32]
Hits = NDArray[np.int32]  # columns: part, term, start, end
Lines = NDArray[np.int32]
Lists = tuple[Numbers, Numbers, Numbers]

_YES = YES
_ANY, _NEAR, _SAME = int(Ask.ANY), int(Ask.NEAR), int(Ask.SAME)
_ASK, _FIRST, _MIDDLE, _LAST, _DISTANCE, _IF_YES, _IF_NO = range(7)  # columns of a line
_END = -1  # of a list of hits
# As they stand in the view, where the full-width signs are folded; a border is a new line.
_FULL_STOP, _EXCLAMATION, _QUESTION, _SEMICOLON, _NEW_LINE = map(ord, "。!?;\n")

_HITS = "int32[:, ::1]"
_LISTS = "Tuple((int32[::1], int32[::1], int32[::1]))"
_RULES = "Tuple((int32[::1], int32[::1], int32[::1]))"
_PLACES = "Tuple((int32[::1], int32[::1]))"


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


@kernel(f"boolean({_HITS}, {_LISTS}, {_PLACES}, int32[::1], int32[::1], int64)")
def _is_close(
    hits: Hits, lists: Lists, places: tuple[Numbers, Numbers], line: Lines, terms: Numbers, now: int
) -> bool:
    """Whether one term of each side stand as close as an instruction asks."""
    heads, nexts, seen = lists
    offsets, sentences = places
    ask, distance = line[_ASK], line[_DISTANCE]
    for left in terms[line[_FIRST] : line[_MIDDLE]]:
        if seen[left] != now:
            continue
        for right in terms[line[_MIDDLE] : line[_LAST]]:
            if seen[right] != now:
                continue
            one, other = heads[left], heads[right]
            if ask == _SAME:
                if _share_sentence(hits, nexts, sentences, one, other):
                    return True
            elif _follows(hits, nexts, offsets, one, other, distance) or (
                ask == _NEAR and _follows(hits, nexts, offsets, other, one, distance)
            ):
                return True
    return False


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


@kernel(f"int64({_HITS}, int64, {_PLACES}, {_RULES}, int32[:, ::1], int32[::1], int32[:, ::1])")
def decide(  # noqa: C901, PLR0912  one loop, see below
    hits: Hits,
    n_fields: int,
    places: tuple[Numbers, Numbers],
    rules: tuple[Numbers, Numbers, Numbers],
    lines: Lines,
    terms: Numbers,
    decided: Hits,
) -> int:
    """Which rules match which documents: rows of document and rule; the hits are in order of part.

    A rule is looked at where a term of its rarest required part was found: those of term t are
    `of_terms[firsts[t] : firsts[t + 1]]`. Returns how many match; those for which `decided` has no
    room are only counted. What most rules need stands in this one loop: a call that passes arrays
    costs more than the rest.
    """
    firsts, of_terms, entries = rules
    n_decided, start, now = 0, 0, 0
    heads, seen = np.empty(len(firsts), np.int32), np.zeros(len(firsts), np.int32)
    nexts, looked_at = np.empty(len(hits), np.int32), np.zeros(len(entries), np.int32)
    while start < len(hits):
        now += 1
        document, after = hits[start, 0] // n_fields, start
        while after < len(hits) and hits[after, 0] < (document + 1) * n_fields:
            after += 1
        for hit in range(after - 1, start - 1, -1):  # from the last, so that lists are in order
            term = hits[hit, 1]
            nexts[hit] = heads[term] if seen[term] == now else _END
            heads[term], seen[term] = hit, now
        for hit in range(start, after):
            found = hits[hit, 1]
            if heads[found] != hit:
                continue
            for index in range(firsts[found], firsts[found + 1]):
                rule = of_terms[index]
                if looked_at[rule] == now:
                    continue
                looked_at[rule] = now
                at = entries[rule]
                while at >= 0:
                    answer = False
                    if lines[at, _ASK] == _ANY:
                        for operand in range(lines[at, _FIRST], lines[at, _MIDDLE]):
                            if seen[terms[operand]] == now:
                                answer = True
                                break
                    else:
                        lists = (heads, nexts, seen)
                        answer = _is_close(hits, lists, places, lines[at], terms, now)
                    at = lines[at, _IF_YES] if answer else lines[at, _IF_NO]
                if at == _YES:
                    if n_decided < len(decided):
                        decided[n_decided, 0], decided[n_decided, 1] = document, rule
                    n_decided += 1
        start = after
    return n_decided
