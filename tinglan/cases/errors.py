"""What can go wrong in a case.

CaseError
├── ClosedError        the case is closed: reopen it first
├── UncheckedError     a full statement rests on findings nobody has checked
└── NotApprovedError   what is to be published was not approved as it stands
"""

from tinglan.lib.errors import TinglanError


class CaseError(TinglanError):
    """An act does not fit the case as it stands; the message says what to do first."""


class ClosedError(CaseError):
    """The case is closed."""


class UncheckedError(CaseError):
    """A full statement may cite checked findings only."""


class NotApprovedError(CaseError):
    """Only what was approved at every step, word for word, is published."""
