"""L1 L4 C3 W1 W2 W5 R3 R4 R8 F2: real posts by feed and file, from hearing them to the review."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import cascades, listening, responding, warning
from tests.journeys.people import (
    ANALYST,
    LEGAL,
    PR_LEAD,
    SPOKESPERSON,
    Crew,
    bring_in,
    found_company,
    leave,
    put_on_duty,
)
from tests.journeys.servers import web_server
from tests.journeys.site import Site, wait_for

CASCADE = "2620"  # a telephone is said to have exploded in a pocket; 75,000 followers read it
QUERY = "爆炸 OR 烧伤 OR 手机 OR 电池"
IN_THE_FEED = re.compile("手机|电池|爆炸")
ABOUT = "二级烧伤"  # in the original alone
FEWEST = 180  # of the posts of the cascade
HOLDING = "关于手机电池安全反映的说明"

pytestmark = pytest.mark.needs_data


@pytest.fixture
def crew(browser: Browser, page: Page) -> Iterator[Crew]:
    found_company(page)
    windows = bring_in(page, browser, (PR_LEAD, ANALYST, LEGAL, SPOKESPERSON))
    put_on_duty(page, PR_LEAD)
    yield windows
    leave(windows)


def test_a_real_cascade_is_heard_and_answered(
    site: Site, crew: Crew, data: Path, tmp_path: Path
) -> None:
    cascade = cascades.cascade_of(data, CASCADE, now=datetime.now(UTC))
    hear(cascade, site, crew[ANALYST], tmp_path)
    event = it_rises(crew[ANALYST])
    lead = crew[PR_LEAD]
    warning.acknowledge(lead, PR_LEAD, about=ABOUT, note="已通知研发与售后")
    case = responding.open_case(lead, event)
    respond(case, crew)
    lead.goto(case)
    expect(responding.clock(lead, "Holding statement")).to_contain_text("met in")
    responding.close_case(lead, case, summary="电池批次送检，结果已公布。")
    for part in ("detected", "acknowledged", "first public word", "closed"):
        took = lead.locator(".figure").filter(has_text=part).first
        expect(took.locator(".figure-number")).not_to_have_text("–")


def hear(cascade: cascades.Cascade, site: Site, analyst: Page, folder: Path) -> None:
    """One part by a real feed, the original by command, the rest by upload."""
    listening.add_brand(analyst, "星河手机", names=["星河"])
    listening.add_monitor(analyst, "手机安全", brand="星河手机", query=QUERY)
    by_feed = [post for post in cascade.reposts if IN_THE_FEED.search(post.text)]
    by_file = [post for post in cascade.reposts if post not in by_feed]
    contents = cascades.write_contents(cascade, folder / "search_contents_2026-11-23.jsonl")
    comments = cascades.write_comments(cascade, by_file, folder / "search_comments.jsonl")
    with web_server() as server:
        server.pages["/rss.xml"] = ("application/rss+xml", cascades.feed(by_feed, title="数码"))
        listening.add_feed(analyst, "数码新闻", f"{server.url}/rss.xml")
        expect(analyst.get_by_text(f"{len(by_feed)} new")).to_be_visible()
    done = site.run("import", str(contents), "--source", "微博搜索")
    assert done["created"] == 1
    analyst.goto("/sources")
    analyst.get_by_role("link", name="微博搜索").click()
    listening.hand_in(analyst, analyst.url, comments)
    wait_for(lambda: n_mentions(analyst) > FEWEST, what=f"{FEWEST} mentions")


def n_mentions(page: Page) -> int:
    page.goto("/mentions")
    found = re.search(r"([\d,]+) mentions?", page.get_by_role("main").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def it_rises(analyst: Page) -> str:
    """It is an event of level III or above, with its reasons, its first post and its curve."""
    analyst.goto("/events")
    warned = analyst.locator(".level-III, .level-II, .level-I")
    row = analyst.get_by_role("row").filter(has=warned).filter(has_text=ABOUT)
    row.get_by_role("link").first.click()
    expect(analyst.get_by_role("heading", name="Why this level")).to_be_visible()
    expect(analyst.locator("#reasons")).to_contain_text("Formula")
    expect(analyst.locator(".event-beginning")).to_contain_text(ABOUT)
    expect(analyst.locator(".event-course").locator("canvas, svg").first).to_be_attached()
    return analyst.url


def respond(case: str, crew: Crew) -> None:
    responding.preserve_post(crew[ANALYST], case)
    responding.note_claim(crew[ANALYST], case, "手机在裤兜中爆炸")
    responding.check_claim(crew[LEGAL], case, ground="已取得就诊记录与残骸照片。")
    text = "我们关注到手机电池爆炸的反映，已联系当事人并送检。明天上午十点前再次通报。"
    statement = responding.draft_holding(crew[PR_LEAD], case, title=HOLDING, text=text)
    responding.approve(crew[ANALYST], HOLDING, "Approve: facts are right")
    responding.approve(crew[LEGAL], HOLDING, "Approve: legally sound")
    responding.approve(crew[SPOKESPERSON], HOLDING, "Approve: release")
    responding.record_publication(crew[PR_LEAD], statement, account="@星河手机官方")
