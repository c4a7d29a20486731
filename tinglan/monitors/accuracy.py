"""How often the labels were right, by the word of those who looked at them (准确率)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from tinglan.monitors.classify import PERSON
from tinglan.monitors.correct import FIELDS, Field, Value
from tinglan.monitors.models import Correction, Mention
from tinglan.sources.models import Sighting

MOST_CONFUSIONS = 5
FEW = 20  # at 50 % of 20, 95 of 100 such samples lie between 28 % and 72 %: below, chance rules
UNKNOWN = "unknown"  # says nothing, so it is neither right nor wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A person looked at a label that nobody had set: what it was, and the last word on it."""

    field: Field
    mention_id: int
    given: Value
    said: Value
    week: date  # its Monday, by the site's calendar
    source: str  # that delivered the post first; empty where none is known
    method: str  # by which the label came about: "model labels-1 site-2", "context"

    @property
    def is_right(self) -> bool:
        return self.given == self.said


@dataclass(frozen=True, slots=True)
class Tally:
    """Of the labels that were looked at, how many were right."""

    n_judged: int = 0
    n_right: int = 0

    @property
    def share(self) -> float | None:
        return self.n_right / self.n_judged if self.n_judged else None

    @property
    def is_few(self) -> bool:
        return self.n_judged < FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """One kind of label: of those that a person judged, how many stayed as they were."""

    field: Field
    n_labelled: int
    tally: Tally
    confusions: tuple[tuple[Value, Value, int], ...]  # given, what it should be, how often


def judgements(*, since: datetime) -> list[Judgement]:
    """Every label that was corrected or confirmed since a moment, once."""
    first = Sighting.objects.filter(post=OuterRef("mention__post")).order_by("at", "pk")
    rows = Correction.objects.filter(at__gte=since, field__in=FIELDS).order_by("id")
    rows = rows.annotate(source=Subquery(first.values("source__name")[:1]))
    found: dict[tuple[int, Field], Judgement] = {}
    for row in rows.iterator():
        field: Field = row.field  # type: ignore[assignment]
        before = found.get((row.mention_id, field))
        if before is None and (row.old_method == PERSON or row.old == UNKNOWN):
            continue
        found[row.mention_id, field] = Judgement(
            field=field,
            mention_id=row.mention_id,
            given=before.given if before else row.old,
            said=row.new,
            week=before.week if before else _monday(row.at),
            source=row.source or "",
            method=before.method if before else row.old_method,
        )
    return list(found.values())


def accuracy(judged: Iterable[Judgement], *, since: datetime) -> list[Accuracy]:
    """For each kind of label.

    People look more often at what seems wrong, so the share is rather too low than too high.
    """
    n_labelled = Mention.objects.originals().filter(at__gte=since).count()
    by_field: dict[Field, list[Judgement]] = {field: [] for field in FIELDS}
    for one in judged:
        by_field[one.field].append(one)
    return [
        Accuracy(
            field=field,
            n_labelled=n_labelled,
            tally=_tally(ones),
            confusions=_confusions(ones),
        )
        for field, ones in by_field.items()
    ]


def by_label(judged: Iterable[Judgement]) -> dict[tuple[Field, str | bool], Tally]:
    """By what was given. An aspect that was given is right where it was left."""
    n_judged: Counter[tuple[Field, str | bool]] = Counter()
    n_right: Counter[tuple[Field, str | bool]] = Counter()
    for one in judged:
        said = one.said if isinstance(one.said, list) else [one.said]
        for label in one.given if isinstance(one.given, list) else [one.given]:
            n_judged[one.field, label] += 1
            n_right[one.field, label] += label in said
    return {key: Tally(n, n_right[key]) for key, n in n_judged.items()}


def by_source(judged: Iterable[Judgement]) -> dict[str, Mapping[Field, Tally]]:
    """By who delivered the post first; the source that was looked at most comes first."""
    groups: dict[str, list[Judgement]] = {}
    for one in judged:
        groups.setdefault(one.source, []).append(one)
    most_first = sorted(groups, key=lambda name: (-len(groups[name]), name))
    return {name: _by_field(groups[name]) for name in most_first}


def by_method(judged: Iterable[Judgement]) -> dict[str, Mapping[Field, Tally]]:
    """By how the label came about: is the site's own model better than the shipped one?"""
    groups: dict[str, list[Judgement]] = {}
    for one in judged:
        groups.setdefault(one.method, []).append(one)
    return {method: _by_field(groups[method]) for method in sorted(groups)}


def by_week(judged: Iterable[Judgement]) -> dict[date, Mapping[Field, Tally]]:
    """By the week in which the label was looked at, the newest first."""
    groups: dict[date, list[Judgement]] = {}
    for one in judged:
        groups.setdefault(one.week, []).append(one)
    return {week: _by_field(groups[week]) for week in sorted(groups, reverse=True)}


def _by_field(judged: Iterable[Judgement]) -> Mapping[Field, Tally]:
    ones = list(judged)
    return {field: _tally(one for one in ones if one.field == field) for field in FIELDS}


def _tally(judged: Iterable[Judgement]) -> Tally:
    ones = list(judged)
    return Tally(len(ones), sum(one.is_right for one in ones))


def _confusions(judged: Iterable[Judgement]) -> tuple[tuple[Value, Value, int], ...]:
    wrong = [one for one in judged if not one.is_right]
    times = Counter((str(one.given), str(one.said)) for one in wrong)
    samples = {(str(one.given), str(one.said)): (one.given, one.said) for one in wrong}
    return tuple((*samples[pair], n) for pair, n in times.most_common(MOST_CONFUSIONS))


def _monday(at: datetime) -> date:
    day = timezone.localtime(at).date()
    return day - timedelta(days=day.weekday())
