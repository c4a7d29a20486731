"""What can go wrong with a source because of what somebody asked for."""

from tinglan.lib.errors import TinglanError


class SourceError(TinglanError):
    """The source cannot be made or changed so; the message says why and what to do."""
