"""Editions: built once, kept as they were, printed with Chinese type, traceable, safe."""

import hashlib
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from pypdf import PdfReader

from tests.make import NOW, make_brand, make_event, make_member, make_mention, make_source
from tests.make_response import (
    Crew,
    approve_all,
    make_case,
    make_crew,
    make_finding,
    make_level_change,
    make_request,
    make_statement,
)
from tinglan.accounts.models import Company
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.audit.models import AuditEntry
from tinglan.cases.close import Ending, close
from tinglan.cases.improve import plan_action
from tinglan.cases.models import Case
from tinglan.cases.models.case import Cause, Cluster
from tinglan.cases.publish import publish
from tinglan.cases.review import Lessons, review
from tinglan.monitors.models import Mention
from tinglan.reports.build import build_daily, build_review, day_of, printing_of
from tinglan.reports.compose import document_of
from tinglan.reports.document import Bars, Figures, Table
from tinglan.reports.errors import ReportError
from tinglan.reports.models import Edition, Report
from tinglan.reports.schedule import change_schedule, work

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NASTY = '#import "@preview/x:0.1" <script>alert(1)</script> $x^2$ *粗* _斜_ \\ [方] 13812345678'


@pytest.fixture(autouse=True)
def _company() -> None:
    Company.objects.create(id=1, name="星河电器", set_up_at=NOW)


@pytest.fixture
def crew() -> Crew:
    return make_crew()


def text_of(edition: Edition, language: str = "zh-hans") -> str:
    printed = printing_of(edition, language=language, now=NOW)
    pages = PdfReader(BytesIO(bytes(printed.pdf))).pages
    return "\n".join(page.extract_text() for page in pages)


def daily(now: datetime = NOW) -> Edition:
    return build_daily(
        day_of(now, until=now), brand=None, by=make_member("知秋", Role.LEADER), now=now
    )


def reviewed(crew: Crew) -> Case:
    case = make_case(crew)
    statement = make_statement(case, crew)
    approve_all(make_request(statement, crew), crew, now=NOW + HOUR)
    at = NOW + HOUR
    publish(statement, account="星河电器微博", url="", at=at, by=crew.spokesperson, now=at)
    make_finding(case, crew)
    close(
        case,
        Ending(cause=Cause.OWN_FAULT, cluster=Cluster.PREVENTABLE, summary="密封圈偏薄，已召回"),
        by=crew.lead,
        now=NOW + DAY,
    )
    plan_action(
        case, "上市前抽检", owner=crew.analyst, due_at=NOW + 9 * DAY, by=crew.lead, now=NOW + DAY
    )
    lessons = Lessons(went_well="一小时内回应", lessons="抽检要在上市前", plan_changes="")
    review(case, lessons, by=crew.lead, now=NOW + 2 * DAY)
    return case


def test_the_pdf_says_in_chinese_type_what_was_counted() -> None:
    make_mention("星河水壶漏电", at=NOW - HOUR)
    make_level_change(make_event("星河水壶漏电"), "II", at=NOW - HOUR)
    text = text_of(daily())
    for word in ("星河电器", "星河水壶漏电", "2026-11-23"):
        assert word in text


def test_the_hash_is_of_the_bytes_and_the_same_edition_prints_the_same_bytes() -> None:
    edition = daily()
    printed = edition.printings.get()
    assert printed.sha256 == hashlib.sha256(bytes(printed.pdf)).hexdigest()
    edition.printings.all().delete()
    again = printing_of(edition, language=printed.language, now=NOW + DAY)
    assert again.sha256 == printed.sha256


def test_an_edition_does_not_change_when_the_rows_do() -> None:
    make_mention(at=NOW - HOUR)
    edition = daily()
    Mention.objects.all().delete()
    edition.refresh_from_db()
    assert edition.data["volume"]["n"] == 1


def test_text_of_a_post_is_never_markup_and_never_personal() -> None:
    event = make_event(NASTY)
    make_level_change(event, "II", at=NOW - HOUR)
    text = "".join(text_of(daily()).split())
    assert "".join(NASTY.removesuffix("13812345678").split()) in text
    assert "13812345678" not in text


def test_figures_lead_to_the_posts_they_count() -> None:
    make_mention(at=NOW - HOUR)
    edition = daily()
    with translation.override("en"):
        first = document_of(edition).sections[0]
    [figures] = [block for block in first.blocks if isinstance(block, Figures)]
    assert figures.figures[0].url == (
        "/mentions?from=2026-11-23T00%3A00&to=2026-11-23T09%3A00&copies=1"
    )
    assert all(figure.url for figure in figures.figures[:4])
    [bars] = [block for block in first.blocks if isinstance(block, Bars)]
    assert sum(sum(series.values) for series in bars.series) == 1


def test_blind_spots_stand_beside_the_figures() -> None:
    make_source("坏了", n_failures=2, last_run_at=NOW)
    with translation.override("en"):
        document = document_of(daily())
    assert "坏了" in str(document.sections[0].blocks[0])
    assert "坏了" in str(document.sections[-1].blocks[0])


def test_without_any_source_the_report_says_that_it_means_nothing() -> None:
    with translation.override("en"):
        document = document_of(daily())
    assert "figures mean nothing" in str(document.sections[0].blocks[0])


def test_a_day_that_has_not_begun_is_refused() -> None:
    with pytest.raises(ReportError):
        build_daily(
            day_of(NOW + 2 * DAY, until=NOW),
            brand=None,
            by=make_member("知秋", Role.LEADER),
            now=NOW,
        )


def test_every_building_is_recorded() -> None:
    edition = daily()
    entry = AuditEntry.objects.get(verb="reports.build")
    assert entry.subject_id == edition.pk
    assert entry.data["sha256"] == edition.printings.get().sha256


# By schedule


def listened_since(at: datetime) -> None:
    make_source("微博", created_at=at, last_run_at=NOW, last_success_at=NOW)


def test_the_daily_report_is_built_once_a_day_at_its_hour() -> None:
    listened_since(NOW - 9 * DAY)
    midnight = day_of(NOW, until=NOW).start
    assert work(midnight + 7 * HOUR) == 0
    assert work(midnight + 8 * HOUR) == 1
    assert work(midnight + 8 * HOUR + timedelta(minutes=1)) == 0
    edition = Edition.objects.get()
    assert (edition.period_start, edition.period_end) == (midnight - DAY, midnight)
    assert edition.by is None
    assert work(midnight + 32 * HOUR) == 1
    assert Edition.objects.count() == 2


def test_one_asked_for_by_hand_does_not_stand_for_the_scheduled_one() -> None:
    listened_since(NOW - 9 * DAY)
    build_daily(
        day_of(NOW - DAY, until=NOW), brand=None, by=make_member("知秋", Role.LEADER), now=NOW
    )
    assert work(NOW) == 1
    assert Edition.objects.count() == 2


def test_a_second_scheduled_edition_of_a_day_is_impossible() -> None:
    listened_since(NOW - 9 * DAY)
    work(NOW)
    report = Report.objects.get()
    period = day_of(NOW - DAY, until=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        build_daily(period, brand=None, by=None, now=NOW, report=report)
    assert Edition.objects.count() == 1


def test_no_report_is_due_of_a_day_before_anything_was_listened_to() -> None:
    listened_since(NOW - HOUR)
    assert work(NOW) == 0


def test_a_report_switched_off_or_moved_is_not_built_before(crew: Crew) -> None:
    listened_since(NOW - 9 * DAY)
    admin, report = make_member("管理员", Role.ADMINISTRATOR), Report.objects.get()
    change_schedule(report, hour=8, is_enabled=False, by=admin, now=NOW)
    assert work(NOW) == 0
    change_schedule(report, hour=18, is_enabled=True, by=admin, now=NOW)
    assert work(NOW) == 0
    assert work(NOW + 9 * HOUR) == 1
    with pytest.raises(ForbiddenError):
        change_schedule(report, hour=9, is_enabled=True, by=crew.analyst, now=NOW)


# Reviews


def test_the_review_tells_the_case_to_its_end(crew: Crew) -> None:
    case = reviewed(crew)
    edition = build_review(case, by=crew.leader, now=NOW + 3 * DAY)
    text = text_of(edition).replace("\n", "")
    for word in (
        case.number,
        "密封圈偏薄，已召回",
        "一小时内回应",
        "上市前抽检",
        "关于水壶反馈的说明",
    ):
        assert word in text, word
    assert edition.data["n_sent"] == 0
    with translation.override("en"):
        document = document_of(edition)
    titles = [section.title for section in document.sections]
    assert titles[0] == "Outcome"
    [milestones] = [
        block
        for section in document.sections
        if section.title == "How long each part took"
        for block in section.blocks
        if isinstance(block, Table)
    ]
    after = {row[0].text: row[2].text for row in milestones.rows}
    assert after["First public word"] == "1 hr"
    assert after["Closed"] == "1 day"


def test_a_case_without_a_review_has_no_report_of_it(crew: Crew) -> None:
    with pytest.raises(ReportError):
        build_review(make_case(crew), by=crew.leader, now=NOW)


def test_a_written_review_is_built_by_itself_and_again_when_it_changes(crew: Crew) -> None:
    case = reviewed(crew)
    assert work(NOW + 2 * DAY) == 1
    assert work(NOW + 2 * DAY + HOUR) == 0
    review(case, Lessons(went_well="很快", lessons="抽检"), by=crew.lead, now=NOW + 3 * DAY)
    assert work(NOW + 3 * DAY) == 1
    assert [one.data["went_well"] for one in Edition.objects.order_by("id")] == [
        "一小时内回应",
        "很快",
    ]


def test_who_may_not_read_reports_builds_none() -> None:
    nobody = make_member("晨曦")
    with pytest.raises(ForbiddenError):
        build_daily(day_of(NOW, until=NOW), brand=make_brand(), by=nobody, now=NOW)
