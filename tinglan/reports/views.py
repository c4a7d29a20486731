"""The list of reports, an edition as page and as PDF, and asking for one."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.cases.models import Case, Review
from tinglan.lib import clock
from tinglan.lib.asked import number
from tinglan.reports.build import build_daily, build_review, day_of, printing_of
from tinglan.reports.compose import document_of, lead_of, title_of
from tinglan.reports.document import Bars, Document
from tinglan.reports.errors import ReportError
from tinglan.reports.forms import DayForm, ScheduleForm
from tinglan.reports.models import Edition, Report
from tinglan.reports.schedule import change_schedule

PER_PAGE = 25
N_REVIEWS = 10


@require_GET
@permits(Right.READ_REPORTS)
def reports(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    editions = Edition.objects.select_related("brand", "by", "case")
    page = Paginator(editions, PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localtime(now).date()
    context = {
        "page": page,
        "editions": [(edition, title_of(edition), lead_of(edition)) for edition in page],
        "form": DayForm(initial={"day": today}),
        "schedules": [
            (report, ScheduleForm(instance=report, prefix=f"report-{report.pk}"))
            for report in Report.objects.select_related("brand")
        ],
        "reviews": Review.objects.select_related("case__event").order_by("-at")[:N_REVIEWS],
        "now": now,
    }
    return render(request, "reports/reports.html", context)


@require_GET
@permits(Right.READ_REPORTS)
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Edition.objects.select_related("brand", "by", "case"), pk=pk)
    document = document_of(found)
    context = {
        "edition": found,
        "document": document,
        "charts": _charts(document),
        "printings": found.printings.defer("pdf"),
        "now": clock.now(),
    }
    return render(request, "reports/edition.html", context)


@require_GET
@permits(Right.READ_REPORTS)
def edition_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF in the language of the reader; the same bytes each time."""
    found = get_object_or_404(Edition, pk=pk)
    language = get_language() or "en"
    printed = printing_of(found, language=language, now=clock.now())
    day = timezone.localtime(found.period_start).strftime("%Y-%m-%d")
    name = f"tinglan-{found.kind}-{day}-{found.pk}.pdf"
    return HttpResponse(
        bytes(printed.pdf),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "ETag": f'"{printed.sha256}"',
        },
    )


@require_POST
@permits(Right.READ_REPORTS)
def new_daily(request: HttpRequest) -> HttpResponse:
    form, now = DayForm(request.POST), clock.now()
    if not form.is_valid():
        raise ReportError(_("Choose a day to report on."))
    noon = timezone.make_aware(datetime.combine(form.cleaned_data["day"], time(12)))
    period = day_of(noon, until=now)
    made = build_daily(period, brand=form.cleaned_data["brand"], by=member_of(request), now=now)
    messages.success(request, _("The report is built."))
    return redirect(made)


@require_POST
@permits(Right.READ_REPORTS)
def new_review(request: HttpRequest) -> HttpResponse:
    case = get_object_or_404(Case, pk=number(request.POST.get("case")))
    made = build_review(case, by=member_of(request), now=clock.now())
    messages.success(request, _("The report is built."))
    return redirect(made)


@require_POST
@permits(Right.ADMINISTER)
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(Report, pk=pk)
    form = ScheduleForm(request.POST, prefix=f"report-{pk}")
    if not form.is_valid():
        raise ReportError(_("The hour is a number from 0 to 23."))
    asked = form.cleaned_data
    change_schedule(
        report,
        hour=asked["hour"],
        is_enabled=asked["is_enabled"],
        by=member_of(request),
        now=clock.now(),
    )
    messages.success(request, _("Saved."))
    return redirect("reports:reports")


def _charts(document: Document) -> dict[str, dict[str, Any]]:
    """The bars of each section for the charts of the page, by the section's place."""
    return {
        f"bars-{place}": _chart(block)
        for place, section in enumerate(document.sections, start=1)
        for block in section.blocks
        if isinstance(block, Bars)
    }


def _chart(bars: Bars) -> dict[str, Any]:
    return {
        "labels": list(bars.labels),
        "series": [
            {
                "name": one.name,
                "values": list(one.values),
                "tone": one.tone,
                "kind": "bar",
                "stack": "volume",
                "links": list(one.links),
            }
            for one in bars.series
        ],
    }
