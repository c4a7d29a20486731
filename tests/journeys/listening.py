"""Set Tinglan up to listen, as an administrator does it in the browser."""

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, expect


def add_brand(page: Page, name: str, *, names: Sequence[str] = ()) -> None:
    page.goto("/brands/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Other names").fill("\n".join(names))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def add_product(page: Page, name: str, *, names: Sequence[str] = ()) -> None:
    """On the page of its brand."""
    form = page.locator("form").filter(has=page.get_by_role("button", name="Add the product"))
    form.get_by_label("Product").fill(name)
    form.get_by_label("Other names").fill("\n".join(names))
    form.get_by_role("button", name="Add the product").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def add_monitor(page: Page, name: str, *, brand: str, query: str) -> None:
    """Write it, let it be looked over while typing, save it."""
    page.goto("/monitors/new")
    page.get_by_label("Brand").select_option(label=brand)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Query").fill(query)
    expect(page.locator("#remarks")).not_to_be_empty()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    expect(page.get_by_text("Version 1")).to_be_visible()


def see_mention(page: Page, words: str) -> None:
    """The mention is in the stream as soon as it was heard; open it."""
    page.goto("/mentions")
    shown = page.get_by_role("listitem").locator("[data-open]").filter(has_text=words).first
    fresh = page.get_by_role("link", name=re.compile(r"^\d+ new"))
    expect(shown.or_(fresh).first).to_be_visible()
    if not shown.is_visible():
        fresh.click()
    shown.click()
    expect(page.get_by_role("heading", name="Why it is here")).to_be_visible()


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
