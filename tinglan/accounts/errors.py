"""What can go wrong with the people of an installation."""

from django.utils.translation import gettext as _

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
