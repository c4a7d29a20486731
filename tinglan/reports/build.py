"""Build an edition: count, print, keep. By a schedule, or because a person asks."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.cases.models import Case, Review
from tinglan.lib import changes
from tinglan.monitors.models import Brand
from tinglan.reports import review as looking_back
from tinglan.reports.compose import document_of
from tinglan.reports.daily import Period, count_day
from tinglan.reports.errors import ReportError
from tinglan.reports.models import Edition, Kind, Printing, Report
from tinglan.reports.render import pdf

DAY = timedelta(days=1)


def build_daily(
    period: Period,
    *,
    brand: Brand | None,
    by: Member | None,
    now: datetime,
    report: Report | None = None,
) -> Edition:
    """The daily report of a period; counting and printing hold no lock on the store."""
    require(by, Right.READ_REPORTS)
    if period.start >= period.end:
        raise ReportError(_("This day has not begun yet: choose an earlier one."))
    edition = Edition(
        kind=Kind.DAILY,
        report=report,
        brand=brand,
        period_start=period.start,
        period_end=period.end,
        data=count_day(period, brand=brand, now=now),
        built_at=now,
        by=by,
    )
    return _keep(edition, now=now)


def build_review(case: Case, *, by: Member | None, now: datetime) -> Edition:
    """The review of a closed case that somebody has written."""
    require(by, Right.READ_REPORTS)
    written = Review.objects.filter(case=case).select_related("case__event__brand", "by").first()
    if written is None:
        raise ReportError(
            _("Case %(number)s has no review yet: close it, look back, then build this report.")
            % {"number": case.number}
        )
    edition = Edition(
        kind=Kind.REVIEW,
        brand=case.event.brand,
        case=case,
        period_start=case.event.first_post_at,
        period_end=written.at,
        data=looking_back.gather(written, now=now),
        built_at=now,
        by=by,
    )
    return _keep(edition, now=now)


def day_of(at: datetime, *, until: datetime) -> Period:
    """The site day of a moment, as far as it has gone."""
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return Period(start=start, end=min(start + DAY, until.replace(second=0, microsecond=0)))


def printing_of(edition: Edition, *, language: str, now: datetime) -> Printing:
    """The PDF in a language: as it was handed out before, else made now and kept."""
    known = edition.printings.filter(language=language).first()
    if known is not None:
        return known
    printed = _print(edition, language)
    try:
        with transaction.atomic():
            edition.printings.add(printed, bulk=False)
    except IntegrityError:  # somebody asked at the same time: theirs is the one
        return edition.printings.get(language=language)
    return printed


def _keep(edition: Edition, *, now: datetime) -> Edition:
    printed = _print(edition, settings.LANGUAGE_CODE)
    with transaction.atomic():
        edition.save(force_insert=True)
        printed.edition = edition
        printed.save(force_insert=True)
        changes.note("reports")
        record(
            "reports.build",
            edition,
            by=edition.by,
            now=now,
            data={"kind": edition.kind, "sha256": printed.sha256},
        )
    return edition


def _print(edition: Edition, language: str) -> Printing:
    with translation.override(language):
        made = pdf(document_of(edition), at=edition.built_at)
    return Printing(
        edition=edition,
        language=language,
        pdf=made,
        sha256=hashlib.sha256(made).hexdigest(),
        at=edition.built_at,
    )
