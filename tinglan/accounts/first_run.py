"""The first run: the first person sets the company up and becomes its administrator."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from tinglan.accounts.errors import AlreadySetUpError
from tinglan.accounts.models import Appointment, Company, Member
from tinglan.accounts.rights import Role
from tinglan.audit.record import record


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """What the first page asks for."""

    company: str
    name: str
    email: str
    password: str
    language: str = "zh-hans"


def is_open() -> bool:
    """Whether nobody is here yet."""
    return not Member.objects.exists()


def set_up(founder: Founder, *, now: datetime) -> Member:
    """Create the company and its administrator. Of two at once, the company's key lets one win."""
    try:
        with transaction.atomic():
            Company.objects.bulk_create([Company(id=1, name=founder.company, set_up_at=now)])
            if not is_open():
                raise AlreadySetUpError
            return _create(founder, now)
    except IntegrityError as error:
        raise AlreadySetUpError from error


def _create(founder: Founder, now: datetime) -> Member:
    member = Member.objects.create_member(
        founder.email, founder.name, password=founder.password, language=founder.language
    )
    Appointment.objects.create(member=member, role=Role.ADMINISTRATOR)
    record("accounts.first_run", member, by=member, now=now, data={"company": founder.company})
    return member
