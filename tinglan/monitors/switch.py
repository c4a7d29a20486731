"""Switch the site's own label model on, and off again (启用)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.lib import changes
from tinglan.monitors.errors import RetrainingError
from tinglan.monitors.in_force import fits, in_force
from tinglan.monitors.learned import SiteModel, Switch
from tinglan.monitors.retrain import TOPIC


@transaction.atomic
def switch(model: SiteModel | None, *, by: Member, now: datetime) -> Switch:
    """Label with this model from now on; None: with the shipped weights alone.

    What is labelled already stays: each label says which model gave it.
    """
    require(by, Right.EDIT_MONITORS)
    if model is not None and not fits(model):
        raise RetrainingError(
            _("This model was made beside older weights: let the site learn again first.")
        )
    if model == in_force():
        raise RetrainingError(_("It labels already."))
    made = Switch.objects.create(model=model, by=by, at=now)
    changes.note(TOPIC)
    if model is None:
        record("monitors.switch_back", made, by=by, now=now)
    else:
        record("monitors.switch_on", made, by=by, now=now, data={"number": model.number})
    return made
