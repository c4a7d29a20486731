"""What can go wrong with an alert.

AlertError
└── DeliveryError(permanent, retry_after, is_gone, is_about_address)
"""

from datetime import timedelta

from tinglan.lib.errors import TinglanError


class AlertError(TinglanError):
    """Something cannot be done to this alert, rule or channel."""


class DeliveryError(AlertError):
    """A channel did not take the message.

    `permanent`: the same message will be refused again, so the next channel is used at once.
    `retry_after`: the other side asked for this pause. `is_gone`: it wants nothing from us ever
    again. `is_about_address`: this recipient is refused, the channel itself works.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        is_gone: bool = False,
        is_about_address: bool = False,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent or is_gone or is_about_address
        self.retry_after = retry_after
        self.is_gone = is_gone
        self.is_about_address = is_about_address
