"""Which role may do what: one table, read by every verb.

A right is named for the act, not the page. Verbs call `require(by, Right.X)`; the worker acts as
nobody (`by=None`) and may do what Tinglan itself does.
"""

from collections.abc import Iterable
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from tinglan.lib.errors import TinglanError


class Role(models.TextChoices):
    DUTY_OFFICER = "duty_officer", _("Duty officer")
    ANALYST = "analyst", _("Analyst")
    AGENT = "agent", _("Customer-care agent")
    PR_LEAD = "pr_lead", _("PR lead")
    LEGAL = "legal", _("Legal")
    SPOKESPERSON = "spokesperson", _("Spokesperson")
    LEADER = "leader", _("Leader")
    ADMINISTRATOR = "administrator", _("Administrator")


class Right(models.TextChoices):
    SEE = "see", _("See posts, events and cases")
    ACKNOWLEDGE = "acknowledge", _("Acknowledge alerts")
    EDIT_MONITORS = "edit_monitors", _("Edit brands and monitors")
    EDIT_SOURCES = "edit_sources", _("Edit sources and import files")
    CORRECT = "correct", _("Correct labels")
    GRADE = "grade", _("Override and lower levels, merge events")
    WORK_CASES = "work_cases", _("Work on cases: tasks, findings, evidence")
    CHECK_FACTS = "check_facts", _("Check facts")
    REPLY = "reply", _("Reply to consumers")
    WRITE_STATEMENTS = "write_statements", _("Write statements")
    APPROVE_FACTS = "approve_facts", _("Approve: facts are right")
    APPROVE_LEGAL = "approve_legal", _("Approve: legally sound")
    APPROVE_RELEASE = "approve_release", _("Approve: release")
    PUBLISH = "publish", _("Record a publication")
    CLOSE_CASES = "close_cases", _("Close cases")
    READ_REPORTS = "read_reports", _("Read and build reports")
    EDIT_PLANS = "edit_plans", _("Edit response plans")
    ADMINISTER = "administer", _("Administer members, channels and settings")
    READ_AUDIT = "read_audit", _("Read the audit trail")


_EVERYONE = {Right.SEE, Right.READ_REPORTS}

RIGHTS: dict[Role, set[Right]] = {
    Role.DUTY_OFFICER: _EVERYONE
    | {
        Right.ACKNOWLEDGE,
        Right.CORRECT,
        Right.GRADE,
        Right.WORK_CASES,
        Right.CHECK_FACTS,
        Right.REPLY,
    },
    Role.ANALYST: _EVERYONE
    | {Right.CORRECT, Right.EDIT_MONITORS, Right.EDIT_SOURCES, Right.WORK_CASES, Right.CHECK_FACTS}
    | {Right.APPROVE_FACTS},
    Role.AGENT: _EVERYONE | {Right.CORRECT, Right.REPLY, Right.WORK_CASES},
    Role.PR_LEAD: _EVERYONE
    | {
        Right.ACKNOWLEDGE,
        Right.CORRECT,
        Right.GRADE,
        Right.WORK_CASES,
        Right.CHECK_FACTS,
        Right.REPLY,
    }
    | {Right.WRITE_STATEMENTS, Right.APPROVE_FACTS, Right.PUBLISH, Right.CLOSE_CASES}
    | {Right.EDIT_MONITORS, Right.EDIT_PLANS},
    Role.LEGAL: _EVERYONE | {Right.APPROVE_LEGAL, Right.WORK_CASES, Right.CHECK_FACTS},
    Role.SPOKESPERSON: _EVERYONE | {Right.APPROVE_RELEASE, Right.PUBLISH},
    Role.LEADER: _EVERYONE
    | {Right.ACKNOWLEDGE, Right.GRADE, Right.APPROVE_RELEASE, Right.CLOSE_CASES, Right.READ_AUDIT},
    Role.ADMINISTRATOR: _EVERYONE
    | {
        Right.ADMINISTER,
        Right.EDIT_MONITORS,
        Right.EDIT_SOURCES,
        Right.EDIT_PLANS,
        Right.READ_AUDIT,
    },
}


class ForbiddenError(TinglanError):
    """The member holds no role that may do this."""

    def __init__(self, right: Right) -> None:
        super().__init__(f"no right: {right}")
        self.right = right


def rights_of(roles: Iterable[Role]) -> set[Right]:
    return set().union(*(RIGHTS[role] for role in roles))


def roles_with(right: Right) -> list[Role]:
    """Who may do it, in the order of the list of roles."""
    return [role for role, rights in RIGHTS.items() if right in rights]


class Actor(Protocol):
    """Whoever acts; a `Member`, which imports this table."""

    def can(self, right: Right) -> bool: ...


def require(by: Actor | None, right: Right) -> None:
    """Raise ForbiddenError unless the actor may; None is Tinglan itself."""
    if by is not None and not by.can(right):
        raise ForbiddenError(right)
