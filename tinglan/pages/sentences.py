"""One sentence for each kind of entry in a timeline or the audit trail.

A sentence is a template with the keys of the entry's data; `{by}` is the actor. A kind that nobody
described is still readable: its own name with the values it carries.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.rights import Right
from tinglan.alerts.models import Alert
from tinglan.cases.models import Assessment, Check, Stakeholder, Statement
from tinglan.cases.models.case import Cause, Cluster
from tinglan.events.models import Event, Level
from tinglan.monitors.models import LABEL_NAMES, label_of
from tinglan.replies.models import Handoff, Reply

TIMELINE: dict[str, str | Promise] = {
    "event_opened": _("The event was opened from the first post"),
    "level_raised": _("Level rose from {from_level} to {to_level}"),
    "level_lowered": _("Level fell from {from_level} to {to_level}"),
    "level_overridden": _("{by} set the level to {to_level}: {note}"),
    "level_lifted": _("{by} lifted the level set by hand; by the formula it is: {to_level}"),
    "level_confirmed": _("{by} confirmed the level {level}"),
    "nature_changed": _("The nature is now: {nature}"),
    "stage_changed": _("The stage is now: {stage}"),
    "burst_noted": _(
        "Most of a burst of the brand’s volume: {volume} mentions in an hour, usually {expected}"
    ),
    "event_merged": _("{by} made this event a part of another: {title}"),
    "event_absorbed": _("{by} made another event a part of this one: {title}"),
    "event_split": _("{by} split off {n} posts as an event of their own: {title}"),
    "event_split_off": _("{by} split this event off another: {title}"),
    "case_followed": _("Case {number} of “{title}” goes on here"),
    "case_joined": _("Case {joined} of a merged event goes on in case {number}"),
    "event_ended": _("The event ended"),
    "event_relapsed": _("The event came back"),
    "alert_issued": _("An alert was issued: {level} ({reason})"),
    "alert_acknowledged": _("{by} acknowledged the alert"),
    "alert_escalated": _("Nobody acknowledged: the alert went on to {to}"),
    "alert_repeated": _("Nobody acknowledged: everybody was called again"),
    "alert_reached_nobody": _("The alert reached nobody: {level}"),
    "alert_silenced": _("An alert called nobody, because of a silence: {reason}"),
    "alert_reopened": _("{name} does not have the alert on any more: {reason}"),
    "alert_taken_back": _("{name} took the alert on and did nothing since: others are called"),
    "alert_reminded": _("{to} took the alert on and was reminded: nothing was done since"),
    "plan_activated": _("The plan “{plan}” was started: {level}"),
    "case_opened": _("Case {number} was opened, led by {lead}"),
    "tasks_added": _("Tasks were added: {tasks}"),
    "task_assigned": _("{by} gave “{task}” to {to}"),
    "task_completed": _("{by} completed “{task}”"),
    "lead_appointed": _("{by} handed the case to {lead}"),
    "finding_noted": _("{by} noted a claim: {claim}"),
    "finding_checked": _("{by} checked a claim: {claim} – {verdict}. {note}"),
    "case_assessed": _("{by} assessed the case ({assessment}): {text}"),
    "evidence_preserved": _("{by} preserved evidence: {title}"),
    "statement_drafted": _("{by} wrote version {version} of “{title}”"),
    "statement_submitted": _("{by} submitted version {version} of “{title}” for approval"),
    "statement_approved": _("{by} approved “{title}” ({step}) {comment}"),
    "statement_sent_back": _("{by} sent “{title}” back: {comment}"),
    "statement_published": _("{statement} published on {account}: “{title}”"),
    "stakeholder_informed": _("{by} informed {group} {name} ({channel})"),
    "reply_drafted": _("{by} drafted a reply to a consumer"),
    "wording_kept": _("{by} kept a wording of which the check warned: {reason}"),
    "reply_sent": _("{by} answered a consumer from {account}"),
    "consumer_handed_off": _("{by} moved a consumer to a direct channel: {channel} {reference}"),
    "consumer_helped": _("{by} solved a consumer’s problem: {remedy}"),
    "action_planned": _("{by} planned a corrective action: {action}, {owner}"),
    "action_finished": _("{by} finished the corrective action “{action}”: {note}"),
    "case_closed": _("{by} closed the case ({cause}): {summary}"),
    "case_reopened": _("{by} reopened the case: {reason}"),
    "case_reviewed": _("{by} wrote the review: {lessons}"),
    "drill_ended": _("{by} ended the drill"),
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
    "accounts.stand_in": _("gave {name} the duty of {before} from {starts_at} to {ends_at}"),
    "accounts.change_company": _("changed the company profile"),
    "approvals.submit": _("submitted something for approval"),
    "approvals.approve": _("approved a step"),
    "approvals.send_back": _("sent something back"),
    "approvals.withdraw": _("withdrew a request: {reason}"),
    "clocks.revise": _("changed the targets of clocks: {changed}"),
    "plans.activate": _("started the plan {plan}"),
    "cases.open": _("opened case {case}"),
    "cases.add_plan": _("added tasks to case {case}: {tasks}"),
    "cases.add_task": _("added “{task}” to case {case}"),
    "cases.assign": _("gave “{task}” of case {case} to {to}"),
    "cases.complete": _("completed “{task}” of case {case}"),
    "cases.appoint": _("handed case {case} to {lead}"),
    "cases.find": _("noted a claim in case {case}: {claim}"),
    "cases.check": _("checked a claim of case {case}: {claim} – {verdict}"),
    "cases.assess": _("assessed case {case} ({assessment})"),
    "events.change_level": _("changed a level from {from} to {to}"),
    "events.confirm_level": _("confirmed a level: {level}"),
    "events.set_level": _("set a level by hand: {level}. {reason}"),
    "events.lift_level": _("lifted a level set by hand; now: {level}"),
    "events.lower_level": _("lowered a level: {level}"),
    "events.note_burst": _("noted a burst of volume: {volume} mentions in an hour"),
    "events.assess_week": _("assessed a week for the risk register: {score} of 100"),
    "events.merge": _("made event {event} a part of event {into}"),
    "events.split": _("split event {into} off event {event}"),
    "cases.follow": _("moved case {case} to the event that goes on"),
    "cases.join": _("joined case {joined} with case {case}"),
    "cases.preserve": _("preserved evidence in case {case}: {title}, SHA-256 {sha256}"),
    "cases.draft": _("wrote version {version} of “{title}” in case {case}"),
    "cases.submit": _("submitted version {version} of “{title}” in case {case}"),
    "cases.keep_wording": _("kept a wording in case {case} of which the check warned: {reason}"),
    "replies.keep_wording": _("kept the wording of a reply of which the check warned: {reason}"),
    "cases.publish": _("recorded that “{title}” was published on {account}"),
    "cases.inform": _("recorded in case {case} that {group} {name} were told"),
    "cases.plan_action": _("planned “{action}” in case {case}"),
    "cases.finish_action": _("finished “{action}” of case {case}"),
    "cases.close": _("closed case {case}: {summary}"),
    "cases.reopen": _("reopened case {case}: {reason}"),
    "cases.review": _("wrote the review of case {case}"),
    "alerts.issue": _("issued an alert: {level}"),
    "alerts.acknowledge": _("acknowledged an alert: {note}"),
    "alerts.note": _("noted on an alert: {note}"),
    "alerts.escalate": _("called the next for an alert: {to}"),
    "alerts.add_channel": _("added the channel {name}"),
    "alerts.change_channel": _("changed the channel {name}"),
    "alerts.try_channel": _("tried the channel {name}"),
    "alerts.mark_broken": _("marked the channel {name} as broken"),
    "alerts.save_rule": _("saved the alert rule {name}"),
    "alerts.delete_rule": _("deleted the alert rule {name}"),
    "alerts.hand_back": _("handed back the alert that {name} had on: {reason}"),
    "alerts.remind": _("reminded {to} of an alert"),
    "alerts.silence": _("silenced alerts up to {level} until {ends_at}: {reason}"),
    "alerts.end_silence": _("ended a silence: {reason}"),
    "alerts.save_quiet_hours": _("set quiet hours {hours} {name}"),
    "alerts.delete_quiet_hours": _("deleted the quiet hours {hours} {name}"),
    "alerts.save_rotation": _("saved the rotation {name}: {members}"),
    "alerts.delete_rotation": _("deleted the rotation {name}"),
    "monitors.create_brand": _("added the brand {name}"),
    "monitors.change_brand": _("changed the brand {name}"),
    "monitors.create_product": _("added the product {name}"),
    "monitors.change_product": _("changed the product {name}"),
    "monitors.remove_product": _("removed the product {name}"),
    "monitors.create_keywords": _("added the keyword list {name}"),
    "monitors.change_keywords": _("changed the keyword list {name}"),
    "monitors.remove_keywords": _("removed the keyword list {name}"),
    "monitors.create_monitor": _("added the monitor {name}"),
    "monitors.change_monitor": _("changed the monitor {name}"),
    "monitors.pause": _("paused the monitor {name}"),
    "monitors.resume": _("resumed the monitor {name}"),
    "monitors.correct": _("corrected a label ({field}): {old} → {new}"),
    "monitors.undo_correction": _("took a correction back ({field}): {old} → {new}"),
    "monitors.retrain": _("had the labels learn from the corrections"),
    "monitors.propose_model": _("proposed the site’s own label model {number}"),
    "monitors.switch_on": _("switched the site’s own label model {number} on"),
    "monitors.switch_back": _("switched the labels back to the shipped model"),
    "monitors.export": _("exported {rows} mentions"),
    "monitors.show": _("looked at the unmasked text of post {post}"),
    "sources.create_source": _("added the source {name}"),
    "sources.edit_source": _("changed the source {name}: {new}"),
    "sources.hand_in_file": _("handed in the file {name}"),
    "sources.issue_secret": _("issued a signing secret for {name}"),
    "sources.issue_token": _("issued a token for {name}"),
    "sources.revoke_keys": _("revoked token and secret of {name}"),
    "sources.move": _("followed {name} to its new address: {new}"),
    "sources.pause": _("paused the source {name}"),
    "sources.resume": _("resumed the source {name}"),
    "sources.poll_now": _("had the source {name} read at once"),
    "sources.stop": _("stopped reading {name}: it is gone for good"),
    "drills.set_stage": _("prepared the scenario {name}"),
    "drills.start": _("started the drill {scenario}"),
    "drills.end": _("ended the drill {scenario}"),
    "reports.build": _("built a report ({kind}), SHA-256 {sha256}"),
    "reports.change_schedule": _("changed the hour of a report: {hour}"),
    "replies.draft": _("drafted a reply to mention {mention}"),
    "replies.send": _("recorded a reply to mention {mention} from {account}"),
    "replies.hand_off": _("moved mention {mention} to {channel} {reference}"),
    "replies.resolve": _("solved the problem of mention {mention}: {remedy}"),
}


# Values that are codes, by the key they stand under.
LABELS: dict[str, type[models.TextChoices]] = {
    "assessment": Assessment.Kind,
    "cause": Cause,
    "channel": Handoff.Channel,
    "cluster": Cluster,
    "group": Stakeholder.Group,
    "reason": Alert.Reason,
    "reply": Reply.Kind,
    "statement": Statement.Kind,
    "stage": Event.Stage,
    "step": Right,
    "verdict": Check.Verdict,
}


CORRECTIONS = {"monitors.correct", "monitors.undo_correction"}


class _Readable(dict[str, str]):
    """A missing value is a dash: an old entry must not break its page."""

    def __missing__(self, key: str) -> str:
        return "–"


def timeline(kind: str, data: Mapping[str, Any], *, by: str = "") -> str:
    return _say(TIMELINE.get(kind), kind, data, by=by)


def audit(verb: str, data: Mapping[str, Any], *, by: str = "") -> str:
    return _say(AUDIT.get(verb), verb, _labelled(data) if verb in CORRECTIONS else data, by=by)


def _labelled(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The name of the label and its values, where a person corrected one."""
    field = data.get("field")
    if field not in LABEL_NAMES:
        return data
    said = {key: label_of(field, data[key]) for key in ("old", "new") if key in data}
    return {**data, **said, "field": LABEL_NAMES[field]}


def _say(template: str | Promise | None, kind: str, data: Mapping[str, Any], *, by: str) -> str:
    values = _Readable({key: _shown(key, _in_language(key, data)) for key in data})
    values["by"] = by or pgettext("actor", "Tinglan")
    if template is None:
        return _plain(kind, values)
    return str(template).format_map(values).rstrip(" :：")  # what was left empty says nothing


def _in_language(key: str, data: Mapping[str, Any]) -> Any:
    """A text of the company's own rows may carry its English beside it, as `key_en`."""
    is_english = (get_language() or "").startswith("en")
    return (is_english and data.get(f"{key}_en")) or data[key]


def _shown(key: str, value: Any) -> str:
    choices = LABELS.get(key)
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    if key.endswith("level"):
        return str(Level(value).label) if value in Level.values else pgettext("level", "none")
    if isinstance(value, list):
        return gettext(", ").join(str(one) for one in value)
    return "–" if value is None else str(value)


def _plain(kind: str, values: Mapping[str, str]) -> str:
    name = kind.replace(".", ": ").replace("_", " ")
    rest = ", ".join(f"{key} {value}" for key, value in values.items() if key != "by")
    return f"{name} ({rest})" if rest else name
