"""The stream of mentions: pages of it, what is new, and the file."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.lib import clock
from tinglan.lib.asked import number
from tinglan.monitors import stream
from tinglan.monitors.export import MOST_ROWS, export
from tinglan.monitors.models import (
    Aspect,
    Brand,
    Intent,
    Mention,
    Monitor,
    Polarity,
    Product,
)
from tinglan.monitors.search import SearchError
from tinglan.monitors.stream import COUNTED, Filters, Page
from tinglan.sources.models import Post

FRESH = 99  # as many new mentions are counted; then it says 99+


@require_GET
@permits(Right.SEE)
def mentions(request: HttpRequest) -> HttpResponse:
    filters, now = Filters.read(request.GET), clock.now()
    context: dict[str, Any] = {"filters": filters, "now": now, **_choices(filters)}
    try:
        context |= _found(filters, request.GET.get("before", ""), now)
    except SearchError as error:
        context |= {"page": Page(rows=[], older="", newest_id=0), "refused": str(error)}
    return render(request, "monitors/mentions.html", context)


def _found(filters: Filters, place: str, now: datetime) -> dict[str, Any]:
    asked = filters.apply(Mention.objects.all(), now=now)
    n_all = stream.counted(asked)
    n_copies = stream.counted(asked.filter(copy_of__isnull=False))
    return {
        "page": stream.page_of(asked, place=place, with_copies=filters.with_copies),
        "n_all": min(n_all, COUNTED),
        "n_copies": n_copies,
        "is_more": n_all > COUNTED,
        "is_first": not place,
        "most_rows": MOST_ROWS,
    }


def _choices(filters: Filters) -> dict[str, Any]:
    """What the filters offer; products only of the brand that is chosen."""
    products = Product.objects.filter(brand=filters.brand) if filters.brand else ()
    monitor = Monitor.objects.filter(pk=filters.monitor).first() if filters.monitor else None
    return {
        "brands": Brand.objects.all(),
        "products": products,
        "monitor": monitor,
        "platforms": _platforms(),
        "polarities": Polarity.choices,
        "intents": Intent.choices,
        "aspects": Aspect.choices,
        "kinds": Post.Kind.choices,
        "windows": [("24h", _("24 hours")), ("7d", _("7 days")), ("30d", _("30 days"))],
        "has_monitors": Monitor.objects.exists(),
        **_links(filters),
    }


def _links(filters: Filters) -> dict[str, str]:
    """The same question with a part of it changed."""
    return {
        "from_text": stream.shown(filters.start) if filters.start else "",
        "to_text": stream.shown(filters.end) if filters.end else "",
        "without_times": filters.query(start=None, end=None),
        "without_monitor": filters.query(monitor=None),
        "copies_url": reverse("monitors:mentions") + filters.query(with_copies=True),
    }


def _platforms() -> Iterable[str]:
    """From the hourly figures, which are few beside the posts."""
    return (
        Brand.objects.filter(rollups__isnull=False)
        .values_list("rollups__platform", flat=True)
        .distinct()
        .order_by("rollups__platform")
    )


@require_GET
@permits(Right.SEE)
def fresh(request: HttpRequest) -> HttpResponse:
    """/mentions/fresh?since=ID — how many came after the newest that the page knows."""
    filters = Filters.read(request.GET)
    since = number(request.GET.get("since"))
    n_fresh = 0
    if since is not None:
        newer = Mention.objects.filter(pk__gt=since)
        if not filters.with_copies:
            newer = newer.originals()
        n_fresh = filters.apply(newer, now=clock.now())[: FRESH + 1].count()
    context = {"filters": filters, "since": since, "n_fresh": n_fresh, "most": FRESH}
    return render(request, "monitors/_fresh.html", context)


@require_GET
@permits(Right.SEE)
def mentions_csv(request: HttpRequest) -> HttpResponse:
    filters, now = Filters.read(request.GET), clock.now()
    asked = filters.apply(Mention.objects.all(), now=now)
    if not filters.with_copies:
        asked = asked.filter(copy_of__isnull=True)
    text = export(asked, asked=filters.query(), by=member_of(request), now=now)
    name = timezone.localtime(now).strftime("mentions-%Y-%m-%d-%H%M.csv")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
