"""How the wording of one version differs from the one before."""

import re
from difflib import SequenceMatcher

_PIECES = re.compile(r"\s+|[()（）]|\"[^\"]*\"|[^\s()（）\"]+")


def compare(old: str, new: str) -> list[tuple[str, str]]:
    """The new text in pieces, each "same", "added" or, from the old one, "removed".

    >>> compare("星河 (漏水 OR 漏电)", "星河 (漏水 OR 冒烟)")
    [('same', '星河 (漏水 OR '), ('removed', '漏电'), ('added', '冒烟'), ('same', ')')]
    """
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    pieces: list[tuple[str, str]] = []
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, a_start, a_end, b_start, b_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(after[b_start:b_end])))
            continue
        if a_end > a_start:
            pieces.append(("removed", "".join(before[a_start:a_end])))
        if b_end > b_start:
            pieces.append(("added", "".join(after[b_start:b_end])))
    return pieces
