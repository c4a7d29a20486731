"""Posts pushed to us: a JSON array, one object or NDJSON of post lines, plain or gzip.

A post of 100 KB passes. The limits are those of a body (10 MiB as sent, 32 MiB expanded) and of a
line (4 MiB); intake cuts a longer text than it keeps and says so.
"""

import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from tinglan.lib.files import DamagedError, TooLargeError, first_character, inflate
from tinglan.sources.connectors import postline
from tinglan.sources.connectors.contract import ConnectorError, SourceFacts
from tinglan.sources.connectors.items import items_of
from tinglan.sources.connectors.json_records import read_records
from tinglan.sources.item import Item, Reject

kind: str = "push"

MAX_BODY: Final = 10 << 20
MAX_EXPANDED: Final = 32 << 20


def unpack(body: bytes, *, encoding: str = "") -> BinaryIO:
    """The body of a request as `read` takes it; `encoding` is its Content-Encoding.

    The codes of its errors are too_large (413), bad_encoding (415) and damaged (400).
    """
    if len(body) > MAX_BODY:
        raise ConnectorError(
            f"The body has {len(body):,} bytes; {MAX_BODY:,} are taken. Send it in parts.",
            code="too_large",
            permanent=True,
        )
    match encoding.strip().lower():
        case "" | "identity":
            return io.BytesIO(body)
        case "gzip" | "x-gzip":
            return io.BytesIO(_inflated(body))
    message = f"The Content-Encoding {encoding[:40]!r} is not taken: send gzip or none."
    raise ConnectorError(message, code="bad_encoding", permanent=True)


def _inflated(body: bytes) -> bytes:
    try:
        return inflate([body], limit=MAX_EXPANDED)
    except TooLargeError as err:
        raise ConnectorError(f"{err} Send it in parts.", code="too_large", permanent=True) from err
    except DamagedError as err:
        raise ConnectorError(str(err), code="damaged", permanent=True) from err


def read(body: BinaryIO, *, source: SourceFacts) -> Iterator[Item | Reject]:
    """One entry for each line or element, in order; blank lines have none."""
    first = first_character(body)
    if first not in {"[", "{"}:
        what = "is empty" if not first else f"begins with {first!r}"
        raise ConnectorError(
            f"The body {what}; send a JSON array of posts, or one JSON object per line.",
            code="bad_json",
            permanent=True,
        )
    yield from items_of(read_records(body), read=postline.read, source=source)
