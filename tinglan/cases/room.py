"""What the parts of the case room show: each a fragment that asks again on a change."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from tinglan.approvals.models import Request
from tinglan.cases.models import Case, Statement
from tinglan.clocks.models import Clock
from tinglan.monitors.models import Intent, Mention
from tinglan.replies.models import Promise, Reply

Part = Callable[[Case], dict[str, Any]]
LONGEST_STORY = 200
MOST_UNANSWERED = 10


def clocks(case: Case) -> dict[str, Any]:
    """Those of the event and of the review: running ones first, the soonest due on top."""
    of_case = Q(subject_kind=Case._meta.label, subject_id=case.pk)
    of_event = Q(subject_kind=case.event._meta.label, subject_id=case.event_id)
    found = list(Clock.objects.filter(of_case | of_event, stopped_at__isnull=True))
    return {"clocks": sorted(found, key=lambda clock: (not clock.is_running, clock.due_at))}


def tasks(case: Case) -> dict[str, Any]:
    rows = case.tasks.in_order().select_related("assignee", "completion__by")
    return {"tasks": rows, "n_open_tasks": case.tasks.open().count()}


def findings(case: Case) -> dict[str, Any]:
    return {
        "findings": case.findings.select_related("by").prefetch_related("checks__by", "evidence"),
        "assessments": case.assessments.select_related("by").order_by("-id"),
    }


def statements(case: Case) -> dict[str, Any]:
    latest = case.statements.last_versions().select_related("author", "case")
    return {"statements": latest.prefetch_related("publications").order_by("-number")}


def evidence(case: Case) -> dict[str, Any]:
    return {"evidence": case.evidence.select_related("by")}


def replies(case: Case) -> dict[str, Any]:
    """What was answered, what was promised, and who of the event still waits for an answer."""
    of_event = Mention.objects.filter(membership__event=case.event)
    open_promises = Promise.objects.open().filter(
        reply__mention__in=of_event, reply__sending__isnull=False
    )
    return {
        "replies": Reply.objects.filter(mention__in=of_event)
        .select_related("mention__post", "mention__resolution", "by", "sending")
        .order_by("-id"),
        "promises": open_promises.select_related("owner", "reply"),
        "unanswered": unanswered(of_event)[:MOST_UNANSWERED],
    }


def unanswered(mentions: QuerySet[Mention]) -> QuerySet[Mention]:
    """Consumers who complain or ask and were neither answered nor handed on; the oldest first."""
    waiting = mentions.filter(
        intent__in=(Intent.COMPLAINT, Intent.INQUIRY),
        copy_of__isnull=True,
        resolution__isnull=True,
        handoffs__isnull=True,
    ).exclude(replies__sending__isnull=False)
    return waiting.select_related("post__author").order_by("at")


def stakeholders(case: Case) -> dict[str, Any]:
    return {"stakeholders": case.stakeholders.select_related("by", "statement")}


def actions(case: Case) -> dict[str, Any]:
    return {"actions": case.actions.select_related("owner", "completion__by")}


def story(case: Case) -> dict[str, Any]:
    newest_first = case.event.timeline.select_related("by").order_by("-at", "-id")
    return {"entries": newest_first[:LONGEST_STORY]}


PARTS: dict[str, Part] = {
    "clocks": clocks,
    "tasks": tasks,
    "findings": findings,
    "statements": statements,
    "evidence": evidence,
    "replies": replies,
    "stakeholders": stakeholders,
    "actions": actions,
    "story": story,
}


def versions_of(statement: Statement) -> QuerySet[Statement]:
    """Every wording of the statement, the newest first."""
    same = Statement.objects.filter(case=statement.case_id, number=statement.number)
    return same.select_related("author").order_by("-version")


def requests_of(statement: Statement) -> QuerySet[Request]:
    """Every request for approval of any version, the newest first: the trail."""
    pks = list(versions_of(statement).values_list("pk", flat=True))
    asked = Request.objects.filter(subject_kind=Statement._meta.label, subject_id__in=pks)
    return (
        asked.select_related("requested_by", "withdrawal__by")
        .prefetch_related("approvals__by", "authors")
        .order_by("-id")
    )
