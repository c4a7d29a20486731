"""Rows are the messages: announce a row, claim its leases in batches, finish them with the effect.

`announce` writes one lease row per subscriber in the transaction of the cause. A worker claims a
batch under a lease and a fresh token, works, and deletes the leases in the transaction of the
effect; the token in that DELETE is the fence, so a worker that was too slow cannot finish what
another has claimed since. A lease that runs out is claimed again. Kill -9 at any point loses
nothing and doubles nothing inside the database. All times here are wall times.
"""

import logging
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import F, Model, Q
from django.utils import timezone

from tinglan.lib import steps, wake
from tinglan.lib.errors import TinglanError
from tinglan.lib.models import Lease
from tinglan.lib.rows import insert

log = logging.getLogger(__name__)

URGENT, USUAL, LATE = 0, 1, 2  # ranks
LEASE = timedelta(seconds=60)
BACK_OFF = tuple(timedelta(seconds=s) for s in (15, 30, 60, 120, 300))
T = TypeVar("T")
M = TypeVar("M", bound=Model)
Effect = Callable[[], None]  # writes, in the transaction that ends the leases
CHUNK = 500  # rows of an IN (...) list, well under SQLite's limit of variables


class LeaseLostError(TinglanError):
    """The lease ran out and somebody else holds it: give up, the effect must not be written."""

    def __init__(self, lost: int) -> None:
        super().__init__(f"{lost} leases were lost while working: leased again by another worker")
        self.lost = lost


def announce(*rows: Model, rank: int = URGENT) -> None:
    """Tell every subscriber of these rows, in the transaction that caused them.

    What has a lower rank is claimed first, and apart from the others, however many wait.
    """
    _assert_in_transaction()
    now = timezone.now()
    leases = [
        Lease(subscriber=name, object_id=row.pk, rank=rank, announced_at=now, due_at=now)
        for row in rows
        for name in steps.subscribers(row._meta.label)
    ]
    if leases:
        insert(leases)
        wake.call()


def announce_by(rank: Callable[[M], int], rows: Iterable[M]) -> None:
    """Announce each row at the rank that it has."""
    queues: dict[int, list[M]] = {}
    for row in rows:
        queues.setdefault(rank(row), []).append(row)
    for number, queue in sorted(queues.items()):
        announce(*queue, rank=number)


def claim(
    subscriber: str, *, now: datetime, limit: int = 200, lease: timedelta = LEASE
) -> list[Lease]:
    """Take up to `limit` due leases of the lowest rank there is, oldest first, for `lease`.

    A batch is of one rank: what is urgent must not wait for the work on what is not.
    """
    token = uuid.uuid4()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    waiting = Lease.objects.filter(free, subscriber=subscriber, due_at__lte=now)
    if not waiting.exists():  # a look takes no lock: on SQLite a transaction would, many a second
        return []
    with transaction.atomic():
        waiting = waiting.order_by("rank", "due_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        found = list(waiting.values_list("id", "rank")[:limit])
        ids = [pk for pk, rank in found if rank == found[0][1]]
        for chunk in _chunks(ids):
            Lease.objects.filter(free, id__in=chunk).update(
                token=token, leased_until=now + lease, attempts=F("attempts") + 1
            )
    return list(Lease.objects.filter(token=token).order_by("rank", "due_at", "id")) if ids else []


def renew(leases: Sequence[Lease], *, now: datetime, lease: timedelta = LEASE) -> None:
    """Hold on to the leases for longer; raises LeaseLostError when one is no longer ours."""
    with transaction.atomic():
        held = sum(
            Lease.objects.filter(id__in=[one.pk for one in chunk], token=chunk[0].token).update(
                leased_until=now + lease
            )
            for chunk in _by_token(leases)
        )
        _expect(held, len(leases))


def finish(leases: Sequence[Lease]) -> None:
    """End the leases, in the transaction of the effect; raises LeaseLostError to undo it."""
    _assert_in_transaction()
    ended = sum(
        Lease.objects.filter(id__in=[one.pk for one in chunk], token=chunk[0].token).delete()[0]
        for chunk in _by_token(leases)
    )
    _expect(ended, len(leases))


def give_back(leases: Sequence[Lease]) -> None:
    """Let others have the leases at once (a clean stop): nothing was tried."""
    for chunk in _by_token(leases):
        Lease.objects.filter(id__in=[one.pk for one in chunk], token=chunk[0].token).update(
            token=None, leased_until=None, attempts=F("attempts") - 1
        )


def put_off(lease: Lease, *, error: str, now: datetime, delay: timedelta | None = None) -> bool:
    """Keep the error on the lease and try later, by default after the next back-off.

    False when the lease is no longer ours: then nothing was written.
    """
    wait = delay if delay is not None else back_off(lease.attempts)
    n_held = Lease.objects.filter(id=lease.pk, token=lease.token).update(
        token=None,
        leased_until=None,
        due_at=now + wait,
        last_error=error[:2000],
        last_error_at=now,
    )
    return bool(n_held)


def back_off(attempts: int) -> timedelta:
    return BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]


def work(
    subscriber: str,
    prepare: Callable[[list[Lease]], Effect],
    *,
    wall: Callable[[], datetime],
    limit: int = 200,
    lease: timedelta = LEASE,
) -> int:
    """Claim a batch and handle it; returns how many leases were claimed.

    `prepare` reads and thinks, outside any transaction; the effect that it returns is written in
    one transaction with the end of the leases. A lease that was lost meanwhile undoes the effect,
    but rows may have changed since they were read: the effect makes sure, or does no harm then.

    1. What was never tried is handled and finished as one batch.
    2. When that fails, each lease is handled alone, so that one bad row holds up no other.
    3. What was tried before is handled alone too, and steps back first: a row that kills the
       process must not be the first again when its lease has run out.
    4. A row that fails alone is put off with its error.
    """
    leases = claim(subscriber, now=wall(), limit=limit, lease=lease)
    fresh = [one for one in leases if one.attempts == 1]
    done = set(fresh) if len(fresh) > 1 and _failure(fresh, prepare) is None else set()
    for one in leases:
        if one in done:
            continue
        if one.attempts > 1:
            _step_back(one, now=wall())
        error = _failure([one], prepare)
        if error is not None:
            log.warning("lease failed subscriber=%s object=%s", subscriber, one.object_id)
            put_off(one, error=error, now=wall())
    return len(leases)


def unfinished(*, before: datetime) -> list[Lease]:
    """Leases announced before a moment and still open: what the auditor reports."""
    return list(Lease.objects.filter(announced_at__lt=before).order_by("announced_at")[:100])


def _step_back(lease: Lease, *, now: datetime) -> None:
    Lease.objects.filter(id=lease.pk, token=lease.token).update(
        due_at=now + back_off(lease.attempts)
    )


def _failure(leases: list[Lease], prepare: Callable[[list[Lease]], Effect]) -> str | None:
    try:
        write = prepare(leases)
        with transaction.atomic():
            write()
            finish(leases)
    except Exception as error:
        log.info("handling failed n=%s", len(leases), exc_info=True)
        return f"{type(error).__name__}: {error}"
    return None


def _by_token(leases: Sequence[Lease]) -> Iterable[Sequence[Lease]]:
    tokens = {one.token for one in leases}
    for token in tokens:
        yield from _chunks([one for one in leases if one.token == token])


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def _expect(done: int, wanted: int) -> None:
    if done != wanted:
        raise LeaseLostError(wanted - done)


def _assert_in_transaction() -> None:
    assert connection.in_atomic_block, "announce and finish belong in the transaction of the cause"
