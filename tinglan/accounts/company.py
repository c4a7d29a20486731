"""The company profile: read by statements and replies, changed by administrators."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tinglan.accounts.models import Company, Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record

FIELDS = ("name", "hotline", "website", "official_accounts")


def company() -> Company | None:
    """None before the first run."""
    return Company.objects.first()


@transaction.atomic
def change_company(values: Mapping[str, str], *, by: Member | None, now: datetime) -> Company:
    require(by, Right.ADMINISTER)
    found = Company.objects.select_for_update().first() or Company(id=1, set_up_at=now)
    for field in FIELDS:
        setattr(found, field, values[field])
    found.save()
    record("accounts.change_company", found, by=by, now=now, data=dict(values))
    return found
