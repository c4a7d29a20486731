"""What can go wrong with the people of an installation."""

import math
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tinglan.lib.errors import TinglanError


class AccountsError(TinglanError):
    """Something about members, teams or the roster cannot be done."""


class AlreadySetUpError(AccountsError):
    def __init__(self) -> None:
        super().__init__(_("Tinglan is set up already: sign in, or ask an administrator."))


class LastAdministratorError(AccountsError):
    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s is the last administrator: make somebody else one first.") % {"name": name}
        )


class TakenError(AccountsError):
    """A name or address that must be unique is in use."""

    def __init__(self, value: str) -> None:
        super().__init__(_("“%(value)s” is in use already: choose another.") % {"value": value})


class DutyError(AccountsError):
    """A duty that could not work."""


class TooManyTriesError(AccountsError):
    """Too many wrong passwords; `minutes` until the next one is looked at."""

    def __init__(self, *, until: datetime, at: datetime) -> None:
        self.minutes = max(1, math.ceil((until - at).total_seconds() / 60))
        super().__init__(
            ngettext(
                "Too many tries. Wait %(n)s minute, or ask an administrator for a link.",
                "Too many tries. Wait %(n)s minutes, or ask an administrator for a link.",
                self.minutes,
            )
            % {"n": self.minutes}
        )
