"""What channels over HTTP share: the address that is a password, and what a status means."""

import json
from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tinglan.alerts.errors import DeliveryError
from tinglan.lib import clock, http
from tinglan.lib.fields import TEXT
from tinglan.sources.address import check_address
from tinglan.sources.errors import SourceError

TIMEOUT = 15.0  # seconds for the whole exchange; a lease lasts longer
PASSING: Final = frozenset({408, 409, 425, 429})  # of the 4xx: another try may succeed
SHOWN: Final = 300  # bytes of an answer that are kept as proof
HIDDEN: Final = {**TEXT, "autocomplete": "off"}


class AddressField(forms.URLField):
    """Refused when it is typed: an alert is too late to learn that it cannot be sent."""

    def __init__(self, **kwargs: Any) -> None:
        usual: dict[str, Any] = {
            "label": _("Address"),
            "required": False,
            "max_length": 1000,
            "assume_scheme": "https",
            "widget": forms.URLInput(HIDDEN),
        }
        super().__init__(**usual | kwargs)

    def clean(self, value: Any) -> str:
        url = str(super().clean(value))
        if url:
            try:
                check_address(url)
            except SourceError as error:
                raise forms.ValidationError(str(error)) from error
        return url


def shown_host(config: Mapping[str, Any]) -> str:
    """Scheme and host alone: the rest of the address is a password."""
    parts = urlsplit(config.get("url", ""))
    return f"{parts.scheme}://{parts.hostname}"[:254] if parts.hostname else ""


def post(url: str, body: bytes, *, headers: Mapping[str, str] | None = None) -> http.Response:
    if not url:
        raise DeliveryError("No address is set for this channel.", permanent=True)
    try:
        return http.post(url, body, headers=headers, allow=settings.FETCH_ALLOW, timeout=TIMEOUT)
    except http.HttpError as err:
        raise DeliveryError(str(err), permanent=err.permanent) from err


def compact(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def said_by(reply: http.Response) -> str:
    """The answer in the words of the other side: the proof, or the reason."""
    return f"{reply.status} {reply.body[:SHOWN].decode('utf-8', 'replace')}".strip()


def json_of(reply: http.Response) -> dict[str, Any]:
    """The object that was answered; an empty one where it was something else."""
    try:
        content = json.loads(reply.body)
    except ValueError:
        return {}
    return cast("dict[str, Any]", content) if isinstance(content, dict) else {}


def refusal(reply: http.Response, said: str) -> DeliveryError:
    """What a status that is no success means for the next try."""
    wall = clock.wall()
    wished = reply.retry_at(wall)
    is_passing = reply.status in PASSING or reply.status >= 500
    return DeliveryError(
        said, permanent=not is_passing, retry_after=wished - wall if wished else None
    )
