"""What can go wrong with clocks."""

from tinglan.lib.errors import TinglanError


class ClockError(TinglanError):
    """A target does not fit; the message says which values do."""
