"""The alerts: what waits for somebody, who took it on, and the proof of every delivery."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.alerts.acknowledge import acknowledge, note_on
from tinglan.alerts.forms import HandBackForm, NoteForm
from tinglan.alerts.hand_back import hand_back
from tinglan.alerts.models import Acknowledgement, Alert
from tinglan.clocks.models import Clock
from tinglan.events.models import Level
from tinglan.lib import clock

PAGE = 30
STATES = ("waiting", "acknowledged", "silenced", "all")


@require_safe
@permits(Right.SEE)
def alerts(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", STATES[0])
    state = state if state in STATES else STATES[0]
    level = request.GET.get("level", "")
    found = _found(state, level if level in Level.values else "")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "state": state,
        "level": level,
        "levels": Level.choices,
        "states": _states(),
        "query": request.GET.urlencode(),
        "n_waiting": Alert.objects.waiting().count(),
        "now": clock.now(),
    }
    is_part = request.headers.get("HX-Target") == "alert-list"
    return render(request, "alerts/_list.html" if is_part else "alerts/alerts.html", context)


@require_safe
@permits(Right.SEE)
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_with_all(Alert.objects.all()), pk=pk)
    deliveries = found.deliveries.select_related("recipient", "channel", "instead_of", "told_in")
    context = {
        "alert": found,
        "deliveries": deliveries.prefetch_related("attempts", "told_in__attempts"),
        "hand_back": HandBackForm(),
        "clock": Clock.objects.of(found).order_by("-id").first(),  # it starts anew when handed back
        "note": NoteForm(initial={"note": found.answer.note if found.answer else ""}),
        "is_mine": found.answer is not None and found.answer.by_id == member_of(request).pk,
        "now": clock.now(),
    }
    is_part = request.headers.get("HX-Target") == "alert"
    return render(request, "alerts/_alert.html" if is_part else "alerts/alert.html", context)


@require_POST
def acknowledgement(request: HttpRequest, pk: int) -> HttpResponse:
    """One click, and a second one changes nothing; from a list it stays in the list."""
    found = get_object_or_404(Alert, pk=pk)
    by = member_of(request)
    answer = acknowledge(found, by=by, now=clock.now(), note=request.POST.get("note", "")[:1000])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    if answer.by_id == by.pk:
        messages.success(request, _("You have taken this alert on: nobody else is called."))
    else:
        taken = _("%(name)s had taken this alert on before.") % {"name": answer.by.name}
        messages.info(request, taken)
    return redirect("alerts:alert", pk=pk)


@require_POST
def handing_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Alert, pk=pk)
    form = HandBackForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    hand_back(found, reason=reason, by=member_of(request), now=clock.now())
    messages.success(request, _("The alert waits for somebody else; the next are called."))
    return redirect("alerts:alert", pk=pk)


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    answer = get_object_or_404(Acknowledgement, alert=pk, handed_back__isnull=True)
    form = NoteForm(request.POST)
    if form.is_valid():
        note_on(answer, form.cleaned_data["note"], by=member_of(request), now=clock.now())
        messages.success(request, _("The note is kept."))
    return redirect("alerts:alert", pk=pk)


def _found(state: str, level: str) -> QuerySet[Alert]:
    found = Alert.objects.all()
    if state == "waiting":
        found = Alert.objects.waiting()
    elif state == "acknowledged":
        found = found.acknowledged()
    elif state == "silenced":
        found = found.silenced()
    if level:
        found = found.filter(level=level)
    # The numerals sort in the order of gravity: I before II before III before IV.
    order = ("level", "issued_at", "id") if state == "waiting" else ("-issued_at", "-id")
    return _with_all(found).order_by(*order)


def _with_all(found: QuerySet[Alert]) -> QuerySet[Alert]:
    return found.select_related(
        "event__brand", "replaced_by", "warning__clock", "silence__by", "silence__end__by"
    ).prefetch_related(
        "escalations__to", "deliveries", "acknowledgements__by", "acknowledgements__handed_back__by"
    )


def _states() -> list[tuple[str, str]]:
    return list(
        zip(STATES, (_("Waiting"), _("Acknowledged"), _("Silenced"), _("All")), strict=True)
    )
