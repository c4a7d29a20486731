"""Corrective actions: what is changed, by whom and until when, followed to the end."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.cases.errors import CaseError
from tinglan.cases.models import ActionCompletion, Case, CorrectiveAction
from tinglan.cases.story import tell
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.lib import changes


@transaction.atomic
def plan_action(
    case: Case, title: str, *, owner: Member, due_at: datetime, by: Member, now: datetime
) -> CorrectiveAction:
    """Whoever works on cases names it, whether the case is open or closed."""
    require(by, Right.WORK_CASES)
    if not title.strip():
        raise CaseError(_("Say what is to be changed."))
    if due_at <= now:
        raise CaseError(_("“%(action)s” would be due in the past.") % {"action": title})
    action = CorrectiveAction.objects.create(
        case=case, title=title.strip(), owner=owner, due_at=due_at, by=by, at=now
    )
    run.start_until(Kind.TASK, action, due_at, now=now)
    changes.note(f"member:{owner.pk}")
    data = {"action": action.title, "owner": owner.name}
    tell(case, "plan_action", action, kind="action_planned", by=by, now=now, **data)
    return action


@transaction.atomic
def finish_action(
    action: CorrectiveAction, *, note: str, by: Member, now: datetime
) -> ActionCompletion:
    """Its owner, or who works on cases, says that it is done and what shows it."""
    if by.pk != action.owner_id:
        require(by, Right.WORK_CASES)
    action = CorrectiveAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if action.is_done:
        raise CaseError(_("“%(action)s” is done already.") % {"action": action})
    if not note.strip():
        raise CaseError(_("Say what shows that “%(action)s” is done.") % {"action": action})
    done = ActionCompletion.objects.create(action=action, note=note.strip(), by=by, at=now)
    run.meet(action, [Kind.TASK], by_row=done, now=now)
    data = {"action": action.title, "note": done.note}
    tell(action.case, "finish_action", done, kind="action_finished", by=by, now=now, **data)
    return done
