"""The duty roster, a week at a time, and the company profile."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinglan.accounts.company import change_company, company
from tinglan.accounts.duty import SHIFTS, Gap, fill_roster, gaps, on_duty, take_off_duty
from tinglan.accounts.duty_forms import DutyForm, StandInForm, SwapForm
from tinglan.accounts.forms import CompanyForm
from tinglan.accounts.models import Duty
from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.accounts.stand_in import stand_in, swap
from tinglan.lib import clock
from tinglan.lib.asked import YEARS

require_form = require_http_methods(["GET", "HEAD", "POST"])
WEEK = timedelta(days=7)


@require_form
@permits(Right.SEE, sending=Right.ADMINISTER)
def duty(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    form = DutyForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        fill_roster(
            values["member"],
            form.days(),
            shift=SHIFTS[values["shift"]],
            order=values["order"],
            by=member_of(request),
            now=now,
        )
        messages.success(request, _("The roster is filled in."))
        return redirect(f"{request.path}?from={_monday(values['first'])}")
    monday = _monday(_asked(request) or timezone.localdate(now))
    return render(request, "accounts/duty.html", {"form": form, "now": now, **_week(monday, now)})


def _week(monday: date, now: datetime) -> dict[str, object]:
    start = timezone.make_aware(datetime.combine(monday, time()))
    duties = list(
        Duty.objects.filter(
            starts_at__lt=start + WEEK, ends_at__gt=start, member__is_active=True
        ).select_related("member", "stands_in_for")
    )
    days = [start + timedelta(days=n) for n in range(7)]
    return {
        "days": [(day, _segments(duties, day)) for day in days],
        "today": timezone.localdate(now),
        "gaps": _open_gaps(duties, start, now),
        "on_duty": on_duty(now),
        "previous": monday - WEEK,
        "next": monday + WEEK,
        "monday": monday,
    }


def _open_gaps(duties: list[Duty], start: datetime, now: datetime) -> list[Gap]:
    """What is past cannot be filled any more."""
    end = start + WEEK
    return gaps(duties, start=max(start, now), end=end) if now < end else []


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a duty that lies within one day."""

    duty: Duty
    starts_at: datetime
    ends_at: datetime

    @property
    def is_first(self) -> bool:
        return self.starts_at == self.duty.starts_at

    @property
    def end(self) -> str:
        """A day ends at 24:00."""
        return timezone.localtime(self.ends_at).strftime("%H:%M").replace("00:00", "24:00")


def _segments(duties: list[Duty], day: datetime) -> list[Segment]:
    night = day + timedelta(days=1)
    found = [
        Segment(duty, max(duty.starts_at, day), min(duty.ends_at, night))
        for duty in duties
        if duty.starts_at < night and duty.ends_at > day
    ]
    return sorted(found, key=lambda one: (one.duty.order, one.starts_at))


def _asked(request: HttpRequest) -> date | None:
    try:
        day = parse_date(request.GET.get("from", ""))
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@require_POST
def duty_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Duty, pk=pk)
    take_off_duty(found, by=member_of(request), now=clock.now())
    return redirect(_week_of(found))


def _week_of(found: Duty) -> str:
    return f"/settings/duty?from={_monday(timezone.localdate(found.starts_at))}"


@require_form
@permits(Right.SEE)
def duty_stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """The verb asks whether the duty is theirs to give away."""
    found, now = get_object_or_404(Duty.objects.select_related("member"), pk=pk), clock.now()
    form = StandInForm(request.POST or None, duty=found)
    if request.method == "POST" and form.is_valid():
        member = form.cleaned_data["member"]
        stand_in(found, member, part=form.part(), by=member_of(request), now=now)
        messages.success(request, _("%(name)s stands in.") % {"name": member.name})
        return redirect(_week_of(found))
    context = {"duty": found, "form": form, "swap": SwapForm(duty=found, now=now), "now": now}
    return render(request, "accounts/stand_in.html", context)


@require_POST
@permits(Right.SEE)
def duty_swap(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = get_object_or_404(Duty, pk=pk), clock.now()
    form = SwapForm(request.POST, duty=found, now=now)
    if not form.is_valid():
        messages.error(request, _("Choose a duty of another member that has not begun."))
        return redirect("accounts:duty_stand_in", pk=pk)
    swap(found, form.cleaned_data["other"], by=member_of(request), now=now)
    messages.success(request, _("The two duties are swapped."))
    return redirect(_week_of(found))


@require_form
@permits(Right.SEE, sending=Right.ADMINISTER)
def company_profile(request: HttpRequest) -> HttpResponse:
    form = CompanyForm(request.POST or None, instance=company())
    if request.method == "POST" and form.is_valid():
        change_company(form.cleaned_data, by=member_of(request), now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("accounts:company")
    return render(request, "accounts/company.html", {"form": form})
