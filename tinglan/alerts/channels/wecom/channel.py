"""A group bot of WeCom (企业微信群机器人): its key is part of the address, nothing is signed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.alerts.channels import bot, web
from tinglan.alerts.channels.contract import Answer, Message
from tinglan.alerts.channels.wecom.form import WeComForm

kind = "wecom"
label = _("WeCom group bot")
hint = _("To a group in WeCom; whoever is called is mentioned by phone number.")
is_inside = False
is_personal = False
takes_digests = False
mentions = True
per_minute = 20  # of the platform: more are refused
Form = WeComForm

MOST_BYTES = 2048  # of the text of one message
BUSY: Mapping[int, timedelta | None] = {-1: None, 45009: timedelta(minutes=1)}


def address_of(member: Member | None, config: Mapping[str, Any]) -> str:
    return web.shown_host(config)


def send(message: Message, address: str, config: Mapping[str, Any]) -> Answer:
    everyone = ["@all"] if bot.calls_everyone(message, config) else []
    text = {
        "content": bot.content_of(bot.defused(message, "<@"), most_bytes=MOST_BYTES),
        "mentioned_list": everyone,
        "mentioned_mobile_list": bot.phones(message),
    }
    content = {"msgtype": "text", "text": text}
    return bot.hand_over(config.get("url", ""), content, code_names=["errcode"], busy=BUSY)
