"""The response plans and their steps, to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tinglan.accounts.permit import permits
from tinglan.accounts.rights import Right
from tinglan.events.models import Nature
from tinglan.lib import clock
from tinglan.plans.defaults import ensure_defaults
from tinglan.plans.models import Plan


@require_GET
@permits(Right.SEE)
def plans(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    ensure_defaults(now)
    rows = Plan.objects.current().prefetch_related("steps", "activations")
    return render(request, "plans/plans.html", {"plans": rows, "now": now})


@require_GET
@permits(Right.SEE)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Plan, pk=pk)
    context = {
        "plan": found,
        "steps": found.steps.all(),
        "natures": Nature.objects.filter(code__in=found.natures),
        "activations": found.activations.select_related("event").order_by("-id")[:20],
        "now": clock.now(),
    }
    return render(request, "plans/plan.html", context)
