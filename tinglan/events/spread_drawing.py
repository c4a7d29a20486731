"""The spread picture as lines and dots of an SVG, in percent of its width and rem of its height."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tinglan.analysis.spread import Known, Tree
from tinglan.analysis.spread_picture import Dot, Picture

LEFT, RIGHT = 1.5, 70.0  # percent: what is right of it is for the names
TOP, LINE = 2.2, 1.45  # rem
SMALLEST, LARGEST, FULL_AT = 0.22, 0.62, 500  # radius in rem, and the branch that has the largest
DEEPEST = 6  # deepest indentation of the list
HOW: dict[int, Promise] = {
    Known.SEED: _("told it independently"),
    Known.STATED: _("from the post above, as the platform says"),
    Known.CHAIN: _("from the account above, as the repost chain says"),
    Known.COPY: _("same words as above, earlier: perhaps from there"),
}
STYLE = {Known.SEED: "seed", Known.STATED: "stated", Known.CHAIN: "chain", Known.COPY: "copy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One dot with its line to the dot above it; lengths are ready for attributes."""

    dot: Dot
    x: str
    y: str
    radius: str
    parent_x: str  # "" for a seed
    parent_y: str
    how: str
    style: str
    sure: float
    indent: int


@dataclass(frozen=True, slots=True)
class Drawing:
    marks: Sequence[Mark]
    ticks: Sequence[tuple[timedelta, str]]
    height: str


def drawing_of(picture: Picture, tree: Tree) -> Drawing:
    marks = [_mark(dot, picture, tree) for dot in picture.dots]
    ticks = [(timedelta(seconds=seconds), _percent(x)) for seconds, x in _spaced(picture.ticks)]
    return Drawing(marks, ticks, f"{TOP + LINE * len(marks):.2f}rem")


def _spaced(ticks: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Those that stand far enough from the one before to be read."""
    found: list[tuple[float, float]] = []
    for tick in ticks:
        if not found or tick[1] - found[-1][1] > 0.1:
            found.append(tick)
    return found


def _mark(dot: Dot, picture: Picture, tree: Tree) -> Mark:
    parent = picture.dots[dot.parent] if dot.parent is not None else None
    known = Known(int(tree.known[dot.node]))
    share = min(1.0, dot.size / FULL_AT) ** 0.5
    return Mark(
        dot=dot,
        x=_percent(dot.x),
        y=_line(dot.line),
        radius=f"{SMALLEST + (LARGEST - SMALLEST) * share:.2f}rem",
        parent_x=_percent(parent.x) if parent else "",
        parent_y=_line(parent.line) if parent else "",
        how=str(HOW[known]),
        style=STYLE[known],
        sure=float(tree.sure[dot.node]),
        indent=min(dot.depth, DEEPEST),
    )


def _percent(x: float) -> str:
    return f"{LEFT + (RIGHT - LEFT) * x:.2f}%"


def _line(number: int) -> str:
    return f"{TOP + LINE * number:.2f}rem"
