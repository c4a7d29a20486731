"""What people say of the bounds of an event: some of its posts are another, a merge was wrong."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinglan.accounts.permit import member_of
from tinglan.accounts.rights import Right, require
from tinglan.events.models import Event, Merge
from tinglan.events.posts import holding, shown
from tinglan.events.split import split, unmerge
from tinglan.lib import asked, clock
from tinglan.monitors.models import Mention

N_OFFERED = 60  # posts to choose from; words narrow them


@require_http_methods(["GET", "HEAD", "POST"])
def splitting(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the posts that tell of something else: by hand, or all that hold some words."""
    event, by = get_object_or_404(Event.objects.select_related("brand"), pk=pk), member_of(request)
    require(by, Right.GRADE)
    words = asked.words(request.POST.get("q") or request.GET.get("q"))
    found = holding(event, words)
    if request.method == "POST":
        done = split(event, _chosen(request, found, words), by=by, now=clock.now())
        messages.success(
            request, _("Split: %(n)s posts are an event of their own now.") % {"n": done.n_moved}
        )
        return redirect(done.into)
    offered = shown(list(found[:N_OFFERED]), event=event)
    context = {"event": event, "words": words, "offered": offered, "n_found": found.count()}
    return render(request, "events/splitting.html", context)


def _chosen(request: HttpRequest, found: QuerySet[Mention], words: str) -> list[int]:
    if words and "all" in request.POST:
        return list(found.values_list("pk", flat=True))
    ids = (asked.number(chosen) for chosen in request.POST.getlist("mention"))
    return [pk for pk in ids if pk is not None]


@require_POST
def unmerging(request: HttpRequest, pk: int) -> HttpResponse:
    merge = get_object_or_404(Merge, pk=pk)
    done = unmerge(merge, by=member_of(request), now=clock.now())
    messages.success(request, _("The merge is taken back: both events go on."))
    return redirect(done.into)
