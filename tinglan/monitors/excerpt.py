"""The part of a long text that says why it is listed, cut so that no personal data shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tinglan.analysis import privacy

Place = Sequence[str | int]  # field, start, end, term: as `Match.spans` keeps them

WIDTH = 220  # characters: four lines on a phone
LEAD = 60  # of them before the first reason
MARGIN = 80  # longer than any personal data that a cut could halve


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text, its spans counted in the piece, and whether it was cut."""

    text: str
    spans: list[list[str | int]]
    cut_before: bool = False
    cut_after: bool = False


def excerpt(text: str, spans: Iterable[Place], *, width: int = WIDTH) -> Excerpt:
    """What stands around the first span; the beginning when none is in the text.

    >>> excerpt("第一句。" * 60 + "星河水壶漏电", [["text", 240, 242, "星河"]], width=30).text[-6:]
    '星河水壶漏电'
    """
    places = sorted((int(one[1]), int(one[2]), one) for one in spans if one[0] == "text")
    if len(text) <= width:
        return Excerpt(text, [list(one) for _, _, one in places])
    first = next((start for start, end, _ in places if end <= len(text)), 0)
    start = max(0, min(first - min(LEAD, width // 3), len(text) - width))
    end = min(len(text), start + width)
    start, end = _outside_personal_data(text, start, end)
    kept = [
        [one[0], left - start, right - start, *one[3:]]
        for left, right, one in places
        if start <= left and right <= end
    ]
    return Excerpt(text[start:end], kept, start > 0, end < len(text))


def _outside_personal_data(text: str, start: int, end: int) -> tuple[int, int]:
    """A number cut in two would no longer be seen as one, and half of it would be shown."""
    left = max(0, start - MARGIN)
    for found in privacy.find(text[left : end + MARGIN]):
        first, last = found.start + left, found.end + left
        if first < start < last:
            start = last
        if first < end < last:
            end = first
    return start, max(start, end)
