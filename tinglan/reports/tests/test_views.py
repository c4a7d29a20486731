"""The pages of reports: allowed, refused, absent; asking for a report, its page, its PDF."""

from http import HTTPStatus

import pytest
from django.test import Client

from tests.make import NOW, make_event, make_member, make_mention
from tests.make_response import make_crew, make_level_change
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.lib import clock
from tinglan.reports.build import build_daily, day_of
from tinglan.reports.models import Edition, Report

pytestmark = pytest.mark.django_db
PAGES = ("/reports", "/reports/{pk}", "/reports/{pk}/pdf")


@pytest.fixture(autouse=True)
def _fixed_time() -> None:
    clock.set_to(NOW, rate=1e-9)


def signed_in(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    return client


@pytest.fixture
def client() -> Client:
    return signed_in(make_member("知秋", Role.LEADER))


@pytest.fixture
def edition() -> Edition:
    make_mention("星河水壶漏电", at=NOW)
    make_level_change(make_event("<b>星河水壶漏电</b>"), "II")
    return build_daily(
        day_of(NOW, until=NOW), brand=None, by=make_member("知秋", Role.LEADER), now=NOW
    )


@pytest.mark.parametrize("address", PAGES)
def test_readers_see_it_outsiders_and_strangers_do_not(
    client: Client, edition: Edition, address: str
) -> None:
    address = address.format(pk=edition.pk)
    assert client.get(address).status_code == HTTPStatus.OK
    assert signed_in(make_member("晨曦")).get(address).status_code == HTTPStatus.FORBIDDEN
    assert Client().get(address).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("address", PAGES[1:])
def test_an_absent_edition_is_not_found(client: Client, address: str) -> None:
    assert client.get(address.format(pk=4711)).status_code == HTTPStatus.NOT_FOUND


def test_the_page_shows_text_as_text_and_names_the_hash(client: Client, edition: Edition) -> None:
    page = client.get(f"/reports/{edition.pk}").content.decode()
    assert "<b>星河" not in page
    assert "&lt;b&gt;星河水壶漏电" in page
    assert edition.printings.get().sha256 in page


def test_the_pdf_comes_in_the_language_of_the_reader(client: Client, edition: Edition) -> None:
    answer = client.get(f"/reports/{edition.pk}/pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert set(edition.printings.values_list("language", flat=True)) == {"zh-hans", "en"}
    assert client.get(f"/reports/{edition.pk}/pdf").content == answer.content


def test_a_day_is_built_on_demand(client: Client) -> None:
    answer = client.post("/reports/daily", {"day": "2026-11-22"})
    edition = Edition.objects.get()
    assert answer.headers["Location"] == f"/reports/{edition.pk}"
    assert edition.by is not None
    assert "2026-11-22" in client.get("/reports").content.decode()


@pytest.mark.parametrize("day", ["", "soon", "2027-01-01"])
def test_a_day_that_makes_no_sense_builds_nothing_and_says_so(client: Client, day: str) -> None:
    answer = client.post("/reports/daily", {"day": day}, headers={"referer": "/reports"})
    assert answer.status_code == HTTPStatus.FOUND
    assert not Edition.objects.exists()


def test_a_review_that_nobody_wrote_is_refused(client: Client) -> None:
    make_crew()
    assert client.post("/reports/review", {"case": "4711"}).status_code == HTTPStatus.NOT_FOUND


def test_only_administrators_change_the_schedule(client: Client) -> None:
    report = Report.objects.get()
    data = {f"report-{report.pk}-hour": "9", f"report-{report.pk}-is_enabled": "on"}
    address = f"/reports/schedules/{report.pk}"
    assert client.post(address, data).status_code == HTTPStatus.FORBIDDEN
    assert signed_in(make_member("管理员", Role.ADMINISTRATOR)).post(address, data).status_code == (
        HTTPStatus.FOUND
    )
    report.refresh_from_db()
    assert report.hour == 9


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_no_report_is_built_of_a_day_at_the_ends_of_the_calendar(client: Client, day: str) -> None:
    assert client.post("/reports/daily", {"day": day}).status_code == HTTPStatus.FOUND
    assert not Edition.objects.exists()
