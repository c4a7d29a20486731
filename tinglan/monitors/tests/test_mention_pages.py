"""The stream, a mention, its corrections: allowed, refused, absent, and what is shown."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from tests.make import (
    NOW,
    make_author,
    make_brand,
    make_event,
    make_member,
    make_mention,
    make_monitor,
    make_post,
    make_source,
)
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.audit.models import AuditEntry
from tinglan.lib import clock
from tinglan.monitors import export, stream
from tinglan.monitors.correct import correct
from tinglan.monitors.export import safe
from tinglan.monitors.models import Correction, Match, Mention, Product
from tinglan.monitors.search import index, terms_of
from tinglan.monitors.stream import Filters
from tinglan.monitors.tests.hearing import handle
from tinglan.sources.models import Sighting

pytestmark = pytest.mark.django_db

PAGES = ("/mentions", "/mentions.csv", "/mentions/fresh?since=0", "/mentions/accuracy")
LEAK = "星河水壶漏电，客服三天没有回复"


@pytest.fixture(autouse=True)
def _site_clock() -> None:
    clock.set_to(NOW, rate=1)


@pytest.fixture
def angel() -> Member:
    return make_member("安琪", Role.DUTY_OFFICER)


@pytest.fixture
def browser(angel: Member) -> Client:
    return client_of(angel)


@pytest.fixture
def outsider() -> Client:
    return client_of(make_member("晨曦"))


def client_of(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    client.cookies["tinglan_language"] = "en"
    return client


def text_of(browser: Client, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return response.content.decode()


def listed(browser: Client, path: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="labels-(\d+)"', text_of(browser, path))]


# Allowed, refused, absent


@pytest.mark.parametrize("page", PAGES)
def test_who_may_see_sees(browser: Client, page: str) -> None:
    make_mention()
    assert browser.get(page).status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "/mentions/1"])
def test_an_outsider_sees_nothing(outsider: Client, page: str) -> None:
    make_mention()
    assert outsider.get(page).status_code == 403


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/mentions/99", "get"),
        ("/mentions/99/showing", "post"),
        ("/mentions/99/corrections", "post"),
        ("/mentions/corrections/99/undo", "post"),
    ],
)
def test_what_is_not_there_is_not_found(browser: Client, path: str, method: str) -> None:
    assert getattr(browser, method)(path).status_code == 404


def test_an_outsider_changes_and_unmasks_nothing(outsider: Client, angel: Member) -> None:
    mention = make_mention()
    made = correct(mention, "intent", "inquiry", by=angel, now=NOW)
    for path in (
        f"/mentions/{mention.pk}/showing",
        f"/mentions/corrections/{made.pk}/undo",
    ):
        assert outsider.post(path).status_code == 403
    values = {"field": "polarity", "value": "neutral"}
    assert outsider.post(f"/mentions/{mention.pk}/corrections", values).status_code == 403
    mention.refresh_from_db()
    assert (mention.polarity, mention.intent) == ("negative", "inquiry")
    assert not AuditEntry.objects.filter(verb="monitors.show").exists()


# The stream


def test_the_newest_come_first_and_pages_neither_repeat_nor_skip(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PAGE", 3)
    made = [make_mention(f"{LEAK}{n}", at=NOW - timedelta(minutes=n // 2)) for n in range(8)]
    expected = [m.pk for m in sorted(made, key=lambda m: (m.at, m.pk), reverse=True)]
    seen: list[int] = []
    path = "/mentions"
    while path:
        page = text_of(browser, path)
        seen += [int(pk) for pk in re.findall(r'id="labels-(\d+)"', page)]
        if len(seen) == 3:
            make_mention("a post that comes while somebody reads", at=NOW)
        older = re.search(r'href="(/mentions\?[^"]*before=[^"]+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == expected


def test_copies_are_folded_and_can_be_unfolded(browser: Client) -> None:
    original = make_mention(LEAK, at=NOW - timedelta(hours=1))
    copies = [make_mention(LEAK, copy_of=original) for _ in range(23)]
    page = text_of(browser, "/mentions")
    assert "and 23 reposts or copies" in page
    assert "23 of them reposts or copies, folded" in page
    assert listed(browser, "/mentions") == [original.pk]
    assert len(listed(browser, "/mentions?copies=1")) == len(copies) + 1


def test_where_only_copies_fit_the_page_says_so_and_leads_to_them(browser: Client) -> None:
    original = make_mention(LEAK, at=NOW - timedelta(days=3))
    make_mention(LEAK, copy_of=original)
    page = text_of(browser, "/mentions?window=24h")
    assert "Only reposts and copies" in page
    assert "window=24h&amp;copies=1" in page


def test_each_filter_narrows_the_stream(browser: Client) -> None:
    brand = make_brand("远山")
    product = Product.objects.create(brand=brand, name="Y1")
    version = make_monitor("远山", brand=brand)
    other = make_mention("星河水壶真好用", polarity="neutral", intent="praise", aspects=["price"])
    wanted = make_mention(
        "远山水壶漏电",
        brand=brand,
        product=product,
        intent="inquiry",
        aspects=["safety", "staff"],
        at=NOW - timedelta(days=2),
        post_fields={"platform": "news", "kind": "article"},
    )
    Match.objects.create(mention=wanted, version=version)
    shown = [wanted.post, other.post]
    index(shown, terms_of(shown))
    for query in (
        f"brand={brand.pk}",
        f"product={product.pk}",
        f"monitor={version.monitor.pk}",
        "polarity=negative",
        "intent=inquiry",
        "aspect=safety",
        "platform=news",
        "kind=article",
        "q=漏电",
        "from=2026-11-21T00:00&to=2026-11-21T12:00",
        "to=2026-11-22T00:00",
    ):
        assert listed(browser, f"/mentions?{query}") == [wanted.pk], query
    assert listed(browser, "/mentions?window=24h") == [other.pk]


def test_site_time_bounds_are_from_until_before() -> None:
    mention = make_mention(at=NOW)  # 2026-11-23 09:00 in Beijing
    everything = Mention.objects.all()

    def found(start: str, end: str) -> bool:
        asked = Filters.read({"from": start, "to": end})
        return asked.apply(everything, now=NOW).filter(pk=mention.pk).exists()

    assert found("2026-11-23T09:00", "2026-11-23T10:00")
    assert not found("2026-11-23T08:00", "2026-11-23T09:00")


@pytest.mark.parametrize(
    "query",
    [
        "brand=x&product=-1&polarity=bad&aspect=' OR 1=1&kind=&window=9y",
        "from=yesterday&to=2026-13-45",
        "before=nonsense~x",
        f"before=2026-11-23~{10**30}",
        f"brand={10**30}",
    ],
)
def test_a_query_string_that_means_nothing_asks_nothing(browser: Client, query: str) -> None:
    mention = make_mention()
    assert listed(browser, f"/mentions?{query}") == [mention.pk]


def test_filters_survive_the_way_through_an_address() -> None:
    asked = Filters.read(
        {
            "brand": "3",
            "polarity": "negative",
            "aspect": "safety",
            "from": "2026-11-23T09:00",
            "to": "2026-11-24T00:00",
            "q": "漏电 & 客服?",
            "copies": "1",
        }
    )
    assert Filters.read(dict(parse_qsl(asked.query()[1:]))) == asked
    assert Filters.read(dict(parse_qsl(asked.query(brand=None)[1:]))) == replace(asked, brand=None)
    assert asked.start == NOW
    assert Filters().query() == "?"


def test_words_that_say_nothing_are_answered_in_the_page(browser: Client) -> None:
    assert "These words cannot be sought" in text_of(browser, "/mentions?q=，。")


@pytest.mark.parametrize(
    ("make", "query", "said"),
    [
        (lambda: None, "", "Nothing is listened for yet"),
        (make_monitor, "", "No mention yet"),
        (make_mention, "?polarity=positive", "No mention fits"),
    ],
)
def test_an_empty_stream_says_why_and_what_to_do(
    browser: Client, make: object, query: str, said: str
) -> None:
    make()  # type: ignore[operator]
    assert said in text_of(browser, f"/mentions{query}")


def test_what_is_new_is_counted_and_not_pushed_in(browser: Client) -> None:
    first = make_mention(LEAK)
    for n in range(12):
        make_mention(f"星河水壶漏水{n}")
    make_mention(LEAK, copy_of=first)
    make_mention("星河真好看", polarity="positive")
    path = f"/mentions/fresh?since={first.pk}&polarity=negative"
    assert "12 new" in text_of(browser, path)
    assert text_of(browser, f"/mentions/fresh?since={10**9}").strip() == ""
    assert text_of(browser, "/mentions/fresh?since=x").strip() == ""


def test_a_row_marks_its_reasons_and_masks_what_is_personal(browser: Client) -> None:
    make_monitor("星河")
    handle([make_post("星河水壶漏电，请打13800138000找我", author_name="路过的消费者")], now=NOW)
    page = text_of(browser, "/mentions")
    assert "<mark>星河</mark>" in page
    assert "13800138000" not in page
    assert "路过的消费者" not in page
    assert "路***者" in page


def test_a_medium_is_named_and_only_web_addresses_become_links(browser: Client) -> None:
    paper = make_author("都市快报", verified="media")
    fields = {"author": paper, "author_name": paper.name, "url": "javascript:alert(1)"}
    make_mention(LEAK, post_fields=fields)
    page = text_of(browser, "/mentions")
    assert "都市快报" in page
    assert "javascript:" not in page


def test_no_script_of_a_post_runs_and_no_image_is_fetched(browser: Client) -> None:
    evil = '<script>alert(1)</script><img src="https://tracker.example/x.png">星河'
    mention = make_mention(evil, post_fields={"title": evil, "author_name": evil})
    for path in ("/mentions", f"/mentions/{mention.pk}"):
        page = text_of(browser, path)
        assert "<script>alert" not in page
        assert '<img src="https://tracker' not in page


# The file


def exported(browser: Client, path: str = "/mentions.csv") -> list[dict[str, str]]:
    body = browser.get(path).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def test_the_file_holds_what_was_asked_for_masked_and_is_on_record(
    browser: Client, angel: Member
) -> None:
    make_mention("今天天气不错", polarity="positive")
    make_mention(
        "请打13800138000",
        post_fields={"native_id": "7440000000000000123", "author_name": "路过的消费者"},
    )
    (row,) = exported(browser, "/mentions.csv?polarity=negative")
    assert row["Text"] == "请打138****8000"
    assert row["Author"] == "路***者"
    assert row["Id at the source"] == "'7440000000000000123"
    assert row["Published"] == "2026-11-23 09:00:00"
    assert row["Likes"] == ""
    entry = AuditEntry.objects.get(verb="monitors.export")
    assert (entry.actor_id, entry.data) == (angel.pk, {"query": "?polarity=negative", "rows": 1})


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(browser: Client, first: str) -> None:
    make_mention(f'{first}HYPERLINK("http://x.example")')
    (row,) = exported(browser)
    assert row["Text"].startswith(f"'{first}HYPERLINK")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("漏水\x00\x0b了", "漏水了"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("12345", "12345"),
        ("＝HYPERLINK(1)", "'＝HYPERLINK(1)"),
    ],
)
def test_cells_are_text_without_signs_that_break_a_sheet(cell: str, expected: str) -> None:
    assert safe(cell) == expected


def test_a_file_ends_at_its_limit(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 2)
    for n in range(4):
        make_mention(f"{LEAK}{n}")
    assert len(exported(browser)) == 2


# One mention


def test_a_mention_tells_its_story(browser: Client, angel: Member) -> None:
    make_monitor("星河")
    root = make_post(LEAK, at=NOW - timedelta(hours=2))
    answer = make_post("我家的星河也漏水", parent=root, root=root, kind="comment")
    repost = make_post(f"转发微博//@甲:{LEAK}", repost_of=root, kind="repost")
    handle([root], now=NOW)
    handle([answer, repost], now=NOW)
    Sighting.objects.create(post=root, source=make_source("微博推送"), at=NOW)
    root.revisions.create(text="早先的说法，电话13800138000", seen_at=NOW)
    mention = Mention.objects.get(post=root)
    make_event("水壶漏电事件", mention, level="III")
    correct(mention, "intent", "inquiry", by=angel, now=NOW)
    page = text_of(browser, f"/mentions/{mention.pk}")
    for said in (
        "水壶漏电事件",
        "微博推送",
        "我家的星河也漏水",
        "by a person",
        "Complaint → Inquiry",
    ):
        assert said in page, said
    assert "早先的说法，电话138****8000" in page
    assert page.count("转发微博") == 0
    above = text_of(browser, f"/mentions/{Mention.objects.get(post=answer).pk}")
    assert "In answer to" in above
    copy = text_of(browser, f"/mentions/{Mention.objects.get(post=repost).pk}")
    assert f'href="/mentions/{mention.pk}"' in copy


def test_a_stub_above_is_said_to_be_unknown(browser: Client) -> None:
    stub = make_post("", is_stub=True)
    mention = make_mention("同求", post_fields={"parent": stub, "kind": "comment"})
    assert "never collected" in text_of(browser, f"/mentions/{mention.pk}")


def test_personal_data_is_shown_on_demand_and_the_look_is_logged(
    browser: Client, angel: Member
) -> None:
    mention = make_mention("我是安琪，电话13800138000")
    assert "13800138000" not in text_of(browser, f"/mentions/{mention.pk}")
    shown = browser.post(f"/mentions/{mention.pk}/showing").content.decode()
    assert "13800138000" in shown
    entry = AuditEntry.objects.get(verb="monitors.show")
    assert (entry.actor_id, entry.subject_id) == (angel.pk, mention.pk)


def test_who_does_not_work_on_cases_is_not_offered_the_bare_text() -> None:
    leader = client_of(make_member("博文", Role.LEADER))
    mention = make_mention()
    assert "Show unmasked" not in text_of(leader, f"/mentions/{mention.pk}")
    assert leader.post(f"/mentions/{mention.pk}/showing").status_code == 403


# One click


def test_a_click_corrects_and_offers_to_take_it_back(browser: Client) -> None:
    mention = make_mention()
    path, htmx = f"/mentions/{mention.pk}/corrections", {"HX-Request": "true"}
    chips = browser.post(path, {"field": "polarity", "value": "neutral"}, headers=htmx)
    made = Correction.objects.get()
    undo = f"/mentions/corrections/{made.pk}/undo"
    assert "Neutral" in chips.content.decode()
    assert undo in chips.content.decode()
    back = browser.post(undo, headers=htmx).content.decode()
    assert "Negative" in back
    assert not Correction.objects.exists()


def test_aspects_are_corrected_together_also_to_none(browser: Client) -> None:
    mention = make_mention(aspects=["price"])
    path = f"/mentions/{mention.pk}/corrections"
    browser.post(path, {"field": "aspects", "value": ["safety", "staff"]})
    mention.refresh_from_db()
    assert mention.aspects == ["safety", "staff"]
    assert browser.post(path, {"field": "aspects"}).status_code == 302
    mention.refresh_from_db()
    assert mention.aspects == []


def test_a_click_on_a_mark_removes_it_and_another_sets_one(browser: Client) -> None:
    mention = make_mention(is_spam=True)
    path, htmx = f"/mentions/{mention.pk}/corrections", {"HX-Request": "true"}
    assert "Remove the mark: Advertising or bait" in text_of(browser, "/mentions")
    chips = browser.post(path, {"field": "is_spam", "value": "no"}, headers=htmx).content.decode()
    assert "Remove the mark" not in chips
    assert "Undo" in chips
    marked = browser.post(path, {"field": "is_sarcastic", "value": "yes"}, headers=htmx)
    assert "Remove the mark: Sarcasm" in marked.content.decode()
    mention.refresh_from_db()
    assert (mention.is_spam, mention.is_sarcastic) == (False, True)
    assert "No sarcasm → Sarcasm" in text_of(browser, f"/mentions/{mention.pk}")


def test_who_may_not_correct_sees_marks_but_cannot_click_them() -> None:
    mention = make_mention(is_sarcastic=True)
    page = text_of(client_of(make_member("博文", Role.LEADER)), f"/mentions/{mention.pk}")
    assert "Sarcasm" in page
    assert "Remove the mark" not in page
    assert "correct-marks" not in page


@pytest.mark.parametrize("page", ["/events/{event}", "/mentions/{mention}/replies"])
def test_labels_are_corrected_wherever_they_are_shown(browser: Client, page: str) -> None:
    mention = make_mention()
    event = make_event("星河水壶漏电", mention)
    shown = text_of(browser, page.format(event=event.pk, mention=mention.pk))
    assert f'id="labels-{mention.pk}"' in shown
    assert f'data-correct="{mention.pk}"' in shown
    assert shown.count('id="correct-polarity"') == 1
    assert "monitors/labels.js" in shown


def test_answers_on_the_page_of_a_mention_have_labels_of_their_own(browser: Client) -> None:
    asked = make_mention()
    answer = make_mention("我家的也漏", post_fields={"parent": asked.post})
    assert listed(browser, f"/mentions/{asked.pk}") == [asked.pk, answer.pk]


def test_a_label_that_does_not_exist_is_a_clear_message(browser: Client) -> None:
    mention = make_mention()
    values = {"field": "polarity", "value": "good"}
    response = browser.post(
        f"/mentions/{mention.pk}/corrections", values, headers={"HX-Request": "true"}
    )
    assert response.status_code == 422
    assert "good" in response.headers["HX-Trigger"]


def test_the_accuracy_page_shows_what_was_corrected(browser: Client, angel: Member) -> None:
    for n, label in enumerate(["negative", "negative", "negative", "neutral"]):
        correct(make_mention(f"{LEAK}{n}"), "polarity", label, by=angel, now=NOW)
    page = text_of(browser, "/mentions/accuracy")
    assert "75%" in page
    assert "Negative → Neutral" in page
    assert "3 / 4" in page
    assert "set in grey" in page
    assert "unknown source" in page


def test_the_accuracy_page_says_when_nobody_has_judged(browser: Client) -> None:
    assert "Nobody has judged a label yet" in text_of(browser, "/mentions/accuracy")
