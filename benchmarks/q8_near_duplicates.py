"""Q8: are copies of real posts found, and is nothing else taken for a copy?

The base posts of the test part go through the window first, then their edited copies. A copy is
found when it is folded into its source or into what its source was itself folded into. Real posts
repeat heavily, so that a copy is often folded into an earlier twin of its source: counted as found
only if the two are alike. A fold is false when the post (a copy by its source, any other as it
stands) and what it was folded into have a Jaccard similarity of character 3-grams below .3, and
neither holds 70 % of the other's; of a chain each hand's words are compared, in simplified
characters.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import product
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
ALIKE, INSIDE, NEVER = 0.3, 0.7, 2.0
SHORTEST = 6  # letters: what says less is no text that could be passed on

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
    found = Counter[str]()
    for query, answer in zip(asked, answers, strict=True):
        if answer is not None and _is_right(query.source, answer, folded, texts):
            found[query.kind] += 1
    false = _false(asked_of, [*folded, *answers], texts, inside=INSIDE)
    strictly = _false(asked_of, [*folded, *answers], texts, inside=NEVER)
    n_posts = len(base) + len(asked)
    return {
        "posts": len(base),
        "queries": len(asked),
        "recall": {kind: round(found[kind] / per_kind, 4) for kind in EDITS},
        "posts that are copies": round(sum(map(bool, folded)) / len(base), 4),
        "false merges": round(len(false) / n_posts, 5),
        "false merges of the queries": round(sum(p >= len(base) for p in false) / len(asked), 5),
        "false merges by Jaccard alone": round(len(strictly) / n_posts, 5),
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


def _false(
    asked_of: Sequence[str],
    answers: Sequence[Copy | None],
    texts: Sequence[str],
    *,
    inside: float,
) -> list[int]:
    """The places of the false merges."""
    return [
        place
        for place, (text, answer) in enumerate(zip(asked_of, answers, strict=True))
        if answer is not None and is_apart(text, texts[int(answer.of)], inside=inside)
    ]


def is_apart(one: str, other: str, *, inside: float = INSIDE) -> bool:
    """Whether two posts are different texts, and pass on different ones."""
    pairs = product(_links(one), _links(other))
    return not any(_alike(ours, theirs, inside=inside) for ours, theirs in pairs)


def _alike(ours: set[str], theirs: set[str], *, inside: float) -> bool:
    shared = len(ours & theirs)
    return shared >= ALIKE * len(ours | theirs) or shared >= inside * min(len(ours), len(theirs))


def _links(text: str) -> list[set[str]]:
    """The 3-grams of what each hand of a chain says, by those who say anything."""
    links = [_LETTERS.sub("", normalise(link).text) for link in _HANDED_ON.split(text)]
    return [_shingles(link) for link in links if len(link) >= SHORTEST] or [_shingles(text)]


def _shingles(letters: str) -> set[str]:
    return {letters[at : at + 3] for at in range(max(1, len(letters) - 2))}
