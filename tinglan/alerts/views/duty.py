"""Settings: rotations that write the roster, and the hours in which it is quiet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinglan.accounts.models import Member
from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.alerts.duty_forms import QuietHoursForm, RotationForm
from tinglan.alerts.models import QuietHours, Rotation
from tinglan.alerts.quiet import delete_quiet_hours, quiet_until, save_quiet_hours
from tinglan.alerts.rotate import delete_rotation, save_rotation
from tinglan.lib import clock

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_form
@permits(Right.SEE)
def quiet_hours(request: HttpRequest) -> HttpResponse:
    """One's own hours, and those of all to read."""
    return _quiet_hours(request, member_of(request))


@require_form
@permits(Right.ADMINISTER)
def quiet_hours_of_all(request: HttpRequest) -> HttpResponse:
    return _quiet_hours(request, None)


def _quiet_hours(request: HttpRequest, member: Member | None) -> HttpResponse:
    now, by = clock.now(), member_of(request)
    form = QuietHoursForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        save_quiet_hours(form.hours(member), by=by, now=now)
        messages.success(request, _("The quiet hours are kept."))
        return redirect("alerts:quiet_hours")
    context = {
        "form": form,
        "own": QuietHours.objects.filter(member=by),
        "of_all": QuietHours.objects.filter(member=None),
        "quiet_until": quiet_until(by, now),
        "is_of_all": member is None,
        "now": now,
    }
    return render(request, "alerts/quiet_hours.html", context)


@require_POST
@permits(Right.SEE)
def quiet_hours_deletion(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(QuietHours, pk=pk)
    delete_quiet_hours(found, by=member_of(request), now=clock.now())
    messages.success(request, _("The quiet hours are deleted."))
    return redirect("alerts:quiet_hours")


@require_safe
@permits(Right.SEE)
def rotations(request: HttpRequest) -> HttpResponse:
    found = Rotation.objects.prefetch_related("places__member")
    return render(request, "alerts/rotations.html", {"rotations": found, "now": clock.now()})


@require_form
@permits(Right.ADMINISTER)
def new_rotation(request: HttpRequest) -> HttpResponse:
    return _edit(request, Rotation())


@require_form
@permits(Right.ADMINISTER)
def rotation(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Rotation, pk=pk))


def _edit(request: HttpRequest, found: Rotation) -> HttpResponse:
    now = clock.now()
    form = RotationForm(request.POST or None, rotation=found, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        save_rotation(form.fill(), form.members, by=member_of(request), now=now)
        messages.success(request, _("The rotation is kept, and its duties stand on the roster."))
        return redirect("alerts:rotations")
    return render(request, "alerts/rotation.html", {"form": form, "rotation": found, "now": now})


@require_POST
def rotation_deletion(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Rotation, pk=pk)
    delete_rotation(found, by=member_of(request), now=clock.now())
    messages.success(request, _("The rotation and its duties to come are deleted."))
    return redirect("alerts:rotations")
