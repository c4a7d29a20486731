"""The situation board, each of its parts as a fragment, and the first steps."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from tinglan.accounts.duty import on_duty
from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.lib import asked, clock
from tinglan.monitors.models import Brand
from tinglan.pages import board as parts
from tinglan.pages.board_words import words
from tinglan.pages.first_steps import cannot_hear, first_steps, left_to
from tinglan.pages.windows import SPANS, Window, chosen_span

Part = Callable[[parts.View], dict[str, Any]]

PARTS: dict[str, Part] = {
    "figures": parts.figures,
    "events": parts.events,
    "volume": parts.volume,
    "bursts": parts.bursts,
    "blind": parts.blind,
    "complaints": parts.complaints,
    "alerts": parts.alerts,
    "clocks": parts.clocks,
}
LATER: dict[str, Part] = {"words": words}  # loaded after the page


@require_GET
@permits(Right.SEE)
def board(request: HttpRequest) -> HttpResponse:
    if cannot_hear():
        return redirect("pages:first_steps")
    view = _view(request)
    context: dict[str, Any] = {
        "now": view.now,
        "view": view,
        "spans": [(span, view.link("/", window=span.code)) for span in SPANS.values()],
        "brands": Brand.objects.filter(is_active=True),
        "steps_left": left_to(member_of(request), view.now),
        "on_duty": on_duty(view.now),
    }
    for part in PARTS.values():
        context |= part(view)
    return render(request, "pages/board.html", context)


@require_GET
@permits(Right.SEE)
def board_part(request: HttpRequest, name: str) -> HttpResponse:
    """One part again, when its topic spoke."""
    part = (PARTS | LATER).get(name)
    if part is None:
        raise Http404(name)
    view = _view(request)
    context = {"now": view.now, "view": view, **part(view)}
    return render(request, f"pages/board/_{name}.html", context)


@require_GET
@permits(Right.SEE)
def steps(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    found, member = first_steps(now), member_of(request)
    context = {
        "steps": [(step, member.can(step.right)) for step in found],
        "n_done": sum(step.is_done for step in found),
        "n_steps": len(found),
        "now": now,
    }
    return render(request, "pages/first_steps.html", context)


def _view(request: HttpRequest) -> parts.View:
    now = clock.now()
    brand = Brand.objects.filter(pk=asked.number(request.GET.get("brand")) or 0).first()
    return parts.View(
        now=now, window=Window.ending(now, span=chosen_span(request.GET)), brand=brand
    )
