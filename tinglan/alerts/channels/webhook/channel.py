"""A signed webhook, as the Standard Webhooks specification describes it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.alerts.channels import web
from tinglan.alerts.channels.contract import Answer, Message
from tinglan.alerts.channels.webhook.form import WebhookForm
from tinglan.alerts.errors import DeliveryError
from tinglan.lib import clock
from tinglan.sources.connectors.push.signature import sign

kind = "webhook"
label = _("Webhook")
hint = _("A signed JSON message to a system of yours.")
is_inside = False
is_personal = False
takes_digests = False
mentions = False
per_minute = None
Form = WebhookForm

MOST_BYTES = 20_000
MOST_TEXT = 4_000  # characters, so that the whole stays under the limit
GONE = 410


def address_of(member: Member | None, config: Mapping[str, Any]) -> str:
    return web.shown_host(config)


def send(message: Message, address: str, config: Mapping[str, Any]) -> Answer:
    body = payload(message)
    headers = signed(message.stable_id, body, secret=config.get("secret", ""))
    reply = web.post(config.get("url", ""), body, headers=headers)
    said = web.said_by(reply)
    if reply.is_success:
        return Answer(text=said)
    if reply.status == GONE:
        raise DeliveryError(f"{said}: it wants no more messages.", is_gone=True)
    raise web.refusal(reply, said)


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
    body = web.compact(content)
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
