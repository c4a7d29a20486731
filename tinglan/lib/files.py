"""Bytes from outside, read within limits: expansion, line length and charset.

Every function here bounds what a hostile or broken input can cost, and says which limit was passed.
No guesser is asked for the charset: it takes short GBK text for Korean. The order is byte order
mark, UTF-8 where it holds strictly, what was declared, GB18030.
"""

import codecs
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Final

from tinglan.lib.errors import TinglanError

GZIP_MAGIC: Final = b"\x1f\x8b"
GZIP_OR_ZLIB: Final = 47  # zlib's window bits for "either header"
SAMPLE_BYTES: Final = 1 << 20

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SUBSETS_OF_GB18030: Final = frozenset({"gb2312", "gbk", "gb18030", "hz-gb-2312", "euc-cn", "cp936"})
# Python's codecs also hold escapes, compressors and puzzles (punycode is quadratic), hence a list.
OTHER_CHARSETS: Final = re.compile(
    r"big5(?:-?hkscs)?|shift-jis|euc-(?:jp|kr)|cp(?:949|932|950)|koi8-[ru]"
    r"|iso-8859-(?:[1-9]|1[01345])|windows-125[0-8]|utf-16(?:-?[lb]e)?"
)


class FileError(TinglanError):
    """The bytes cannot be read as what they claim to be."""


class TooLargeError(FileError):
    """More than the limit; nothing beyond it was read."""


class DamagedError(FileError):
    """Compressed data that ends early or is none."""


def inflate(chunks: Iterable[bytes], *, limit: int) -> bytes:
    """Expand gzip or zlib data, of several members too, to at most `limit` bytes."""
    expanded, member = bytearray(), zlib.decompressobj(GZIP_OR_ZLIB)
    for chunk in chunks:
        rest = chunk
        while rest:
            if member.eof:
                if not rest.startswith(GZIP_MAGIC[: len(rest)]):
                    break  # padding after the last member
                member = zlib.decompressobj(GZIP_OR_ZLIB)
            expanded += _expand(member, rest, room=limit + 1 - len(expanded))
            if len(expanded) > limit:
                raise TooLargeError(f"The compressed data expands to more than {limit:,} bytes.")
            rest = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise DamagedError("The compressed data ends before its end mark.")
    return bytes(expanded)


def _expand(member: "zlib._Decompress", data: bytes, *, room: int) -> bytes:
    try:
        return member.decompress(data, room)
    except zlib.error as err:
        raise DamagedError(f"The compressed data is damaged: {err}.") from err


def decode(data: bytes, *, declared: str | None = None) -> str:
    """Text of unknown charset; sources lie about it in both directions, strict UTF-8 does not."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    if b"\0" in data[:4]:  # UTF-16 without a mark: every other byte of its "<?" or "[{" is zero
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "replace")
    for encoding in ("utf-8", _known(declared) or "gb18030", "gb18030"):
        with suppress(UnicodeError):
            return data.decode(encoding)
    return data.decode(_more_likely(data), "replace")


def _known(declared: str | None) -> str | None:
    """A declared charset that is in use; the Chinese ones by their superset, as they are meant."""
    name = (declared or "").strip().strip("\"'").lower().replace("_", "-")
    if name in SUBSETS_OF_GB18030:
        return "gb18030"
    return name if OTHER_CHARSETS.fullmatch(name) else None


def _more_likely(data: bytes) -> str:
    """Of two charsets that both fail: the one under which more lines beyond ASCII are sound."""
    sound = 0
    for line in data.split(b"\n"):
        if not line.isascii():
            sound += 1 if _is_utf8(line) else -1
    return "utf-8" if sound > 0 else "gb18030"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def sniff_encoding(stream: BinaryIO) -> str:
    """The charset of a text file, from its mark or its first megabyte; the stream is rewound."""
    start = stream.tell()
    sample = stream.read(SAMPLE_BYTES)
    stream.seek(start)
    for mark, encoding in BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return encoding
    whole_lines = sample.rpartition(b"\n")[0] if len(sample) == SAMPLE_BYTES else sample
    return "utf-8" if _is_utf8(whole_lines) else _more_likely(whole_lines)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text file; `text` is None when it could not be read, and `problem` says why."""

    number: int  # from 1
    text: str | None
    problem: str = ""
    is_ended: bool = True  # False: the file stops in it, perhaps somebody is still writing


def read_lines(stream: BinaryIO, *, max_bytes: int) -> Iterator[Line]:
    """Lines in constant memory: an endless or undecodable line is a problem of its own only."""
    encoding = sniff_encoding(stream)
    if encoding in {"utf-16", "utf-32"}:
        stream = _as_utf8(stream, encoding)
        encoding = "utf-8"
    number = 0
    while data := stream.readline(max_bytes + 1):
        number += 1
        if number == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
        if len(data) > max_bytes and not data.endswith(b"\n"):
            _skip_line(stream, max_bytes)
            yield Line(number, None, f"the line is longer than {max_bytes:,} bytes")
        else:
            yield _decoded(number, data, encoding)


def _as_utf8(stream: BinaryIO, encoding: str) -> BinaryIO:
    """What Excel calls Unicode text, recoded as it is read."""
    return io.BufferedReader(_Recoded(codecs.getreader(encoding)(stream, "replace")))


class _Recoded(io.RawIOBase):
    def __init__(self, text: codecs.StreamReader) -> None:
        self.text, self.pending = text, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        if not self.pending:
            self.pending = self.text.read(1 << 14).encode("utf-8", "replace")
        piece, self.pending = self.pending[: len(buffer)], self.pending[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _skip_line(stream: BinaryIO, step: int) -> None:
    while (rest := stream.readline(step)) and not rest.endswith(b"\n"):
        pass


def _decoded(number: int, data: bytes, encoding: str) -> Line:
    is_ended = data.endswith(b"\n")
    try:
        return Line(number, data.rstrip(b"\r\n").decode(encoding), is_ended=is_ended)
    except UnicodeDecodeError as err:
        problem = f"byte {err.start + 1} of the line is not {encoding}"
        return Line(number, None, problem, is_ended=is_ended)


def first_character(stream: BinaryIO) -> str:
    """The first that is no blank, which tells JSON from CSV; the stream is rewound."""
    start = stream.tell()
    sample = stream.read(4096)
    stream.seek(start)
    return decode(sample).lstrip()[:1]
