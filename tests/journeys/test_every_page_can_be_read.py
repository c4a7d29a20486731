"""Every page of the navigation, wide and narrow, Chinese and English, light and dark (X1; mission).

Each answers 200, names itself, throws nothing into the console and needs no sideways scrolling.
It is loaded once in each language; the window then changes its width and its light, as a person's
does who turns the phone or works into the evening, and the page has to follow.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect

from tests.journeys import listening
from tests.journeys.people import DESK, PHONE, found_company, open_window
from tests.journeys.site import Site, wait_for

ADDRESSES = (
    "/",
    "/first-steps",
    "/mentions",
    "/mentions/accuracy",
    "/mentions/learning",
    "/events",
    "/alerts",
    "/alerts/silences",
    "/notifications",
    "/cases",
    "/approvals",
    "/reports",
    "/monitors",
    "/monitors/new",
    "/brands",
    "/keywords",
    "/sources",
    "/sources/new",
    "/settings/company",
    "/settings/members",
    "/settings/members/new",
    "/settings/teams",
    "/settings/duty",
    "/settings/duty/quiet-hours",
    "/settings/duty/rotations",
    "/settings/duty/rotations/new",
    "/settings/channels",
    "/settings/channels/new/dingtalk",
    "/settings/channels/new/sms",
    "/settings/levels",
    "/settings/clocks",
    "/settings/plans",
    "/audit",
    "/me",
)
OPENED = ("/mentions", "/events", "/alerts", "/cases", "/sources", "/monitors", "/brands")
LANGUAGES = (("en", "English"), ("zh-hans", "简体中文"))
ROLES: Final = ("button", "link")
DARKEST, BRIGHTEST = 100, 200  # of 255
BRIGHTNESS = """() => {
    const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g);
    return (Number(red) + Number(green) + Number(blue)) / 3;
}"""
EXCESS = "[innerWidth, document.documentElement.scrollWidth - innerWidth]"
TALK = (
    "星河水壶突然漏电，手被电了一下，客服没人接。",
    "同款星河水壶也漏电，已经打了市场监管热线。",
    "星河水壶用了两年，保温很好，推荐。",
    "请问星河水壶有几种颜色？",
)


@pytest.fixture
def site_with_posts(page: Page, site: Site) -> Page:
    """A window on a site that has heard a little: an event, an alert, a case."""
    found_company(page)
    listening.add_brand(page, "星河")
    listening.add_product(page, "水壶")
    listening.add_monitor(page, "星河口碑", brand="星河", query="星河")
    listening.add_source(page, "push", "微博抓取")
    token = listening.issue_token(page)
    start = datetime.now(UTC) - timedelta(minutes=len(TALK))
    posts = [
        {"id": str(n), "text": text, "published_at": (start + timedelta(minutes=n)).isoformat()}
        for n, text in enumerate(TALK)
    ]
    assert {result["status"] for result in site.push(token, posts)} == {"created"}
    page.goto("/cases")
    expect(page.get_by_role("row").get_by_role("link").first).to_be_visible()
    return page


@pytest.mark.one_store
def test_every_page_can_be_read(browser: Browser, site: Site, site_with_posts: Page) -> None:
    cookies = site_with_posts.context.cookies()
    addresses = [*ADDRESSES, *first_of_each(site_with_posts)]
    window = open_window(browser, site.url)
    window.context.add_cookies([{**cookie} for cookie in cookies])  # type: ignore[typeddict-item]
    faults = []
    for language, button in LANGUAGES:
        speak(window, button)
        for address in addresses:
            faults += [f"{address}, {language}: {x}" for x in faults_of(window, address, language)]
    window.context.close()
    assert not faults, "\n".join(faults)


def first_of_each(page: Page) -> list[str]:
    """The pages behind the first row of each list."""
    found = []
    for listing in OPENED:
        page.goto(listing)
        rows = page.get_by_role("main").locator(f"a[href^='{listing}/']")
        links = [str(row.get_attribute("href")) for row in rows.all()]
        found.append(next(link for link in links if link.rsplit("/", 1)[1].isdecimal()))
    return found


def speak(page: Page, button: str) -> None:
    _show(page, DESK, "light")
    page.goto("/me")
    if page.get_by_role("button", name=button, exact=True).is_visible():
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("button", name=button, exact=True)).to_have_count(0)


def faults_of(page: Page, address: str, language: str) -> list[str]:
    """Open it on a desk in the light, then make it narrow, then dark."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    def stumble(error: Error) -> None:
        said.append(str(error))

    _show(page, DESK, "light")
    page.on("console", hear)
    page.on("pageerror", stumble)
    answer = page.goto(address)
    for chart in page.locator("[data-chart]").all():
        expect(chart.locator("canvas, svg").first).to_be_attached()
    faults = [*_faults_seen(page, language), *_nameless(page), *_too_wide(page)]
    if answer is None or answer.status != 200:
        faults.append(f"status {answer and answer.status}")
    _show(page, PHONE, "dark")
    wait_for(lambda: page.evaluate(BRIGHTNESS) < DARKEST, what=f"the dark of {address}")
    faults += [*_nameless(page), *_too_wide(page)]
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", stumble)
    return [*faults, *said]


def _show(page: Page, size: tuple[int, int], scheme: Literal["light", "dark"]) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)


def _faults_seen(page: Page, language: str) -> list[str]:
    faults = []
    if not page.title().split(" · ")[0].strip():
        faults.append("no title")
    if page.locator("html").get_attribute("lang") != language:
        faults.append("another language")
    if page.locator("h1").count() != 1 or not page.locator("h1").inner_text().strip():
        faults.append("no heading of its own")
    if page.evaluate(BRIGHTNESS) < BRIGHTEST:
        faults.append("stays dark in the light")
    return faults


def _too_wide(page: Page) -> list[str]:
    width, excess = page.evaluate(EXCESS)
    return [f"scrolls sideways by {excess} of {width} pixels"] if excess > 0 else []


def _nameless(page: Page) -> list[str]:
    """What a screen reader could not say."""
    nameless = re.compile(r"^\s*$")
    return [
        f"a {role} without a name: {one.evaluate('e => e.outerHTML')[:120]}"
        for role in ROLES
        for one in page.get_by_role(role, name=nameless).all()
    ]
