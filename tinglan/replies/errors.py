"""What can go wrong with replies."""

from tinglan.lib.errors import TinglanError


class ReplyError(TinglanError):
    """A reply, promise or handoff does not fit; the message says what to mend."""
