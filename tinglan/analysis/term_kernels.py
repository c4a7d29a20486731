"""The compiled loops of `terms`: what a folded post is made of, each term a number below TERMS.

A term is a pair of Chinese characters, a Latin word or a number; its own number is a hash, so that
no word list grows. What stands in a headline counts twice. A hashtag is text like any other: many
posts borrow the tag of the day, and counted twice it joined what has nothing in common.
"""

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis.characters import Kind
from tinglan.analysis.kernels import kernel

__all__ = ["TERMS", "cut", "weigh"]

Codes = NDArray[np.uint32]
Kinds = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Terms = NDArray[np.int32]
Counts = NDArray[np.int32]
Weights = NDArray[np.float32]
Shares = NDArray[np.float32]

BITS = 18
TERMS = 1 << BITS  # as many as a term's number may be; a brand's month has some 60,000 terms
LONGEST = 1_000  # characters of a text that are read: an article says at its head what it is about
HEADLINE = 60  # characters of one at most

_HAN, _BORDER = int(Kind.HAN), int(Kind.BORDER)
_0, _9, _A, _Z = map(ord, "09az")
_OPEN, _CLOSE = map(ord, "【】")
_PRIME, _SEED, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xCBF29CE484222325), 64 - BITS


@kernel("int64(uint32[::1], int64, int64)")
def _number_of(codes: Codes, start: int, end: int) -> int:
    """The number of the term that these characters make: a hash, character by character."""
    mixed = _SEED
    for at in range(start, end):
        mixed = (mixed ^ np.uint64(codes[at])) * _PRIME
        mixed ^= mixed >> np.uint64(29)
    return int((mixed * _PRIME) >> np.uint64(_SHIFT))


@kernel("boolean(uint32)")
def _is_latin(code: int) -> bool:
    return _0 <= code <= _9 or _A <= code <= _Z


@kernel("int64(uint32[::1], int64, int64)")
def _closing(codes: Codes, at: int, after: int) -> int:
    """Where the headline 【…】 that opens at `at` closes; `at` itself when it does not."""
    for end in range(at + 1, min(after, at + HEADLINE + 2)):
        if codes[end] == _CLOSE:
            return end
    return at


@kernel("int64(int64, int32, int32[::1], int32[::1], int32[::1], int64, int64)")
def _count(
    term: int, times: int, place_of: Terms, terms: Terms, counts: Counts, first: int, after: int
) -> int:
    """Count a term of the text whose terms begin at `first`; where the next new one goes."""
    place = place_of[term]
    if first <= place < after and terms[place] == term:
        counts[place] += times
        return after
    place_of[term], terms[after], counts[after] = after, term, times
    return after + 1


@kernel(
    "int64(uint32[::1], uint8[::1], int64[::1], int32[::1], int32[::1], int64[::1], int32[::1])"
)
def cut(
    codes: Codes,
    kinds: Kinds,
    starts: Numbers,
    terms: Terms,
    counts: Counts,
    firsts: Numbers,
    place_of: Terms,
) -> int:
    """Write the distinct terms of each text with their counts, text after text; how many."""
    n = 0
    for text in range(len(starts) - 1):
        firsts[text] = first = n
        at, after = starts[text], min(starts[text + 1] - 1, starts[text] + LONGEST)
        headline_end = at
        while at < after:
            code = codes[at]
            times = 2 if at < headline_end else 1
            if code == _OPEN and at >= headline_end:
                headline_end = max(headline_end, _closing(codes, at, after))
                at += 1
            elif kinds[at] == _HAN:
                if at + 1 < after and kinds[at + 1] == _HAN:
                    pair = _number_of(codes, at, at + 2)
                    n = _count(pair, times, place_of, terms, counts, first, n)
                at += 1
            elif _is_latin(code):
                end = at + 1
                while end < after and _is_latin(codes[end]):
                    end += 1
                if end > at + 1:
                    word = _number_of(codes, at, end)
                    n = _count(word, times, place_of, terms, counts, first, n)
                at = end
            else:
                at += 1
    firsts[len(starts) - 1] = n
    return n


@kernel(
    "int64(int32[::1], int32[::1], Tuple((uint32[::1], float32[::1], float64, float64)),"
    " int32[::1], float32[::1], float32[::1])"
)
def weigh(
    terms: Terms,
    counts: Counts,
    known: tuple[Codes, Shares, float, float],
    kept: Terms,
    weights: Weights,
    rarities: Weights,
) -> int:
    """The weightiest terms of a text, as many as there is room for, as a unit vector; how many.

    A term weighs (1 + ln count) · rarity, and its rarity is √−ln p: the root groups better than the
    whole. p is the share of texts that hold it, in the brand's posts and the language at large.
    """
    holding, prior, n_texts, prior_texts = known
    n = len(terms)
    rarity, weight = np.empty(n, dtype=np.float64), np.empty(n, dtype=np.float64)
    for at in range(n):
        seen = min(np.float64(holding[terms[at]]), n_texts)
        share = (seen + prior_texts * prior[terms[at]] + 0.5) / (n_texts + prior_texts + 1.0)
        # The brand's own name is ordinary long before as many texts came as the language weighs.
        share = max(share, (seen - 2.0 * np.sqrt(seen)) / (n_texts + 1.0))
        rarity[at] = np.sqrt(max(0.0, -np.log(share)))
        weight[at] = (1.0 + np.log(np.float64(counts[at]))) * rarity[at]
    order = np.argsort(-weight, kind="mergesort")
    found = min(n, len(kept))
    while found > 0 and weight[order[found - 1]] <= 0.0:
        found -= 1
    square = 0.0
    for rank in range(found):
        square += weight[order[rank]] * weight[order[rank]]
    length = np.sqrt(square) if square > 0.0 else 1.0
    for rank in range(found):
        at = order[rank]
        kept[rank], rarities[rank] = terms[at], rarity[at]
        weights[rank] = weight[at] / length
    return found
