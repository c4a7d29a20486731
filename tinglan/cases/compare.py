"""Two wordings compared: what stayed, what went, what came; in Chinese by character."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# A Latin word or a number is one piece, so is a run of blanks; every other character is its own.
_PIECE = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    change: Literal["same", "gone", "new"]
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces in reading order; joined without the gone ones they are the later wording.

    >>> [(piece.change, piece.text) for piece in compare("8点前通报", "10点通报")]
    [('gone', '8'), ('new', '10'), ('same', '点'), ('gone', '前'), ('same', '通报')]
    """
    return list(_merged(before, after))


def _merged(before: str, after: str) -> Iterator[Piece]:
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for _tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        gone, came = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
        if gone == came:
            yield Piece("same", came)
            continue
        if gone:
            yield Piece("gone", gone)
        if came:
            yield Piece("new", came)
