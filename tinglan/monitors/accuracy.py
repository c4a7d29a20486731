"""How often the labels were right, by the word of those who looked at them (准确率)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from tinglan.monitors.classify import PERSON
from tinglan.monitors.correct import FIELDS, Field
from tinglan.monitors.models import Correction, Mention

MOST_CONFUSIONS = 5
UNKNOWN = "unknown"  # says nothing, so it is neither right nor wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """One kind of label: of those that a person judged, how many stayed as they were."""

    field: Field
    n_labelled: int
    n_judged: int
    n_right: int
    confusions: tuple[tuple[str, str, int], ...]  # label given, label it should be, how often

    @property
    def share(self) -> float | None:
        return self.n_right / self.n_judged if self.n_judged else None


def accuracy(*, since: datetime) -> list[Accuracy]:
    """For each kind of label, over the judgements since a moment.

    People look more often at what seems wrong, so the share is rather too low than too high.
    """
    n_labelled = Mention.objects.originals().filter(at__gte=since).count()
    return [_of(field, since, n_labelled) for field in FIELDS]


def _of(field: Field, since: datetime, n_labelled: int) -> Accuracy:
    judged = list(_judgements(field, since).values())
    wrong = Counter(one for one in judged if one[0] != one[1])
    return Accuracy(
        field=field,
        n_labelled=n_labelled,
        n_judged=len(judged),
        n_right=len(judged) - wrong.total(),
        confusions=tuple((*pair, n) for pair, n in wrong.most_common(MOST_CONFUSIONS)),
    )


def _judgements(field: Field, since: datetime) -> dict[int, tuple[str, str]]:
    """Mention → what it was labelled, and the last word on it."""
    rows = Correction.objects.filter(field=field, at__gte=since).order_by("id")
    found: dict[int, tuple[str, str]] = {}
    for mention, old, method, new in rows.values_list("mention_id", "old", "old_method", "new"):
        if mention in found:
            found[mention] = (found[mention][0], _text(new))
        elif method != PERSON and old != UNKNOWN:
            found[mention] = (_text(old), _text(new))
    return found


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ",".join(value)
