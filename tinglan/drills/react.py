"""Scripted colleagues (脚本同事): they take the steps that nobody has taken, after a human delay.

So the loop closes even if the visitor only watches, and whoever takes part finds their own step
still open: the script waits several times longer for what the role of the visitor may do. Only
members marked as scripted act here, through the same verbs as people, four eyes included.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.audit.models import AuditEntry
from tinglan.cases.models import Case
from tinglan.drills.colleagues.parts import PARTS
from tinglan.drills.colleagues.scene import Act, Scene
from tinglan.drills.models import Drill
from tinglan.drills.play import SIGNED_IN
from tinglan.drills.scenario import load
from tinglan.lib.errors import TinglanError

log = logging.getLogger(__name__)

PATIENCE: Final = 4  # times as long where the visitor could do it


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who plays, and which roles the visitor has."""

    scripted: tuple[Member, ...]
    visitor: Member | None

    def patience(self, role: Role) -> int:
        return PATIENCE if self.visitor is not None and role in self.visitor.roles else 1

    def of(self, role: Role) -> list[Member]:
        return [member for member in self.scripted if role in member.roles]


def poll(now: datetime) -> int:
    """The worker's step: at most one act, as people do one thing after the other."""
    drill = Drill.objects.running().last()
    scene = scene_of(drill, now) if drill is not None else None
    return act(scene) if scene is not None else 0


def scene_of(drill: Drill, now: datetime) -> Scene | None:
    """The first case of the drill; None while the clock runs fast, where nobody could follow."""
    scenario = load(drill.scenario)
    if not drill.cues.filter(act=scenario.act_begun_by("case").name).exists():
        return None
    cases = Case.objects.filter(
        event__memberships__mention__post__native_id__startswith=drill.key,
        opened_at__gte=drill.started_at,
    )
    case = cases.select_related("event", "lead").order_by("pk").first()
    return Scene(drill, scenario, case, now) if case is not None else None


def act(scene: Scene) -> int:
    """The first step that has waited long enough is taken by a colleague who may take it."""
    cast = _Cast(tuple(Member.objects.filter(is_scripted=True, is_active=True)), _visitor())
    for part in PARTS:
        chance = part.look(scene)
        if chance is None or scene.now - chance.since < part.after * cast.patience(part.whose):
            continue
        colleague = next((each for each in cast.of(part.role) if chance.may(each)), None)
        if colleague is not None and _does(part.name, chance.act, colleague):
            return 1
    return 0


def _does(name: str, act: Act, colleague: Member) -> bool:
    """A person may have been faster, or have closed the case: then there is nothing to do."""
    try:
        act(by=colleague)
    except TinglanError as error:
        log.info("scripted act left part=%s by=%s why=%s", name, colleague.pk, error)
        return False
    return True


def _visitor() -> Member | None:
    """Whoever entered last: one person looks at a demo, as one member after the other."""
    entry = AuditEntry.objects.filter(verb=SIGNED_IN).order_by("-id").first()
    return entry.actor if entry else None
