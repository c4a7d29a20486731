"""Bad input gets a clear error on the row it belongs to; the rest goes on (edges.md; L6, L7)."""

from pathlib import Path

from playwright.sync_api import Dialog, Locator, Page, expect

from tests.journeys.listening import (
    add_brand,
    add_feed,
    add_monitor,
    add_source,
    ask_for_feed,
    hand_in,
    issue_token,
    see_mention,
)
from tests.journeys.people import found_company
from tests.journeys.servers import web_server
from tests.journeys.site import Site

COMPLAINT = "星河水壶昨晚突然漏电，手被电到，打客服电话三天没人管，要求退款，太差劲了。"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
HTML = ("text/html; charset=utf-8", "<!doctype html><h1>网站维护中</h1>".encode())


def row(page: Page, source: str) -> Locator:
    return page.get_by_role("row").filter(has_text=source)


def figure(page: Page, label: str) -> Locator:
    return page.locator(".figure").filter(has=page.get_by_text(label, exact=True))


def test_bad_input_is_told(page: Page, site: Site, tmp_path: Path) -> None:
    found_company(page)
    with web_server() as server:
        server.pages["/feed.xml"] = HTML
        server.redirects["/moved.xml"] = "http://192.168.7.7/feed.xml"
        add_feed(page, "厨电新闻", f"{server.url}/feed.xml")
        add_feed(page, "搬走的", f"{server.url}/moved.xml")
        page.goto("/sources")
        # The pages change by themselves when the worker has tried.
        expect(row(page, "厨电新闻")).to_contain_text("a web page and no feed")
        expect(row(page, "厨电新闻")).to_contain_text("Failing")
        expect(row(page, "搬走的")).to_contain_text("does not lead to a public web site")
        expect(row(page, "搬走的")).to_contain_text("Failing")
    ask_for_feed(page, "内网", "http://192.168.7.7/feed.xml")
    expect(page.get_by_role("alert")).to_contain_text("192.168.7.7 is not a public address")

    files = add_source(page, "file", "客服导出")
    half = tmp_path / "half.json"
    half.write_text('[{"id": "1", "text": "星河水壶好用"}, {"id": "2", "text": "半')
    hand_in(page, files, half)
    expect(page.get_by_role("alert")).to_contain_text("ends in the middle of element 2")
    expect(figure(page, "New")).to_contain_text("1")

    rows = tmp_path / "rows.csv"
    rows.write_text("id,text\n3,星河水壶保温差\n4,\n5,客服态度很好\n")
    hand_in(page, files, rows)
    expect(figure(page, "New")).to_contain_text("2")
    expect(page.get_by_role("row").filter(has_text="3")).to_contain_text("no text")
    page.goto(files)
    expect(row(page, "half.json")).to_contain_text("ends in the middle")

    push = add_source(page, "push", "舆情厂商")
    token = issue_token(page)
    number = push.rsplit("/", 1)[1]
    assert site.push_unsigned(number, {"id": "6", "text": "未签名"}) == 401
    page.goto("/sources")
    expect(row(page, "舆情厂商")).to_contain_text("Refused a push")
    results = site.push(token, [{"id": "7", "text": "好"}, {"text": "没有编号"}])
    assert [result["status"] for result in results] == ["created", "error"]


def test_a_script_in_a_post_is_shown_and_not_run(page: Page, site: Site) -> None:
    run: list[Dialog] = []

    def hear(dialog: Dialog) -> None:
        run.append(dialog)
        dialog.dismiss()

    page.on("dialog", hear)
    found_company(page)
    add_brand(page, "星河")
    add_monitor(page, "口碑", brand="星河", query="星河")
    add_source(page, "push", "舆情厂商")
    token = issue_token(page)
    site.push(token, [{"id": "1", "title": SCRIPT, "text": f"{COMPLAINT}{SCRIPT}"}])
    see_mention(page, "水壶昨晚")
    expect(page.locator(".mention-full")).to_contain_text(SCRIPT)
    page.goto("/events")
    page.get_by_role("row").get_by_role("link").first.click()
    expect(page.locator("#posts")).to_contain_text(SCRIPT)
    page.goto("/")
    assert not run
