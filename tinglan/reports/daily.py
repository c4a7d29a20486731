"""Count what a daily report tells of a period: plain data from rows, exact to its bounds.

Codes and numbers only, words come when it is shown; titles are masked here, because an edition is
kept and handed out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, F, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast, TruncHour

from tinglan.analysis.privacy import mask
from tinglan.cases.models import Case, Closure, Publication
from tinglan.clocks.models import Clock
from tinglan.events.models import Event, LevelChange, Membership
from tinglan.monitors.models import Aspect, Brand, Intent, Mention, Polarity
from tinglan.replies.models import Promise, Resolution, Sending
from tinglan.sources.models import Run, Sighting, Source

HOUR = timedelta(hours=1)
N_EVENTS, N_COMPLAINTS, N_MISSED = 20, 12, 20
POLARITIES = (Polarity.NEGATIVE, Polarity.NEUTRAL, Polarity.POSITIVE, Polarity.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From start up to, not including, end."""

    start: datetime
    end: datetime

    def before(self) -> "Period":
        """As long a time one day earlier."""
        day = timedelta(days=1)
        return Period(start=self.start - day, end=self.end - day)

    def within(self, name: str) -> Q:
        return Q(**{f"{name}__gte": self.start, f"{name}__lt": self.end})


def count_day(period: Period, *, brand: Brand | None, now: datetime) -> dict[str, Any]:
    """Everything the daily report tells."""
    return {
        "volume": _volume(period, brand),
        "events": _events(period, brand),
        "complaints": _complaints(period, brand),
        "clocks": _clocks(period, brand, now),
        "responses": _responses(period, brand, now),
        "coverage": coverage(period, now),
    }


# Volume


def _volume(period: Period, brand: Brand | None) -> dict[str, Any]:
    hours = (
        _mentions(period, brand)
        .values_list(TruncHour("at"), "polarity")
        .annotate(n=Count("id"))
        .order_by()
    )
    by_hour = {(at.astimezone(UTC).isoformat(), polarity): n for at, polarity, n in hours}
    starts = [
        (period.start.astimezone(UTC) + n * HOUR).isoformat()
        for n in range(-(-(period.end - period.start) // HOUR))
    ]
    return {
        **_sums(period, brand),
        "before": _sums(period.before(), brand),
        "hours": [
            {"at": at, **{polarity: by_hour.get((at, polarity), 0) for polarity in POLARITIES}}
            for at in starts
        ],
    }


def _sums(period: Period, brand: Brand | None) -> dict[str, int]:
    return _mentions(period, brand).aggregate(
        n=Count("id"),
        n_copies=Count("id", filter=Q(copy_of__isnull=False)),
        n_complaints=Count("id", filter=Q(intent=Intent.COMPLAINT)),
        **{
            polarity.value: Count("id", filter=Q(polarity=polarity.value))
            for polarity in POLARITIES
        },
    )


def _mentions(period: Period, brand: Brand | None) -> QuerySet[Mention]:
    mentions = Mention.objects.filter(period.within("at"))
    return mentions.filter(brand=brand) if brand else mentions


# Events


def _events(period: Period, brand: Brand | None) -> list[dict[str, Any]]:
    """Events that had a level or a change of one, or were opened and grew, gravest first."""
    changes = LevelChange.objects.filter(period.within("at"))
    moved = Membership.objects.filter(period.within("mention__at"))
    events = Event.objects.filter(
        Q(pk__in=changes.values("event")) | ~Q(level="") & Q(ended_at__isnull=True),
        merged_into__isnull=True,
    )
    events = events.filter(brand=brand) if brand else events
    shown = list(events.select_related("brand", "case").gravest_first()[:N_EVENTS])
    new = dict(
        moved.filter(event__in=shown).values_list("event").annotate(n=Count("id")).order_by()
    )
    told: dict[int, list[dict[str, Any]]] = {}
    for change in changes.filter(event__in=shown).order_by("event", "number"):
        told.setdefault(change.event_id, []).append(_change(change))
    return [_event(event, new.get(event.pk, 0), told.get(event.pk, [])) for event in shown]


def _event(event: Event, n_new: int, changes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": event.pk,
        "title": mask(event.title),
        "brand": event.brand.name,
        "level": event.level,
        "score": round(event.score),
        "stage": event.stage,
        "n_posts": event.n_posts,
        "n_new": n_new,
        "changes": changes,
        "case": event.case.number if hasattr(event, "case") else "",
        "case_id": event.case.pk if hasattr(event, "case") else None,
    }


def _change(change: LevelChange) -> dict[str, Any]:
    return {"at": change.at.isoformat(), "from": change.from_level, "to": change.to_level}


# Complaints


def _complaints(period: Period, brand: Brand | None) -> list[dict[str, Any]]:
    """Product by aspect, the most frequent first, against the time before."""
    before = _product_aspects(period.before(), brand)
    found = [
        {**key, "n": n, "before": before.get(_key(key), (key, 0))[1]}
        for key, n in _product_aspects(period, brand).values()
    ]
    found.sort(key=lambda row: (-row["n"], row["product"], row["aspect"]))
    return found[:N_COMPLAINTS]


def _product_aspects(
    period: Period, brand: Brand | None
) -> dict[tuple[Any, ...], tuple[dict[str, Any], int]]:
    complaints = _mentions(period, brand).filter(intent=Intent.COMPLAINT)
    # SQLite cannot ask whether a JSON list contains a value, and both stores write it alike.
    rows: Iterable[Mapping[str, Any]] = (
        complaints.annotate(listed=Cast("aspects", TextField()))
        .values("brand_id", "brand__name", "product_id", "product__name")
        .annotate(
            **{
                f"n_{aspect.value}": Count("id", filter=Q(listed__contains=f'"{aspect.value}"'))
                for aspect in Aspect
            }
        )
        .order_by()
    )
    keyed = [(_about(row, aspect), row[f"n_{aspect}"]) for row in rows for aspect in Aspect.values]
    return {_key(key): (key, n) for key, n in keyed if n}


def _about(row: Mapping[str, Any], aspect: str) -> dict[str, Any]:
    return {
        "brand_id": row["brand_id"],
        "brand": row["brand__name"],
        "product_id": row["product_id"],
        "product": row["product__name"] or "",
        "aspect": aspect,
    }


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["brand_id"], row["product_id"], row["aspect"]


# Clocks


def _clocks(period: Period, brand: Brand | None, now: datetime) -> dict[str, Any]:
    """What was due: met in time, met late, and what ran out in this time."""
    clocks = Clock.objects.all()
    if brand is not None:
        events = Event.objects.filter(brand=brand).values("pk")
        clocks = clocks.filter(subject_kind=Event._meta.label, subject_id__in=events)
    met = clocks.filter(period.within("met_at"))
    # What was stopped after it was due had been missed all the same.
    is_open = Q(met_at__isnull=True, due_at__lte=now)
    is_open &= Q(stopped_at__isnull=True) | Q(stopped_at__gt=F("due_at"))
    missed = clocks.filter(period.within("due_at")).filter(is_open | Q(met_at__gt=F("due_at")))
    by_kind = met.values_list("kind").annotate(
        n_in_time=Count("id", filter=Q(met_at__lte=F("due_at"))),
        n_late=Count("id", filter=Q(met_at__gt=F("due_at"))),
    )
    open_by_kind = missed.filter(met_at__isnull=True).values_list("kind").annotate(n=Count("id"))
    return {
        "kinds": _by_kind(list(by_kind.order_by()), dict(open_by_kind.order_by())),
        "missed": [
            _missed(clock, subject)
            for clock, subject in _with_subjects(missed.order_by("due_at", "id")[:N_MISSED])
        ],
    }


def _by_kind(met: list[tuple[str, int, int]], overdue: dict[str, int]) -> list[dict[str, Any]]:
    in_time = {kind: (n, n_late) for kind, n, n_late in met}
    return [
        {
            "kind": kind,
            "n_in_time": in_time.get(kind, (0, 0))[0],
            "n_late": in_time.get(kind, (0, 0))[1],
            "n_overdue": overdue.get(kind, 0),
        }
        for kind in sorted({*in_time, *overdue})
    ]


def _with_subjects(clocks: Iterable[Clock]) -> list[tuple[Clock, Model | None]]:
    """Clocks with the rows they belong to: events, alerts, tasks, promises."""
    found = list(clocks)
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for clock in found:
        wanted[clock.subject_kind].add(clock.subject_id)
    rows = {
        kind: apps.get_model(kind)._default_manager.in_bulk(pks) for kind, pks in wanted.items()
    }
    return [(clock, rows[clock.subject_kind].get(clock.subject_id)) for clock in found]


def _missed(clock: Clock, subject: Model | None) -> dict[str, Any]:
    place = getattr(subject, "case", subject)  # a task is read in its case
    address = getattr(place, "get_absolute_url", None)
    return {
        "kind": clock.kind,
        "level": clock.level,
        "due_at": clock.due_at.isoformat(),
        "met_at": clock.met_at.isoformat() if clock.met_at else None,
        "title": mask(str(subject)) if subject else "",
        "url": address() if address else "",
    }


# Responses


def _responses(period: Period, brand: Brand | None, now: datetime) -> dict[str, Any]:
    about: dict[str, Any] = {"reply__mention__brand": brand} if brand else {}
    of_event: dict[str, Any] = {"event__brand": brand} if brand else {}
    solved: dict[str, Any] = {"mention__brand": brand} if brand else {}
    opened = Case.objects.filter(period.within("opened_at"), **of_event)
    closed = Closure.objects.standing().filter(period.within("at"))
    published = Publication.objects.filter(period.within("at"))
    if brand is not None:
        closed = closed.filter(case__event__brand=brand)
        published = published.filter(statement__case__event__brand=brand)
    return {
        "n_sent": Sending.objects.filter(period.within("at"), **about).count(),
        "n_solved": Resolution.objects.filter(period.within("at"), **solved).count(),
        "n_overdue_promises": Promise.objects.open().filter(due_at__lte=now, **about).count(),
        "opened": [_case(case) for case in opened.select_related("event")],
        "closed": [
            {**_case(one.case), "cause": one.cause} for one in closed.select_related("case__event")
        ],
        "published": [
            {
                "title": mask(one.statement.title),
                "kind": one.statement.kind,
                "account": one.account,
                "at": one.at.isoformat(),
                "case": one.statement.case.number,
                "case_id": one.statement.case_id,
            }
            for one in published.select_related("statement__case")
        ],
    }


def _case(case: Case) -> dict[str, Any]:
    return {"id": case.pk, "number": case.number, "title": mask(case.event.title)}


# Coverage


def coverage(period: Period, now: datetime) -> dict[str, Any]:
    """What was listened to, and where we were blind: every figure depends on it."""
    seen = dict(
        Sighting.objects.filter(period.within("at"))
        .values_list("source")
        .annotate(n=Count("id"))
        .order_by()
    )
    failed = dict(
        Run.objects.filter(period.within("started_at"))
        .exclude(error="")
        .values_list("source")
        .annotate(n=Count("id"))
        .order_by()
    )
    sources = Source.objects.filter(is_enabled=True)
    rows = [
        {
            "id": source.pk,
            "name": source.name,
            "platform": source.platform,
            "n_posts": seen.get(source.pk, 0),
            "n_failed": failed.get(source.pk, 0),
            "health": source.health(now).value,
            "is_blind": source.is_blind(now),
        }
        for source in sources
    ]
    return {"sources": rows, "n_blind": sum(row["is_blind"] for row in rows)}
