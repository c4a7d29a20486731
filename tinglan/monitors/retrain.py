"""Learn from the corrections of this site, and propose what makes the labels better (再训练)."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.analysis.adjustment import made_for
from tinglan.analysis.lessons import Comparison, Lesson, learn
from tinglan.audit.record import record
from tinglan.lib import changes, claims, clock
from tinglan.lib.models import Lease
from tinglan.monitors.correct import FIELDS
from tinglan.monitors.errors import RetrainingError
from tinglan.monitors.in_force import fits
from tinglan.monitors.learned import Retraining, SiteModel
from tinglan.monitors.models import Correction
from tinglan.monitors.taught import kind_of, truths

STEP: Final = "monitors.retrain"
LEASE: Final = timedelta(minutes=10)
AT_MOST_EVERY: Final = timedelta(days=1)  # by itself; a person may ask at any time
ENOUGH_NEW: Final = 30  # corrections since it learnt last
TOPIC: Final = "labels"


class Tested(TypedDict):
    """Of `n` labels, how many are right without and with what was learnt."""

    n: int
    before: int
    after: int


class Figure(TypedDict):
    """One kind of label: judged on the site's own corrections and on the fixed posts."""

    field: str
    is_tried: bool  # enough was said of it
    is_kept: bool
    is_worse: bool  # on the fixed posts: never kept
    own: Tested
    fixed: Tested


@transaction.atomic
def ask(*, by: Member | None, now: datetime) -> Retraining:
    """Have the worker learn from all corrections there are; one at a time."""
    require(by, Right.CORRECT)
    if Retraining.objects.filter(finished_at=None).exists():
        raise RetrainingError(_("It is learning already: wait until it has finished."))
    retraining = Retraining.objects.create(by=by, at=now, last_correction=_newest())
    claims.announce(retraining)
    changes.note(TOPIC)
    record("monitors.retrain", retraining, by=by, now=now)
    return retraining


def ask_when_due(now: datetime) -> int:
    """The worker's step: once a day, when people have said enough that is new."""
    last = Retraining.objects.first()
    if last is not None and (last.finished_at is None or now - last.at < AT_MOST_EVERY):
        return 0
    if n_new(last) < ENOUGH_NEW:
        return 0
    ask(by=None, now=now)
    return 1


def n_new(last: Retraining | None) -> int:
    """Corrections since it learnt last; all of them when other weights are shipped since."""
    newest = SiteModel.objects.defer("content").first()
    is_outdated = newest is not None and not fits(newest)
    learnt = last.last_correction if last and not is_outdated else 0
    return Correction.objects.filter(pk__gt=learnt, field__in=FIELDS).count()


def poll(now: datetime) -> int:
    """The worker's step: learn, which takes a while, and write what came of it."""
    return claims.work(STEP, partial(_learnt, now=now), wall=clock.wall, limit=1, lease=LEASE)


def _learnt(leases: list[Lease], *, now: datetime) -> claims.Effect:
    retraining = Retraining.objects.filter(pk=leases[0].object_id, finished_at=None).first()
    if retraining is None:
        return lambda: None
    posts = truths(until=retraining.last_correction)
    lesson = learn(posts, progress=partial(_tell, retraining))
    return partial(_propose, retraining, lesson, n_posts=len(posts), now=now)


def _tell(retraining: Retraining, done: int, of: int) -> None:
    """Say how far it is; open pages see it move."""
    retraining.n_done, retraining.n_steps = done, of
    retraining.save(update_fields=["n_done", "n_steps"])
    changes.note(TOPIC)


def _propose(retraining: Retraining, lesson: Lesson, *, n_posts: int, now: datetime) -> None:
    retraining.outcome = _outcome(lesson)
    retraining.finished_at, retraining.n_posts = now, n_posts
    retraining.figures = [_figure(field, lesson) for field in FIELDS]
    retraining.save(update_fields=["outcome", "finished_at", "n_posts", "figures"])
    if retraining.outcome == Retraining.Outcome.PROPOSED:
        model = SiteModel.objects.create(
            number=(SiteModel.objects.values_list("number", flat=True).first() or 0) + 1,
            retraining=retraining,
            made_for=made_for(),
            content=lesson.adjustment.content(),
            fields=[field for field in FIELDS if kind_of(field) in lesson.fields],
        )
        record("monitors.propose_model", model, by=None, now=now, data={"number": model.number})
    changes.note(TOPIC)


def _outcome(lesson: Lesson) -> Retraining.Outcome:
    if not lesson.tried:
        return Retraining.Outcome.TOO_FEW
    return Retraining.Outcome.PROPOSED if lesson.fields else Retraining.Outcome.NO_GAIN


def _figure(field: str, lesson: Lesson) -> Figure:
    kind = kind_of(field)
    fixed = lesson.on_fixed[kind]
    return Figure(
        field=field,
        is_tried=kind in lesson.tried,
        is_kept=kind in lesson.fields,
        is_worse=fixed.is_worse,
        own=_tested(lesson.on_own[kind]),
        fixed=_tested(fixed),
    )


def _tested(found: Comparison) -> Tested:
    return Tested(n=found.n, before=found.n_right_before, after=found.n_right_after)


def _newest() -> int:
    return Correction.objects.values_list("pk", flat=True).order_by("-pk").first() or 0
