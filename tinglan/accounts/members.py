"""Members join, change, get roles, leave and come back; always one administrator stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from tinglan.accounts.errors import LastAdministratorError, TakenError
from tinglan.accounts.models import Appointment, Member
from tinglan.accounts.rights import Right, Role, require
from tinglan.audit.record import record


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is asked of a member."""

    name: str
    email: str
    title: str = ""
    phone: str = ""


def create_member(
    person: Person,
    roles: Iterable[Role],
    *,
    password: str | None = None,
    by: Member | None,
    now: datetime,
) -> Member:
    """A new member; without a password they set one by the link of `invite`."""
    require(by, Right.ADMINISTER)
    try:
        with transaction.atomic():
            member = Member.objects.create_member(
                person.email,
                person.name,
                password=password,
                title=person.title,
                phone=person.phone,
            )
            held = _give(member, roles)
            data = {"name": member.name, "email": member.email, "roles": held}
            record("accounts.create_member", member, by=by, now=now, data=data)
            return member
    except IntegrityError as error:
        raise TakenError(person.email) from error


def change_member(member: Member, person: Person, *, by: Member, now: datetime) -> Member:
    """Administrators change anybody, everybody changes themselves."""
    if by.pk != member.pk:
        require(by, Right.ADMINISTER)
    member.email = Member.objects.normalize_email(person.email)
    member.name, member.title, member.phone = person.name, person.title, person.phone
    try:
        with transaction.atomic():
            member.save(update_fields=["email", "name", "title", "phone"])
            record("accounts.change_member", member, by=by, now=now, data={"name": member.name})
    except IntegrityError as error:
        raise TakenError(person.email) from error
    return member


@transaction.atomic
def appoint(member: Member, roles: Iterable[Role], *, by: Member | None, now: datetime) -> Member:
    """Give exactly these roles."""
    require(by, Right.ADMINISTER)
    wanted = set(roles)
    if Role.ADMINISTRATOR not in wanted:
        _keep_an_administrator(member)
    held = _give(member, wanted)
    data = {"name": member.name, "roles": held}
    record("accounts.appoint", member, by=by, now=now, data=data)
    return member


@transaction.atomic
def deactivate(member: Member, *, by: Member | None, now: datetime) -> Member:
    """They can no longer sign in and are no longer called; what they did stays theirs."""
    require(by, Right.ADMINISTER)
    _keep_an_administrator(member)
    member.is_active = False
    member.save(update_fields=["is_active"])
    member.duties.filter(ends_at__gt=now).delete()
    record("accounts.deactivate", member, by=by, now=now, data={"name": member.name})
    return member


@transaction.atomic
def reactivate(member: Member, *, by: Member | None, now: datetime) -> Member:
    require(by, Right.ADMINISTER)
    member.is_active = True
    member.save(update_fields=["is_active"])
    record("accounts.reactivate", member, by=by, now=now, data={"name": member.name})
    return member


@transaction.atomic
def invite(member: Member, *, by: Member | None, now: datetime) -> str:
    """The path of a page on which the member sets a password, once, within three days."""
    require(by, Right.ADMINISTER)
    record("accounts.invite", member, by=by, now=now, data={"name": member.name})
    uid = urlsafe_base64_encode(force_bytes(member.pk))
    return f"/sign-in/password/{uid}/{default_token_generator.make_token(member)}"


def invited(uid: str, token: str) -> Member | None:
    """Whom a set-password link is for, if it still holds."""
    try:
        pk = int(urlsafe_base64_decode(uid))
    except ValueError:
        return None
    member = Member.objects.filter(pk=pk, is_active=True).first()
    return member if member and default_token_generator.check_token(member, token) else None


@transaction.atomic
def set_password(member: Member, password: str, *, now: datetime) -> Member:
    """The member's own act: by their link, or signed in."""
    member.set_password(password)
    member.save(update_fields=["password"])
    record("accounts.set_password", member, by=member, now=now, data={"name": member.name})
    return member


def _give(member: Member, roles: Iterable[Role]) -> list[str]:
    wanted = set(roles)
    member.appointments.exclude(role__in=wanted).delete()
    Appointment.objects.bulk_create(
        [Appointment(member=member, role=role) for role in wanted], ignore_conflicts=True
    )
    return [role.value for role in Role if role in wanted]


def _keep_an_administrator(member: Member) -> None:
    """Refuse when nobody else administers. The lock makes two who leave at once take turns."""
    administrators = Appointment.objects.filter(role=Role.ADMINISTRATOR)
    list(administrators.select_for_update().values_list("id", flat=True))
    if not administrators.filter(member=member, member__is_active=True).exists():
        return
    if not administrators.exclude(member=member).filter(member__is_active=True).exists():
        raise LastAdministratorError(member.name)
