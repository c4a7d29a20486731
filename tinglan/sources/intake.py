"""Items become posts: identified, deduplicated, linked, and announced to whoever listens.

Everything that enters, a poll, a file, a push or a drill, enters here. A batch is one short
transaction; a post that another intake made at the same moment is met again on the second try.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from tinglan.lib import changes, vault
from tinglan.lib.urgent import are_urgent
from tinglan.sources.batch import Batch, Result, Sealed
from tinglan.sources.connectors.contract import ConnectorError
from tinglan.sources.item import Item, Reject
from tinglan.sources.models import Rejection, Run, Source
from tinglan.sources.tidy import Tidy, UnusableError, clean, tidy

BATCH: Final = 200  # about 90 ms in the transaction
TRIES: Final = 5  # a post made by somebody else meanwhile costs one
MAX_REJECTIONS: Final = 1000  # shown per run; all are counted


@dataclass(frozen=True, slots=True)
class Taken:
    """A run and what became of each thing handed in: items in their order, then rejects."""

    run: Run
    results: tuple[Result, ...]


def open_run(source: Source, *, name: str = "", now: datetime) -> Run:
    """A run for a reading that is taken in by several calls."""
    return Run.objects.create(source=source, started_at=now, name=name[:255])


def take_in(
    source: Source,
    items: Sequence[Item],
    rejects: Sequence[Reject] = (),
    *,
    now: datetime,
    run: Run | None = None,
    is_drill: bool = False,
) -> Taken:
    """Store items of a source; without a `run` they are a finished run of their own.

    1. Make each item storable; what cannot be is rejected with its reason.
    2. Write the items in batches, each in a transaction with its counts on the run.
    3. Close the run, if it is ours, in the last of them.
    """
    intake = _Intake(source, run or Run(source=source, started_at=now), now, is_drill)
    rejected = [*rejects]
    tidied = intake.tidied(items, rejected)
    batches = list(_batches(tidied)) or [[]]
    results: list[Result] = []
    for batch in batches:
        is_last = batch is batches[-1]
        results += intake.take(batch, rejected if is_last else (), closing=is_last and run is None)
    return Taken(intake.run, tuple(results))


def close_run(run: Run, *, now: datetime, error: ConnectorError | None = None) -> None:
    """End a run; an error in it is kept on the run."""
    with transaction.atomic():
        run.finished_at = now
        if error is not None:
            run.error, run.error_code = str(error), error.code
        run.save(update_fields=["finished_at", "error", "error_code"])
        changes.note("sources")


def _batches(tidied: Sequence[Sealed]) -> Iterable[Sequence[Sealed]]:
    for start in range(0, len(tidied), BATCH):
        yield tidied[start : start + BATCH]


@dataclass(frozen=True, slots=True)
class _Intake:
    source: Source
    run: Run
    now: datetime
    is_drill: bool

    def tidied(self, items: Sequence[Item], rejected: list[Reject]) -> list[Sealed]:
        found: list[Tidy] = []
        for item in items:
            try:
                found.append(tidy(item, now=self.now))
            except UnusableError as error:
                sample = clean(item.text or item.title)[:200]
                reject = Reject(position=item.position, reason=str(error), sample=sample)
                rejected.append(reject)
        urgent = are_urgent([f"{one.item.title}\n{one.item.text}" for one in found])
        return [
            Sealed(one, vault.seal(one.item.raw) if one.item.raw else None, is_urgent)
            for one, is_urgent in zip(found, urgent, strict=True)
        ]

    def take(
        self, batch: Sequence[Sealed], rejects: Sequence[Reject], *, closing: bool
    ) -> list[Result]:
        """One batch in one transaction, with its counts on the run and on the source."""
        with transaction.atomic():
            if self.run.pk is None:
                self.run.save()
            results = [*self._write(batch), *self._reject(rejects)]
            self.run.finished_at = self.now if closing else None
            self._count(results)
        return results

    def _write(self, batch: Sequence[Sealed]) -> list[Result]:
        """Written again when another intake made one of the posts since we looked for them."""
        for left in reversed(range(TRIES)):
            try:
                with transaction.atomic():
                    return Batch(self.source, self.run, self.now, self.is_drill, batch).write()
            except IntegrityError:
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _reject(self, rejects: Sequence[Reject]) -> Iterable[Result]:
        room = max(0, MAX_REJECTIONS - self.run.n_rejected)
        Rejection.objects.bulk_create(
            Rejection(
                run=self.run,
                position=max(reject.position, 0),
                reason=clean(reject.reason)[:500],
                sample=clean(reject.sample)[:200],
            )
            for reject in rejects[:room]
        )
        for one in rejects:
            yield Result(one.position, "rejected", reason=one.reason, native_id=one.native_id)

    def _count(self, results: Sequence[Result]) -> None:
        """The figures of the run and of its source, in the transaction of what they count."""
        run = self.run
        for result in results:
            name = f"n_{result.status}"
            setattr(run, name, getattr(run, name) + 1)
        run.save()
        told = {"last_run_at": self.now, "last_success_at": self.now}
        if any(result.status == "created" for result in results):
            told["last_post_at"] = self.now
        Source.objects.filter(pk=self.source.pk).update(**told)
        for name, at in told.items():
            setattr(self.source, name, at)
        changes.note("sources")
