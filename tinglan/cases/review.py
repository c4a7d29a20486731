"""Look back on a case (复盘): how long each part took, from the rows and the story themselves.

published → detected → warned → acknowledged → first word → verified → closed. A milestone that
never came stays empty, and so do the lengths that would end with it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Publication, Review, Statement
from tinglan.cases.story import tell
from tinglan.clocks import run
from tinglan.clocks.models import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestones:
    """When each part of the response was reached; None where it was not."""

    published: datetime | None  # the first post
    detected: datetime | None  # the event was there
    warned: datetime | None  # its first level
    acknowledged: datetime | None
    held: datetime | None  # the first public word
    verified: datetime | None  # every finding checked
    informed: datetime | None  # the full statement
    closed: datetime | None

    def durations(self) -> dict[str, timedelta | None]:
        """How long each part took; from its beginning, so that parts may overlap."""
        return {
            "detect": _between(self.published, self.detected),
            "warn": _between(self.detected, self.warned),
            "acknowledge": _between(self.warned, self.acknowledged),
            "hold": _between(self.warned, self.held),
            "verify": _between(self.warned, self.verified),
            "inform": _between(self.warned, self.informed),
            "close": _between(self.warned, self.closed),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    went_well: str
    lessons: str
    plan_changes: str = ""


def milestones_of(case: Case) -> Milestones:
    """Read them from the rows; as long as the case is open the later ones are empty."""
    event, closure = case.event, case.closure
    warned = event.level_changes.exclude(to_level="").aggregate(at=Min("at"))["at"]
    acknowledged = event.timeline.filter(kind="alert_acknowledged").aggregate(at=Min("at"))["at"]
    return Milestones(
        published=event.first_post_at,
        detected=event.opened_at,
        warned=warned,
        acknowledged=acknowledged,
        held=_first_word(case),
        verified=_verified(case),
        informed=_first_word(case, Statement.Kind.FULL),
        closed=closure.at if closure else None,
    )


@transaction.atomic
def review(case: Case, lessons: Lessons, *, by: Member, now: datetime) -> Review:
    """Write the review of a closed case, or write it anew; its clock ends with the first."""
    require(by, Right.WORK_CASES)
    if case.is_open:
        raise CaseError(
            _("Case %(number)s is open: close it, then look back.") % {"number": case.number}
        )
    if not lessons.went_well.strip() or not lessons.lessons.strip():
        raise CaseError(_("Say what went well and what is learnt."))
    times = {name: at.isoformat() if at else None for name, at in _times(milestones_of(case))}
    written, _is_new = Review.objects.update_or_create(
        case=case,
        defaults={
            "milestones": times,
            "went_well": lessons.went_well.strip(),
            "lessons": lessons.lessons.strip(),
            "plan_changes": lessons.plan_changes.strip(),
            "by": by,
            "at": now,
        },
    )
    run.meet(case, [Kind.REVIEW], by_row=written, now=now)
    tell(case, "review", written, kind="case_reviewed", by=by, now=now, lessons=written.lessons)
    return written


def _first_word(case: Case, *kinds: Statement.Kind) -> datetime | None:
    published = Publication.objects.filter(statement__case=case)
    if kinds:
        published = published.filter(statement__kind__in=kinds)
    at: datetime | None = published.aggregate(at=Min("at"))["at"]
    return at


def _verified(case: Case) -> datetime | None:
    """When the last finding had its first check; None while one has none."""
    firsts = [
        finding.first_check_at
        for finding in case.findings.annotate(first_check_at=Min("checks__at"))
    ]
    checked = [at for at in firsts if at is not None]
    return max(checked, default=None) if len(checked) == len(firsts) else None


def _times(milestones: Milestones) -> list[tuple[str, datetime | None]]:
    return [(name, getattr(milestones, name)) for name in Milestones.__slots__]


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    return end - start if start and end else None
