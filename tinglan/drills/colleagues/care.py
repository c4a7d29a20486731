"""The steps toward people: replies, tasks that a note shows as done, who has to be told."""

from datetime import timedelta
from functools import partial

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, Role
from tinglan.cases.complete import complete
from tinglan.cases.inform import Telling, inform
from tinglan.cases.models import Completion, Statement, Task
from tinglan.drills.colleagues.scene import Chance, Look, Scene
from tinglan.monitors.models import Mention
from tinglan.plans.models import Step
from tinglan.replies.draft import Vow, draft
from tinglan.replies.models import Reply, Sending
from tinglan.replies.resolve import resolve
from tinglan.replies.send import send


def replying(scene: Scene) -> Chance | None:
    """A holding reply to whom it befell first, with a promise; the answer when all is known."""
    mention = scene.mention(scene.script["helped"])
    if mention is None or hasattr(mention, "resolution"):
        return None
    sent = set(Sending.objects.filter(reply__mention=mention).values_list("reply__kind", flat=True))
    if not sent:
        act = partial(_say, scene, mention, Reply.Kind.HOLDING)
        return Chance(scene.case.opened_at, act)
    known_at = scene.published_at(Statement.Kind.FULL)
    if Reply.Kind.ANSWER in sent or known_at is None:
        return None
    return Chance(known_at, partial(_say, scene, mention, Reply.Kind.ANSWER))


def helping(scene: Scene) -> Chance | None:
    """The talk ends when the problem is solved, some time after the answer."""
    mention = scene.mention(scene.script["helped"])
    if mention is None or hasattr(mention, "resolution"):
        return None
    answers = Sending.objects.filter(reply__mention=mention, reply__kind=Reply.Kind.ANSWER)
    answer = answers.order_by("at").last()
    if answer is None:
        return None
    remedy = scene.script["reply"]["answer"]["remedy"]
    return Chance(answer.at, partial(resolve, mention, remedy=remedy, now=scene.now))


def doing(role: Role) -> Look:
    """The next task of the role that a note shows as done."""

    def look(scene: Scene) -> Chance | None:
        notes = scene.script["tasks"]
        waiting = scene.case.tasks.open().filter(role=role, code__in=notes)
        task = waiting.order_by("due_at", "id").first()
        if task is None:
            return None
        done = Completion.objects.filter(task__case=scene.case, task__role=role)
        since = max([task.added_at, *done.values_list("at", flat=True)])
        act = partial(complete, task, note=notes[task.code], now=scene.now)
        return Chance(since, act, partial(_may_complete, task))

    return look


def informing(scene: Scene) -> Chance | None:
    """Who has to be told, where the plan asks for it."""
    if not scene.case.tasks.filter(proof=Step.Proof.TELLING).exists():
        return None
    told = dict(scene.case.stakeholders.values_list("name", "at"))
    since = max([scene.case.opened_at, *told.values()])
    for telling in scene.script["telling"]:
        if telling["name"] not in told:
            what = Telling(**telling)
            return Chance(since, partial(inform, scene.case, what, at=scene.now, now=scene.now))
    return None


def _may_complete(task: Task, member: Member) -> bool:
    return member.pk == task.assignee_id or member.can(Right.WORK_CASES)


def _say(scene: Scene, mention: Mention, kind: Reply.Kind, *, by: Member) -> Sending:
    text, vow = scene.script["reply"][kind.value], None
    if kind == Reply.Kind.HOLDING:
        due_at = scene.now + timedelta(minutes=text["within_minutes"])
        vow = Vow(text=text["promise"], owner=by, due_at=due_at)
    reply = draft(mention, kind, text["text"], by=by, now=scene.now, vow=vow)
    account = scene.script["account"]
    return send(reply, account=account, url="", at=scene.now, by=by, now=scene.now)
