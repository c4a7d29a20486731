"""A case follows its event: when that becomes a part of another, the response goes on there.

Where the other event has no case, the case moves to it with all that it holds. Where it has one,
that one goes on for both: it takes over the open tasks that it lacks, the earlier due time counts,
and the two are linked. Nothing is closed or deleted. When the merge is taken back, a case that had
moved returns.
"""

from collections.abc import Sequence
from datetime import datetime

from tinglan.cases.models import Case, Transfer
from tinglan.cases.story import tell
from tinglan.cases.tasks import bring_nearer
from tinglan.events.models import Event, Merge, Split


def hear_merges(merges: Sequence[Merge], *, now: datetime) -> None:
    """The worker's step."""
    for merge in merges:
        follow(merge.event, now=now)


def hear_splits(splits: Sequence[Split], *, now: datetime) -> None:
    """The worker's step: a merge that is taken back gives the case back."""
    for split in splits:
        if split.undoes is not None:
            _return(split, now=now)


def follow(event: Event, *, now: datetime) -> None:
    """The case of an event that was merged goes on where the event goes on."""
    into = event.going_on
    case = Case.objects.select_for_update(of=("self",)).filter(event=event).first()
    if case is None or into == event:
        return
    other = Case.objects.select_for_update(of=("self",)).filter(event=into).first()
    if other is None:
        _move(case, event, into, now=now)
    elif not case.transfers.filter(continued_in=other).exists():
        _join(case, other, now=now)


def adopt(event: Event, *, now: datetime) -> Case | None:
    """The case of an event; one that its merged parts brought, if their merge is not yet heard."""
    for part in event.merged.filter(case__isnull=False):
        follow(part, now=now)
    return Case.objects.filter(event=event).first()


def _move(case: Case, out_of: Event, into: Event, *, now: datetime) -> None:
    case.event = into
    case.save(update_fields=["event"])
    done = Transfer.objects.create(case=case, out_of=out_of, into=into, at=now)
    told = {"number": case.number, "title": out_of.title}
    tell(case, "follow", done, kind="case_followed", by=None, now=now, **told)


def _join(case: Case, other: Case, *, now: datetime) -> None:
    held = {task.code: task for task in other.tasks.exclude(code="")}
    for task in case.tasks.open():
        same = held.get(task.code) if task.code else None
        if same is None:
            task.case = other
            task.save(update_fields=["case"])
        elif not same.is_done and task.due_at < same.due_at:
            bring_nearer(same, task.due_at, now=now)
    done = Transfer.objects.create(
        case=case, out_of=case.event, into=other.event, continued_in=other, at=now
    )
    told = {"number": other.number, "joined": case.number}
    tell(other, "join", done, kind="case_joined", by=None, now=now, **told)


def _return(split: Split, *, now: datetime) -> None:
    moved = Transfer.objects.filter(out_of=split.into, into=split.event, continued_in=None)
    last = moved.select_related("case").order_by("-id").first()
    if last is None or last.case.event_id != split.event_id:
        return
    if not Case.objects.filter(event=split.into).exists():
        _move(last.case, split.event, split.into, now=now)
