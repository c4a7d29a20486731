"""Poll the sources that are due: claim, fetch outside any transaction, take in, note the state.

A source is claimed by moving its next poll ahead, so two workers never poll the same one and one
that a dying worker held is polled again soon. What was fetched is written only while that claim
stands: somebody who asked for another poll meanwhile gets it.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from tinglan.audit.record import record
from tinglan.lib import changes
from tinglan.sources.connectors import registry
from tinglan.sources.connectors.contract import Collected, ConnectorError, SourceFacts
from tinglan.sources.intake import take_in
from tinglan.sources.models import Run, Source, SourceQuerySet

log = logging.getLogger(__name__)

AT_ONCE: Final = 8  # sources fetched side by side: one that hangs holds up no other
CLAIM: Final = timedelta(minutes=5)  # several times what a fetch may take
FIRST_RETRY: Final = timedelta(minutes=1)
LAST_RETRY: Final = timedelta(hours=6)  # also after what only a person can mend


def poll(now: datetime) -> int:
    """The worker's step: one round of due sources; how many were polled."""
    claimed = claim(now, limit=AT_ONCE)
    if not claimed:
        return 0
    with ThreadPoolExecutor(len(claimed)) as pool:
        answers = list(pool.map(lambda source: ask(source, now=now), claimed))
    for source, answer in zip(claimed, answers, strict=True):
        if isinstance(answer, Collected):
            succeed(source, answer, now=now)
        else:
            fail(source, answer, now=now)
    return len(claimed)


def claim(now: datetime, *, limit: int) -> Sequence[Source]:
    """Due sources that nobody else polls; each is ours until its next poll comes round."""
    claimed = []
    for source in Source.objects.due(now)[:limit]:
        mine = Source.objects.filter(pk=source.pk, next_poll_at=source.next_poll_at)
        if mine.update(next_poll_at=now + CLAIM):
            source.next_poll_at = now + CLAIM
            claimed.append(source)
    return claimed


def facts_of(source: Source, *, now: datetime, profile: str = "") -> SourceFacts:
    return SourceFacts(
        platform=source.platform,
        scope=f"source-{source.pk}",
        zone=ZoneInfo(source.zone),
        now=now,
        profile=profile or source.profile,
    )


def ask(source: Source, *, now: datetime) -> Collected | ConnectorError:
    """What the source answers; no database here, this runs beside others in a thread."""
    try:
        return registry.poller(source.kind).poll(
            source.url,
            source=facts_of(source, now=now),
            state=source.state,
            allow=settings.FETCH_ALLOW,
        )
    except ConnectorError as error:
        return error
    except Exception as error:
        log.exception("connector failed source=%s kind=%s", source.pk, source.kind)
        message = f"Tinglan stumbled over the answer ({type(error).__name__}); the log has more."
        return ConnectorError(message, code="broken")


def succeed(source: Source, answer: Collected, *, now: datetime) -> None:
    """Take in what is new; an error of before is over."""
    if not answer.is_unchanged:
        take_in(source, answer.items, answer.rejects, now=now)
    learned = {
        "state": dict(answer.state),
        "last_run_at": now,
        "last_success_at": now,
        "last_error": "",
        "last_error_code": "",
        "n_failures": 0,
        "next_poll_at": now + timedelta(minutes=source.interval_minutes),
    }
    if answer.moved_to:
        learned["url"] = answer.moved_to
    with transaction.atomic():
        if not _ours(source).update(**learned):
            return
        if source.n_failures:
            changes.note("sources", "board")
        if answer.moved_to and answer.moved_to != source.url:
            data = {"name": source.name, "old": source.url, "new": answer.moved_to}
            record("sources.move", source, by=None, now=now, data=data)


def fail(source: Source, error: ConnectorError, *, now: datetime) -> None:
    """Keep the error where everyone sees it and try later; what is gone for good is stopped."""
    is_gone = error.code == "gone"
    n_failures = source.n_failures + 1
    with transaction.atomic():
        Run.objects.create(
            source=source,
            started_at=now,
            finished_at=now,
            error=str(error),
            error_code=error.code,
        )
        ours = _ours(source).update(
            last_run_at=now,
            last_error=str(error),
            last_error_code=error.code,
            last_error_at=now,
            n_failures=n_failures,
            next_poll_at=retry_at(error, n_failures=n_failures, now=now),
            is_enabled=not is_gone,
            disabled_reason=str(error)[:500] if is_gone else "",
        )
        changes.note("sources", "board")
        if ours and is_gone:
            record(
                "sources.stop",
                source,
                by=None,
                now=now,
                data={"name": source.name, "reason": str(error)},
            )


def retry_at(error: ConnectorError, *, n_failures: int, now: datetime) -> datetime:
    """After a minute, then twice as long each time; never before the source asks us back.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> retry_at(ConnectorError("busy", code="site_error"), n_failures=3, now=noon).minute
    4
    """
    wait = LAST_RETRY if error.permanent else FIRST_RETRY * 2 ** min(n_failures - 1, 9)
    return max(now + min(wait, LAST_RETRY), error.retry_at or now)


def _ours(source: Source) -> SourceQuerySet:
    return Source.objects.filter(pk=source.pk, next_poll_at=source.next_poll_at)
