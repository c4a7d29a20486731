"""Gather what the review of a case tells: plain data from its rows, as they stand now."""

from datetime import datetime
from typing import Any

from tinglan.analysis.privacy import mask
from tinglan.cases.models import Case, Publication, Review
from tinglan.clocks.models import Clock
from tinglan.events.course import chart_of
from tinglan.events.models import LevelChange
from tinglan.replies.models import Resolution, Sending


def gather(review: Review, *, now: datetime) -> dict[str, Any]:
    """Everything the review tells: outcome, milestones, course, words said, facts, lessons."""
    case = review.case
    return {
        "case": {"id": case.pk, "number": case.number, "lead": case.lead.name if case.lead else ""},
        "event": _event(case),
        "closure": _closure(case),
        "milestones": review.milestones,
        "course": _course(case),
        "levels": [_change(change) for change in case.event.level_changes.all()],
        "clocks": [_clock(clock) for clock in Clock.objects.of(case.event).order_by("started_at")],
        "published": [_published(one) for one in _publications(case)],
        "findings": [
            {"claim": mask(one.claim), "status": one.status}
            for one in case.findings.prefetch_related("checks")
        ],
        "n_evidence": case.evidence.count(),
        "n_sent": Sending.objects.filter(reply__mention__membership__event=case.event_id).count(),
        "n_solved": Resolution.objects.filter(mention__membership__event=case.event_id).count(),
        "actions": [
            {
                "title": one.title,
                "owner": one.owner.name,
                "due_at": one.due_at.isoformat(),
                "is_done": one.is_done,
                "is_overdue": one.is_overdue(now),
            }
            for one in case.actions.select_related("owner", "completion")
        ],
        "went_well": review.went_well,
        "lessons": review.lessons,
        "plan_changes": review.plan_changes,
        "by": review.by.name,
        "at": review.at.isoformat(),
    }


def _event(case: Case) -> dict[str, Any]:
    event = case.event
    return {
        "id": event.pk,
        "title": mask(event.title),
        "brand": event.brand.name,
        "level": event.level,
        "n_posts": event.n_posts,
        "n_copies": event.n_copies,
        "nature": {"zh": event.nature.name, "en": event.nature.name_en} if event.nature else None,
    }


def _course(case: Case) -> dict[str, Any]:
    """Posts by polarity up to the closing, as the page of the event draws them."""
    closure = case.closure
    chart = chart_of(case.event, now=closure.at if closure else case.event.last_post_at)
    return {
        "labels": chart["labels"],
        "posts": {
            one["tone"]: one["values"] for one in chart["series"] if one.get("stack") == "posts"
        },
    }


def _closure(case: Case) -> dict[str, Any] | None:
    closure = case.closure
    if closure is None:
        return None
    return {
        "cause": closure.cause,
        "cluster": closure.cluster,
        "summary": closure.summary,
        "reason": closure.reason,
        "by": closure.by.name,
        "at": closure.at.isoformat(),
    }


def _change(change: LevelChange) -> dict[str, Any]:
    return {
        "at": change.at.isoformat(),
        "from": change.from_level,
        "to": change.to_level,
        "score": round(change.score),
        "reason": change.reason,
        "by": change.by.name if change.by else "",
    }


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "kind": clock.kind,
        "level": clock.level,
        "started_at": clock.started_at.isoformat(),
        "due_at": clock.due_at.isoformat(),
        "met_at": clock.met_at.isoformat() if clock.met_at else None,
        "stopped_at": clock.stopped_at.isoformat() if clock.stopped_at else None,
    }


def _publications(case: Case) -> "list[Publication]":
    found = Publication.objects.filter(statement__case=case).select_related("statement")
    return list(found.order_by("at", "id"))


def _published(one: Publication) -> dict[str, Any]:
    return {
        "title": mask(one.statement.title),
        "kind": one.statement.kind,
        "account": one.account,
        "at": one.at.isoformat(),
    }
