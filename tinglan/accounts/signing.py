"""Signing in, as the audit trail sees it."""

from datetime import datetime

from django.db import transaction

from tinglan.accounts.models import Member
from tinglan.audit.record import record


@transaction.atomic
def note_sign_in(member: Member, *, now: datetime, how: str) -> None:
    """`how` is "password", "link", "first run" or "demo"."""
    record("accounts.sign_in", member, by=member, now=now, data={"how": how})
