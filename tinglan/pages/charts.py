"""Chart options for the browser: plain values in, a dict for `json_script` out.

Colours are named by tone (`positive`, `level-I`, `accent` …) and resolved in the browser from the
style sheet, so that a chart follows the theme and a colour means the same everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line, band or set of bars."""

    name: str
    values: Sequence[float | None]
    tone: str = "accent"
    kind: Literal["bar", "line", "area"] = "line"
    stack: str = ""
    axis: int = 0  # 1: the right-hand axis
    links: Sequence[str] = field(default_factory=tuple)  # where a click on the n-th point leads


def over_time(labels: Sequence[str], series: Sequence[Series]) -> dict[str, Any]:
    """Series over common labels; all drawing rules live in tinglan.js."""
    return {
        "labels": list(labels),
        "series": [
            {
                "name": one.name,
                "values": list(one.values),
                "tone": one.tone,
                "kind": one.kind,
                "stack": one.stack,
                "axis": one.axis,
                "links": list(one.links),
            }
            for one in series
        ],
    }
