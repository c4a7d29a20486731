"""What a connector is: it turns bytes of one source into items, and says clearly what it could not.

A connector is a module `connectors/<kind>/connector.py` with `kind` and `read`; one that fetches by
itself also has `poll`. It knows no database: `sources.collect` and `sources.intake` call it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Protocol
from zoneinfo import ZoneInfo

from tinglan.lib.errors import TinglanError
from tinglan.lib.http import Response
from tinglan.sources.item import Item, Reject


class ConnectorError(TinglanError):
    """The source as a whole could not be read. `permanent`: not before a person changes something.

    `code` is a stable word for it, such as not_a_feed; `retry_at` is when the source asks us back.
    """

    def __init__(
        self, message: str, *, code: str, permanent: bool = False, retry_at: datetime | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.permanent, self.retry_at = code, permanent, retry_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """The source as its connector needs to know it."""

    platform: str  # of items that do not name their own
    scope: str  # a name of the source that never changes: prefix of ids unique only within it
    zone: ZoneInfo  # of times that name none
    now: datetime  # when the bytes were collected; relative dates count from it
    profile: str = ""  # how a file's columns are read; "" finds out by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """One poll of a source. `state` is to be kept and given back to the next poll."""

    items: tuple[Item, ...] = ()
    rejects: tuple[Reject, ...] = ()
    state: Mapping[str, str] = field(default_factory=dict)
    is_unchanged: bool = False  # the source said that nothing is new
    moved_to: str = ""  # the new address, when the source has moved for good


Fetch = Callable[..., Response]  # tinglan.lib.http.fetch, or a stand-in for a test


class Connector(Protocol):
    kind: str

    def read(self, body: BinaryIO, *, source: SourceFacts) -> Iterator[Item | Reject]:
        """Items and rejects in the order of the input.

        ConnectorError where the input ends unreadably; what was yielded before it stands.
        """


class Poller(Connector, Protocol):
    def poll(
        self, url: str, *, source: SourceFacts, state: Mapping[str, str], allow: Iterable[str] = ()
    ) -> Collected: ...
