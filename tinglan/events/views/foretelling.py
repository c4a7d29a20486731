"""How earlier forecasts fared: told against what came."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tinglan.accounts.permit import permits
from tinglan.accounts.rights import Right
from tinglan.events import record
from tinglan.lib import clock


@require_GET
@permits(Right.SEE)
def forecasts(request: HttpRequest) -> HttpResponse:
    context = {
        "milestones": record.by_milestone(),
        "latest": record.latest(),
        "fewest": record.FEWEST,
        "now": clock.now(),
    }
    return render(request, "events/forecasts.html", context)
