"""The bell: what the product told the member who looks."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tinglan.accounts.permit import member_of
from tinglan.alerts.tell import mark_seen
from tinglan.lib import clock

PAGE = 30


@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    told = member_of(request).notifications.all()
    page = Paginator(told, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "n_unseen": _n_unseen(request), "now": clock.now()}
    return render(request, "alerts/notifications.html", context)


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell of the frame: how many are new."""
    return render(request, "alerts/_bell.html", {"n_unseen": _n_unseen(request)})


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    mark_seen(member_of(request), now=clock.now())
    return redirect("alerts:notifications")


def _n_unseen(request: HttpRequest) -> int:
    return member_of(request).notifications.filter(seen_at__isnull=True).count()
