from tinglan.lib.errors import TinglanError


class ReportError(TinglanError):
    """A report cannot be built so; the message says what to do."""
