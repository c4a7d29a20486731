"""What can go wrong with approvals.

ApprovalError
├── NotYoursError     own work, or a second step by the same person
├── DecidedError      the step is no longer open
└── ChangedError      the content is not what was submitted
"""

from tinglan.lib.errors import TinglanError


class ApprovalError(TinglanError):
    """A request cannot be made or decided; the message says why."""


class NotYoursError(ApprovalError):
    """Nobody approves their own work, and nobody decides two steps."""


class DecidedError(ApprovalError):
    """The request is approved, sent back, withdrawn or decided by somebody else meanwhile."""


class ChangedError(ApprovalError):
    """The content changed after it was submitted: it has to be submitted anew."""
