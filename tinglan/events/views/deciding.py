"""What people decide about an event: its level, and that it is the same as another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinglan.accounts.permit import member_of
from tinglan.accounts.rights import Right, require
from tinglan.events import level
from tinglan.events.forms import LevelForm, LoweringForm
from tinglan.events.merge import merge
from tinglan.events.models import Event
from tinglan.lib import asked, clock

N_FOUND = 30


@require_POST
def confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    """One confirms the level one has seen, not one that came meanwhile."""
    event, by = get_object_or_404(Event, pk=pk), member_of(request)
    require(by, Right.GRADE)
    if request.POST.get("level") != event.level:
        messages.warning(request, _("The level has changed meanwhile: look again."))
    else:
        level.confirm(event, by=by, now=clock.now())
        messages.success(request, _("The level is confirmed."))
    return redirect(event)


@require_POST
def override(request: HttpRequest, pk: int) -> HttpResponse:
    event, by, form = get_object_or_404(Event, pk=pk), member_of(request), LevelForm(request.POST)
    require(by, Right.GRADE)
    if form.is_valid():
        asked = form.cleaned_data
        level.set_level(event, asked["level"], reason=asked["reason"], by=by, now=clock.now())
        messages.success(request, _("The level is set and stands until somebody lifts it."))
    else:
        messages.error(request, _("Setting a level needs a level and a reason: say why."))
    return redirect(event)


@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    level.lift_level(event, by=member_of(request), now=clock.now())
    messages.success(request, _("The level of the formula counts again."))
    return redirect(event)


@require_POST
def lowering(request: HttpRequest, pk: int) -> HttpResponse:
    event, by = get_object_or_404(Event, pk=pk), member_of(request)
    require(by, Right.GRADE)
    form = LoweringForm(request.POST)
    if form.is_valid():
        level.lower_level(event, form.cleaned_data["level"], by=by, now=clock.now())
        messages.success(request, _("The level is lowered."))
    else:
        messages.error(request, _("Choose the level to lower it to."))
    return redirect(event)


@require_http_methods(["GET", "HEAD", "POST"])
def merging(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the event that this one is a part of, and say so."""
    event, by = get_object_or_404(Event.objects.select_related("brand"), pk=pk), member_of(request)
    require(by, Right.GRADE)
    if request.method == "POST":
        into = get_object_or_404(Event, pk=asked.number(request.POST.get("into")))
        done = merge(event, into, by=by, now=clock.now())
        messages.success(
            request, _("Merged: %(n)s posts are part of this event now.") % {"n": done.n_moved}
        )
        return redirect(into)
    words = asked.words(request.GET.get("q"))
    others = Event.objects.open().filter(brand=event.brand).exclude(pk=event.pk)
    found = others.filter(title__icontains=words).gravest_first()
    context = {"event": event, "words": words, "found": found[:N_FOUND], "now": clock.now()}
    return render(request, "events/merging.html", context)
