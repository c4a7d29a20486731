"""Set Tinglan up to listen, as an administrator does it in the browser."""

from pathlib import Path

from playwright.sync_api import Page, expect


def add_feed(page: Page, name: str, url: str) -> None:
    ask_for_feed(page, name, url)
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def ask_for_feed(page: Page, name: str, url: str) -> None:
    """Fill the form in and send it; whether it is taken is yet to be seen."""
    page.goto("/sources/new?kind=feed")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Address").fill(url)
    page.get_by_label("Platform").fill("news")
    page.get_by_role("button", name="Save").click()


def add_source(page: Page, kind: str, name: str) -> str:
    """A push or a file source; the address of its page."""
    page.goto(f"/sources/new?kind={kind}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Platform").fill("weibo")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    return page.url


def issue_token(page: Page) -> str:
    """On the page of a push source: the token, shown this once."""
    page.get_by_role("button", name="Issue a token").click()
    return page.locator("#key").inner_text()


def hand_in(page: Page, source: str, file: Path) -> None:
    """Upload a file to a source and see its run to the end."""
    page.goto(source)
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("Being read")).to_have_count(0)
