"""Build the rows of the response that tests need, through the verbs that make them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.make import NOW, make_event, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.approvals.decide import approve
from tinglan.approvals.models import Request
from tinglan.cases.check import check
from tinglan.cases.draft import Wording, draft
from tinglan.cases.find import find
from tinglan.cases.models import Case, Check, Finding, Statement
from tinglan.cases.open import open_case
from tinglan.cases.submit import submit
from tinglan.events.models import Event, Level, LevelChange

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Everybody that a statement needs; the names say their roles."""

    duty: Member
    analyst: Member
    agent: Member
    lead: Member
    legal: Member
    spokesperson: Member
    leader: Member


def make_crew() -> Crew:
    return Crew(
        duty=make_member("安琪", Role.DUTY_OFFICER),
        analyst=make_member("思远", Role.ANALYST),
        agent=make_member("小满", Role.AGENT),
        lead=make_member("博文", Role.PR_LEAD),
        legal=make_member("以宁", Role.LEGAL),
        spokesperson=make_member("向南", Role.SPOKESPERSON),
        leader=make_member("知秋", Role.LEADER),
    )


def make_level_change(
    event: Event, to_level: str, *, at: datetime = NOW, from_level: str | None = None
) -> LevelChange:
    """The event goes to a level; nothing is announced."""
    change = LevelChange.objects.create(
        event=event,
        number=event.level_changes.count() + 1,
        from_level=event.level if from_level is None else from_level,
        to_level=to_level,
        reason=LevelChange.Reason.SCORE,
        score=40.0,
        at=at,
    )
    event.level = to_level
    event.save(update_fields=["level"])
    return change


def make_case(crew: Crew, *, level: str = Level.YELLOW, now: datetime = NOW) -> Case:
    """An open case of an event at a level, without a plan's tasks."""
    event = make_event()
    make_level_change(event, level, at=now)
    return open_case(event, by=crew.lead, now=now)


def make_finding(
    case: Case, crew: Crew, *, verdict: Check.Verdict | None = Check.Verdict.CONFIRMED
) -> Finding:
    finding = find(case, "批次 2611 的密封圈偏薄", by=crew.analyst, now=NOW)
    if verdict is not None:
        check(finding, verdict, note="抽检 20 件", by=crew.analyst, now=NOW)
    return finding


def make_statement(
    case: Case,
    crew: Crew,
    kind: Statement.Kind = Statement.Kind.HOLDING,
    *findings: Finding,
    text: str = "我们已注意到水壶漏电的反馈，正在核实，今晚八点前通报。",
) -> Statement:
    wording = Wording(title="关于水壶反馈的说明", text=text, findings=findings)
    return draft(case, kind, wording, by=crew.lead, now=NOW)


def make_request(statement: Statement, crew: Crew, *, now: datetime = NOW) -> Request:
    return submit(statement, by=crew.lead, now=now)


def approve_all(request: Request, crew: Crew, *, now: datetime = NOW) -> None:
    """Fact check, legal, spokesperson: one after the other."""
    for member in (crew.analyst, crew.legal, crew.spokesperson):
        approve(request, by=member, now=now)
