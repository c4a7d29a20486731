"""The demo is the main job: one click, a launch that alarms nobody, a defect that rises."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import open_window
from tests.journeys.site import Site

WITHIN = 150_000  # milliseconds from the sign-in to level III; a bound against hanging
BY_THEMSELVES = 120_000  # and from there until a scripted colleague has acted

pytestmark = [pytest.mark.slow, pytest.mark.one_store]  # a demo is made on SQLite


@pytest.fixture
def visitor(browser: Browser, demo_site: Site) -> Iterator[Page]:
    page = open_window(browser, demo_site.url)
    yield page
    page.context.close()


def test_the_demo_plays(visitor: Page) -> None:
    enter_with_one_click(visitor, "Analyst")
    expect(visitor.locator(".banner-demo")).to_contain_text("fictional brand")
    launch = the_launch(visitor)
    defect = see_it_rise(visitor)
    expect(visitor.locator(".banner-demo")).to_contain_text("normal speed", timeout=WITHIN)
    told_on_its_page(visitor, defect)
    colleagues_act(visitor)
    warned, quiet = title_of(visitor, defect), title_of(visitor, launch)
    # The launch, loud as it was, has alarmed nobody.
    expect(visitor.get_by_text("Level rose")).to_have_count(0)
    visitor.goto("/alerts?state=all")
    expect(visitor.get_by_role("row").filter(has_text=warned).first).to_be_visible()
    expect(visitor.get_by_role("row").filter(has_text=quiet)).to_have_count(0)


def enter_with_one_click(visitor: Page, role: str) -> None:
    visitor.goto("/")
    expect(visitor.get_by_role("heading", name="Who do you want to be?")).to_be_visible()
    seats = visitor.get_by_role("button").filter(has_text=role)
    seats.filter(has_not_text="scripted").first.click()
    expect(visitor.get_by_role("navigation", name="Main")).to_be_visible()


def the_launch(visitor: Page) -> str:
    """Of the ordinary talk of four weeks the loudest event is one of praise."""
    visitor.goto("/events")
    row = visitor.get_by_role("row").filter(has_text="Praise").first
    expect(row.get_by_title("No level")).to_be_visible()
    row.get_by_role("link").first.click()
    expect(visitor.get_by_role("heading", name="Why this level")).to_be_visible()
    return visitor.url


def see_it_rise(visitor: Page) -> str:
    """The list changes by itself: an event comes up through the levels."""
    visitor.goto("/events")
    graver = visitor.get_by_role("row").filter(
        has=visitor.locator(".level-III, .level-II, .level-I")
    )
    expect(graver.first).to_be_visible(timeout=WITHIN)
    graver.first.get_by_role("link").first.click()
    expect(visitor.get_by_role("heading", name="Why this level")).to_be_visible()
    return visitor.url


def title_of(visitor: Page, event: str) -> str:
    visitor.goto(event)
    return visitor.get_by_role("heading", level=1).inner_text()


def told_on_its_page(visitor: Page, defect: str) -> None:
    visitor.goto(defect)
    story = visitor.get_by_role("main")
    expect(story).to_contain_text("Level rose from none to Level IV")
    expect(story).to_contain_text("Level rose from Level IV, blue to Level III")
    expect(story).to_contain_text("An alert was issued: Level III")
    case = visitor.get_by_role("link", name=re.compile(r"^Case \d"))
    case.click()
    expect(visitor.locator("#tasks")).to_contain_text("Verify the facts")


def colleagues_act(visitor: Page) -> None:
    """Marked as scripted, they take the steps that nobody takes."""
    visitor.goto("/alerts?state=acknowledged")
    taken = visitor.get_by_role("row").filter(has_text="took it on")
    expect(taken.first).to_be_visible(timeout=BY_THEMSELVES)
