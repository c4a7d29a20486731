"""The steps of a statement: drafted, submitted, approved by three, published."""

from datetime import datetime
from functools import partial

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right
from tinglan.approvals.decide import approve
from tinglan.cases.draft import Wording, draft
from tinglan.cases.models import Statement
from tinglan.cases.publish import publish
from tinglan.cases.submit import submit
from tinglan.drills.colleagues.scene import Chance, Look, Scene

HOLDING, FULL = Statement.Kind.HOLDING, Statement.Kind.FULL


def drafting(kind: Statement.Kind) -> Look:
    """A holding statement at once; a full one when every finding has been checked."""

    def look(scene: Scene) -> Chance | None:
        if scene.statement(kind) is not None:
            return None
        since = scene.case.opened_at if kind == HOLDING else _all_checked_at(scene)
        return Chance(since, partial(_write, scene, kind)) if since else None

    return look


def submitting(kind: Statement.Kind) -> Look:
    def look(scene: Scene) -> Chance | None:
        statement = scene.statement(kind)
        if statement is None or statement.stage != Statement.Stage.DRAFT:
            return None
        return Chance(statement.at, partial(submit, statement, now=scene.now))

    return look


def approving(right: Right) -> Look:
    """The step at hand of a statement that waits, by somebody with no hand in it."""

    def look(scene: Scene) -> Chance | None:
        for statement in scene.case.statements.last_versions():
            request = statement.request
            if request is not None and request.next_right == right:
                since = max([request.requested_at, *(each.at for each in request.decisions)])
                return Chance(since, partial(approve, request, now=scene.now), request.waits_for)
        return None

    return look


def publishing(kind: Statement.Kind) -> Look:
    def look(scene: Scene) -> Chance | None:
        statement = scene.statement(kind)
        if statement is None or statement.stage != Statement.Stage.APPROVED:
            return None
        request = statement.request
        assert request is not None, "what is approved was submitted"
        account, url = scene.script["account"], f"{scene.script['address']}/{statement.pk}"
        act = partial(publish, statement, account=account, url=url, at=scene.now, now=scene.now)
        return Chance(request.decisions[-1].at, act)

    return look


def _all_checked_at(scene: Scene) -> datetime | None:
    """When the last finding was checked, once the company has spoken at all."""
    if scene.published_at(HOLDING) is None:
        return None
    if scene.case.findings.filter(checks__isnull=True).exists():
        return None
    return max(scene.checked_at(), default=None)


def _write(scene: Scene, kind: Statement.Kind, *, by: Member) -> Statement:
    text = scene.script[kind.value]
    checked = scene.case.findings.filter(checks__isnull=False).distinct()
    wording = Wording(
        title=text["title"],
        text=text["text"],
        findings=tuple(checked) if kind == FULL else (),
        strategies=tuple(text["strategies"]),
    )
    return draft(scene.case, kind, wording, by=by, now=scene.now)
