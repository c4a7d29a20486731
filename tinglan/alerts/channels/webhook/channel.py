"""A signed webhook, as the Standard Webhooks specification describes it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.alerts.channels.contract import Answer, Message
from tinglan.alerts.channels.webhook.form import WebhookForm
from tinglan.alerts.errors import DeliveryError
from tinglan.lib import clock, http
from tinglan.sources.connectors.push.signature import sign

kind = "webhook"
label = _("Webhook")
hint = _("A signed JSON message to a system of yours.")
is_inside = False
is_personal = False
Form = WebhookForm

MOST_BYTES = 20_000
MOST_TEXT = 4_000  # characters, so that the whole stays under the limit
GONE = 410
PASSING = frozenset({408, 409, 425, 429})  # of the 4xx: another try may succeed


def address_of(member: Member | None, config: Mapping[str, Any]) -> str:
    """Scheme and host alone: the rest of the address is a password."""
    parts = urlsplit(config.get("url", ""))
    return f"{parts.scheme}://{parts.hostname}"[:254] if parts.hostname else ""


def send(message: Message, address: str, config: Mapping[str, Any]) -> Answer:
    if not config.get("url"):
        raise DeliveryError("No address is set for this webhook.", permanent=True)
    body = payload(message)
    headers = signed(message.stable_id, body, secret=config.get("secret", ""))
    try:
        reply = http.post(config["url"], body, headers=headers, allow=settings.FETCH_ALLOW)
    except http.HttpError as err:
        raise DeliveryError(str(err), permanent=err.permanent) from err
    said = f"{reply.status} {reply.body[:300].decode('utf-8', 'replace')}".strip()
    if reply.is_success:
        return Answer(text=said)
    raise _refusal(reply, said)


def payload(message: Message) -> bytes:
    """Compact JSON of fewer than 20 kB."""
    content = {
        "type": message.kind,
        "timestamp": message.at.isoformat(),
        "data": {
            **message.data,
            "title": message.title,
            "text": message.text[:MOST_TEXT],
            "level": message.level,
            "url": message.url,
        },
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) >= MOST_BYTES:
        raise DeliveryError(f"The message has {len(body):,} bytes: too long.", permanent=True)
    return body


def signed(stable_id: str, body: bytes, *, secret: str) -> dict[str, str]:
    """The same id in every attempt, the time of this one. Signatures live in wall time."""
    headers = {"Content-Type": "application/json"}
    if secret:
        return headers | sign(body, message_id=stable_id, secret=secret, at=clock.wall())
    stamp = str(int(clock.wall().timestamp()))
    return headers | {"webhook-id": stable_id, "webhook-timestamp": stamp}


def _refusal(reply: http.Response, said: str) -> DeliveryError:
    if reply.status == GONE:
        return DeliveryError(f"{said}: it wants no more messages.", is_gone=True)
    wall = clock.wall()
    wished = reply.retry_at(wall)
    is_passing = reply.status in PASSING or reply.status >= 500
    return DeliveryError(
        said, permanent=not is_passing, retry_after=wished - wall if wished else None
    )
