"""Feeds as they are in the wild: what is no feed says so, what is one is read in full."""

import dataclasses
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.lib import http
from tinglan.sources.connectors.contract import Collected, ConnectorError, SourceFacts
from tinglan.sources.connectors.feed import connector
from tinglan.sources.connectors.feed.connector import poll, read
from tinglan.sources.connectors.feed.text import plain_text
from tinglan.sources.item import Item, ItemAuthor

FACTS = SourceFacts(
    platform="news:example",
    scope="source-7",
    zone=ZoneInfo("Asia/Shanghai"),
    now=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
)
SAMPLES = Path(__file__).parent / "samples"
URL = "https://news.example/feed"


def answering(
    body: bytes | str = b"",
    *,
    status: int = 200,
    moved_to: str = "",
    headers: Mapping[str, str] | None = None,
) -> Callable[..., http.Response]:
    """A network that answers this to everything, and remembers what it was asked."""

    def fetch(url: str, **asked: object) -> http.Response:
        fetch.asked = asked  # type: ignore[attr-defined]
        return http.Response(
            status=status,
            url=URL,
            headers={name.replace("_", "-"): value for name, value in (headers or {}).items()},
            body=body.encode() if isinstance(body, str) else body,
            moved_to=moved_to,
        )

    return fetch


def collected(body: bytes | str, **headers: str) -> Collected:
    return poll(URL, source=FACTS, state={}, fetch=answering(body, headers=headers))


def failure(body: bytes | str = b"", *, status: int = 200, **headers: str) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        poll(URL, source=FACTS, state={}, fetch=answering(body, status=status, headers=headers))
    return caught.value


def rss(items: str, *, declaration: str = "") -> str:
    return f"{declaration}<rss version='2.0'><channel><title>江城</title>{items}</channel></rss>"


def entry(**fields: str) -> str:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<item>{inner}</item>"


def only(body: bytes | str, **headers: str) -> Item:
    (item,) = collected(body, **headers).items
    return item


# What is read


def test_an_rss_entry_in_full() -> None:
    first, second = collected((SAMPLES / "news.rss").read_bytes()).items
    assert first.title == "星河电热水壶被指底座漏水 & 客服称将检测"
    assert first.text == "多名用户反映，新买的星河水壶一周内漏水。\n客服称将安排检测。"
    assert first.url == "https://news.example/2026/1122/1001.html"
    assert (first.native_id, first.kind, first.channel) == (
        "source-7:news-1001",
        "article",
        "江城消费观察",
    )
    assert first.published_at == datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
    assert first.author == ItemAuthor(name="记者 林溪")
    assert (first.tags, first.counts) == (("家电", "质量"), {"comment": 12})
    assert first.media == ({"type": "image/jpeg", "url": "https://news.example/img/1001.jpg"},)
    assert second.native_id == "https://news.example/2026/1122/1002.html"
    assert second.published_at == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def test_an_atom_entry_tells_when_it_was_edited() -> None:
    item = only((SAMPLES / "forum.atom").read_bytes())
    assert (item.native_id, item.title) == ("tag:forum.example,2026:thread-88", "水壶 漏电 怎么办")
    assert item.published_at == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    assert item.edited_at == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def test_an_rdf_date_is_the_publication_and_no_edit() -> None:
    item = only((SAMPLES / "bulletin.rdf").read_bytes())
    assert item.published_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    assert item.edited_at is None


def test_a_json_feed() -> None:
    first, second = collected((SAMPLES / "blog.json").read_bytes()).items
    assert (first.title, first.channel) == ("三款水壶 1 < 2", "厨房<笔记>")
    assert first.url == "https://news.example/posts/kettle-1"
    assert first.author == ItemAuthor(name="阿木")
    assert first.media == ({"type": "audio/mpeg", "url": "https://blog.example/a.mp3"},)
    assert second.text == "只有正文。\n第二行 <不是标签>"
    assert second.published_at == datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("2026年11月22日 18:05", 10, 5),
        ("2026-11-22 18:05:00", 10, 5),
        ("Sun, 22 Nov 2026 18:05:00 CST", 10, 5),
        ("3分钟前", 11, 57),
        ("今天 18:05", 10, 5),
    ],
)
def test_chinese_dates_are_read_by_our_own_parser(written: str, hour: int, minute: int) -> None:
    item = only(rss(entry(title="漏水", pubDate=written)))
    assert item.published_at == datetime(2026, 11, 22, hour, minute, tzinfo=UTC)


def test_a_date_in_the_future_is_flagged_and_the_entry_kept() -> None:
    item = only(rss(entry(title="漏水", pubDate="2031年1月1日")))
    assert (item.published_at, item.flags) == (None, ("future_date",))


TITLE = "星河水壶漏水，客服三天没有回复"


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("gb2312", "gb18030"),
        ("utf-8", "gb18030"),
        ("gbk", "utf-8"),
        ("", "gb18030"),
        ("no-such", "gb18030"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
    ],
)
def test_a_feed_that_lies_about_its_charset_is_still_read(declared: str, real: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    body = rss(entry(title=TITLE), declaration=declaration).encode(real)
    assert only(body).title == TITLE


def test_the_charset_of_http_is_believed_where_xml_declares_none() -> None:
    body = rss(entry(title="電熱水壺漏水")).encode("big5")
    assert only(body, content_type="text/xml; charset=big5").title == "電熱水壺漏水"


@pytest.mark.parametrize(
    "body",
    [
        "\x0b" + rss(entry(title=TITLE)),
        "\n\n  " + rss(entry(title=TITLE), declaration="<?xml version='1.0'?>"),
        rss(entry(title=TITLE, description="a & b")),
        rss(entry(title=TITLE))[:-20],
        rss(entry(title=TITLE, description="&nbsp;&#55296;&#xD800;")),
    ],
)
def test_small_faults_do_not_cost_the_feed(body: str) -> None:
    assert collected(body).items[0].title == TITLE


def test_scripts_are_dropped_and_text_is_kept() -> None:
    html = "<![CDATA[<p onclick=x()>漏水<script>steal()</script></p><!-- 注 --><p>退款</p>]]>"
    assert only(rss(entry(title="t", description=html))).text == "漏水\n退款"


def test_a_link_that_is_no_web_address_is_dropped() -> None:
    item = only(rss(entry(title="t", link="javascript:alert(1)", guid="7")))
    assert item.url == ""


# Identity


def test_an_edit_keeps_the_identity_and_another_entry_has_another() -> None:
    before = only(rss(entry(title="t", guid="7", description="第一版")))
    after = only(rss(entry(title="t 改", guid="7", description="第二版")))
    other = only(rss(entry(title="t", guid="8", description="第一版")))
    assert before.native_id == after.native_id != other.native_id


def test_without_guid_and_link_the_title_and_date_identify() -> None:
    first = only(rss(entry(title="t", pubDate="3分钟前", description="一")))
    again = only(rss(entry(title="t", pubDate="3分钟前", description="二")))
    other = only(rss(entry(title="u", pubDate="3分钟前", description="一")))
    assert first.native_id == again.native_id != other.native_id


def test_a_long_guid_is_hashed_and_two_feeds_may_use_the_same_number() -> None:
    long = only(rss(entry(title="t", guid="https://a.example/" + "x" * 300)))
    assert len(long.native_id) <= 128
    elsewhere = dataclasses.replace(FACTS, scope="source-8")
    body = rss(entry(title="t", guid="7")).encode()
    (mine,), (theirs,) = (read(io.BytesIO(body), source=facts) for facts in (FACTS, elsewhere))
    assert isinstance(mine, Item)
    assert mine.native_id != theirs.native_id


def test_an_entry_that_says_nothing_is_rejected_and_the_rest_goes_on() -> None:
    found = collected(rss(entry(link="https://a.example/1") + entry(title="好", guid="2")))
    assert [item.native_id for item in found.items] == ["source-7:2"]
    assert [(reject.position, reject.sample) for reject in found.rejects] == [
        (1, "https://a.example/1")
    ]


# What is no feed


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("\ufeff", "empty"),
        ("<!DOCTYPE html><html><head><title>请登录</title></head></html>", "html"),
        ("<!-- x --><HTML><body>404</body></HTML>", "html"),
        ("<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html/>", "html"),
        ("<!DOCTYPE rss [<!ENTITY a 'aaa'>]><rss><channel>&a;</channel></rss>", "dtd"),
        ("<!-- x --> <!DOCTYPE rss SYSTEM 'file:///etc/passwd'><rss/>", "dtd"),
        ("<?xml version='1.0'?><catalogue><book/></catalogue>", "not_a_feed"),
        ("Service unavailable", "not_a_feed"),
        ('{"message": "not found"}', "not_a_feed"),
        ('{"items": [', "not_a_feed"),
        ("[1, 2]", "not_a_feed"),
    ],
)
def test_a_200_without_a_feed_in_it_is_a_failure(body: str, code: str) -> None:
    assert failure(body).code == code


def test_a_web_page_is_named_by_its_title() -> None:
    assert "“请登录”" in str(failure("<html><head><title> 请登录\n</title></head></html>"))


def test_a_dtd_does_not_hide_in_utf_16() -> None:
    bomb = "<!DOCTYPE rss [<!ENTITY a 'aaa'>]><rss><channel>&a;</channel></rss>"
    assert failure(bomb.encode("utf-16")).code == "dtd"
    assert failure(bomb.encode("utf-16-le")).code == "dtd"


def test_an_entity_bomb_costs_no_time() -> None:
    entities = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10))
    bomb = f"<!DOCTYPE rss [<!ENTITY e0 'x'>{entities}]>" + rss(entry(title="&e9;"))
    assert failure(bomb).code == "dtd"  # in a millisecond; expanded it would take hours


def test_a_valid_feed_without_entries_is_no_failure() -> None:
    assert collected(rss("")).items == ()


def test_a_feed_beyond_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "MAX_BYTES", 100)
    assert failure(rss(entry(title="x" * 200))).code == "too_large"


# Polling


def test_conditions_are_sent_back_verbatim_and_304_means_nothing_new() -> None:
    body = rss(entry(title="t"))
    first = collected(body, etag='W/"a,1"', last_modified="Sun, 22 Nov 2026 10:00:00 GMT")
    assert first.state == {"etag": 'W/"a,1"', "last_modified": "Sun, 22 Nov 2026 10:00:00 GMT"}
    fetch = answering(status=304)
    again = poll(URL, source=FACTS, state=first.state, fetch=fetch)
    sent = fetch.asked["headers"]  # type: ignore[attr-defined]
    assert sent["If-None-Match"] == 'W/"a,1"'
    assert sent["If-Modified-Since"] == "Sun, 22 Nov 2026 10:00:00 GMT"
    assert (again.is_unchanged, again.items, again.state) == (True, (), first.state)


def test_a_feed_that_moved_tells_its_new_address() -> None:
    fetch = answering(rss(entry(title="t")), moved_to="https://new.example/feed")
    assert poll(URL, source=FACTS, state={}, fetch=fetch).moved_to == "https://new.example/feed"


@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [
        (410, "gone", True),
        (404, "not_found", False),
        (403, "refused", False),
        (401, "refused", False),
        (429, "too_often", False),
        (500, "site_error", False),
        (503, "site_error", False),
    ],
)
def test_an_error_status_says_what_it_means(status: int, code: str, permanent: bool) -> None:
    error = failure("<html>error</html>", status=status)
    assert (error.code, error.permanent) == (code, permanent)


def test_a_busy_site_tells_when_to_come_back() -> None:
    error = failure(status=503, retry_after="600")
    assert error.retry_at == FACTS.now + timedelta(minutes=10)
    assert "2026-11-22 12:10 UTC" in str(error)


def test_an_address_inside_is_a_permanent_error() -> None:
    with pytest.raises(ConnectorError, match="not a public address") as caught:
        poll("http://127.0.0.1/feed", source=FACTS, state={})
    assert (caught.value.code, caught.value.permanent) == ("blocked_address", True)


def test_a_site_that_cannot_be_reached_is_tried_again() -> None:
    def fetch(url: str, **asked: object) -> http.Response:
        raise http.HttpError("https://news.example did not answer in time.")

    with pytest.raises(ConnectorError, match="did not answer in time") as caught:
        poll(URL, source=FACTS, state={}, fetch=fetch)
    assert (caught.value.code, caught.value.permanent) == ("unreachable", False)


# HTML to text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<p>一</p><p>二</p>", "一\n二"),
        ("一<br/>二<BR>三", "一\n二\n三"),
        ("<style>p{}</style>好<svg><path d='x'/></svg>", "好"),
        ("好<script>永不结束", "好"),
        ("好<!-- 永不结束", "好"),
        ("好<!-- <script> -->坏", "好坏"),
        ("&lt;b&gt;不是标签&lt;/b&gt;", "<b>不是标签</b>"),
        ("<a href='x'>链接</a>", "链接"),
        ("<scripted>好</scripted>", "好"),
    ],
)
def test_html_becomes_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@given(st.text(st.sampled_from("<>/!-scriptp br&;\"'=漏\n")))
def test_no_markup_is_an_error(markup: str) -> None:
    plain_text(markup)


@pytest.mark.parametrize(
    "piece", ["<div>", "<", "<!--", "<a ", "<script>", "&", "<p", "</script", '<a b="']
)
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    plain_text(piece * 200_000)  # tenths of a second; in quadratic time it would not end
