"""A report as a document: sections of figures, bars, tables and words, for page and paper alike.

What stands here is plain text in one language with addresses inside the site. A page escapes it as
any text, and the paper takes it as data and never as markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with what it is compared to; its address leads to the posts behind it."""

    label: str
    number: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One field of a table."""

    text: str
    url: str = ""
    level: str = ""  # shown as a level badge
    is_number: bool = False
    is_bad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    figures: Sequence[Figure]
    kind: Literal["figures"] = "figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One layer of the bars."""

    name: str
    tone: str
    values: Sequence[int]
    links: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Stacked bars over time."""

    labels: Sequence[str]
    series: Sequence[Series]
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str = ""  # what is said where there are no rows
    kind: Literal["table"] = "table"

    @property
    def has_heads(self) -> bool:
        return any(self.columns)

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Column names, and whether numbers stand under them."""
        first = self.rows[0] if self.rows else [Cell(text="")] * len(self.columns)
        return [(name, cell.is_number) for name, cell in zip(self.columns, first, strict=True)]

    @property
    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """Each cell with the name of its column: on a phone a row is a card."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Paragraphs; a warning is set off."""

    paragraphs: Sequence[str]
    is_warning: bool = False
    kind: Literal["prose"] = "prose"


Block = Figures | Bars | Table | Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    note: str = ""
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The whole report."""

    title: str
    company: str
    lead: str
    built: str
    language: str
    sections: Sequence[Section] = field(default_factory=tuple)
