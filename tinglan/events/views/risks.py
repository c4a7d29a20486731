"""The risk register: all brands at a glance, and the weeks of one with its bursts of volume."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tinglan.accounts.permit import permits
from tinglan.accounts.rights import Right
from tinglan.events import burst
from tinglan.events.risk import N_WEEKS, chart_of, register_of, registers
from tinglan.lib import clock
from tinglan.monitors.models import Brand

N_BURSTS = 20


@require_GET
@permits(Right.SEE)
def risks(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    return render(request, "events/risks.html", {"registers": registers(now=now), "now": now})


@require_GET
@permits(Right.SEE)
def risk(request: HttpRequest, pk: int) -> HttpResponse:
    brand, now = get_object_or_404(Brand, pk=pk), clock.now()
    register = register_of(brand, now=now)
    bursts = burst.recent(brand, since=now - timedelta(weeks=N_WEEKS))[:N_BURSTS]
    context = {
        "brand": brand,
        "register": register,
        "chart": chart_of(register),
        "bursts": bursts,
        "now": now,
    }
    return render(request, "events/risk.html", context)
