"""Teams of the response organisation: formed, changed, dissolved."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from tinglan.accounts.errors import TakenError
from tinglan.accounts.models import Member, Team
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record


def form_team(
    name: str, kind: str, *, members: Iterable[Member], by: Member | None, now: datetime
) -> Team:
    require(by, Right.ADMINISTER)
    return _save(Team(name=name, kind=kind), "accounts.form_team", members=members, by=by, now=now)


def change_team(
    team: Team,
    *,
    name: str,
    kind: str,
    members: Iterable[Member],
    by: Member | None,
    now: datetime,
) -> Team:
    require(by, Right.ADMINISTER)
    team.name, team.kind = name, kind
    return _save(team, "accounts.change_team", members=members, by=by, now=now)


@transaction.atomic
def dissolve_team(team: Team, *, by: Member | None, now: datetime) -> None:
    require(by, Right.ADMINISTER)
    record("accounts.dissolve_team", team, by=by, now=now, data={"name": team.name})
    team.delete()


def _save(
    team: Team, verb: str, *, members: Iterable[Member], by: Member | None, now: datetime
) -> Team:
    chosen = list(members)
    try:
        with transaction.atomic():
            team.save()
            team.members.set(chosen)
            data = {"name": team.name, "kind": team.kind, "members": [m.name for m in chosen]}
            record(verb, team, by=by, now=now, data=data)
    except IntegrityError as error:
        raise TakenError(team.name) from error
    return team
