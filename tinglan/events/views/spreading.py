"""How an event spread: its page, and the parts that refresh themselves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tinglan.accounts.permit import permits
from tinglan.accounts.rights import Right
from tinglan.events.models import Event
from tinglan.events.spread import N_SUMMARY, spread_of


@require_GET
@permits(Right.SEE)
def spread(request: HttpRequest, pk: int) -> HttpResponse:
    event = _event(pk)
    return render(request, "events/spread.html", {"event": event, "spread": spread_of(event)})


@require_GET
@permits(Right.SEE)
def path(request: HttpRequest, pk: int) -> HttpResponse:
    """The page's body again, when the event changed."""
    event = _event(pk)
    context = {"event": event, "spread": spread_of(event)}
    return render(request, "events/spread/_body.html", context)


@require_GET
@permits(Right.SEE)
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of it that stands on the event's own page."""
    event = _event(pk)
    spread = spread_of(event, n_drawn=N_SUMMARY)
    return render(request, "events/spread/_summary.html", {"event": event, "spread": spread})


def _event(pk: int) -> Event:
    return get_object_or_404(Event.objects.select_related("brand", "merged_into"), pk=pk)
