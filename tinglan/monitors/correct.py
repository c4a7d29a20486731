"""A person says what a label should be, in one click, and may take it back (纠正)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.lib import changes
from tinglan.monitors import rollup
from tinglan.monitors.classify import CONTEXT, PERSON
from tinglan.monitors.errors import CorrectionError
from tinglan.monitors.models import MARKS, Aspect, Correction, Intent, Mention, Polarity

Field = Literal["polarity", "intent", "aspects", "is_sarcastic", "is_spam"]
FIELDS: tuple[Field, ...] = ("polarity", "intent", "aspects", "is_sarcastic", "is_spam")
Value = str | list[str] | bool  # a polarity or intent, aspects, a mark
WITH_CONFIDENCE: Final = ("polarity", "intent")


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a mention: what, how it came about, how sure."""

    value: Value
    method: str
    confidence: float


@transaction.atomic
def correct(
    mention: Mention, field: Field, new: str | Sequence[str] | bool, *, by: Member, now: datetime
) -> Correction:
    """Set a label for good; what says the same as before confirms it.

    Copies of the mention say what it says. A label that a person has set already and that stays
    the same is no new correction.
    """
    require(by, Right.CORRECT)
    value = _known(field, new)
    held = _locked(mention)
    old = _label(held, field)
    if old.method == PERSON and old.value == value:
        return held.corrections.filter(field=field).latest("id")
    _relabel(held, field, Label(value, PERSON, 1.0))
    correction = Correction.objects.create(
        mention=held,
        field=field,
        old=old.value,
        old_method=old.method,
        old_confidence=old.confidence,
        new=value,
        by=by,
        at=now,
    )
    _note(held)
    data = {"field": field, "old": old.value, "new": value}
    record("monitors.correct", held, by=by, now=now, data=data)
    return correction


@transaction.atomic
def undo(correction: Correction, *, by: Member, now: datetime) -> Mention:
    """Take the last correction of a label back, as if it had not been made.

    A slip is no truth to learn from, so the row goes; the audit trail keeps both steps.
    """
    require(by, Right.CORRECT)
    held = _locked(correction.mention)
    if held.corrections.filter(field=correction.field).first() != correction:
        raise CorrectionError(
            _("This label was corrected again since: only the last correction can be taken back.")
        )
    field = _field(correction.field)
    old = Label(correction.old, correction.old_method, correction.old_confidence)
    _relabel(held, field, old)
    correction.delete()
    _note(held)
    data = {"field": field, "old": correction.new, "new": correction.old}
    record("monitors.undo_correction", held, by=by, now=now, data=data)
    return held


def _locked(mention: Mention) -> Mention:
    rows = Mention.objects.select_for_update(of=("self",)).select_related("post")
    return rows.get(pk=mention.pk)


def _field(name: str) -> Field:
    for field in FIELDS:
        if field == name:
            return field
    raise CorrectionError(_("There is no label called %(name)s.") % {"name": name})


def _known(field: Field, new: str | Sequence[str] | bool) -> Value:
    """The value as it is stored: aspects in the order of their list, a mark as a truth value."""
    if _field(field) in MARKS:
        _refuse(set() if isinstance(new, bool) else {str(new)})
        return bool(new)
    if isinstance(new, bool):
        raise CorrectionError(_("There is no label called %(name)s.") % {"name": new})
    if field == "aspects":
        wanted = {new} if isinstance(new, str) else set(new)
        _refuse(wanted - set(Aspect.values))
        return [aspect.value for aspect in Aspect if aspect in wanted]
    values = Polarity.values if field == "polarity" else Intent.values
    _refuse({str(new)} - set(values))
    return str(new)


def _refuse(unknown: set[str]) -> None:
    if unknown:
        raise CorrectionError(
            _("There is no label called %(name)s.") % {"name": ", ".join(sorted(unknown))}
        )


def _label(mention: Mention, field: Field) -> Label:
    confidence = getattr(mention, f"{field}_confidence") if field in WITH_CONFIDENCE else 0.0
    return Label(getattr(mention, field), getattr(mention, f"{field}_method"), confidence)


def _relabel(mention: Mention, field: Field, label: Label) -> None:
    """Write a label on a mention and on its copies, and move them in the hourly figures."""
    copies = mention.copies.exclude(**{f"{field}_method": PERSON})
    touched = list(copies.values_list("pk", flat=True))
    family = Q(pk=mention.pk) | Q(copy_of=mention)
    before = _buckets(family)
    values: dict[str, object] = {field: label.value}
    if field in WITH_CONFIDENCE:
        values[f"{field}_confidence"] = label.confidence
    method = f"{field}_method"
    Mention.objects.filter(pk=mention.pk).update(**values, **{method: label.method})
    if touched:
        copies.update(**values, **{method: CONTEXT})
    for name, value in {**values, method: label.method}.items():
        setattr(mention, name, value)
    after = _buckets(family)
    rollup.shift(rollup.difference(after[0], before[0]), rollup.difference(after[1], before[1]))


def _buckets(family: Q) -> tuple[Counter[rollup.Bucket], Counter[rollup.Bucket]]:
    """All mentions and, of them, the copies, by the hour."""
    rows = Mention.objects.filter(family).values_list(
        "brand_id", "at", "post__platform", "polarity", "intent", "copy_of_id"
    )
    found = [(rollup.bucket(*row[:5]), row[5] is not None) for row in rows]
    return (
        rollup.count(bucket for bucket, _is_copy in found),
        rollup.count(bucket for bucket, is_copy in found if is_copy),
    )


def _note(mention: Mention) -> None:
    events = Mention.objects.filter(pk=mention.pk, membership__isnull=False)
    topics = [f"event:{pk}" for pk in events.values_list("membership__event_id", flat=True)]
    changes.note("mentions", "board", *topics)
