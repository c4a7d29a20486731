"""L4 C1 W2 W5 R2 R3 R4 R5 R8 R10 F2 X1: one pushed post, and all that a company does about it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from standardwebhooks import Webhook

from tests.journeys import listening, responding, warning
from tests.journeys.people import (
    AGENT,
    ANALYST,
    DUTY_OFFICER,
    LEGAL,
    PHONE,
    PR_LEAD,
    SPOKESPERSON,
    Crew,
    bring_in,
    found_company,
    leave,
    put_on_duty,
)
from tests.journeys.servers import Served, mail_server, web_server
from tests.journeys.site import Site, wait_for

COMPLAINT = "星河水壶昨晚烧水时突然漏电，手一碰壶柄就被电到，打客服电话三天没人管。"
HOLDING = "关于水壶漏电反映的说明"
ACCOUNT = "@星河电器官方"


@pytest.fixture
def crew(browser: Browser, site: Site, page: Page) -> Iterator[Crew]:
    """Everybody, each in a window of their own; the duty officer has only a phone."""
    found_company(page)
    people = (ANALYST, PR_LEAD, LEGAL, SPOKESPERSON, AGENT)
    windows = bring_in(page, browser, people)
    windows |= bring_in(page, browser, (DUTY_OFFICER,), size=PHONE)
    put_on_duty(page, DUTY_OFFICER)
    yield windows
    leave(windows)


def test_one_post_walks_to_a_closed_case(site: Site, page: Page, crew: Crew) -> None:
    with web_server() as hooks, mail_server() as mail:
        secret = warning.add_webhook(page, "工单系统", f"{hooks.url}/alerts")
        warning.set_mail_server(page, mail.port)
        warning.send_by(page, "工单系统", "E-mail")
        hear_one_post(site, crew[ANALYST])
        event = it_is_an_event_of_level_three(crew[ANALYST])
        wait_for(lambda: bool(hooks.posted), what="the alert at the webhook")
        it_is_signed(hooks, secret)
        wait_for(lambda: bool(mail.received), what="the alert by e-mail")
        assert mail.received[0].recipient == DUTY_OFFICER.email
    on_duty = crew[DUTY_OFFICER]
    warning.acknowledge(on_duty, DUTY_OFFICER, about="漏电", note="已联系售后，正在核实")
    case = responding.open_case(crew[PR_LEAD], event)
    establish_the_facts(case, crew)
    statement = four_eyes(case, crew)
    responding.record_publication(crew[PR_LEAD], statement, account=ACCOUNT)
    crew[PR_LEAD].goto(case)
    expect(responding.clock(crew[PR_LEAD], "Holding statement")).to_contain_text("met in")
    the_consumer_is_answered(case, crew[AGENT])
    close_and_learn(case, crew[PR_LEAD])
    the_day_is_reported(crew[PR_LEAD])


def hear_one_post(site: Site, analyst: Page) -> None:
    listening.add_brand(analyst, "星河", names=["星河电器"])
    listening.add_product(analyst, "电水壶", names=["水壶", "烧水壶"])
    listening.add_monitor(analyst, "星河产品安全", brand="星河", query="星河 AND (漏电 OR 起火)")
    listening.add_source(analyst, "push", "微博抓取")
    token = listening.issue_token(analyst)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    post = {"id": "5101", "text": COMPLAINT, "kind": "complaint", "published_at": at}
    assert [result["status"] for result in site.push(token, [post])] == ["created"]
    listening.see_mention(analyst, "水壶昨晚烧水时")
    reason = analyst.locator("section").filter(has=analyst.get_by_text("Why it is here"))
    expect(reason).to_contain_text("星河产品安全")
    expect(reason.locator("mark").first).to_be_visible()
    expect(analyst.locator("main")).to_contain_text("Negative")
    expect(analyst.locator("main")).to_contain_text("Complaint")
    expect(analyst.locator("main")).to_contain_text("电水壶")


def it_is_an_event_of_level_three(analyst: Page) -> str:
    analyst.goto("/events")
    row = analyst.get_by_role("row").filter(has=analyst.locator(".level-III"))
    row.get_by_role("link").first.click()
    expect(analyst.get_by_role("heading", name="Why this level")).to_be_visible()
    expect(analyst.locator("#reasons")).to_contain_text("III")
    return analyst.url


def it_is_signed(hooks: Served, secret: str) -> None:
    """Verified by the library that any receiver would use."""
    headers, body = hooks.posted[0]
    Webhook(secret).verify(body, headers)
    assert json.loads(body)["data"]["level"] == "III"


def establish_the_facts(case: str, crew: Crew) -> None:
    responding.preserve_post(crew[ANALYST], case)
    responding.note_claim(crew[ANALYST], case, "壶柄漏电")
    responding.check_claim(crew[LEGAL], case, ground="售后已收到样机，绝缘层破损。")


def four_eyes(case: str, crew: Crew) -> str:
    """Three people approve, one after the other, and none of them wrote it."""
    text = "我们已注意到水壶漏电的反映，正在核实，请停用，有事打400-000-8820。今晚八点前再通报。"
    statement = responding.draft_holding(crew[PR_LEAD], case, title=HOLDING, text=text)
    nobody_approves_their_own(crew[PR_LEAD])
    responding.approve(crew[ANALYST], HOLDING, "Approve: facts are right")
    responding.approve(crew[LEGAL], HOLDING, "Approve: legally sound")
    responding.approve(crew[SPOKESPERSON], HOLDING, "Approve: release")
    return statement


def nobody_approves_their_own(author: Page) -> None:
    """The inbox does not offer it, and who asks all the same is refused."""
    author.goto("/approvals")
    expect(author.get_by_text("Nothing waits for you")).to_be_visible()
    request = author.get_by_role("link", name=HOLDING).first.get_attribute("href")
    form: dict[str, str | float | bool] = {
        "csrfmiddlewaretoken": csrf_token(author),
        "step": "0",
        "decision": "approved",
    }
    answer = author.request.post(f"{request}/decision", form=form, headers={"Referer": author.url})
    assert "needs other eyes" in answer.text()


def csrf_token(page: Page) -> str:
    return str(page.locator("input[name=csrfmiddlewaretoken]").first.input_value())


def the_consumer_is_answered(case: str, agent: Page) -> None:
    """A holding reply with a promise, the promise kept by an answer, the problem solved."""
    agent.goto(case)
    agent.locator("#replies").get_by_role("link", name="Reply").click()
    responding.promise(
        agent,
        "非常抱歉，您人没事吧？请先不要使用，两小时内给您答复。",
        vow="答复检测结果",
        owner=AGENT.name,
        account=ACCOUNT,
    )
    responding.reply(agent, "Answer", "检测完成，今天下午上门换新并全额退款。", account=ACCOUNT)
    expect(agent.get_by_text("答复检测结果").locator("..")).to_contain_text("kept")
    agent.get_by_role("link", name="Problem solved").click()
    agent.get_by_label("What was done for the consumer").fill("换新、退款，并回访确认。")
    responding.press(agent, "main")
    expect(agent.locator("main")).to_contain_text("Solved:")


def close_and_learn(case: str, lead: Page) -> None:
    responding.add_action(lead, case, title="改用加厚绝缘层", owner=ANALYST.name)
    responding.close_case(lead, case, summary="绝缘层破损，已召回该批次并赔付。")
    for part in ("detected", "acknowledged", "first public word", "facts verified", "closed"):
        took = lead.locator(".figure").filter(has_text=part).first
        expect(took.locator(".figure-number")).not_to_have_text("–")
    expect(lead.locator("main")).to_contain_text("改用加厚绝缘层")
    lead.get_by_label("What went well").fill("首份说明在时限内发布。")
    lead.get_by_label("What is learnt").fill("客服积压要预警。")
    lead.get_by_role("button", name="Save the review").click()
    expect(lead.get_by_text("客服积压要预警。").first).to_be_visible()


def the_day_is_reported(lead: Page) -> None:
    lead.goto("/reports")
    lead.get_by_role("button", name="Build now").click()
    link = lead.get_by_role("link", name="PDF").first
    pdf = lead.request.get(str(link.get_attribute("href")))
    assert pdf.body().startswith(b"%PDF")
