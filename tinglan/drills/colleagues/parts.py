"""The script: every step of the scripted colleagues in the order in which a case goes.

The seconds are those of a person at work, counted from the moment in which the step waits.
"""

from datetime import timedelta
from typing import Final

from tinglan.accounts.rights import Right, Role
from tinglan.drills.colleagues import care, facts, lessons, statements
from tinglan.drills.colleagues.scene import Look, Part
from tinglan.drills.colleagues.statements import FULL, HOLDING


def _part(name: str, role: Role, seconds: int, look: Look, *, whose: Role | None = None) -> Part:
    after = timedelta(seconds=seconds)
    return Part(name=name, role=role, whose=whose or role, after=after, look=look)


PARTS: Final = (
    _part("acknowledge", Role.DUTY_OFFICER, 50, facts.acknowledging),
    _part("preserve", Role.DUTY_OFFICER, 30, facts.preserving),
    _part("confirm red", Role.DUTY_OFFICER, 75, facts.confirming),
    _part("note claims", Role.ANALYST, 35, facts.noting),
    _part("judge", Role.ANALYST, 60, facts.judging),
    _part("draft holding", Role.PR_LEAD, 80, statements.drafting(HOLDING)),
    _part("submit holding", Role.PR_LEAD, 20, statements.submitting(HOLDING)),
    _part("approve facts", Role.ANALYST, 40, statements.approving(Right.APPROVE_FACTS)),
    _part("approve legal", Role.LEGAL, 45, statements.approving(Right.APPROVE_LEGAL)),
    _part("approve release", Role.SPOKESPERSON, 40, statements.approving(Right.APPROVE_RELEASE)),
    _part("publish holding", Role.PR_LEAD, 30, statements.publishing(HOLDING)),
    _part("reply", Role.AGENT, 70, care.replying),
    _part("agent's tasks", Role.AGENT, 110, care.doing(Role.AGENT)),
    _part("leader's tasks", Role.PR_LEAD, 150, care.doing(Role.LEADER), whose=Role.LEADER),
    _part("legal's tasks", Role.LEGAL, 150, care.doing(Role.LEGAL)),
    _part("lead's tasks", Role.PR_LEAD, 100, care.doing(Role.PR_LEAD)),
    _part("inform", Role.LEGAL, 170, care.informing),
    _part("check", Role.ANALYST, 60, facts.checking),
    _part("draft full", Role.PR_LEAD, 60, statements.drafting(FULL)),
    _part("submit full", Role.PR_LEAD, 20, statements.submitting(FULL)),
    _part("publish full", Role.PR_LEAD, 30, statements.publishing(FULL)),
    _part("help", Role.AGENT, 90, care.helping),
    _part("improve", Role.PR_LEAD, 120, lessons.improving),
    _part("close", Role.PR_LEAD, 300, lessons.closing),
    _part("review", Role.PR_LEAD, 120, lessons.reviewing),
)
