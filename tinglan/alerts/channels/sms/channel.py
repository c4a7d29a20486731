"""Text messages by the HTTP gateway that the company already has (短信网关).

The request is a template, the answer is judged by a condition: every gateway differs in both. Each
placeholder is put in as one value, so that no post can add a field to the request.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.alerts.channels import people, web
from tinglan.alerts.channels.contract import Answer, Message
from tinglan.alerts.channels.sms import template
from tinglan.alerts.channels.sms.form import SmsForm
from tinglan.alerts.errors import DeliveryError
from tinglan.lib import clock

kind = "sms"
label = _("Text message")
hint = _("To each member's phone, by an HTTP gateway of yours or of a provider.")
is_inside = False
is_personal = True
takes_digests = False
mentions = False
per_minute = None
Form = SmsForm

LONGEST = 200  # characters, where the form says nothing
LATER = timedelta(minutes=1)


def address_of(member: Member | None, config: Mapping[str, Any]) -> str:
    return people.phone_of(member)


def send(message: Message, address: str, config: Mapping[str, Any]) -> Answer:
    values = placeholders(message, address, config)
    shape = template.Shape(config.get("shape") or template.Shape.JSON)
    body = template.filled(str(config.get("body") or ""), values, shape=shape)
    headers = {"Content-Type": shape.content_type} | template.headers_of(
        str(config.get("headers") or ""), values
    )
    reply = web.post(str(config.get("url") or ""), body, headers=headers)
    said = web.said_by(reply)
    if not reply.is_success:
        raise web.refusal(reply, said)
    match template.judged(reply.body, config):
        case template.Verdict.TAKEN:
            return Answer(text=said)
        case template.Verdict.BUSY:
            raise DeliveryError(said, retry_after=LATER)
    raise DeliveryError(said, permanent=True)


def placeholders(message: Message, phone: str, config: Mapping[str, Any]) -> dict[str, str]:
    secret = str(config.get("secret") or "")
    stamp = str(int(clock.wall().timestamp()))
    text = _in_one(f"{message.title} {message.text}", most=config.get("longest") or LONGEST)
    signed = f"{stamp}\n{phone}\n{text}".encode()
    return {
        "phone": phone,
        "text": text,
        "title": message.title,
        "url": message.url,
        "level": message.level,
        "id": message.stable_id,
        "timestamp": stamp,
        "secret": secret,
        "signature": hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest(),
    }


def _in_one(text: str, *, most: int) -> str:
    """Without line breaks, in so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
