"""A custom bot of DingTalk (钉钉自定义机器人): signed in the address, guarded by a keyword."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.alerts.channels import bot, web
from tinglan.alerts.channels.contract import Answer, Message
from tinglan.alerts.channels.dingtalk.form import DingTalkForm
from tinglan.lib import clock

kind = "dingtalk"
label = _("DingTalk group bot")
hint = _("To a group in DingTalk; whoever is called is mentioned by phone number.")
is_inside = False
is_personal = False
takes_digests = False
mentions = True
per_minute = 20  # whoever sends more is shut out for ten minutes
Form = DingTalkForm

MOST_BYTES = 8000
SHUT_OUT = timedelta(minutes=10)
BUSY: Mapping[int, timedelta | None] = {-1: None, 130101: SHUT_OUT, 90030: SHUT_OUT}


def address_of(member: Member | None, config: Mapping[str, Any]) -> str:
    return web.shown_host(config)


def send(message: Message, address: str, config: Mapping[str, Any]) -> Answer:
    """The mentioned numbers must stand in the text too, or nobody is called."""
    phones = bot.phones(message)
    called = " ".join(f"@{phone}" for phone in phones)
    extra = [bot.missing_keyword(message, config), called]
    content = {
        "msgtype": "text",
        "text": {"content": bot.content_of(message, most_bytes=MOST_BYTES, extra=extra)},
        "at": {"atMobiles": phones, "isAtAll": bot.calls_everyone(message, config)},
    }
    address = signed(config.get("url", ""), secret=str(config.get("secret") or ""))
    return bot.hand_over(address, content, code_names=["errcode"], busy=BUSY)


def signed(url: str, *, secret: str) -> str:
    """With the time in milliseconds, and its HMAC under the secret, in the query."""
    if not (url and secret):
        return url
    stamp = str(int(clock.wall().timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    query = urlencode({"timestamp": stamp, "sign": base64.b64encode(digest).decode()})
    return f"{url}{'&' if '?' in url else '?'}{query}"
