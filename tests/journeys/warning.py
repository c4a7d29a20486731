"""Alerts leave the house: channels set up in the browser, and the proof that the message came."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.people import Person


def add_webhook(administrator: Page, name: str, url: str) -> str:
    """A webhook channel that everybody's alerts go by; its signing secret, shown this once."""
    administrator.goto("/settings/channels/new/webhook")
    administrator.get_by_label("Name", exact=True).fill(name)
    administrator.get_by_label("Address").fill(url)
    administrator.get_by_role("button", name="Save").click()
    said = administrator.get_by_text(re.compile("Signing secret: whsec_")).inner_text()
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", said)
    assert found is not None
    return found[0]


def set_mail_server(administrator: Page, port: int) -> None:
    """The mail channel waits, switched off, for its server."""
    administrator.goto("/settings/channels")
    rows = administrator.get_by_role("row")
    rows.get_by_role("link", name="E-mail", exact=True).click()
    administrator.get_by_label("Switched on").check()
    administrator.get_by_label("Mail server").fill("127.0.0.1")
    administrator.get_by_label("Encryption").select_option("none")
    administrator.get_by_label("Port").fill(str(port))
    administrator.get_by_label("Sender").fill("tinglan@xinghe.example")
    administrator.get_by_role("button", name="Save").click()
    expect(administrator.get_by_text("The channel is kept")).to_be_visible()


def send_by(administrator: Page, *channels: str) -> None:
    """Let the rule that there is use these channels too."""
    administrator.goto("/settings/channels")
    administrator.get_by_role("link", name="Line of duty").click()
    for channel in channels:
        administrator.get_by_label(channel, exact=True).check()
    administrator.get_by_role("button", name="Save").click()
    expect(administrator.get_by_text("The rule is kept")).to_be_visible()


def acknowledge(on_duty: Page, who: Person, *, about: str, note: str) -> None:
    """From the list of alerts into the one that waits, and take it on."""
    on_duty.goto("/alerts")
    rows = on_duty.get_by_role("row").filter(has_text=about)
    rows.get_by_role("link").first.click()
    its_note = on_duty.get_by_label("What you do about it")
    newer = on_duty.get_by_role("link", name=re.compile("^went into alert"))
    expect(its_note.or_(newer).first).to_be_visible()
    if newer.is_visible():  # the level rose while one looked at the list
        newer.click()
    its_note.fill(note)
    on_duty.get_by_role("button", name="Acknowledge").click()
    expect(on_duty.get_by_text(f"{who.name} took it on")).to_be_visible()
