"""Silences: what calls nobody for a while, by whom and why."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.alerts.forms import SilenceForm
from tinglan.alerts.models import Silence
from tinglan.alerts.silence import end_silence, silence
from tinglan.lib import clock
from tinglan.lib.asked import number

USUAL = timedelta(hours=4)
N_PAST = 30


@require_http_methods(["GET", "HEAD", "POST"])
@permits(Right.SEE, sending=Right.GRADE)
def silences(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    wished = {"event": number(request.GET.get("event")), "ends_at": timezone.localtime(now + USUAL)}
    form = SilenceForm(request.POST or None, initial=wished)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        by = member_of(request)
        silence(form.scope(), ends_at=values["ends_at"], reason=values["reason"], by=by, now=now)
        messages.success(request, _("It is silent. Alerts are issued and counted all the same."))
        return redirect("alerts:silences")
    rows = Silence.objects.select_related("brand", "event", "by", "end__by")
    counted = rows.annotate(n_alerts=Count("alerts"))
    running = counted.filter(pk__in=Silence.objects.running(now).values("pk"))
    context = {
        "form": form,
        "running": running,
        "past": counted.exclude(pk__in=running.values("pk"))[:N_PAST],
        "now": now,
    }
    return render(request, "alerts/silences.html", context)


@require_POST
def silence_end(request: HttpRequest, pk: int) -> HttpResponse:
    end_silence(get_object_or_404(Silence, pk=pk), by=member_of(request), now=clock.now())
    messages.success(request, _("The silence is over. What it kept calls now."))
    return redirect("alerts:silences")
