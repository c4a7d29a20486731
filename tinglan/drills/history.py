"""What the company did in the weeks before: small complaints were answered one by one.

Level IV asks for no case, only for a judgement and an answer; without them the past would be full
of breached due times that nobody in the story is to blame for.
"""

from datetime import datetime

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.drills.scenario import Scenario
from tinglan.events.level import confirm
from tinglan.events.models import Event, Level
from tinglan.replies.draft import draft
from tinglan.replies.models import Reply
from tinglan.replies.send import send


def answer_mild(scenario: Scenario, *, now: datetime) -> int:
    """Judge and answer the open events of level IV; how many there were."""
    agent, officer = _scripted(Role.AGENT), _scripted(Role.DUTY_OFFICER)
    events = Event.objects.open().filter(level=Level.BLUE, is_confirmed=False)
    for event in events:
        confirm(event, by=officer, now=now)
        first = event.memberships.select_related("mention").order_by("mention__at", "id").first()
        if first is not None and not first.mention.replies.exists():
            text = scenario.script["reply"]["everyday"]["text"]
            reply = draft(first.mention, Reply.Kind.ANSWER, text, by=agent, now=now)
            account = scenario.script["account"]
            send(reply, account=account, url="", at=now, by=agent, now=now)
    return len(events)


def _scripted(role: Role) -> Member:
    return Member.objects.holding(role).filter(is_scripted=True).order_by("pk")[0]
