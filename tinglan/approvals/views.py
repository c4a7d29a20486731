"""The inbox of approvals: read, approve or send back, on a phone in two taps."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.approvals.decide import approve, send_back
from tinglan.approvals.inbox import inbox
from tinglan.approvals.models import Approval, Request
from tinglan.approvals.subjects import subject_of
from tinglan.lib import clock
from tinglan.lib.asked import number

MOST_RECENT = 20
Decision = Approval.Decision


@require_GET
@permits(Right.SEE)
def approvals(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    asked_for = Request.objects.filter(requested_by=member).order_by("-id")
    decided = Approval.objects.filter(by=member).select_related("request").order_by("-id")
    context = {
        "inbox": [(each, subject_of(each)) for each in inbox(member)],
        "asked_for": asked_for.prefetch_related("approvals__by")[:MOST_RECENT],
        "decided": decided[:MOST_RECENT],
        "now": clock.now(),
    }
    return render(request, "approvals/approvals.html", context)


@require_GET
@permits(Right.SEE)
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a notification leads: the thing itself, with its trail."""
    found = get_object_or_404(Request, pk=pk)
    return redirect(subject_of(found).get_absolute_url())


@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Request, pk=pk)
    step, comment = _step(request), request.POST.get("comment", "")
    by, now = member_of(request), clock.now()
    match request.POST.get("decision"):
        case Decision.APPROVED:
            approve(found, step, by=by, now=now, comment=comment)
            messages.success(request, _("Approved."))
        case Decision.REJECTED:
            send_back(found, step, comment=comment, by=by, now=now)
            messages.success(request, _("Sent back."))
        case unknown:
            raise Http404(unknown)
    return redirect("approvals:approvals")


def _step(request: HttpRequest) -> int:
    """The step that the page showed; a page without one is not ours."""
    step = number(request.POST.get("step"))
    if step is None:
        raise Http404
    return step
