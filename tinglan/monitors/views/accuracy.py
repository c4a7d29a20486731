"""How right the labels were: by kind, by label, by source and by week."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tinglan.accounts.permit import permits
from tinglan.accounts.rights import Right
from tinglan.lib import clock
from tinglan.monitors import accuracy as measured
from tinglan.monitors.accuracy import FEW, Judgement, Tally
from tinglan.monitors.correct import FIELDS, Field
from tinglan.monitors.in_force import proposed
from tinglan.monitors.models import LABEL_NAMES, LABELS, MARKS, label_of
from tinglan.monitors.templatetags.labels import method_name

JUDGED = timedelta(weeks=12)


@require_GET
@permits(Right.SEE)
def accuracy(request: HttpRequest) -> HttpResponse:
    since = clock.now() - JUDGED
    judged = measured.judgements(since=since)
    context = {
        "n_weeks": JUDGED.days // 7,
        "few": FEW,
        "names": [LABEL_NAMES[field] for field in FIELDS],
        "is_any": bool(judged),
        "proposal": proposed(),
        "rows": [_row(one) for one in measured.accuracy(judged, since=since)],
        "labels": _labels(judged),
        "sources": [
            (name or _("unknown source"), _cells(tallies))
            for name, tallies in measured.by_source(judged).items()
        ],
        "methods": [
            (method_name(method), _cells(tallies))
            for method, tallies in measured.by_method(judged).items()
        ],
        "weeks": [
            (_week(monday), _cells(tallies)) for monday, tallies in measured.by_week(judged).items()
        ],
    }
    return render(request, "monitors/accuracy.html", context)


def _row(one: measured.Accuracy) -> dict[str, Any]:
    return {
        "name": LABEL_NAMES[one.field],
        "tally": one.tally,
        "n_labelled": one.n_labelled,
        "confusions": [
            (label_of(one.field, given), label_of(one.field, said), n)
            for given, said, n in one.confusions
        ],
    }


def _labels(judged: list[Judgement]) -> list[tuple[str, list[tuple[str, Tally]]]]:
    """Kind of label → its labels in the order of their list, those that were looked at."""
    tallies = measured.by_label(judged)
    groups = []
    for field in FIELDS:
        values: list[str | bool] = [True, False] if field in MARKS else [*LABELS[field].values]
        seen = [value for value in values if (field, value) in tallies]
        if seen:
            rows = [(label_of(field, value), tallies[field, value]) for value in seen]
            groups.append((str(LABEL_NAMES[field]), rows))
    return groups


def _cells(tallies: Mapping[Field, Tally]) -> list[tuple[str, Tally]]:
    return [(str(LABEL_NAMES[field]), tallies[field]) for field in FIELDS]


def _week(monday: date) -> str:
    return f"{monday:%m-%d} – {monday + timedelta(days=6):%m-%d}"
