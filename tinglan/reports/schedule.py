"""Build what is due: daily reports at their hour, the review of a case once it is written."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.cases.models import Review
from tinglan.reports.build import build_daily, build_review, day_of
from tinglan.reports.models import Edition, Kind, Report
from tinglan.sources.models import Source

log = logging.getLogger(__name__)

DAY = timedelta(days=1)


def work(now: datetime) -> int:
    """Build at most one edition, so that a stop is never far."""
    for report in Report.objects.filter(kind=Kind.DAILY, is_enabled=True).select_related("brand"):
        if is_due(report, now):
            return _build_daily(report, now)
    review = unbuilt_reviews().first()
    if review is not None:
        build_review(review.case, by=None, now=now)
        return 1
    return 0


def is_due(report: Report, now: datetime) -> bool:
    """Its hour has come, and yesterday, when something was listened to, has no edition yet."""
    local = timezone.localtime(now)
    if local.hour < report.hour:
        return False
    yesterday = day_of(local - DAY, until=now)
    if not Source.objects.filter(created_at__lt=yesterday.end).exists():
        return False
    return not report.editions.filter(by__isnull=True, period_start=yesterday.start).exists()


def unbuilt_reviews() -> QuerySet[Review]:
    """Reviews that no edition tells as they are written now."""
    told = Edition.objects.filter(case=OuterRef("case"), built_at__gte=OuterRef("at"))
    return Review.objects.filter(~Exists(told)).select_related("case__event").order_by("at", "id")


@transaction.atomic
def change_schedule(
    report: Report, *, hour: int, is_enabled: bool, by: Member, now: datetime
) -> Report:
    require(by, Right.ADMINISTER)
    report = Report.objects.select_for_update().get(pk=report.pk)
    report.hour, report.is_enabled = hour, is_enabled
    report.save(update_fields=["hour", "is_enabled"])
    data = {"hour": hour, "is_enabled": is_enabled}
    record("reports.change_schedule", report, by=by, now=now, data=data)
    return report


def _build_daily(report: Report, now: datetime) -> int:
    yesterday = day_of(timezone.localtime(now) - DAY, until=now)
    try:
        build_daily(yesterday, brand=report.brand, by=None, now=now, report=report)
    except IntegrityError:
        log.info("built by another worker meanwhile report=%s", report.pk)
    return 1
