"""Q8: are copies of real posts found, and is nothing else taken for a copy?

The base posts of the test part go through the window first, then their edited copies. A copy is
found when it is folded into its source or into what its source was itself folded into. Real posts
repeat heavily, so that a copy is often folded into an earlier twin of its source: counted as found
only if the two are alike. A fold is false when the post (a copy by its source, any other as it
stands) and what it was folded into have a Jaccard similarity of character 3-grams below .3, and
neither holds 70 % of the other's; the longest words of a chain are compared, in simplified
characters.
"""

import re
from collections import Counter
from collections.abc import Sequence
from time import process_time

from benchmarks.edited_posts import EDITS, posts_of, queries
from tinglan.analysis.fingerprint_window import Copy, Window
from tinglan.analysis.text import normalise

ID = "Q8"
GOAL = (
    "recall .999/.999/.999/.99/.98/.90, false merges <= .1 % (floors .99/.99/.99/.98/.97/.84, .2 %)"
)
PER_KIND = 4000
BATCH = 2000
APART, INSIDE = 0.3, 0.7

_LETTERS = re.compile(r"[\W_]+")
_HANDED_ON = re.compile(r"//\s*@[^:：/]{0,40}[:：]?")


def run() -> dict[str, object]:
    return measured(posts_of(development=False), PER_KIND)


def measured(base: Sequence[str], per_kind: int) -> dict[str, object]:
    asked = list(queries(base, per_kind))
    window = Window()
    window.fold(["warm"], [""])
    started = process_time()
    folded = _folded(window, base, first=0)
    answers = _folded(window, [query.text for query in asked], first=len(base))
    seconds = process_time() - started
    texts = [*base, *(query.text for query in asked)]
    asked_of = [*base, *(base[query.source] for query in asked)]
    found, false = Counter[str](), Counter[str]()
    for query, answer in zip(asked, answers, strict=True):
        if answer is not None and _is_right(query.source, answer, folded, texts):
            found[query.kind] += 1
    pairs = [*zip(asked_of, [*folded, *answers], strict=True)]
    for place, (text, answer) in enumerate(pairs):
        if answer is not None and is_apart(text, texts[int(answer.of)]):
            false["posts" if place < len(base) else "queries"] += 1
    n_posts = len(base) + len(asked)
    return {
        "posts": len(base),
        "queries": len(asked),
        "recall": {kind: round(found[kind] / per_kind, 4) for kind in EDITS},
        "posts that are copies": round(sum(map(bool, folded)) / len(base), 4),
        "false merges of all": round(false.total() / n_posts, 5),
        "false merges of the posts": round(false["posts"] / len(base), 5),
        "false merges of the queries": round(false["queries"] / len(asked), 5),
        "posts per CPU second": round(n_posts / seconds),
    }


def _folded(window: Window, texts: Sequence[str], *, first: int) -> list[Copy | None]:
    found: list[Copy | None] = []
    for start in range(0, len(texts), BATCH):
        part = texts[start : start + BATCH]
        found += window.fold(range(first + start, first + start + len(part)), part)
    return found


def _is_right(
    source: int, answer: Copy, folded: Sequence[Copy | None], texts: Sequence[str]
) -> bool:
    of_source = folded[source]
    if answer.of == source or (of_source is not None and answer.of == of_source.of):
        return True
    return not is_apart(texts[source], texts[int(answer.of)])


def is_apart(one: str, other: str) -> bool:
    """Whether two posts, by the words that they pass on, are different texts."""
    ours, theirs = _shingles(one), _shingles(other)
    shared = len(ours & theirs)
    smaller = min(len(ours), len(theirs))
    return shared < APART * len(ours | theirs) and shared < INSIDE * max(1, smaller)


def _shingles(text: str) -> set[str]:
    longest = max(_HANDED_ON.split(text), key=len)
    letters = _LETTERS.sub("", normalise(longest).text)
    return {letters[at : at + 3] for at in range(max(1, len(letters) - 2))}
