"""What the site's corrections taught the labels: learn, see the figures, switch on, switch back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.analysis.lessons import ENOUGH, fixed_posts
from tinglan.lib import asked, clock
from tinglan.monitors.in_force import fits, in_force, proposed
from tinglan.monitors.models import LABEL_NAMES, Retraining, SiteModel, Switch
from tinglan.monitors.retrain import ENOUGH_NEW, Figure, Tested, ask, n_new
from tinglan.monitors.switch import switch

SHOWN = 10  # models


@require_GET
@permits(Right.SEE)
def learning(request: HttpRequest) -> HttpResponse:
    """The page; its live part alone for a page that asks by itself."""
    is_part = "HX-Request" in request.headers
    template = "monitors/_learning.html" if is_part else "monitors/learning.html"
    return render(request, template, _context())


@require_POST
def retrainings(request: HttpRequest) -> HttpResponse:
    ask(by=member_of(request), now=clock.now())
    return redirect("monitors:learning")


@require_POST
def switches(request: HttpRequest) -> HttpResponse:
    """model=ID; none: the shipped weights alone."""
    wanted = request.POST.get("model", "")
    model = get_object_or_404(SiteModel, pk=asked.number(wanted)) if wanted else None
    switch(model, by=member_of(request), now=clock.now())
    return redirect("monitors:learning")


def _context() -> dict[str, Any]:
    last, used = Retraining.objects.select_related("by").first(), in_force()
    models = list(SiteModel.objects.defer("content").select_related("retraining__by")[:SHOWN])
    proposal = proposed()
    return {
        "now": clock.now(),
        "last": last,
        "is_learning": last is not None and last.finished_at is None,
        "share": last.n_done / last.n_steps if last and last.n_steps else 0,
        "figures": [_shown(one) for one in last.figures] if last and last.figures else [],
        "n_new": n_new(last),
        "enough_new": ENOUGH_NEW,
        "enough": ENOUGH,
        "n_fixed": len(fixed_posts()),
        "used": used,
        "switch": Switch.objects.select_related("model", "by").first(),
        "proposal": proposal,
        "rows": [_row(model, used=used, proposal=proposal) for model in models],
    }


def _row(model: SiteModel, *, used: SiteModel | None, proposal: SiteModel | None) -> dict[str, Any]:
    return {
        "model": model,
        "fields": [LABEL_NAMES[field] for field in model.fields],
        "is_used": model == used,
        "is_outdated": not fits(model),
        "is_proposed": model == proposal,
        "can_be_used": fits(model) and model not in {used, proposal},
    }


def _shown(figure: Figure) -> dict[str, Any]:
    return {
        **figure,
        "name": LABEL_NAMES[figure["field"]],
        "own": _shares(figure["own"]),
        "fixed": _shares(figure["fixed"]),
        "verdict": _verdict(figure),
    }


def _shares(tested: Tested) -> dict[str, Any]:
    n = tested["n"]
    shares = {key: tested[key] / n if n else None for key in ("before", "after")}
    return {"n": n, **shares}


def _verdict(figure: Figure) -> str:
    if figure["is_kept"]:
        return _("gets better")
    if not figure["is_tried"]:
        return _("stays: too few corrections")
    if figure["is_worse"]:
        return _("stays: it would get worse on the fixed posts")
    return _("stays: no better on your corrections")
