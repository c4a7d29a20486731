"""Teams are formed, changed and dissolved by administrators."""

from datetime import datetime

import pytest

from tests.make import make_member
from tinglan.accounts.errors import TakenError
from tinglan.accounts.models import Team
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.accounts.teams import change_team, dissolve_team, form_team
from tinglan.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_team_has_its_members(now: datetime) -> None:
    bowen = make_member("博文")
    team = form_team("舆情领导小组", Team.Kind.LEADING_GROUP, members=[bowen], by=None, now=now)
    assert list(team.members.all()) == [bowen]
    assert AuditEntry.objects.get().data["members"] == ["博文"]


def test_a_team_changes_name_and_members(now: datetime) -> None:
    team = form_team("客服组", Team.Kind.CARE, members=[make_member("博文")], by=None, now=now)
    anqi = make_member("安琪")
    change_team(team, name="客户关怀组", kind=Team.Kind.CARE, members=[anqi], by=None, now=now)
    assert Team.objects.get().name == "客户关怀组"
    assert list(team.members.all()) == [anqi]


def test_two_teams_do_not_share_a_name(now: datetime) -> None:
    form_team("客服组", Team.Kind.CARE, members=[], by=None, now=now)
    with pytest.raises(TakenError, match="客服组"):
        form_team("客服组", Team.Kind.OFFICE, members=[], by=None, now=now)


def test_members_of_a_dissolved_team_stay(now: datetime) -> None:
    bowen = make_member("博文")
    team = form_team("客服组", Team.Kind.CARE, members=[bowen], by=None, now=now)
    dissolve_team(team, by=None, now=now)
    bowen.refresh_from_db()
    assert not Team.objects.exists()


def test_only_administrators_form_teams(now: datetime) -> None:
    with pytest.raises(ForbiddenError):
        form_team("组", Team.Kind.CARE, members=[], by=make_member("晨曦", Role.LEADER), now=now)
    assert not Team.objects.exists()
