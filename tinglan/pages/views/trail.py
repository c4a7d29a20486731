"""The audit trail and the check of its chain."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tinglan.accounts.permit import permits
from tinglan.accounts.rights import Right
from tinglan.audit.record import breaks
from tinglan.lib import clock
from tinglan.pages.subjects import Subject, subjects_of
from tinglan.pages.trail import TrailForm

ROWS = 50


@require_GET
@permits(Right.READ_AUDIT)
def trail(request: HttpRequest) -> HttpResponse:
    form = TrailForm(request.GET)
    page = Paginator(form.entries(), ROWS).get_page(request.GET.get("page"))
    entries = list(page.object_list)
    subjects = subjects_of((one.subject_kind, one.subject_id) for one in entries if one.subject_id)
    rows = [
        (one, subjects.get((one.subject_kind, one.subject_id or 0), Subject(""))) for one in entries
    ]
    context = {"form": form, "page": page, "rows": rows, "now": clock.now()}
    return render(request, "pages/trail.html", context)


@require_POST
@permits(Right.READ_AUDIT)
def verification(request: HttpRequest) -> HttpResponse:
    """Read the whole chain: does every entry still carry the hash that it was written with?"""
    broken = next(breaks(), None)
    if broken:
        text = _("The chain is broken at entry %(pk)s of %(at)s: it or one before was changed.")
        messages.error(request, text % {"pk": broken.pk, "at": broken.at})
    else:
        messages.success(request, _("The chain holds: no entry was changed, dropped or added."))
    return redirect("pages:trail")
