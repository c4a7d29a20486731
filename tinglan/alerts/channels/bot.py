"""What the group bots share: one message for the group, in so many bytes, and a no inside a 200.

Every bot answers 200 and says in the body what it means. What is busy there is tried again; any
other code will be the same the next time, so the next channel is used at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.alerts.channels import web
from tinglan.alerts.channels.contract import Answer, ConfigForm, Message
from tinglan.alerts.errors import DeliveryError
from tinglan.lib.fields import TEXT

ELLIPSIS: Final = "…"
MOST_MENTIONED: Final = 20
RED: Final = "I"


class BotForm(ConfigForm):
    """The address carries the key of the bot, so all of it is kept secret."""

    secrets = frozenset({"url"})
    needed = frozenset({"url"})

    url = web.AddressField(label=_("Webhook address"))
    all_at_red = forms.BooleanField(
        label=_("Call everyone in the group at level I (@all)"), required=False
    )


class KeywordForm(BotForm):
    """A bot that is guarded by a signature or by a word that each message must contain."""

    secrets = frozenset({"url", "secret"})

    secret = forms.CharField(
        label=_("Signing secret"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(web.HIDDEN),
    )
    keyword = forms.CharField(
        label=_("Keyword"),
        required=False,
        max_length=50,
        help_text=_("Where the bot asks for one: it is put into every message that lacks it."),
        widget=forms.TextInput(TEXT),
    )

    field_order = ("url", "secret", "keyword", "all_at_red")


def content_of(message: Message, *, most_bytes: int, extra: Sequence[str] = ()) -> str:
    """Title and words in so many bytes; the link, the id and what is `extra` always stay whole."""
    tail = "\n".join([*filter(None, extra), message.url, f"#{message.stable_id}"])
    room = most_bytes - len(f"\n{tail}".encode())
    words = cut(f"{message.title}\n{message.text}", most_bytes=room)
    return f"{words}\n{tail}"


def defused(message: Message, mark: str) -> Message:
    """The words of a post must not call anybody: what mentions in this group is broken up."""
    broken = f"{mark[0]} {mark[1:]}"
    return replace(
        message,
        title=message.title.replace(mark, broken),
        text=message.text.replace(mark, broken),
    )


def cut(text: str, *, most_bytes: int) -> str:
    """The beginning of a text in at most so many bytes of UTF-8, between two characters.

    >>> cut("星河水壶", most_bytes=12), cut("星河水壶", most_bytes=11)
    ('星河水壶', '星河…')
    """
    whole = text.encode()
    if len(whole) <= most_bytes:
        return text
    room = max(most_bytes - len(ELLIPSIS.encode()), 0)
    return whole[:room].decode("utf-8", "ignore") + ELLIPSIS


def missing_keyword(message: Message, config: Mapping[str, Any]) -> str:
    keyword = str(config.get("keyword") or "")
    return "" if keyword in f"{message.title}{message.text}" else keyword


def calls_everyone(message: Message, config: Mapping[str, Any]) -> bool:
    return bool(config.get("all_at_red")) and message.level == RED


def phones(message: Message) -> list[str]:
    found = [one.phone for one in message.mentioned if one.phone]
    return list(dict.fromkeys(found))[:MOST_MENTIONED]


def hand_over(
    url: str,
    content: Mapping[str, Any],
    *,
    code_names: Sequence[str],
    busy: Mapping[int, timedelta | None],
) -> Answer:
    """Post it; only the code 0 in the answer is a yes."""
    headers = {"Content-Type": "application/json; charset=utf-8"}
    reply = web.post(url, web.compact(content), headers=headers)
    said = web.said_by(reply)
    if not reply.is_success:
        raise web.refusal(reply, said)
    answer = web.json_of(reply)
    codes = [answer[name] for name in code_names if isinstance(answer.get(name), int)]
    if not codes:
        raise DeliveryError(f"{said}: this is not the answer of a bot.")
    if codes[0] == 0:
        return Answer(text=said)
    raise DeliveryError(said, permanent=codes[0] not in busy, retry_after=busy.get(codes[0]))
