"""JSON objects out of a stream of any length: JSON Lines, or one array that may be half written.

Crawlers rewrite an array at each record and append lines while we read. What is complete is
yielded; an unfinished end is an error that says so and can be tried again.
"""

import codecs
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeGuard

from tinglan.lib.files import first_character, read_lines, sniff_encoding
from tinglan.sources.connectors.contract import ConnectorError
from tinglan.sources.connectors.fields import Record, clean
from tinglan.sources.item import Reject

MAX_RECORD: Final = 4 << 20  # bytes of a line, characters of an array's element
MAX_SAMPLE: Final = 200
MAX_DEPTH: Final = 50
CHUNK: Final = 1 << 16
STRUCTURE: Final = re.compile(r'\\.|["\[\]{}]')


@dataclass(frozen=True, slots=True)
class Found:
    """A record and where it stood: the line of a file, the element of an array."""

    position: int
    record: Record


def read_records(body: BinaryIO) -> Iterator[Found | Reject]:
    """The objects of a JSON array, of JSON Lines, or one object alone."""
    if first_character(body) == "[":
        return _elements(body)
    return _lines(body)


def refuse(position: int, reason: str, sample: str) -> Reject:
    return Reject(
        position=position, reason=reason, sample=clean(sample[: MAX_SAMPLE * 2])[:MAX_SAMPLE]
    )


def _lines(body: BinaryIO) -> Iterator[Found | Reject]:
    start = body.tell()
    for line in read_lines(body, max_bytes=MAX_RECORD):
        if line.text is None:
            yield refuse(line.number, line.problem, "")
        elif line.text.strip():
            found = _found(line.number, line.text)
            if isinstance(found, Reject) and not line.is_ended and not _is_whole(line.text):
                raise _half_written(f"line {line.number}")
            if isinstance(found, Reject) and line.number == 1 and (whole := _whole(body, start)):
                yield whole
                return
            yield found


def _whole(body: BinaryIO, start: int) -> Found | None:
    """One object written over several lines; the stream goes back to the second if none."""
    second = body.tell()
    body.seek(start)
    data = body.read(MAX_RECORD + 1)
    body.seek(start)
    found = _found(1, data.decode(sniff_encoding(body), "replace").lstrip("\ufeff"))
    body.seek(second)
    return found if isinstance(found, Found) else None


def _found(position: int, text: str) -> Found | Reject:
    """1. Parse. 2. See that it is an object. 3. Clean what no store takes, escapes included."""
    try:
        value = json.loads(text, strict=False, parse_constant=lambda name: None)
        if not _is_object(value):
            reason = f"it is a JSON {type(value).__name__}, not an object with named fields"
            return refuse(position, reason, text)
        return Found(position, {clean(key): cleaned(part) for key, part in value.items()})
    except json.JSONDecodeError as err:
        return refuse(position, f"no JSON: {err.msg} at character {err.pos + 1}", text)
    except ValueError:  # a number of more digits than Python converts
        return refuse(position, "no JSON that can be read: a number is too long", text)
    except RecursionError:
        return refuse(position, "no JSON that can be read: it is nested too deeply", text)


def _is_whole(text: str) -> bool:
    """Whether what opens also closes: then a text is wrong, and not cut off."""
    depth = is_in_string = 0
    for mark in STRUCTURE.finditer(text):
        if mark[0] == '"':
            is_in_string ^= 1
        elif not is_in_string and mark[0] in "[{":
            depth += 1
        elif not is_in_string and mark[0] in "]}":
            depth -= 1
    return depth <= 0 and not is_in_string and text.rstrip().endswith(("}", "]"))


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def cleaned(value: object, *, depth: int = 0) -> object:
    """The same JSON value, its strings storable; RecursionError beyond any honest nesting."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None  # 1e999: Python reads it, JSON cannot write it
    if isinstance(value, list):
        return [cleaned(part, depth=depth + 1) for part in value]
    if isinstance(value, dict):
        return {clean(key): cleaned(part, depth=depth + 1) for key, part in value.items()}
    return value


def _half_written(where: str) -> ConnectorError:
    return ConnectorError(
        f"The file ends in the middle of {where}: somebody may still be writing it."
        " What stood before was read; read it again when it is finished.",
        code="half_written",
    )


def _elements(body: BinaryIO) -> Iterator[Found | Reject]:
    reader = codecs.getreader(sniff_encoding(body))(body, "replace")
    splitter, position = _Splitter(), 0
    while chunk := reader.read(CHUNK):
        for element in splitter.feed(chunk.removeprefix("\ufeff") if position == 0 else chunk):
            position += 1
            yield _element(position, element)
    if not splitter.is_closed:
        rest = splitter.rest()
        if isinstance(found := _found(position + 1, rest), Found) or _is_whole(rest):
            yield found  # complete, and only the closing bracket is missing
        raise _half_written(f"element {position + 1}")
    if splitter.rest().strip():
        yield refuse(position + 1, "it stands after the end of the array", splitter.rest())


def _element(position: int, text: str | None) -> Found | Reject:
    if text is None:
        return refuse(position, f"the element is longer than {MAX_RECORD:,} characters", "")
    return _found(position, text)


class _Splitter:
    """Cuts an array into the texts of its elements, chunk by chunk, in linear time.

    It knows strings, escapes and brackets and no more; whether an element is JSON is judged when it
    is parsed, so a broken one costs only itself.
    """

    STRUCTURE: Final = re.compile(r'[\[\]{},"]')
    IN_STRING: Final = re.compile(r'["\\]')

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.n_pending = 0
        self.depth = 0
        self.is_in_string = self.is_escaped = self.is_closed = False

    def feed(self, text: str) -> Iterator[str | None]:
        """Elements that end in `text`; None for one that is too long."""
        start = at = 0
        while not self.is_closed and (mark := self._next_mark(text, at)):
            at = mark.end()
            if self._is_boundary(mark[0]):
                self._keep(text[start : mark.start()])
                start = at
                if (element := self._take()) is None or element.strip():
                    yield element
        self._keep(text[start:])

    def _next_mark(self, text: str, at: int) -> re.Match[str] | None:
        """The next structural character outside strings; the state carries over chunk ends."""
        while True:
            if self.is_escaped:
                if at >= len(text):
                    return None
                at, self.is_escaped = at + 1, False
            mark = (self.IN_STRING if self.is_in_string else self.STRUCTURE).search(text, at)
            if mark is None:
                return None
            at = mark.end()
            if mark[0] == '"':
                self.is_in_string = not self.is_in_string
            elif mark[0] == "\\":
                self.is_escaped = True
            else:
                return mark

    def _is_boundary(self, mark: str) -> bool:
        """True at the bracket that opens the array, at each comma between elements, at its end."""
        if mark in "[{":
            self.depth += 1
            return self.depth == 1
        if mark in "]}":
            self.depth -= 1
            self.is_closed = self.depth == 0
            return self.is_closed
        return self.depth == 1

    def _keep(self, piece: str) -> None:
        self.n_pending += len(piece)
        if self.n_pending <= MAX_RECORD:
            self.pieces.append(piece)
        else:
            self.pieces.clear()

    def _take(self) -> str | None:
        text = None if self.n_pending > MAX_RECORD else "".join(self.pieces)
        self.pieces, self.n_pending = [], 0
        return text

    def rest(self) -> str:
        return "".join(self.pieces)
