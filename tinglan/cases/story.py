"""Where every verb of a case ends: an entry in the story, one in the audit trail, pages told."""

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.audit.record import record
from tinglan.cases.errors import ClosedError
from tinglan.cases.models import Case
from tinglan.events import timeline
from tinglan.lib import changes


def tell(
    case: Case,
    verb: str,
    subject: Model,
    *,
    kind: str,
    by: Member | None,
    now: datetime,
    **data: Any,
) -> None:
    """Note what happened: `kind` is the timeline's word for it, `verb` the audit trail's."""
    timeline.add(case.event, kind, at=now, by=by, **data)
    changes.note(case.topic, "cases")
    record(f"cases.{verb}", subject, by=by, now=now, data={"case": case.number, **data})


def require_open(case: Case) -> None:
    if not case.is_open:
        raise ClosedError(
            _("Case %(number)s is closed: reopen it first.") % {"number": case.number}
        )
