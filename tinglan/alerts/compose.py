"""The words of a delivery, in the language of whoever gets it."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tinglan.accounts.models import Member
from tinglan.alerts.channels.contract import Mentioned, Message
from tinglan.alerts.channels.people import mentioned
from tinglan.alerts.deliver import stable_id
from tinglan.alerts.models import Alert, Delivery
from tinglan.analysis import privacy
from tinglan.approvals.models import Request
from tinglan.events.models import Level


def compose(delivery: Delivery, *, now: datetime) -> Message:
    language = delivery.recipient.language if delivery.recipient else settings.LANGUAGE_CODE
    with translation.override(language):
        if delivery.alert is not None:
            return _alert_message(delivery, delivery.alert)
        if delivery.request is not None:
            return _request_message(delivery, delivery.request)
        if delivery.reason == Delivery.Reason.DIGEST:
            return _digest_message(delivery)
        return _test_message(delivery, now)


def _alert_message(delivery: Delivery, alert: Alert) -> Message:
    event, called = alert.event, _mentioned(delivery)
    return Message(
        stable_id=delivery.stable_id,
        thread_id=stable_id(f"event {event.pk}"),
        kind="alert.issued",
        title=_title(alert),
        text=_text(delivery, alert, called),
        url=f"{settings.SITE_URL}/alerts/{alert.pk}",
        level=alert.level,
        at=alert.issued_at,
        mentioned=called,
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


def _title(alert: Alert) -> str:
    told = {"level": Level(alert.level).label, "title": privacy.mask(alert.title)}
    title = _("[%(level)s] %(title)s") % told
    return _("[Drill] %(title)s") % {"title": title} if alert.event.is_drill else title


def _mentioned(delivery: Delivery) -> tuple[Mentioned, ...]:
    people = Member.objects.in_bulk(delivery.mentioned)
    return tuple(mentioned(people[pk]) for pk in delivery.mentioned if pk in people)


def _text(delivery: Delivery, alert: Alert, called: Sequence[Mentioned]) -> str:
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
    if called:
        names = _(", ").join(one.name for one in called)
        lines.append(_("Called: %(names)s") % {"names": names})
    if alert.is_waiting:
        lines.append(_("Please acknowledge it, or the next person is called."))
    return "\n".join(lines)


def _digest_message(delivery: Delivery) -> Message:
    """Several alerts in one message: the gravest first, each with its link."""
    told = delivery.joined.filter(state=Delivery.State.JOINED).select_related("alert__event__brand")
    alerts = {one.alert.pk: one.alert for one in told if one.alert is not None}
    listed = sorted(alerts.values(), key=lambda one: (one.level, one.pk))
    events = {one.event_id for one in listed}
    thread = f"event {events.pop()}" if len(events) == 1 else "digests"
    links = [f"{_title(one)}\n{settings.SITE_URL}/alerts/{one.pk}" for one in listed]
    return Message(
        stable_id=delivery.stable_id,
        thread_id=stable_id(thread),
        kind="alert.digest",
        title=ngettext("%(n)s alert: %(title)s", "%(n)s alerts: %(title)s …", len(listed))
        % {"n": len(listed), "title": _title(listed[0])},
        text="\n".join(links),
        url=f"{settings.SITE_URL}/alerts?state=all",
        level=delivery.level,
        at=delivery.created_at,
        data={"alerts": [str(one.pk) for one in listed]},
        mentioned=_mentioned(delivery),
    )


def _request_message(delivery: Delivery, request: Request) -> Message:
    title = privacy.mask(request.title)
    return Message(
        stable_id=delivery.stable_id,
        thread_id=stable_id(f"request {request.pk}"),
        kind="approval.waiting",
        title=_("Waits for your approval: %(title)s") % {"title": title},
        text=_("Step %(step)s of %(n)s. Asked for by %(name)s.")
        % {"step": request.step + 1, "n": request.n_steps, "name": request.requested_by.name},
        url=f"{settings.SITE_URL}/approvals",
        level=delivery.level,
        at=delivery.created_at,
        data={"request": str(request.pk)},
    )


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
