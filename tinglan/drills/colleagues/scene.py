"""What the scripted colleagues see: the case of the drill, now, and what could be done in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.cases.models import Case, Check, Statement
from tinglan.drills.models import Drill
from tinglan.drills.scenario import Scenario
from tinglan.monitors.models import Brand, Mention


class Act(Protocol):
    """A verb with everything but who takes it."""

    def __call__(self, *, by: Member) -> object: ...


def anybody(member: Member) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Chance:
    """A step that could be taken, since when it waits, and who of the role may take it."""

    since: datetime
    act: Act
    may: Callable[[Member], bool] = anybody


@dataclass(frozen=True, slots=True)
class Scene:
    """One look at the case of a drill."""

    drill: Drill
    scenario: Scenario
    case: Case
    now: datetime

    @property
    def script(self) -> Mapping[str, Any]:
        return self.scenario.script

    def statement(self, kind: Statement.Kind) -> Statement | None:
        """The last version of the case's statement of this kind, whoever wrote it."""
        return self.case.statements.last_versions().filter(kind=kind).order_by("-id").first()

    def published_at(self, kind: Statement.Kind) -> datetime | None:
        """When a statement of this kind first stood in public."""
        published = self.case.statements.filter(kind=kind, publications__isnull=False)
        times = published.order_by("publications__at").values_list("publications__at", flat=True)
        at: datetime | None = times.first()
        return at

    def checked_at(self) -> list[datetime]:
        """When facts were checked."""
        checks = Check.objects.filter(finding__case=self.case)
        return list(checks.values_list("at", flat=True))

    def mention(self, line: str) -> Mention | None:
        """Of a line of the scenario, once it was told and heard."""
        heard = Mention.objects.filter(
            post__native_id=f"{self.drill.key}{line}", brand__kind=Brand.Kind.OWN
        )
        return heard.select_related("post").first()


Look = Callable[[Scene], Chance | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One step of the script: who takes it, and how long a person would need to come to it.

    `whose` it is matters to a visitor: where a colleague stands in for somebody, it is not `role`.
    """

    name: str
    role: Role
    whose: Role
    after: timedelta
    look: Look
