"""Lines of JSON through a command: read in batches, answered in order, a bad line in its place.

Memory holds one batch, whatever the length of the file. A line that cannot be answered gets an
error on its place and the rest goes on; the caller ends with status 1 then.
"""

import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec
from tqdm import tqdm

from tinglan.lib.errors import TinglanError

__all__ = [
    "BATCH",
    "Answer",
    "AnswerBatch",
    "BadLineError",
    "Row",
    "Settling",
    "answer_all",
    "answer_when_settled",
    "opened",
    "text_of",
]

Row = Mapping[str, object]
Answer = Mapping[str, object]
AnswerBatch = Callable[[Sequence[Row]], Sequence[Answer | Exception]]


class Settling(Protocol):
    """What answers rows later than it takes them, in their order."""

    def take(self, rows: Sequence[Row]) -> None: ...

    def settled(self) -> Iterator[Answer | Exception]: ...

    def rest(self) -> Iterator[Answer | Exception]: ...


BATCH = 2000
SHOWN_EVERY = 1000  # lines between two movements of the progress bar
_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class BadLineError(TinglanError):
    """One line cannot be answered; the message goes to its place in the output."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input: its number from 1, and the row it holds or what is wrong with it."""

    number: int
    row: Row | BadLineError


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The file of that name, or standard input for "-"."""
    if name == "-":
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as file:
        yield file


def answer_all(
    source: BinaryIO,
    out: BinaryIO,
    answer: AnswerBatch,
    *,
    what: str = "lines",
    batch: int = BATCH,
) -> bool:
    """Answer every line of `source` in `out`; whether all of them could be answered.

    `answer` gets rows that have an id, and returns as many answers; an exception in their place
    is told on that line. Blank lines are passed over.
    """
    all_well = True
    with tqdm(unit=f" {what}", disable=None, miniters=SHOWN_EVERY, file=sys.stderr) as bar:
        for lines in _batches(_lines(source), batch):
            rows = [line.row for line in lines if not isinstance(line.row, BadLineError)]
            answers = iter(answer(rows) if rows else ())
            for line in lines:
                found = line.row if isinstance(line.row, BadLineError) else next(answers)
                all_well = all_well and not isinstance(found, Exception)
                out.write(_written(line, found))
            out.flush()
            bar.update(len(lines))
    return all_well


def answer_when_settled(
    source: BinaryIO,
    out: BinaryIO,
    settling: Settling,
    *,
    what: str = "lines",
    batch: int = BATCH,
) -> bool:
    """As `answer_all`, for answers that later lines may change: each is written once it is settled,
    and in the order of the lines."""
    held: deque[Line] = deque()
    all_well = True

    def write(answers: Iterator[Answer | Exception]) -> bool:
        well = True
        while held:
            found = held[0].row if isinstance(held[0].row, BadLineError) else next(answers, None)
            if found is None:
                break
            well = well and not isinstance(found, Exception)
            out.write(_written(held.popleft(), found))
        out.flush()
        return well

    with tqdm(unit=f" {what}", disable=None, miniters=SHOWN_EVERY, file=sys.stderr) as bar:
        for lines in _batches(_lines(source), batch):
            held.extend(lines)
            settling.take([line.row for line in lines if not isinstance(line.row, BadLineError)])
            all_well = write(settling.settled()) and all_well
            bar.update(len(lines))
    return write(settling.rest()) and all_well


def text_of(row: Row, field: str, *, default: str | None = None) -> str:
    """The text in a field of a row; raises BadLineError when there is none."""
    value = row.get(field, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        kind = "missing" if field not in row else f"{type(value).__name__}, not text"
        raise BadLineError(f'"{field}" is {kind}')
    return value


def _batches(lines: Iterable[Line], size: int) -> Iterator[list[Line]]:
    rest = iter(lines)
    while part := list(islice(rest, size)):
        yield part


def _lines(source: BinaryIO) -> Iterator[Line]:
    for number, raw in enumerate(source, start=1):
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        if line.strip():
            yield Line(number, _row(line))


def _row(line: bytes) -> Row | BadLineError:
    try:
        row: object = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        row = _read_slowly(line)
    if isinstance(row, BadLineError):
        return row
    if not isinstance(row, dict):
        return BadLineError(f"the line is {type(row).__name__}, not an object in braces")
    if not isinstance(row.get("id"), str | int) or isinstance(row.get("id"), bool):
        return BadLineError('"id" is missing, or neither text nor a number')
    return row


def _read_slowly(line: bytes) -> object:
    """What the fast reader refuses and the standard library takes: lone surrogates, NaN."""
    try:
        return json.loads(line)
    except RecursionError:
        return BadLineError("the line is nested too deeply")
    except ValueError as error:
        return BadLineError(f"the line is no JSON: {error}")


def _written(line: Line, answer: Answer | Exception) -> bytes:
    if isinstance(answer, Exception):
        known = line.row.get("id") if isinstance(line.row, dict) else None
        place = {"line": line.number} if known is None else {"id": known}
        answer = {**place, "error": str(answer)}
    return _TO_JSON.encode(answer).encode("utf-8", "backslashreplace") + b"\n"
