"""Make and change sources: each change by somebody who may, with an entry in the audit trail."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.lib import changes
from tinglan.sources.address import check_address
from tinglan.sources.connectors import registry
from tinglan.sources.errors import SourceError
from tinglan.sources.models import Source

EDITABLE: Final = (
    "name",
    "platform",
    "url",
    "profile",
    "zone",
    "keep",
    "interval_minutes",
    "silent_after_minutes",
    "weight",
)


def create_source(
    name: str, kind: str, *, by: Member | None, now: datetime, **fields: Any
) -> Source:
    """A new source; one that is polled is polled at once."""
    require(by, Right.EDIT_SOURCES)
    if kind not in registry.KINDS:
        raise SourceError(_("There is no kind of source called %(kind)s.") % {"kind": kind})
    source = Source(name=name, kind=kind, created_at=now, **_known(fields))
    _check(source)  # asks the name service: outside the transaction
    source.next_poll_at = now if is_polled(source) else None
    with transaction.atomic():
        source.save()
        record("sources.create_source", source, by=by, now=now, data={"name": name, "kind": kind})
        changes.note("sources")
    return source


def edit_source(source: Source, *, by: Member | None, now: datetime, **fields: Any) -> Source:
    """Change a source; a new address forgets what the old one said about its last state."""
    require(by, Right.EDIT_SOURCES)
    before = {name: getattr(source, name) for name in _known(fields)}
    changed = {name: value for name, value in fields.items() if value != before[name]}
    if not changed:
        return source
    for name, value in changed.items():
        setattr(source, name, value)
    _check(source)
    if "url" in changed:
        source.state = {}
    if is_polled(source) and source.is_enabled:
        source.next_poll_at = now
    with transaction.atomic():
        source.save(update_fields=[*changed, "state", "next_poll_at"])
        data = {
            "name": source.name,
            "old": {field: before[field] for field in changed},
            "new": changed,
        }
        record("sources.edit_source", source, by=by, now=now, data=data)
        changes.note("sources")
    return source


@transaction.atomic
def pause(source: Source, *, by: Member | None, now: datetime) -> Source:
    """Neither polled nor listened to until it is resumed."""
    require(by, Right.EDIT_SOURCES)
    source.is_enabled, source.disabled_reason = False, ""
    source.save(update_fields=["is_enabled", "disabled_reason"])
    record("sources.pause", source, by=by, now=now, data={"name": source.name})
    changes.note("sources", "board")
    return source


@transaction.atomic
def resume(source: Source, *, by: Member | None, now: datetime) -> Source:
    """Back to work, its old failures forgotten: it is polled at once."""
    require(by, Right.EDIT_SOURCES)
    source.is_enabled, source.disabled_reason, source.n_failures = True, "", 0
    source.next_poll_at = now if is_polled(source) else None
    source.save(update_fields=["is_enabled", "disabled_reason", "n_failures", "next_poll_at"])
    record("sources.resume", source, by=by, now=now, data={"name": source.name})
    changes.note("sources", "board")
    return source


@transaction.atomic
def poll_now(source: Source, *, by: Member | None, now: datetime) -> Source:
    """Ask for a poll ahead of the schedule; the worker does it within seconds."""
    require(by, Right.EDIT_SOURCES)
    if not is_polled(source):
        raise SourceError(
            _("%(source)s is delivered to us; there is nothing to poll.") % {"source": source}
        )
    if not source.is_enabled:
        raise SourceError(_("%(source)s is paused. Resume it first.") % {"source": source})
    source.next_poll_at = now
    source.save(update_fields=["next_poll_at"])
    record("sources.poll_now", source, by=by, now=now, data={"name": source.name})
    changes.note("sources")
    return source


def is_polled(source: Source) -> bool:
    return registry.is_polled(source.kind)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = fields.keys() - set(EDITABLE)
    assert not unknown, f"not fields of a source that one edits: {unknown}"
    return fields


def _check(source: Source) -> None:
    if not source.name.strip():
        raise SourceError(_("A source needs a name."))
    if Source.objects.filter(name=source.name).exclude(pk=source.pk).exists():
        raise SourceError(_("There is a source called %(source)s already.") % {"source": source})
    if not source.platform.strip():
        raise SourceError(_("Say which platform the posts are of: weibo, news, forum …"))
    if is_polled(source):
        if source.interval_minutes < 1:
            raise SourceError(_("A source is polled once a minute at most."))
        check_address(source.url)
    try:
        ZoneInfo(source.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = _("There is no time zone %(zone)s; write Asia/Shanghai, say.")
        raise SourceError(message % {"zone": source.zone}) from error
