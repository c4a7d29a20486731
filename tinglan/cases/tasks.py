"""What happens to a task whatever moved it."""

from datetime import datetime

from tinglan.cases.models import Task
from tinglan.clocks import run
from tinglan.clocks.models import Kind


def bring_nearer(task: Task, due_at: datetime, *, now: datetime) -> None:
    """It becomes due earlier, and its clock with it."""
    task.due_at = due_at
    task.save(update_fields=["due_at"])
    run.stop(task, now=now, kinds=[Kind.TASK])
    run.start_until(Kind.TASK, task, due_at, now=now)
