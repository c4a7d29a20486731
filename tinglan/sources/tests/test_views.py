"""The pages of the sources: allowed, refused, absent, and what each of them says."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.make import make_member, make_post, make_source
from tinglan.accounts.rights import Role
from tinglan.lib import clock
from tinglan.sources import uploads
from tinglan.sources.health import reports
from tinglan.sources.models import Post, Rejection, Run, Sighting, Source
from tinglan.sources.push_keys import hash_of
from tinglan.sources.tests.servers import Site

pytestmark = pytest.mark.django_db
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>河东晚报</title>
<item><guid>1</guid><title>星河水壶漏电</title><description>客服不理</description></item>
</channel></rss>"""


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def signed_in(*roles: Role) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_member("安琪", *roles))
    return client


@pytest.fixture
def analyst() -> Client:
    return signed_in(Role.ANALYST)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_sources_the_page_says_what_to_do(analyst: Client) -> None:
    assert "/sources/new" in text(analyst, "/sources")


def test_those_who_may_not_edit_see_no_way_to(now: datetime) -> None:
    source, agent = make_source("供应商"), signed_in(Role.AGENT)
    page = text(agent, f"/sources/{source.pk}")
    assert "供应商" in page
    assert f"/sources/{source.pk}/token" not in page
    assert "/sources/new" not in text(agent, "/sources")


@pytest.mark.parametrize(
    "address", ["pause", "resumption", "polls", "token", "secret", "keys/revocation"]
)
def test_changing_is_refused_without_the_right_and_absent_without_a_source(address: str) -> None:
    source = make_source()
    assert signed_in(Role.AGENT).post(f"/sources/{source.pk}/{address}").status_code in {302, 403}
    source.refresh_from_db()
    assert (source.is_enabled, source.token_hash, source.signing_secret) == (True, "", None)
    assert signed_in(Role.ANALYST).post(f"/sources/999/{address}").status_code == 404


def test_an_outsider_sees_nothing() -> None:
    source = make_source()
    for address in ("/sources", f"/sources/{source.pk}", "/sources/new"):
        assert signed_in().get(address).status_code == 403
    assert Client().get("/sources").status_code == 302


def test_what_is_blind_stands_first_with_its_reason(analyst: Client) -> None:
    now = clock.now()
    make_source("甲 works", last_run_at=now, last_success_at=now)
    make_source("丙 fails", n_failures=2, last_error="The site answers with an error (500).")
    make_source(
        "乙 silent",
        last_run_at=now,
        created_at=now - timedelta(days=2),
        silent_after_minutes=60,
        last_post_at=now - timedelta(days=1),
    )
    page = text(analyst, "/sources")
    assert page.index("丙 fails") < page.index("乙 silent") < page.index("甲 works")
    assert "error (500)" in page
    assert "brought nothing new" in page


def test_figures_of_today_and_the_detection_lag(now: datetime) -> None:
    source = make_source()
    yesterday = now - timedelta(days=1)
    Run.objects.create(source=source, started_at=now, n_created=3, n_rejected=1)
    Run.objects.create(source=source, started_at=yesterday, n_created=50)
    for minutes in (2, 10, 90):
        post = make_post(at=now - timedelta(minutes=minutes), first_seen_at=now)
        Sighting.objects.create(post=post, source=source, at=now)
    report = reports([source], now=now)[0]
    assert (report.n_created, report.n_rejected) == (3, 1)
    assert report.lag == timedelta(minutes=10)


def test_a_feed_can_be_tried_before_it_is_saved(analyst: Client, site: Site) -> None:
    values = {"kind": "feed", "url": site.put("/feed", RSS), "platform": "news"}
    values |= {"zone": "Asia/Shanghai", "interval_minutes": "15", "keep": "all"}
    page = analyst.post("/sources/preview", values).content.decode()
    assert "星河水壶漏电" in page
    assert not Source.objects.exists()
    assert not Post.objects.exists()


def test_trying_what_is_no_feed_shows_why(analyst: Client, site: Site) -> None:
    values = {"kind": "feed", "url": site.put("/feed", "<html>"), "platform": "news"}
    values |= {"zone": "Asia/Shanghai", "interval_minutes": "15", "keep": "all"}
    assert "alert-danger" in analyst.post("/sources/preview", values).content.decode()


def test_trying_an_address_inside_is_refused(
    analyst: Client, site: Site, settings: Settings
) -> None:
    settings.FETCH_ALLOW = []
    values = {"kind": "feed", "url": site.put("/feed", RSS), "platform": "news"}
    values |= {"zone": "Asia/Shanghai", "interval_minutes": "15", "keep": "all"}
    assert "TINGLAN_FETCH_ALLOW" in analyst.post("/sources/preview", values).content.decode()
    assert not site.asked


def test_a_source_is_made_and_edited(analyst: Client) -> None:
    values = {"name": "河东晚报", "kind": "feed", "url": "http://223.5.5.5/feed", "keep": "all"}
    values |= {"platform": "news", "interval_minutes": "30", "zone": "Asia/Shanghai"}
    answer = analyst.post("/sources/new", values)
    source = Source.objects.get()
    assert answer.headers["location"] == f"/sources/{source.pk}"
    assert (source.interval_minutes, source.silent_after_minutes) == (30, None)
    analyst.post(f"/sources/{source.pk}/edit", {**values, "name": "河东日报"})
    source.refresh_from_db()
    assert source.name == "河东日报"


def test_an_address_inside_comes_back_with_the_form(analyst: Client) -> None:
    values = {"name": "内网", "kind": "feed", "url": "http://10.0.0.8/feed", "keep": "all"}
    values |= {"platform": "news", "interval_minutes": "30", "zone": "Asia/Shanghai"}
    page = analyst.post("/sources/new", values).content.decode()
    assert "TINGLAN_FETCH_ALLOW" in page
    assert 'value="内网"' in page
    assert not Source.objects.exists()


def test_a_kind_that_is_not_there_is_absent(analyst: Client) -> None:
    assert analyst.get("/sources/new?kind=carrier-pigeon").status_code == 404


@pytest.mark.parametrize("kind", ["feed", "push", "file"])
def test_each_kind_has_its_form(analyst: Client, kind: str) -> None:
    page = text(analyst, f"/sources/new?kind={kind}")
    assert ('name="url"' in page) == (kind == "feed")
    assert ('name="profile"' in page) == (kind == "file")


@pytest.mark.parametrize(
    ("kind", "said"),
    [("file", "Hand in its first file."), ("push", "Send it the first posts.")],
)
def test_a_new_source_says_how_it_begins(analyst: Client, kind: str, said: str) -> None:
    source = make_source(kind=kind)
    page = analyst.get(source.get_absolute_url(), headers={"accept-language": "en"})
    assert said in page.content.decode()


def test_a_platform_typed_by_its_name_is_kept_as_its_code(analyst: Client) -> None:
    fields = {"name": "档案", "platform": "微博", "keep": "all", "zone": "Asia/Shanghai"}
    analyst.post("/sources/new?kind=file", {"kind": "file", **fields})
    assert Source.objects.get().platform == "weibo"


def test_a_token_is_shown_once(analyst: Client) -> None:
    source = make_source()
    analyst.post(f"/sources/{source.pk}/token")
    source.refresh_from_db()
    page = text(analyst, f"/sources/{source.pk}")
    token = page.split('id="key"')[1].split(">")[1].split("<")[0]
    assert hash_of(token) == source.token_hash
    assert token not in text(analyst, f"/sources/{source.pk}")


def test_a_file_is_handed_in_and_its_run_tells_what_became_of_it(analyst: Client) -> None:
    source = make_source()
    file = SimpleUploadedFile("posts.jsonl", b'{"id":"1","text":"a"}\n{"id":"2"}\n')
    answer = analyst.post(f"/sources/{source.pk}/files", {"file": file})
    address = answer.headers["location"]
    assert "sse:sources throttle:1s" in text(analyst, address)  # still being read
    uploads.poll(clock.now())
    page = text(analyst, address)
    assert "it has no text" in page
    assert "sse:sources throttle:1s" not in page


def test_an_empty_file_is_refused_with_a_message(analyst: Client) -> None:
    source = make_source()
    file = SimpleUploadedFile("posts.jsonl", b"")
    answer = analyst.post(f"/sources/{source.pk}/files", {"file": file}, follow=True)
    assert "not empty" in answer.content.decode()
    assert not Run.objects.exists()


def test_script_in_what_was_rejected_stays_text(analyst: Client) -> None:
    run = Run.objects.create(source=make_source(), started_at=clock.now())
    Rejection.objects.create(run=run, position=1, reason="bad", sample="<script>alert(1)</script>")
    page = text(analyst, f"/sources/{run.source_id}/runs/{run.pk}")
    assert "<script>alert(1)" not in page


def test_a_run_of_another_source_is_absent(analyst: Client) -> None:
    run = Run.objects.create(source=make_source(), started_at=clock.now())
    assert analyst.get(f"/sources/{make_source().pk}/runs/{run.pk}").status_code == 404


def test_pausing_resuming_and_polling_now(analyst: Client) -> None:
    source = make_source(kind="feed", url="http://223.5.5.5/feed")
    analyst.post(f"/sources/{source.pk}/pause")
    assert not Source.objects.get().is_enabled
    analyst.post(f"/sources/{source.pk}/resumption")
    Source.objects.update(next_poll_at=clock.now() + timedelta(days=1))
    analyst.post(f"/sources/{source.pk}/polls")
    next_poll_at = Source.objects.get().next_poll_at
    assert next_poll_at is not None
    assert next_poll_at <= clock.now()
