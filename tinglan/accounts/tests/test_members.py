"""Members join, change, get roles and leave; one administrator always stays."""

from datetime import datetime

import pytest

from tests.make import make_duty, make_member
from tinglan.accounts import members
from tinglan.accounts.errors import LastAdministratorError, TakenError
from tinglan.accounts.members import Person
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Right, Role
from tinglan.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

BOWEN = Person(name="博文", email="bowen@xinghe.example", title="公关总监")


@pytest.fixture
def administrator() -> Member:
    return make_member("安琪", Role.ADMINISTRATOR)


def test_a_new_member_has_their_roles_and_no_password(administrator: Member, now: datetime) -> None:
    member = members.create_member(BOWEN, [Role.PR_LEAD], by=administrator, now=now)
    assert Member.objects.get(pk=member.pk).roles == [Role.PR_LEAD]
    assert not member.has_usable_password()
    assert AuditEntry.objects.get().data["roles"] == ["pr_lead"]


def test_an_address_in_use_is_refused(administrator: Member, now: datetime) -> None:
    members.create_member(BOWEN, [], by=administrator, now=now)
    with pytest.raises(TakenError, match="bowen"):
        members.create_member(BOWEN, [], by=administrator, now=now)
    assert AuditEntry.objects.count() == 1


def test_only_administrators_create_members(now: datetime) -> None:
    with pytest.raises(ForbiddenError):
        members.create_member(BOWEN, [], by=make_member("晨曦", Role.PR_LEAD), now=now)
    assert not Member.objects.filter(email=BOWEN.email).exists()


def test_roles_are_exactly_those_given(administrator: Member, now: datetime) -> None:
    bowen = make_member("博文", Role.PR_LEAD, Role.LEGAL)
    members.appoint(bowen, [Role.LEGAL, Role.SPOKESPERSON], by=administrator, now=now)
    assert Member.objects.get(pk=bowen.pk).roles == [Role.LEGAL, Role.SPOKESPERSON]


def test_the_last_administrator_keeps_the_role(administrator: Member, now: datetime) -> None:
    with pytest.raises(LastAdministratorError, match="安琪"):
        members.appoint(administrator, [Role.PR_LEAD], by=administrator, now=now)
    assert Member.objects.get(pk=administrator.pk).can(Right.ADMINISTER)


def test_the_last_administrator_cannot_leave(administrator: Member, now: datetime) -> None:
    former = make_member("博文", Role.ADMINISTRATOR)
    members.deactivate(former, by=administrator, now=now)
    with pytest.raises(LastAdministratorError):
        members.deactivate(administrator, by=administrator, now=now)
    assert Member.objects.get(pk=administrator.pk).is_active


def test_who_leaves_is_on_duty_no_more_and_may_nothing(
    administrator: Member, now: datetime
) -> None:
    bowen = make_member("博文", Role.DUTY_OFFICER)
    make_duty(bowen)
    members.deactivate(bowen, by=administrator, now=now)
    assert not bowen.duties.exists()
    assert not Member.objects.get(pk=bowen.pk).can(Right.SEE)


def test_who_comes_back_may_again(administrator: Member, now: datetime) -> None:
    bowen = make_member("博文", Role.PR_LEAD, is_active=False)
    members.reactivate(bowen, by=administrator, now=now)
    assert Member.objects.get(pk=bowen.pk).can(Right.PUBLISH)


def test_everybody_changes_themselves_and_nobody_else(now: datetime) -> None:
    bowen, chenxi = make_member("博文"), make_member("晨曦", Role.PR_LEAD)
    members.change_member(bowen, BOWEN, by=bowen, now=now)
    assert Member.objects.get(pk=bowen.pk).title == "公关总监"
    with pytest.raises(ForbiddenError):
        members.change_member(bowen, BOWEN, by=chenxi, now=now)


def test_an_invitation_works_once(administrator: Member, now: datetime) -> None:
    bowen = members.create_member(BOWEN, [], by=administrator, now=now)
    uid, token = members.invite(bowen, by=administrator, now=now).split("/")[-2:]
    assert members.invited(uid, token) == bowen
    members.set_password(bowen, "starriver-2026", now=now)
    assert members.invited(uid, token) is None


@pytest.mark.parametrize(("uid", "token"), [("!!", "x"), ("MQ", "x-y"), ("OTk5", "c-d"), ("", "")])
def test_a_made_up_invitation_is_for_nobody(uid: str, token: str) -> None:
    make_member()
    assert members.invited(uid, token) is None


def test_who_has_left_is_not_let_in_by_an_old_invitation(
    administrator: Member, now: datetime
) -> None:
    bowen = members.create_member(BOWEN, [], by=administrator, now=now)
    uid, token = members.invite(bowen, by=administrator, now=now).split("/")[-2:]
    members.deactivate(bowen, by=administrator, now=now)
    assert members.invited(uid, token) is None
