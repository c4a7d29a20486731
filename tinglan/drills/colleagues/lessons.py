"""The last steps: what is changed for good, the closure, the look back."""

from datetime import timedelta
from functools import partial

from tinglan.accounts.models import Member
from tinglan.cases.close import Ending, close
from tinglan.cases.improve import plan_action
from tinglan.cases.models import CorrectiveAction, Statement
from tinglan.cases.review import Lessons, review
from tinglan.drills.colleagues.scene import Chance, Scene


def improving(scene: Scene) -> Chance | None:
    explained_at = scene.published_at(Statement.Kind.FULL)
    planned = set(scene.case.actions.values_list("title", flat=True))
    left = [action for action in scene.script["action"] if action["title"] not in planned]
    if explained_at is None or not left:
        return None
    return Chance(explained_at, partial(_plan, scene, left[0]["title"], left[0]["days"]))


def closing(scene: Scene) -> Chance | None:
    """When the public knows all and everything that must be done is done."""
    explained_at = scene.published_at(Statement.Kind.FULL)
    has_open_tasks = scene.case.tasks.required().open().exists()
    if explained_at is None or has_open_tasks or scene.case.closures.exists():
        return None
    ending = Ending(**scene.script["closing"])
    return Chance(explained_at, partial(close, scene.case, ending, now=scene.now))


def reviewing(scene: Scene) -> Chance | None:
    closure = scene.case.closure
    if closure is None or hasattr(scene.case, "review"):
        return None
    lessons = Lessons(**scene.script["lessons"])
    return Chance(closure.at, partial(review, scene.case, lessons, now=scene.now))


def _plan(scene: Scene, title: str, days: int, *, by: Member) -> CorrectiveAction:
    due_at = scene.now + timedelta(days=days)
    return plan_action(scene.case, title, owner=by, due_at=due_at, by=by, now=scene.now)
