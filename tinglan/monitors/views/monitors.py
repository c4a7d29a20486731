"""Monitors: the list, the editor with its remarks and trial, the history of wordings."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.analysis.query import QueryError
from tinglan.lib import clock
from tinglan.monitors import hits
from tinglan.monitors.compare import compare
from tinglan.monitors.compose import composed, effective_query
from tinglan.monitors.explain import Remark, remarks
from tinglan.monitors.forms import MonitorForm, WordingForm
from tinglan.monitors.models import Brand, Monitor, MonitorVersion
from tinglan.monitors.pause import pause, resume
from tinglan.monitors.save_monitor import save_monitor
from tinglan.monitors.trial import trial as tried
from tinglan.monitors.views.saving import is_saved

require_form = require_http_methods(["GET", "HEAD", "POST"])
DAYS = 7


@require_GET
@permits(Right.SEE)
def monitors(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    versions = MonitorVersion.objects.order_by("-number").prefetch_related("problem_lists")
    related = Monitor.objects.select_related("brand").order_by("brand__name", "name")
    found = related.prefetch_related(Prefetch("versions", queryset=versions))
    recent = hits.of_monitors(now)
    own_first = sorted(found, key=lambda one: Brand.Kind.values.index(one.brand.kind))
    rows = [_row(monitor, recent.get(monitor.pk, hits.Hits())) for monitor in own_first]
    context = {"rows": rows, "n_brands": Brand.objects.count(), "now": now}
    return render(request, "monitors/monitors.html", context)


def _row(monitor: Monitor, recent: hits.Hits) -> dict[str, Any]:
    version = next(iter(monitor.versions.all()), None)
    return {
        "monitor": monitor,
        "version": version,
        "lists": list(version.problem_lists.all()) if version else [],
        "hits": recent,
        "wrong": _wrong(version) if version else _("It has no query yet."),
    }


def _wrong(version: MonitorVersion) -> str:
    """Why it hears nothing: words that it shares may have been changed under it."""
    lists = list(version.problem_lists.all())
    found = remarks(version.query, brand=version.monitor.brand, lists=lists)
    return next((remark.text for remark in found if remark.level == "error"), "")


@require_form
@permits(Right.EDIT_MONITORS)
def new_monitor(request: HttpRequest) -> HttpResponse:
    brand = Brand.objects.filter(pk=_number(request.GET.get("brand"))).first()
    form = MonitorForm(request.POST or None, initial={"brand": brand} if brand else None)
    if request.method == "POST" and is_saved(form, lambda: _save(form, request)):
        messages.success(request, _("Saved. It listens from now on."))
        return redirect("monitors:monitor", pk=form.instance.pk)
    context = {"form": form, "trial_days": _trial_days(), "now": clock.now()}
    return render(request, "monitors/monitor.html", context)


@require_form
@permits(Right.SEE, sending=Right.EDIT_MONITORS)
def monitor(request: HttpRequest, pk: int) -> HttpResponse:
    """?version=3 fills the editor with an older wording."""
    found = get_object_or_404(Monitor.objects.select_related("brand"), pk=pk)
    versions = list(found.versions.select_related("by").prefetch_related("problem_lists"))
    wording = _wording(versions, _number(request.GET.get("version")))
    form = MonitorForm(request.POST or None, instance=found, initial=_initial(wording))
    if request.method == "POST" and is_saved(form, lambda: _save(form, request)):
        messages.success(request, _("Saved. It listens from now on."))
        return redirect("monitors:monitor", pk=pk)
    context = {
        "monitor": Monitor.objects.select_related("brand").get(pk=pk),
        "form": form,
        "trial_days": _trial_days(),
        "versions": _history(versions),
        "wording": wording,
        "is_older": bool(versions) and wording != versions[0],
        "effective": effective_query(versions[0]) if versions else "",
        "hits": hits.of_monitors(clock.now()).get(pk, hits.Hits()),
        "now": clock.now(),
    }
    return render(request, "monitors/monitor.html", context)


def _trial_days() -> list[tuple[int, str]]:
    return [(1, _("today")), (7, _("7 days")), (30, _("30 days"))]


def _save(form: MonitorForm, request: HttpRequest) -> Monitor:
    return save_monitor(
        form.instance,
        query=form.cleaned_data["query"],
        lists=list(form.cleaned_data["lists"]),
        by_sound=form.cleaned_data["by_sound"],
        by=member_of(request),
        now=clock.now(),
    )


def _wording(versions: list[MonitorVersion], number: int) -> MonitorVersion | None:
    chosen = [version for version in versions if version.number == number]
    return next(iter([*chosen, *versions]), None)


def _initial(wording: MonitorVersion | None) -> dict[str, Any]:
    if wording is None:
        return {}
    lists = wording.problem_lists.all()
    return {"query": wording.query, "lists": lists, "by_sound": wording.by_sound}


@dataclass(frozen=True, slots=True)
class Change:
    """A version beside the one before it."""

    version: MonitorVersion
    pieces: list[tuple[str, str]]
    lists: list[str]
    added: list[str]
    removed: list[str]


def _history(versions: list[MonitorVersion]) -> list[Change]:
    """Newest first."""
    changes: list[Change] = []
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        names = [one.name for one in version.problem_lists.all()]
        old = [one.name for one in before.problem_lists.all()] if before else names
        changes.append(
            Change(
                version,
                compare(before.query if before else version.query, version.query),
                [name for name in names if name in old],
                [name for name in names if name not in old],
                [name for name in old if name not in names],
            )
        )
    return changes


@require_POST
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """active=1 lets it listen again, active=0 lets it rest."""
    found = get_object_or_404(Monitor, pk=pk)
    act = resume if request.POST.get("active") == "1" else pause
    act(found, by=member_of(request), now=clock.now())
    return redirect("monitors:monitors")


# While a query is being typed


@require_POST
@permits(Right.EDIT_MONITORS)
def lint(request: HttpRequest) -> HttpResponse:
    form = WordingForm(request.POST)
    if not form.is_valid():
        return render(request, "monitors/_remarks.html", {"is_waiting": True})
    wording = form.cleaned_data
    found = remarks(wording["query"], brand=wording["brand"], lists=list(wording["lists"]))
    source = composed(wording["query"], brand=wording["brand"], lists=wording["lists"])
    context = {
        "remarks": [(remark, _quoted(remark, wording["query"])) for remark in found],
        "composed": source if source != wording["query"].strip() else "",
    }
    return render(request, "monitors/_remarks.html", context)


def _quoted(remark: Remark, query: str) -> str:
    """The words that a remark is about, where it does not name them itself."""
    if remark.position is None:
        return ""
    words = query[remark.position : remark.position + remark.length]
    return "" if words in remark.text else words


@require_POST
@permits(Right.EDIT_MONITORS)
def trial(request: HttpRequest) -> HttpResponse:
    form = WordingForm(request.POST)
    if not form.is_valid():
        return render(request, "monitors/_trial.html", {"refused": _("Choose a brand first.")})
    wording, now = form.cleaned_data, clock.now()
    try:
        result = tried(
            wording["query"],
            brand=wording["brand"],
            lists=list(wording["lists"]),
            by_sound=wording["by_sound"],
            days=wording["days"] or DAYS,
            now=now,
        )
    except QueryError:
        refused = _("The query cannot be read yet: see the remarks under it.")
        return render(request, "monitors/_trial.html", {"refused": refused})
    chart = {
        "labels": [day.strftime("%m-%d") for day, _n in result.days],
        "series": [
            {
                "name": _("Hits"),
                "values": [n for _day, n in result.days],
                "tone": "accent",
                "kind": "bar",
            }
        ],
    }
    context = {"trial": result, "chart": chart, "now": now}
    return render(request, "monitors/_trial.html", context)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0
