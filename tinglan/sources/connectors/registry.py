"""The connectors there are: a folder beside this file, and its line here."""

from importlib import import_module
from typing import Final, cast

from tinglan.sources.connectors.contract import Connector, ConnectorError, Poller

KINDS: Final = (
    "feed",
    "file",
    "push",
)


def connector(kind: str) -> Connector:
    """The connector of a source's kind."""
    if kind not in KINDS:
        message = f"There is no connector {kind!r}; there are {', '.join(KINDS)}."
        raise ConnectorError(message, code="unknown_connector", permanent=True)
    return cast("Connector", import_module(f"{__package__}.{kind}.connector"))


def poller(kind: str) -> Poller:
    """The connector of a source that is polled."""
    found = connector(kind)
    if not is_polled(kind):
        message = f"A source of kind {kind!r} is not polled: it is delivered."
        raise ConnectorError(message, code="not_polled", permanent=True)
    return cast("Poller", found)


def is_polled(kind: str) -> bool:
    return hasattr(connector(kind), "poll")
