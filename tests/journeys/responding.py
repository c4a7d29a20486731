"""The case room, as its people use it: facts, evidence, statements, approvals, replies, the end."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page, expect


def open_case(page: Page, event: str) -> str:
    """From the page of the event into its case; the address of it."""
    page.goto(event)
    page.get_by_role("link", name=re.compile(r"^Case \d")).click()
    expect(page.locator("#findings")).to_be_visible()
    return page.url


def preserve_post(page: Page, case: str) -> None:
    page.goto(case)
    page.locator("#evidence").get_by_role("link", name="Preserve").click()
    page.get_by_label("Post").select_option(index=1)
    press(page, "main")
    expect(page.locator("#evidence code")).to_be_visible()


def note_claim(page: Page, case: str, claim: str) -> None:
    page.goto(case)
    page.locator("#findings").get_by_role("link", name="Note a claim").click()
    page.get_by_label("Claim").fill(claim)
    press(page, "main")
    expect(page.locator("#findings")).to_contain_text(claim)


def check_claim(page: Page, case: str, *, ground: str) -> None:
    """The claim holds, and on what ground."""
    page.goto(case)
    page.locator("#findings").get_by_role("link", name="Check", exact=True).click()
    page.get_by_label("Confirmed").check()
    page.get_by_label("On what ground").fill(ground)
    press(page, "main")
    expect(page.locator("#findings")).to_contain_text("Confirmed")


def draft_holding(page: Page, case: str, *, title: str, text: str) -> str:
    """Write it and submit it; the address of the statement."""
    page.goto(case)
    page.locator("#statements").get_by_role("link", name="Holding statement").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Save this version").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.locator(".stations")).to_be_visible()
    return page.url


def approve(page: Page, title: str, step: str) -> None:
    """From one's own inbox: read it, open the decision, say yes to the step."""
    page.goto("/approvals")
    waiting = page.get_by_role("article").filter(has_text=title)
    waiting.locator("summary").filter(has_text="Approve").click()
    waiting.get_by_role("button", name=step).click()
    expect(page.get_by_role("alert").filter(has_text="Approved")).to_be_visible()


def record_publication(page: Page, statement: str, *, account: str) -> None:
    page.goto(statement)
    page.get_by_role("link", name="Record the publication").click()
    page.get_by_label("Account").fill(account)
    press(page, "main")
    page.goto(statement)
    expect(page.get_by_role("heading", name="Published")).to_be_visible()


def clock(page: Page, name: str) -> Locator:
    """A running or ended clock of the page."""
    return page.locator(".clock").filter(has=page.get_by_text(name, exact=True)).first


def reply(page: Page, kind: str, text: str, *, account: str) -> None:
    """On the talk with a consumer: write the reply, post it by hand, record that."""
    write_reply(page, kind, text)
    _send(page, account)


def promise(page: Page, text: str, *, vow: str, owner: str, account: str) -> None:
    """A holding reply that promises an update within two hours."""
    page.get_by_label("What is promised").fill(vow)
    page.get_by_label("Who sees to it").select_option(label=owner)
    due = timedelta(hours=2)
    page.get_by_label("Until").fill(_site_time(page, due))
    write_reply(page, "Holding reply: the answer is not known yet", text)
    _send(page, account)


def write_reply(page: Page, kind: str, text: str) -> None:
    page.get_by_role("radio", name=kind, exact=True).check()
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("article").filter(has_text=text)).to_be_visible()


def _send(page: Page, account: str) -> None:
    page.get_by_role("link", name="Record that it was sent").click()
    page.get_by_label("Account").fill(account)
    press(page, "main")
    expect(page.get_by_role("heading", name="Talk with a consumer")).to_be_visible()


def close_case(page: Page, case: str, *, summary: str) -> None:
    page.goto(f"{case}/closure")
    page.get_by_label("Why it happened").select_option(label="Our own fault")
    page.get_by_label("Crisis type").select_option(index=2)
    page.get_by_label("What happened and what came of it").fill(summary)
    page.get_by_label("Why it closes with required tasks open").fill("其余任务转入整改跟踪。")
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_role("heading", name=re.compile("^Review"), level=1)).to_be_visible()


def add_action(page: Page, case: str, *, title: str, owner: str) -> None:
    page.goto(f"{case}/actions")
    page.get_by_label("Action").fill(title)
    page.get_by_label("To").select_option(label=owner)
    page.get_by_label("Due").fill(_site_time(page, timedelta(days=14)))
    press(page, "main")


def press(page: Page, where: str) -> None:
    """The main button of the form."""
    page.locator(where).locator("form button.btn-primary").last.click()


def _site_time(page: Page, later: timedelta) -> str:
    """What a person reads off the clock of the page, and so much later."""
    shown = page.locator("[data-site-time]").inner_text()
    return (datetime.fromisoformat(shown) + later).strftime("%Y-%m-%dT%H:%M")
