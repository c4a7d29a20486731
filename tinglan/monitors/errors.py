"""What can go wrong when listening is set up, tried or corrected."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tinglan.lib.errors import TinglanError


class MonitorsError(TinglanError):
    """Something about brands, monitors or mentions cannot be done."""


class NameTakenError(MonitorsError):
    def __init__(self, name: str) -> None:
        super().__init__(_("“%(name)s” exists already: choose another name.") % {"name": name})


class QueryRefusedError(MonitorsError):
    """A query that cannot be listened for: where it is wrong, and how to mend it."""

    def __init__(self, text: str, *, position: int, length: int) -> None:
        super().__init__(text)
        self.position = position
        self.length = length


class BreaksMonitorsError(MonitorsError):
    """A change to shared words after which some monitors could no longer listen."""

    def __init__(self, monitors: Iterable[object], reason: str) -> None:
        super().__init__(
            _("With this change these monitors could not listen any more: %(names)s. %(reason)s")
            % {"names": _(", ").join(map(str, monitors)), "reason": reason}
        )


class EmptyListError(MonitorsError):
    def __init__(self) -> None:
        super().__init__(
            _("A keyword list without words would make its monitors hear everything: add a word.")
        )


class InUseError(MonitorsError):
    def __init__(self, name: str, monitors: Iterable[object]) -> None:
        super().__init__(
            _("“%(name)s” is used by %(names)s: take it out of them first.")
            % {"name": name, "names": _(", ").join(map(str, monitors))}
        )


class CorrectionError(MonitorsError):
    """A label that does not exist, or a correction that is no longer the last one."""


class RetrainingError(MonitorsError):
    """Learning that runs already, or a model that cannot be switched on."""
