"""One sentence for each kind of entry in a timeline or the audit trail.

A sentence is a template with the keys of the entry's data; `{by}` is the actor. A kind that nobody
described is still readable: its own name with the values it carries.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from tinglan.events.models import Level

TIMELINE: dict[str, str | Promise] = {
    "event_opened": _("The event was opened from the first post"),
    "level_raised": _("Level rose from {from_level} to {to_level}"),
    "level_lowered": _("Level fell from {from_level} to {to_level}"),
    "level_overridden": _("{by} set the level to {to_level}: {note}"),
    "level_confirmed": _("{by} confirmed the level {level}"),
    "nature_changed": _("The nature is now: {nature}"),
    "stage_changed": _("The stage is now: {stage}"),
    "event_merged": _("{by} merged another event into this one: {title}"),
    "event_ended": _("The event ended"),
    "event_relapsed": _("The event came back"),
    "alert_issued": _("An alert of level {level} was issued"),
    "alert_acknowledged": _("{by} acknowledged the alert"),
    "alert_escalated": _("Nobody acknowledged: the alert went on to {to}"),
    "case_opened": _("A case was opened"),
    "case_closed": _("{by} closed the case"),
    "statement_published": _("A statement was published: {title}"),
}

AUDIT: dict[str, str | Promise] = {
    "accounts.first_run": _("set Tinglan up as its first administrator"),
    "accounts.sign_in": _("signed in"),
    "accounts.create_member": _("created the member {name}"),
    "accounts.change_member": _("changed the member {name}"),
    "accounts.appoint": _("gave {name} the roles {roles}"),
    "accounts.deactivate": _("deactivated the member {name}"),
    "accounts.reactivate": _("reactivated the member {name}"),
    "accounts.invite": _("made a link for {name} to set a password"),
    "accounts.set_password": _("set a new password"),
    "accounts.form_team": _("formed the team {name}"),
    "accounts.change_team": _("changed the team {name}"),
    "accounts.dissolve_team": _("dissolved the team {name}"),
    "accounts.put_on_duty": _("put {name} on duty from {starts_at} to {ends_at}"),
    "accounts.take_off_duty": _("took {name} off duty from {starts_at} to {ends_at}"),
    "accounts.change_company": _("changed the company profile"),
}


class _Readable(dict[str, str]):
    """A missing value is a dash: an old entry must not break its page."""

    def __missing__(self, key: str) -> str:
        return "–"


def timeline(kind: str, data: Mapping[str, Any], *, by: str = "") -> str:
    return _say(TIMELINE.get(kind), kind, data, by=by)


def audit(verb: str, data: Mapping[str, Any], *, by: str = "") -> str:
    return _say(AUDIT.get(verb), verb, data, by=by)


def _say(template: str | Promise | None, kind: str, data: Mapping[str, Any], *, by: str) -> str:
    values = _Readable({key: _shown(key, value) for key, value in data.items()})
    values["by"] = by or pgettext("actor", "Tinglan")
    if template is None:
        return _plain(kind, values)
    return str(template).format_map(values)


def _shown(key: str, value: Any) -> str:
    if key.endswith("level"):
        return str(Level(value).label) if value in Level.values else pgettext("level", "none")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "–" if value is None else str(value)


def _plain(kind: str, values: Mapping[str, str]) -> str:
    name = kind.replace(".", ": ").replace("_", " ")
    rest = ", ".join(f"{key} {value}" for key, value in values.items() if key != "by")
    return f"{name} ({rest})" if rest else name
