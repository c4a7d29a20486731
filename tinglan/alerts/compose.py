"""The words of a delivery, in the language of whoever gets it."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from tinglan.alerts.channels.contract import Message
from tinglan.alerts.deliver import stable_id
from tinglan.alerts.models import Alert, Delivery
from tinglan.analysis import privacy
from tinglan.events.models import Level


def compose(delivery: Delivery, *, now: datetime) -> Message:
    language = delivery.recipient.language if delivery.recipient else settings.LANGUAGE_CODE
    with translation.override(language):
        if delivery.alert is None:
            return _test_message(delivery, now)
        return _alert_message(delivery, delivery.alert)


def _alert_message(delivery: Delivery, alert: Alert) -> Message:
    event, level = alert.event, Level(alert.level).label
    told = {"level": level, "title": privacy.mask(alert.title)}
    title = _("[%(level)s] %(title)s") % told
    if event.is_drill:
        title = _("[Drill] %(title)s") % {"title": title}
    return Message(
        stable_id=delivery.stable_id,
        thread_id=stable_id(f"event {event.pk}"),
        kind="alert.issued",
        title=title,
        text=_text(delivery, alert),
        url=f"{settings.SITE_URL}/alerts/{alert.pk}",
        level=alert.level,
        at=alert.issued_at,
        data={
            "alert": str(alert.pk),
            "event": str(event.pk),
            "brand": event.brand.name,
            "reason": delivery.reason,
            "score": round(event.score),
            "posts": event.n_posts,
            "needs_acknowledgement": alert.needs_answer,
            "is_drill": event.is_drill,
        },
    )


def _text(delivery: Delivery, alert: Alert) -> str:
    event = alert.event
    lines = [
        _("Why you hear of it: %(reason)s") % {"reason": delivery.get_reason_display()},
        _("Brand: %(brand)s") % {"brand": event.brand.name},
        _("Score %(score)s, %(n)s posts") % {"score": round(event.score), "n": event.n_posts},
    ]
    if alert.warning is not None:
        clock = alert.warning.clock
        lines.append(
            _("Due time: %(kind)s, %(stage)s")
            % {"kind": clock.get_kind_display(), "stage": alert.warning.get_stage_display()}
        )
    if alert.is_waiting:
        lines.append(_("Please acknowledge it, or the next person is called."))
    return "\n".join(lines)


def _test_message(delivery: Delivery, now: datetime) -> Message:
    return Message(
        stable_id=delivery.stable_id,
        thread_id=stable_id("tests"),
        kind="channel.test",
        title=_("Test of the channel “%(name)s”") % {"name": delivery.channel.name},
        text=_("If you read this, alerts reach you this way."),
        url=f"{settings.SITE_URL}/settings/channels",
        level="",
        at=now,
    )
