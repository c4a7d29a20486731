"""The people of a journey: who founds the company, who is invited, each in their own window."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

DESK = (1440, 900)
PHONE = (390, 844)
PASSWORD = "kettle-over-the-river-7"
PATIENCE = 60_000  # milliseconds; a bound against hanging, for a machine as slow as any


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    account: str
    roles: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.account}@xinghe.example"


Crew = dict[Person, Page]

FOUNDER = Person("林澜", "linlan", ("Administrator",))
DUTY_OFFICER = Person("安琪", "anqi", ("Duty officer",))
PR_LEAD = Person("博文", "bowen", ("PR lead",))
ANALYST = Person("可欣", "kexin", ("Analyst",))
LEGAL = Person("正言", "zhengyan", ("Legal",))
SPOKESPERSON = Person("思远", "siyuan", ("Spokesperson",))
AGENT = Person("小满", "xiaoman", ("Customer-care agent",))


def open_window(
    browser: Browser, url: str, size: tuple[int, int] = DESK, *, language: str = "en-US"
) -> Page:
    """A window of its own: no cookie of another."""
    width, height = size
    context = browser.new_context(
        base_url=url,
        locale=language,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def found_company(page: Page) -> None:
    """First run: who comes first becomes the administrator."""
    page.goto("/")
    expect(page).to_have_title(re.compile("Set up"))
    page.get_by_label("Company name").fill("星河电器")
    page.get_by_label("Your name").fill(FOUNDER.name)
    page.get_by_label("Your e-mail").fill(FOUNDER.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Create and enter").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def invite(administrator: Page, person: Person) -> str:
    """Add a member; the one-time link by which they set their own password."""
    administrator.goto("/settings/members/new")
    administrator.get_by_label("Name").fill(person.name)
    administrator.get_by_label("E-mail").fill(person.email)
    for role in person.roles:
        administrator.get_by_label(role, exact=True).check()
    administrator.get_by_role("button", name="Add and make a link").click()
    return administrator.locator("#link").inner_text()


def accept(page: Page, link: str, person: Person) -> None:
    """Follow the link, choose a password, be inside."""
    page.goto(link)
    expect(page.get_by_role("heading", name=f"Welcome, {person.name}")).to_be_visible()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password and enter").click()
    expect(page).not_to_have_url(re.compile("sign-in"))


def bring_in(
    administrator: Page, browser: Browser, people: Iterable[Person], size: tuple[int, int] = DESK
) -> Crew:
    """Invite them; each follows the link in a window of their own."""
    site = "/".join(administrator.url.split("/")[:3])
    windows: Crew = {}
    for person in people:
        link = invite(administrator, person)
        windows[person] = open_window(browser, site, size)
        accept(windows[person], link, person)
    return windows


def leave(windows: Crew) -> None:
    for window in windows.values():
        window.context.close()


def put_on_duty(administrator: Page, person: Person) -> None:
    """Today and the six days after, around the clock."""
    administrator.goto("/settings/duty")
    administrator.get_by_label("Member").select_option(label=person.name)
    administrator.get_by_label("Shift").select_option(label="24 hours from 08:00")
    administrator.get_by_role("button", name="Put on duty").click()
