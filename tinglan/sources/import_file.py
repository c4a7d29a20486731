"""Read a file into a source, in pieces: memory does not grow with the file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import BinaryIO, Final

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.sources.collect import facts_of
from tinglan.sources.connectors import registry
from tinglan.sources.connectors.contract import ConnectorError
from tinglan.sources.intake import BATCH, close_run, open_run, take_in
from tinglan.sources.item import Item, Reject
from tinglan.sources.models import Run, Source

READER: Final = "file"  # a push or feed source takes files too: history, or what was missed
Progress = Callable[[int], None]  # entries read so far


def import_file(
    source: Source,
    stream: BinaryIO,
    *,
    name: str,
    by: Member | None,
    now: datetime,
    profile: str = "",
    progress: Progress = lambda n: None,
) -> Run:
    """Take in a whole file; what could be read before it broke off stands."""
    require(by, Right.EDIT_SOURCES)
    run = open_run(source, name=name, now=now)
    entries, n_read, piece = read_file(source, stream, now=now, profile=profile), 0, Piece()
    while not piece.is_last:
        piece = next_piece(entries)
        take_piece(run, piece, now=now)
        n_read += len(piece.entries)
        progress(n_read)
    close_run(run, now=now, error=piece.error)
    return run


@dataclass(frozen=True, slots=True)
class Piece:
    """Some entries of a file in their order; the last one says what broke the file off, if so."""

    entries: list[Item | Reject] = field(default_factory=list)
    is_last: bool = False
    error: ConnectorError | None = None


def read_file(
    source: Source, stream: BinaryIO, *, now: datetime, profile: str = ""
) -> Iterator[Item | Reject]:
    facts = facts_of(source, now=now, profile=profile)
    return registry.connector(READER).read(stream, source=facts)


def next_piece(entries: Iterator[Item | Reject], *, size: int = BATCH) -> Piece:
    """As many entries as one transaction takes; those before an error are not lost to it."""
    found: list[Item | Reject] = []
    try:
        found.extend(islice(entries, size))  # keeps what came before the error
    except ConnectorError as error:
        return Piece(found, is_last=True, error=error)
    return Piece(found, is_last=len(found) < size)


def take_piece(run: Run, piece: Piece, *, now: datetime) -> None:
    items = [entry for entry in piece.entries if isinstance(entry, Item)]
    rejects = [entry for entry in piece.entries if isinstance(entry, Reject)]
    if piece.entries:
        take_in(run.source, items, rejects, now=now, run=run)
