"""Sources are polled when due, once, and say on their row what is wrong with them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from tests.make import make_source
from tinglan.audit.models import AuditEntry
from tinglan.lib.models import Change
from tinglan.sources.collect import claim, poll
from tinglan.sources.models import Post, Rejection, Run, Source
from tinglan.sources.tests.servers import Site

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)

ITEM = """<item><guid>{guid}</guid><link>https://news.example/{guid}</link><title>{title}</title>
<description>{text}</description><pubDate>{date}</pubDate></item>"""
FEED = """<?xml version="1.0" encoding="{charset}"?><rss version="2.0"><channel>
<title>河东晚报</title><link>https://news.example</link>{items}</channel></rss>"""


def rss(*items: str, charset: str = "utf-8") -> str:
    return FEED.format(charset=charset, items="".join(items))


def entry(
    guid: str = "1", *, text: str = "漏电", date: str = "Mon, 23 Nov 2026 08:30:00 +0800"
) -> str:
    return ITEM.format(guid=guid, title=f"星河水壶{guid}", text=text, date=date)


def make_feed(url: str, now: datetime, **fields: Any) -> Source:
    values: dict[str, Any] = {
        "kind": "feed",
        "platform": "news",
        "url": url,
        "next_poll_at": now,
        **fields,
    }
    return make_source(**values)


def after(source: Source) -> Source:
    return Source.objects.get(pk=source.pk)


def test_a_due_feed_is_polled_and_its_posts_are_taken_in(site: Site, now: datetime) -> None:
    source = make_feed(site.put("/feed", rss(entry("1"), entry("2"))), now)
    assert poll(now) == 1
    source = after(source)
    assert Post.objects.count() == 2
    post = Post.objects.get(title="星河水壶1")
    assert post.published_at == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    assert (post.platform, post.kind) == ("news", "article")
    assert source.next_poll_at == now + 15 * MINUTE
    assert (source.last_success_at, source.health(now)) == (now, Source.Health.OK)


def test_what_is_not_due_or_paused_or_pushed_is_left_alone(site: Site, now: datetime) -> None:
    url = site.put("/feed", rss(entry()))
    make_feed(url, now + MINUTE)
    make_feed(url, now, is_enabled=False)
    make_source()
    assert poll(now) == 0
    assert not site.asked


def test_two_workers_never_claim_the_same_source(now: datetime) -> None:
    make_feed("https://news.example/feed", now)
    assert len(claim(now, limit=8)) == 1
    assert claim(now, limit=8) == []


def test_a_source_that_a_dying_worker_held_is_polled_again(now: datetime) -> None:
    make_feed("https://news.example/feed", now)
    claim(now, limit=8)
    assert len(claim(now + timedelta(minutes=6), limit=8)) == 1


def test_a_claim_that_another_worker_won_meanwhile_is_not_ours(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_feed("https://news.example/feed", now)
    monkeypatch.setattr(Source.objects, "due", lambda at: [source])
    Source.objects.update(next_poll_at=now + 5 * MINUTE)
    assert claim(now, limit=8) == []


def test_conditions_are_sent_back_and_304_is_a_success(site: Site, now: datetime) -> None:
    url = site.put("/feed", rss(entry()), ETag='W/"7"', Last_Modified="yesterday")
    source = make_feed(url, now)
    poll(now)
    poll(now + 15 * MINUTE)
    assert site.asked[1][1]["if-none-match"] == 'W/"7"'
    assert site.asked[1][1]["if-modified-since"] == "yesterday"
    assert after(source).last_success_at == now + 15 * MINUTE
    assert Run.objects.count() == 1  # nothing new is no run


def test_the_same_feed_again_makes_no_second_posts(site: Site, now: datetime) -> None:
    make_feed(site.put("/feed", rss(entry())), now)
    poll(now)
    poll(now + 15 * MINUTE)
    assert Post.objects.count() == 1
    assert list(Run.objects.values_list("n_created", "n_duplicate")) == [(0, 1), (1, 0)]


def test_a_failing_source_says_so_and_is_tried_later_and_later(site: Site, now: datetime) -> None:
    source = make_feed(site.put("/feed", "busy", status=500), now)
    at = now
    for minutes in (1, 2, 4):
        poll(at)
        source = after(source)
        assert source.next_poll_at == at + minutes * MINUTE
        at = source.next_poll_at
    assert (source.n_failures, source.health(now)) == (3, Source.Health.FAILING)
    assert "500" in source.last_error
    assert Run.objects.latest("id").error == source.last_error
    assert {"sources", "board"} <= set(Change.objects.values_list("topic", flat=True))


def test_recovery_clears_the_error(site: Site, now: datetime) -> None:
    source = make_feed(site.put("/feed", "busy", status=500), now)
    poll(now)
    site.put("/feed", rss(entry()))
    poll(now + MINUTE)
    source = after(source)
    assert (source.n_failures, source.last_error) == (0, "")
    assert source.health(now + MINUTE) == Source.Health.OK


def test_a_site_that_asks_us_to_wait_is_waited_for(site: Site, now: datetime) -> None:
    url = site.put("/feed", "", status=429, Retry_After="3600")
    source = make_feed(url, now)
    poll(now)
    assert after(source).next_poll_at == now + timedelta(hours=1)


def test_a_feed_that_is_gone_is_stopped_with_its_reason(site: Site, now: datetime) -> None:
    source = make_feed(site.put("/feed", "", status=410), now)
    poll(now)
    source = after(source)
    assert (source.is_enabled, source.health(now)) == (False, Source.Health.PAUSED)
    assert "410" in source.disabled_reason
    assert AuditEntry.objects.get().verb == "sources.stop"


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(site: Site, now: datetime) -> None:
    new = site.put("/new", rss(entry()))
    source = make_feed(site.put("/feed", "", status=301, Location="/new"), now)
    poll(now)
    assert after(source).url == new
    assert Post.objects.count() == 1
    assert AuditEntry.objects.get().data["new"] == new


def test_one_source_that_fails_does_not_stop_the_others(site: Site, now: datetime) -> None:
    bad = make_feed(site.put("/bad", "busy", status=500), now)
    good = make_feed(site.put("/good", rss(entry())), now)
    assert poll(now) == 2
    assert (after(bad).n_failures, after(good).n_failures) == (1, 0)


def test_a_connector_with_a_fault_is_an_error_of_its_source_alone(
    site: Site, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    source = make_feed(site.put("/feed", rss(entry())), now)
    monkeypatch.setattr("tinglan.sources.connectors.feed.connector.poll", stumble)
    poll(now)
    assert "ZeroDivisionError" in after(source).last_error


# Bad input


def test_a_broken_feed_gives_what_can_be_read(site: Site, now: datetime) -> None:
    cut = rss(entry("1"), entry("2"), entry("3"))[:-60]
    source = make_feed(site.put("/feed", cut), now)
    poll(now)
    assert after(source).n_failures == 0
    assert Post.objects.filter(native_id__contains="1").exists()


def test_a_feed_in_the_wrong_charset_is_read_right(site: Site, now: datetime) -> None:
    body = rss(entry("1", text="客服三天没有回复"), charset="utf-8").encode("gb18030")
    make_feed(site.put("/feed", body, Content_Type="text/xml; charset=utf-8"), now)
    poll(now)
    assert "客服三天没有回复" in Post.objects.get().text


@pytest.mark.parametrize("body", ["<!doctype html><html><body>请登录</body></html>", ""])
def test_html_instead_of_a_feed_is_a_failure(site: Site, now: datetime, body: str) -> None:
    source = make_feed(site.put("/feed", body, Content_Type="text/html"), now)
    poll(now)
    source = after(source)
    assert (source.n_failures, source.health(now)) == (1, Source.Health.FAILING)
    assert source.last_error
    assert not Post.objects.exists()


def test_future_dates_fall_back_to_first_seen(site: Site, now: datetime) -> None:
    make_feed(site.put("/feed", rss(entry(date="Tue, 24 Nov 2026 09:00:00 +0800"))), now)
    poll(now)
    post = Post.objects.get()
    assert (post.published_at, post.effective_at) == (None, now)
    assert post.flags == ["future_date"]


def test_chinese_dates_are_read_in_the_zone_of_the_source(site: Site, now: datetime) -> None:
    make_feed(site.put("/feed", rss(entry(date="2026年11月23日 08:30"))), now)
    poll(now)
    post = Post.objects.get()
    assert post.published_at == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    assert post.precision == "minute"


def test_a_bad_entry_is_rejected_on_its_line_and_the_rest_goes_on(
    site: Site, now: datetime
) -> None:
    make_feed(site.put("/feed", rss(entry("1"), "<item></item>", entry("3"))), now)
    poll(now)
    assert Post.objects.count() == 2
    assert Rejection.objects.get().position == 2


def test_script_in_a_post_is_text_or_nothing(site: Site, now: datetime) -> None:
    text = "<![CDATA[<p onclick='x()'>漏电<script>alert(1)</script></p>]]>"
    make_feed(site.put("/feed", rss(entry(text=text))), now)
    poll(now)
    assert "<" not in Post.objects.get().text
    assert "alert" not in Post.objects.get().text
    assert "漏电" in Post.objects.get().text


def test_an_address_that_points_inside_is_never_asked(
    site: Site, now: datetime, settings: Settings
) -> None:
    settings.FETCH_ALLOW = []
    source = make_feed(site.put("/feed", rss(entry())), now)
    poll(now)
    source = after(source)
    assert "not a public address" in source.last_error or "Port" in source.last_error
    assert not site.asked
    assert source.next_poll_at == now + timedelta(hours=6)  # only a person can mend it


def test_a_redirect_to_an_address_inside_is_not_followed(site: Site, now: datetime) -> None:
    url = site.put("/feed", "", status=302, Location="http://169.254.169.254/latest/meta-data")
    source = make_feed(url, now)
    poll(now)
    assert "not a public address" in after(source).last_error
