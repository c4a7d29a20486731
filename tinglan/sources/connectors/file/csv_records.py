"""Rows of a CSV file as records by column name, in constant memory.

Exports of this trade are UTF-8 with a mark or GB18030, have full-width signs in their headers, and
get the header written again by each run that appends. A row that breaks the format is refused with
its line number; a quotation mark never closed costs its own line and not the rest of the file.
"""

import csv
import unicodedata
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, Final

from tinglan.lib.files import Line, read_lines
from tinglan.sources.connectors.contract import ConnectorError
from tinglan.sources.connectors.fields import clean
from tinglan.sources.connectors.json_records import Found, refuse
from tinglan.sources.item import Reject

MAX_LINE: Final = 1 << 20  # bytes
MAX_ROW: Final = 1 << 20  # characters of a row, over all its lines
MAX_ROW_LINES: Final = 2000
DELIMITERS: Final = ",\t;"

csv.field_size_limit(
    MAX_ROW
)  # the module's 131,072 would refuse a long post; rows are bounded here


class _RowTooLongError(Exception):
    pass


def read_table(body: BinaryIO) -> tuple[tuple[str, ...], Iterator[Found | Reject]]:
    """The column names and the rows below them."""
    lines = read_lines(body, max_bytes=MAX_LINE)
    first = next((line for line in lines if line.text is None or line.text.strip()), None)
    if first is None or first.text is None:
        problem = first.problem if first else "it has no lines"
        raise ConnectorError(
            f"The first line of the file should name its columns, but {problem}.",
            code="no_header",
            permanent=True,
        )
    delimiter = max(DELIMITERS, key=first.text.count)
    header = _header(first.text, delimiter)
    return header, _Rows(lines, header, delimiter).read()


def _header(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        names = next(csv.reader([text], delimiter=delimiter))
    except (csv.Error, StopIteration):
        names = text.split(delimiter)
    return tuple(column_name(name) for name in names)


def column_name(name: str) -> str:
    """`标题／微博内容` and `标题/微博内容` are one column.

    >>> column_name(" 标题／微博内容 ")
    '标题/微博内容'
    """
    return clean(unicodedata.normalize("NFKC", name)).strip()


class _Rows:
    """Physical lines to rows; lines taken by a row that proves broken are given back."""

    def __init__(self, lines: Iterator[Line], header: tuple[str, ...], delimiter: str) -> None:
        self.lines, self.header, self.delimiter = lines, header, delimiter
        self.given_back: deque[Line] = deque()
        self.taken: list[Line] = []

    def read(self) -> Iterator[Found | Reject]:
        while (line := self._next_line()) is not None:
            if line.text is None:
                yield refuse(line.number, line.problem, "")
            elif line.text.strip():
                row = self._row(line)
                if row is not None:
                    yield row

    def _next_line(self) -> Line | None:
        return self.given_back.popleft() if self.given_back else next(self.lines, None)

    def _row(self, first: Line) -> Found | Reject | None:
        self.taken = [first]
        try:
            cells = next(csv.reader(self._texts(first), delimiter=self.delimiter, strict=True))
        except _RowTooLongError:
            return self._broken(first, "a quotation mark is opened and not closed")
        except csv.Error as err:
            return self._broken(first, f"it is no row: {err}")
        return self._fitted(cells, first)

    def _texts(self, first: Line) -> Iterator[str]:
        """The lines csv asks for: more than one only inside quotation marks."""
        yield f"{first.text}\n"
        size = len(first.text or "")
        while (line := self._next_line()) is not None:
            self.taken.append(line)
            size += len(line.text or "")
            if line.text is None or len(self.taken) > MAX_ROW_LINES or size > MAX_ROW:
                raise _RowTooLongError
            yield f"{line.text}\n"

    def _broken(self, first: Line, reason: str) -> Reject:
        if not self.taken[-1].is_ended and len(self.taken) == 1:
            raise half_written(first.number)
        self.given_back.extendleft(reversed(self.taken[1:]))
        return refuse(first.number, reason, first.text or "")

    def _fitted(self, cells: list[str], first: Line) -> Found | Reject | None:
        while len(cells) > len(self.header) and not cells[-1].strip():
            cells.pop()
        if len(cells) != len(self.header):
            reason = f"it has {len(cells)} columns where the header has {len(self.header)}"
            return self._broken(first, reason)
        if tuple(column_name(cell) for cell in cells) == self.header:
            return None  # the header again
        values = (clean(cell) for cell in cells)
        return Found(first.number, dict(zip(self.header, values, strict=True)))


def half_written(number: int) -> ConnectorError:
    return ConnectorError(
        f"The file ends in the middle of line {number}: somebody may still be writing it."
        " What stood before was read; read it again when it is finished.",
        code="half_written",
    )
