"""Assess events: signals from the rows, the pure grade, and what it changes, with its reasons kept.

Every event that a batch touches is assessed at once, in the batch's transaction; `track` assesses
the open ones again every five minutes, because levels also rise and fall by time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, prefetch_related_objects

from tinglan.analysis import settle
from tinglan.analysis.held import Held
from tinglan.analysis.levels import V1
from tinglan.analysis.risk import Grade, Signals, grade
from tinglan.events.level import change_level, held_of, hold
from tinglan.events.models import Event, LevelChange, Nature, Snapshot
from tinglan.events.signals import signals_of
from tinglan.lib import changes
from tinglan.lib.rows import overwrite

EVERY = timedelta(minutes=5)


def assess(events: Sequence[Event], *, now: datetime) -> None:
    """Grade the events (locked by the caller) and write what changed."""
    graded = [event for event in events if event.is_open and not event.is_backfill]
    if not graded:
        return
    signals = signals_of(graded, now=now)
    latest = _latest_snapshots(graded)
    natures = {nature.code: nature for nature in Nature.objects.all()}
    prefetch_related_objects(graded, "nature")
    news: list[Snapshot] = []
    settled: list[tuple[Event, Held]] = []
    for event in graded:
        result = grade(signals[event.pk])
        held = settle.settle(held_of(event), result, now=now)
        # What it told of stays known when nobody has said it again for a day.
        event.nature = natures.get(_gravest(signals[event.pk])) or event.nature
        event.score, event.assessed_at = result.exact_score, now
        hold(event, held)
        settled.append((event, held))
        level = held.level.roman
        if _is_news(latest.get(event.pk), result, level, now):
            news.append(_snapshot(event, result, signals[event.pk], level=level, now=now))
    overwrite(graded, ["score", "assessed_at", "held", "is_confirmed", "nature"])
    _keep(news)
    _change_levels(settled, latest | {one.event_id: one for one in news}, now=now)


def _keep(news: Sequence[Snapshot]) -> None:
    Snapshot.objects.bulk_create(news)
    if news:
        changes.note("board", *(f"event:{one.event_id}" for one in news))


def _change_levels(
    settled: Iterable[tuple[Event, Held]], snapshots: Mapping[int, Snapshot], *, now: datetime
) -> None:
    for event, held in settled:
        if held.level.roman == event.level:
            continue
        by_floor = held.reason.startswith("floor:")
        change_level(
            event,
            held.level.roman,
            reason=LevelChange.Reason.FLOOR if by_floor else LevelChange.Reason.SCORE,
            now=now,
            note=held.reason,
            snapshot=snapshots.get(event.pk),
        )


def _is_news(before: Snapshot | None, result: Grade, level: str, now: datetime) -> bool:
    """A snapshot for every change that shows, and one each five minutes for the curve."""
    if before is None or before.level != level or now - before.at >= EVERY:
        return True
    return round(before.score) != result.score


def _snapshot(
    event: Event, result: Grade, signals: Signals, *, level: str, now: datetime
) -> Snapshot:
    return Snapshot(
        event=event,
        at=now,
        score=result.score,
        level=level,
        formula=result.formula_version,
        factors=[asdict(factor) for factor in result.factors],
        signals=_plain(signals),
        floors=[{"code": bound.code, "level": bound.level.roman} for bound in result.floors],
        caps=[{"code": bound.code, "level": bound.level.roman} for bound in result.caps],
        flags=sorted(result.flags),
        n_posts=event.n_posts,
    )


def _plain(signals: Signals) -> dict[str, Any]:
    """The signals as JSON; the authors' counts shortened to what the flag needs."""
    values = asdict(signals)
    values["posts_by_author"] = sorted(signals.posts_by_author or (), reverse=True)[:20]
    return values


def _gravest(signals: Signals) -> str:
    """The gravest nature told of, as the formula counts it; a lone voice while nobody else speaks.

    Of fifty who cheer one may be misread: the event is no complaint for that.
    """
    seen = [one for one in signals.natures or () if one.n_independent]
    needed = V1.harm_needs_posts
    heard = [one for one in seen if one.floor or one.n_independent >= needed] or seen
    return max(heard, key=lambda one: (one.harm, one.n_independent)).code if heard else ""


def _latest_snapshots(events: Sequence[Event]) -> dict[int, Snapshot]:
    newest = (
        Snapshot.objects.filter(event__in=events)
        .order_by()
        .values("event")
        .annotate(newest=Max("id"))
        .values("newest")
    )
    return {one.event_id: one for one in Snapshot.objects.filter(pk__in=newest)}
