"""A custom bot of Feishu (飞书自定义机器人): signed in the body, with the time in seconds."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.alerts.channels import bot, web
from tinglan.alerts.channels.contract import Answer, Message
from tinglan.alerts.channels.feishu.form import FeishuForm
from tinglan.lib import clock

kind = "feishu"
label = _("Feishu group bot")
hint = _("To a group in Feishu; whoever is called is named in the message.")
is_inside = False
is_personal = False
takes_digests = False
mentions = True
per_minute = 20  # the platform takes 100; a person reads no more than this
Form = FeishuForm

MOST_BYTES = 9_000  # the whole body may have 20 KB, and JSON doubles quotes and line breaks
BUSY: Mapping[int, timedelta | None] = {2200: None, 11232: timedelta(minutes=1)}


def address_of(member: Member | None, config: Mapping[str, Any]) -> str:
    return web.shown_host(config)


def send(message: Message, address: str, config: Mapping[str, Any]) -> Answer:
    extra = [bot.missing_keyword(message, config), _called(message)]
    message = bot.defused(message, "<at")
    text = bot.content_of(message, most_bytes=MOST_BYTES, extra=extra)
    if bot.calls_everyone(message, config):
        text = f'<at user_id="all">all</at> {text}'
    content = {
        **signature(str(config.get("secret") or "")),
        "msg_type": "text",
        "content": {"text": text},
    }
    return bot.hand_over(
        config.get("url", ""), content, code_names=["code", "StatusCode"], busy=BUSY
    )


def signature(secret: str) -> dict[str, str]:
    """Time and secret are the key here, and nothing is what is signed."""
    if not secret:
        return {}
    stamp = str(int(clock.wall().timestamp()))
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}


def _called(message: Message) -> str:
    """By name alone: a custom bot cannot mention by phone number."""
    names = [f"@{one.name}" for one in message.mentioned[: bot.MOST_MENTIONED]]
    return " ".join(dict.fromkeys(names))
