"""The list of cases and the case room."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.cases import room as parts
from tinglan.cases.models import Case
from tinglan.cases.open import open_case
from tinglan.clocks.models import Clock
from tinglan.events.models import Event
from tinglan.lib import clock

PER_PAGE = 25


@require_GET
@permits(Right.SEE)
def cases(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "open")
    rows = {"open": Case.objects.open(), "closed": Case.objects.closed()}.get(
        state, Case.objects.all()
    )
    open_tasks = Count("tasks", filter=Q(tasks__completion__isnull=True), distinct=True)
    found = rows.annotate(n_open_tasks=open_tasks).select_related("event", "lead")
    found = found.order_by("-year", "-serial")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "state": state,
        "rows": [(case, _next_clock(case)) for case in page],
        "now": clock.now(),
    }
    return render(request, "cases/cases.html", context)


@require_GET
@permits(Right.SEE)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    found = _case(pk)
    context: dict[str, Any] = {"case": found, "event": found.event, "now": clock.now()}
    for part in parts.PARTS.values():
        context |= part(found)
    return render(request, "cases/case.html", context)


@require_GET
@permits(Right.SEE)
def part(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One part again, when its topic spoke."""
    if name not in parts.PARTS:
        raise Http404(name)
    found = _case(pk)
    context = {"case": found, "event": found.event, "now": clock.now()}
    return render(request, f"cases/room/_{name}.html", context | parts.PARTS[name](found))


@require_POST
def opening(request: HttpRequest, event_pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=event_pk)
    return redirect(open_case(event, by=member_of(request), now=clock.now()))


def _case(pk: int) -> Case:
    return get_object_or_404(Case.objects.select_related("event__brand", "lead"), pk=pk)


def _next_clock(case: Case) -> Clock | None:
    """The running clock that is due first."""
    return Clock.objects.of(case.event).running().first()
