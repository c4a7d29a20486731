"""A post is shown as it was written, personal data included: on need, and logged each time."""

from datetime import datetime

from django.db import transaction

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.monitors.models import Mention
from tinglan.sources.models import Post


@transaction.atomic
def show(mention: Mention, *, by: Member, now: datetime) -> Post:
    """The post behind a mention, for somebody who works on what it tells (PIPL art. 6)."""
    require(by, Right.WORK_CASES)
    record("monitors.show", mention, by=by, now=now, data={"post": mention.post_id})
    return mention.post
