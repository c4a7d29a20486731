"""The list of events, the page of one, and the parts that refresh themselves."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tinglan.accounts.permit import permits
from tinglan.accounts.rights import Right
from tinglan.events import parts
from tinglan.events.forms import LevelForm
from tinglan.events.formula import published
from tinglan.events.listing import BELOW, TABS, Listing, page_of
from tinglan.events.models import Event, Level
from tinglan.events.posts import ORDERS, Choice, posts_of
from tinglan.lib import clock
from tinglan.monitors.models import Brand, Polarity


@require_GET
@permits(Right.SEE)
def events(request: HttpRequest) -> HttpResponse:
    return render(request, "events/events.html", _listed(request))


@require_GET
@permits(Right.SEE)
def rows(request: HttpRequest) -> HttpResponse:
    """The list again, when an event changed."""
    return render(request, "events/_rows.html", _listed(request))


@require_GET
@permits(Right.SEE)
def event(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = _event(pk), clock.now()
    context: dict[str, Any] = {"event": found, "now": now, "level_form": LevelForm()}
    for part in parts.PARTS.values():
        context |= part(found, now)
    return render(request, "events/event.html", context | _posts(request, found))


@require_GET
@permits(Right.SEE)
def part(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One part of the page again, when its topic spoke."""
    known = parts.PARTS | parts.LATER
    if name not in known:
        raise Http404(name)
    found, now = _event(pk), clock.now()
    context = {"event": found, "now": now} | known[name](found, now)
    return render(request, f"events/event/_{name}.html", context)


@require_GET
@permits(Right.SEE)
def posts(request: HttpRequest, pk: int) -> HttpResponse:
    found = _event(pk)
    context = {"event": found, "now": clock.now()} | _posts(request, found)
    return render(request, "events/event/_posts.html", context)


@require_GET
@permits(Right.SEE)
def formula(request: HttpRequest) -> HttpResponse:
    """The published formula: every number that makes a level."""
    return render(request, "events/formula.html", published())


def _listed(request: HttpRequest) -> dict[str, Any]:
    listing, now = Listing.of(request.GET), clock.now()
    page, lines = page_of(listing, now=now)
    return {
        "listing": listing,
        "page": page,
        "rows": [(event, lines.get(event.pk, "")) for event in page],
        "tabs": [(tab, label, listing.query(tab=tab)) for tab, label in TABS.items()],
        "brands": Brand.objects.filter(is_active=True),
        "levels": Level.choices,
        "below": BELOW,
        "now": now,
    }


def _posts(request: HttpRequest, event: Event) -> dict[str, Any]:
    choice = Choice.of(request.GET)
    page, shown = posts_of(event, choice)
    return {
        "choice": choice,
        "posts": shown,
        "posts_page": page,
        "orders": ORDERS.items(),
        "polarities": [("", ""), (Polarity.NEGATIVE.value, Polarity.NEGATIVE.label)],
    }


def _event(pk: int) -> Event:
    known = Event.objects.select_related(
        "brand", "product", "nature", "merged_into", "parent", "first_post"
    )
    return get_object_or_404(known, pk=pk)
