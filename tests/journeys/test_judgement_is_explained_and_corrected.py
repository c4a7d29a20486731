"""L1 L2 L8 C4 R3: a query is tried before it listens, a mention says why it is one, a label is put
right in one click and learnt from, and a reply is mended while it is written.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import listening
from tests.journeys.people import PR_LEAD, bring_in, found_company, leave
from tests.journeys.site import Site

BEFORE = (
    "星河水壶突然漏电，手被电了一下，客服没人接。",
    "同款星河水壶也漏电，底座还烧黑了。",
    "星河这个月的新品发布会在周五。",
    "今天天气真好，去爬山。",
)
AFTER = "刚买的星河水壶漏水，客服说三天内回复，到现在没有人联系我。"
BLAMING = "亲，这是您自己使用不当造成的，与我们无关。"
DECENT = "很抱歉给您带来不便。请私信我们订单号和联系电话，我们今天内安排售后与您联系。"


def test_judgement_is_explained_and_corrected(browser: Browser, site: Site, page: Page) -> None:
    found_company(page)
    crew = bring_in(page, browser, (PR_LEAD,))
    lead = crew[PR_LEAD]
    listening.add_source(page, "push", "微博抓取")
    token = listening.issue_token(page)
    push(site, token, BEFORE)
    listening.add_brand(lead, "星河")
    write_a_query_and_try_it(lead)
    save_another_version(lead)
    push(site, token, [AFTER])
    see_why_it_is_a_mention(lead)
    put_a_label_right(lead)
    see_how_right_the_labels_are(lead)
    learn_from_it(lead)
    mend_a_reply(lead)
    leave(crew)


def push(site: Site, token: str, texts: Sequence[str]) -> None:
    at = datetime.now(UTC) - timedelta(minutes=len(texts))
    posts = [
        {
            "id": f"{text[:6]}{n}",
            "text": text,
            "published_at": (at + timedelta(minutes=n)).isoformat(),
        }
        for n, text in enumerate(texts)
    ]
    assert {result["status"] for result in site.push(token, posts)} == {"created"}


def write_a_query_and_try_it(page: Page) -> None:
    """What is wrong is said while one types; what it would have heard, before it is saved."""
    page.goto("/monitors/new")
    page.get_by_label("Brand").select_option(label="星河")
    page.get_by_label("Name", exact=True).fill("星河安全")
    query, remarks = page.get_by_label("Query"), page.locator("#remarks")
    query.press_sequentially("星河 AND (漏电 OR")
    expect(remarks.locator(".remark-error")).to_be_visible()
    query.fill("星河 AND (漏电 OR 漏水)")
    expect(remarks.locator(".remark-error")).to_have_count(0)
    expect(remarks.locator(".remark")).not_to_have_count(0)
    page.get_by_role("button", name="7 days").click()
    trial = page.locator("#trial")
    expect(trial.get_by_text("Tried on all 4 stored posts of the last 7 days.")).to_be_visible()
    expect(trial.locator(".figure-number").first).to_have_text("2")
    expect(trial.locator(".trial-samples mark").filter(has_text="漏电")).to_have_count(2)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 1", exact=True)).to_be_visible()


def save_another_version(page: Page) -> None:
    page.get_by_label("Query").fill("星河 AND (漏电 OR 漏水 OR 起火)")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 2", exact=True)).to_be_visible()
    expect(page.locator(".versions ins").filter(has_text="起火")).to_be_visible()


def see_why_it_is_a_mention(page: Page) -> None:
    listening.see_mention(page, "漏水")
    why = page.locator("section").filter(has=page.get_by_role("heading", name="Why it is here"))
    expect(why).to_contain_text("星河安全")
    expect(page.locator(".mention-full mark").filter(has_text="漏水")).to_be_visible()


def put_a_label_right(page: Page) -> None:
    """One click to say it, one to take it back."""
    page.goto("/mentions")
    row = page.get_by_role("listitem").filter(has_text="漏水")
    before = polarity_of(row)
    said = "Neutral" if before != "Neutral" else "Negative"
    choose_polarity(page, row, said)
    row.get_by_role("button", name="Undo").click()
    expect(row.get_by_role("button", name=f"Polarity: {before}")).to_be_visible()
    choose_polarity(page, row, said)


def polarity_of(row: Locator) -> str:
    name = row.get_by_role("button", name=re.compile("^Polarity: ")).get_attribute("aria-label")
    return str(name).removeprefix("Polarity: ")


def choose_polarity(page: Page, row: Locator, value: str) -> None:
    row.get_by_role("button", name=re.compile("^Polarity: ")).click()
    page.get_by_role("menu", name="Polarity").get_by_role("menuitemradio", name=value).click()
    expect(row.get_by_role("button", name=f"Polarity: {value}")).to_be_visible()


def see_how_right_the_labels_are(page: Page) -> None:
    page.goto("/mentions/accuracy")
    polarity = page.get_by_role("row").filter(has_text="Polarity").first
    expect(polarity.locator("[data-label='Right']")).to_have_text("0%")
    expect(polarity.locator("[data-label='Looked at']")).to_have_text("1")


def learn_from_it(page: Page) -> None:
    """One correction is too little to learn from, and it says so when it has tried."""
    page.get_by_role("link", name="Learning from corrections").click()
    page.get_by_role("button", name="Learn now").click()
    expect(page.get_by_text("There are too few corrections to learn from")).to_be_visible()
    expect(page.locator("#figures")).to_contain_text("stays: too few corrections")


def mend_a_reply(page: Page) -> None:
    """What would make it worse is marked while one writes, with why and with what is better."""
    listening.see_mention(page, "漏水")
    page.goto(f"{page.url}/replies")
    text, remarks = page.get_by_label("Text", exact=True), page.locator("#remarks")
    text.fill(BLAMING)
    fault = remarks.locator(".fault").filter(has=page.locator("mark")).first
    expect(fault).to_be_visible()
    assert fault.locator("mark").first.inner_text() in BLAMING
    expect(fault.locator(".quiet")).not_to_be_empty()
    text.fill(DECENT)
    expect(remarks.get_by_text("Nothing to mend in the wording.")).to_be_visible()
