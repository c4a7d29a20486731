"""To Alertmanager, or to whatever takes the webhooks that Alertmanager sends (告警平台)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.alerts.channels import web
from tinglan.alerts.channels.alertmanager.form import AlertmanagerForm
from tinglan.alerts.channels.contract import Answer, Message
from tinglan.lib import clock

kind = "alertmanager"
label = _("Alertmanager")
hint = _("To the alerting that your engineers already watch.")
is_inside = False
is_personal = False
takes_digests = False
mentions = False
per_minute = None
Form = AlertmanagerForm

FIRES_FOR = timedelta(hours=4)  # it forgets in minutes what has no end of its own
SEVERITY = {"I": "critical", "II": "critical", "III": "warning", "IV": "info"}
MOST_TEXT = 4_000  # characters


def address_of(member: Member | None, config: Mapping[str, Any]) -> str:
    return web.shown_host(config)


def send(message: Message, address: str, config: Mapping[str, Any]) -> Answer:
    one = alert_of(message)
    is_api = config.get("speaks", "api") == "api"
    body = web.compact([one] if is_api else webhook_of(one, message))
    headers = {"Content-Type": "application/json"}
    if config.get("token"):
        headers["Authorization"] = f"Bearer {config['token']}"
    reply = web.post(_address(config, is_api=is_api), body, headers=headers)
    said = web.said_by(reply)
    if reply.is_success:
        return Answer(text=said)
    raise web.refusal(reply, said)


def alert_of(message: Message) -> dict[str, Any]:
    """The labels make it one alert per event and level, however often it is sent."""
    starts_at = clock.wall()  # site time may run fast; what they show must not
    labels = {
        "alertname": "TinglanAlert" if message.kind == "alert.issued" else "TinglanMessage",
        "severity": SEVERITY.get(message.level, "info"),
        "level": message.level or "none",
        "brand": str(message.data.get("brand", "")),
        "thread": message.thread_id,
    }
    return {
        "labels": {name: value for name, value in labels.items() if value},
        "annotations": {
            "summary": message.title,
            "description": message.text[:MOST_TEXT],
            "id": message.stable_id,
        },
        "startsAt": starts_at.isoformat(),
        "endsAt": (starts_at + FIRES_FOR).isoformat(),
        "generatorURL": message.url,
    }


def webhook_of(one: Mapping[str, Any], message: Message) -> dict[str, Any]:
    """The envelope of version 4, with one alert that fires."""
    firing = {**one, "status": "firing", "fingerprint": message.thread_id.removeprefix("tl_")[:16]}
    return {
        "version": "4",
        "groupKey": message.thread_id,
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "tinglan",
        "groupLabels": {"alertname": one["labels"]["alertname"]},
        "commonLabels": one["labels"],
        "commonAnnotations": one["annotations"],
        "externalURL": settings.SITE_URL,
        "alerts": [firing],
    }


def _address(config: Mapping[str, Any], *, is_api: bool) -> str:
    url = str(config.get("url") or "")
    return f"{url.rstrip('/')}/api/v2/alerts" if is_api and url else url
