"""Who takes which task: by role, those on duty first, then who has least to do."""

from datetime import datetime

from django.db.models import Count, Q

from tinglan.accounts.models import Duty, Member
from tinglan.accounts.rights import Role
from tinglan.cases.models import Case
from tinglan.clocks import run
from tinglan.clocks.models import Kind


def who_takes(role: Role, case: Case, *, now: datetime) -> Member | None:
    """A member for a task of this role; the case's lead takes those of a PR lead."""
    if role == Role.PR_LEAD and case.lead is not None:
        return case.lead
    on_duty = set(Duty.objects.at(now).values_list("member_id", flat=True))
    open_tasks = Count("tasks", filter=Q(tasks__completion__isnull=True), distinct=True)
    able = Member.objects.holding(role).annotate(n_tasks=open_tasks)
    return min(able, key=lambda each: (each.pk not in on_duty, each.n_tasks, each.pk), default=None)


def note_assembled(case: Case, *, now: datetime) -> None:
    """The working group stands once the case has a lead and every required task somebody."""
    unfilled = case.tasks.required().open().filter(assignee__isnull=True)
    if case.lead is not None and case.tasks.exists() and not unfilled.exists():
        run.meet(case.event.going_on, [Kind.ASSEMBLE], by_row=case, now=now)
