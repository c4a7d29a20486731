"""Record who outside and inside was told what, how and when."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.cases.complete import complete_by
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Stakeholder, Statement
from tinglan.cases.story import require_open, tell
from tinglan.plans.models import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Whom, by which channel, what; with the statement that was handed over, if one was."""

    group: Stakeholder.Group
    name: str
    channel: str
    told: str
    statement: Statement | None = None


@transaction.atomic
def inform(case: Case, telling: Telling, *, at: datetime, by: Member, now: datetime) -> Stakeholder:
    require(by, Right.WORK_CASES)
    require_open(case)
    if at > now:
        raise CaseError(_("Record what was told once it was told: the time lies in the future."))
    if not telling.told.strip() or not telling.channel.strip():
        raise CaseError(_("Say what was told and by which channel."))
    told = Stakeholder.objects.create(
        case=case,
        group=telling.group,
        name=telling.name.strip(),
        channel=telling.channel.strip(),
        told=telling.told.strip(),
        statement=telling.statement,
        by=by,
        at=at,
    )
    # The step that asks for telling a group has the group's name as its code.
    complete_by(case, Step.Proof.TELLING, by_row=told, by=by, now=now, code=told.group)
    data = {"group": told.group, "name": told.name, "channel": told.channel}
    tell(case, "inform", told, kind="stakeholder_informed", by=by, now=now, **data)
    return told
