"""The targets by level, to read and for administrators to change."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.clocks.defaults import ensure_defaults
from tinglan.clocks.models import Calendar, Kind, Policy, Target
from tinglan.clocks.revise import revise
from tinglan.clocks.targets import DEFAULT_TARGETS
from tinglan.lib import clock
from tinglan.lib.asked import number

require_form = require_http_methods(["GET", "HEAD", "POST"])
LEVELS = ("I", "II", "III", "IV")


@require_form
@permits(Right.SEE)
def clocks(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    policy = ensure_defaults(now)
    if request.method == "POST":
        revise(_amounts(request, policy), by=member_of(request), now=now)
        messages.success(request, _("Saved. Clocks that run keep their times."))
        return redirect("clocks:clocks")
    context = {
        "policy": policy,
        "levels": LEVELS,
        "rows": _rows(policy),
        "calendars": Calendar.objects.order_by("id"),
        "now": now,
    }
    return render(request, "clocks/clocks.html", context)


def _rows(policy: Policy) -> list[tuple[str, list[Target | None]]]:
    """For each kind its name and the target of each level; None where a level has no such clock."""
    held = {(each.kind, each.level): each for each in policy.targets.select_related("calendar")}
    return [
        (str(Kind(kind.value).label), [held.get((kind.value, level)) for level in LEVELS])
        for kind in DEFAULT_TARGETS
    ]


def _amounts(request: HttpRequest, policy: Policy) -> dict[int, int]:
    """Whole numbers by target; a field left empty or spoilt stays as it is."""
    amounts = {}
    for pk in policy.targets.values_list("pk", flat=True):
        given = number(request.POST.get(f"target-{pk}", "").strip())
        if given is not None:
            amounts[pk] = min(given, 100_000)
    return amounts
