"""Look at what a source would bring before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.sources.address import check_address
from tinglan.sources.collect import ask
from tinglan.sources.connectors.contract import ConnectorError
from tinglan.sources.item import Item, Reject
from tinglan.sources.models import Source

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Tried:
    """The first items, and how many of each kind there were."""

    items: Sequence[Item]
    rejects: Sequence[Reject]
    n_items: int
    n_rejects: int
    error: str = ""
    code: str = ""  # of causes.CAUSES; "" where the error says it all


def try_out(source: Source, *, by: Member | None, now: datetime) -> Tried:
    """Fetch an unsaved source once; nothing is stored. SourceError for an address not allowed."""
    require(by, Right.EDIT_SOURCES)
    check_address(source.url)
    answer = ask(source, now=now)
    if isinstance(answer, ConnectorError):
        return Tried((), (), 0, 0, error=str(answer), code=answer.code)
    items, rejects = answer.items, answer.rejects
    return Tried(items[:SHOWN], rejects[:SHOWN], len(items), len(rejects))
