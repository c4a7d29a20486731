"""Monitors, brands, keyword lists: allowed, refused, absent, and what a form does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.make import (
    NOW,
    make_brand,
    make_event,
    make_member,
    make_mention,
    make_monitor,
    make_post,
)
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.lib import clock
from tinglan.monitors import hits
from tinglan.monitors.compare import compare
from tinglan.monitors.models import Brand, KeywordList, Match, Monitor, MonitorVersion, Product
from tinglan.monitors.tests.hearing import handle

pytestmark = pytest.mark.django_db

READABLE = ("/monitors", "/brands", "/keywords")
EDITED = ("/monitors/new", "/brands/new", "/keywords/new")
LEAK = "星河水壶漏电，客服三天没有回复"


@pytest.fixture(autouse=True)
def _site_clock() -> None:
    clock.set_to(NOW, rate=1)


@pytest.fixture
def analyst() -> Client:
    return client_of(make_member("林悦", Role.ANALYST))


@pytest.fixture
def agent() -> Client:
    return client_of(make_member("周宁", Role.AGENT))


@pytest.fixture
def outsider() -> Client:
    return client_of(make_member("晨曦"))


@pytest.fixture
def problems() -> KeywordList:
    return KeywordList.objects.create(name="质量", words=["漏电", "漏水"])


def client_of(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    client.cookies["tinglan_language"] = "en"
    return client


def text_of(browser: Client, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return response.content.decode()


# Allowed, refused, absent


@pytest.mark.parametrize("page", [*READABLE, *EDITED])
def test_an_analyst_opens_every_page(analyst: Client, page: str) -> None:
    assert analyst.get(page).status_code == 200


def test_others_read_what_is_listened_for_and_edit_nothing(agent: Client) -> None:
    monitor = make_monitor("星河 水壶").monitor
    assert "星河 水壶" in text_of(agent, f"/monitors/{monitor.pk}")
    assert 'id="monitor-form"' not in text_of(agent, f"/monitors/{monitor.pk}")
    for page in EDITED:
        assert agent.get(page).status_code == 403
    assert agent.get(f"/brands/{monitor.brand.pk}").status_code == 403


@pytest.mark.parametrize("page", READABLE)
def test_an_outsider_sees_nothing(outsider: Client, page: str) -> None:
    assert outsider.get(page).status_code == 403


def test_who_may_not_edit_posts_nothing(agent: Client, problems: KeywordList) -> None:
    monitor = make_monitor("星河").monitor
    product = Product.objects.create(brand=monitor.brand, name="K100")
    wording = {"brand": monitor.brand.pk, "name": "x", "query": "星河"}
    for path in (
        f"/monitors/{monitor.pk}",
        f"/monitors/{monitor.pk}/activity",
        "/monitors/new",
        "/monitors/lint",
        "/monitors/trial",
        "/brands/new",
        f"/brands/{monitor.brand.pk}",
        f"/brands/{monitor.brand.pk}/products",
        f"/brands/products/{product.pk}",
        f"/brands/products/{product.pk}/removal",
        "/keywords/new",
        f"/keywords/{problems.pk}",
        f"/keywords/{problems.pk}/removal",
    ):
        assert agent.post(path, wording).status_code == 403, path
    monitor.refresh_from_db()
    assert monitor.is_active
    assert monitor.name != "x"
    assert KeywordList.objects.exists()


@pytest.mark.parametrize(
    "path", ["/monitors/99", "/brands/99", "/brands/products/99", "/keywords/99"]
)
def test_what_is_not_there_is_not_found(analyst: Client, path: str) -> None:
    assert analyst.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/monitors/99/activity",
        "/brands/99/products",
        "/brands/products/99/removal",
        "/keywords/99/removal",
    ],
)
def test_what_is_not_there_cannot_be_changed(analyst: Client, path: str) -> None:
    assert analyst.post(path).status_code == 404


# Monitors


def test_a_monitor_is_written_and_changed(analyst: Client, problems: KeywordList) -> None:
    brand = make_brand()
    values = {"brand": brand.pk, "name": "口碑", "query": "星河 水壶", "lists": [problems.pk]}
    response = analyst.post("/monitors/new", values)
    monitor = Monitor.objects.get()
    assert response.headers["Location"] == f"/monitors/{monitor.pk}"
    analyst.post(f"/monitors/{monitor.pk}", {"name": "口碑二", "query": "星河 水壶 -招聘"})
    monitor.refresh_from_db()
    assert (monitor.name, monitor.brand) == ("口碑二", brand)
    page = text_of(analyst, f"/monitors/{monitor.pk}")
    assert "Version 2" in page
    assert "<ins>-招聘</ins>" in page.replace("<ins> -招聘", "<ins>-招聘")
    assert "× 质量</del>" in page


def test_a_wrong_query_comes_back_with_its_reason_and_what_was_typed(analyst: Client) -> None:
    values = {"brand": make_brand().pk, "name": "口碑", "query": "星河 AND (漏水"}
    page = analyst.post("/monitors/new", values).content.decode()
    assert "This parenthesis is never closed" in page
    assert "星河 AND (漏水" in page
    assert not Monitor.objects.exists()


def test_a_monitor_keeps_its_brand(analyst: Client) -> None:
    monitor = make_monitor("星河").monitor
    other = make_brand("远山")
    analyst.post(f"/monitors/{monitor.pk}", {"brand": other.pk, "name": "x", "query": "星河"})
    monitor.refresh_from_db()
    assert (monitor.name, monitor.brand.name) == ("x", "星河")


def test_a_taken_name_is_said_on_the_form(analyst: Client) -> None:
    monitor = make_monitor("星河").monitor
    values = {"brand": monitor.brand.pk, "name": monitor.name, "query": "水壶"}
    response = analyst.post("/monitors/new", values)
    assert response.status_code == 200
    assert "already exists" in response.content.decode()


def test_an_older_wording_can_be_used_again(analyst: Client) -> None:
    monitor = make_monitor("星河 水壶").monitor
    analyst.post(f"/monitors/{monitor.pk}", {"name": "x", "query": "星河 茶具"})
    page = text_of(analyst, f"/monitors/{monitor.pk}?version=1")
    assert "With the wording of version 1" in page
    assert "星河 水壶</textarea>" in page


def test_pausing_and_resuming(analyst: Client) -> None:
    monitor = make_monitor("星河").monitor
    analyst.post(f"/monitors/{monitor.pk}/activity", {"active": "0"})
    assert "paused" in text_of(analyst, "/monitors")
    analyst.post(f"/monitors/{monitor.pk}/activity", {"active": "1"})
    monitor.refresh_from_db()
    assert monitor.is_active


def test_a_monitor_that_hears_nothing_says_so_in_the_list(analyst: Client) -> None:
    make_monitor("星河 AND")
    assert "It hears nothing." in text_of(analyst, "/monitors")


def test_the_list_counts_hits_by_site_day(analyst: Client) -> None:
    version = make_monitor("星河")
    ages = (0, 2, 10, 24 * 8)  # hours; 10 hours ago it was yesterday in Beijing
    handle([make_post(f"{LEAK}{n}", at=NOW - timedelta(hours=n)) for n in ages], now=NOW)
    recent = hits.of_monitors(NOW)[version.monitor.pk]
    assert recent.days == [0, 0, 0, 0, 0, 1, 2]
    assert recent.last_at == NOW
    assert f"/mentions?monitor={version.monitor.pk}&amp;window=7d" in text_of(analyst, "/monitors")


def test_remarks_follow_what_is_typed(analyst: Client, problems: KeywordList) -> None:
    def said(**values: object) -> str:
        return analyst.post("/monitors/lint", values).content.decode()

    brand = make_brand()
    assert "never closed" in said(brand=brand.pk, query="(星河")
    assert "match far too much" in said(brand=brand.pk, query="星河")
    assert "It can be listened for" in said(brand=brand.pk, query="星河", lists=[problems.pk])
    assert "漏电" in said(brand=brand.pk, query="", lists=[problems.pk])
    assert said(query="星河").strip() == ""


def test_a_trial_shows_hits_samples_and_its_base(analyst: Client) -> None:
    make_post(f"{LEAK}，电话13800138000")
    make_post("今天天气不错")
    values = {"brand": make_brand().pk, "query": "星河 漏电", "days": "7"}
    page = analyst.post("/monitors/trial", values).content.decode()
    assert "Tried on all 2 stored posts of the last 7 days" in page
    assert "<mark>星河</mark>" in page
    assert "13800138000" not in page
    assert "too few mentions yet to say" in page


def test_a_wording_is_tried_and_saved_by_sound(analyst: Client) -> None:
    make_post("型核水壶楼店")
    values = {"brand": make_brand().pk, "name": "谐音", "query": "星河 漏电", "by_sound": "on"}
    assert "<mark>型核</mark>" in analyst.post("/monitors/trial", values).content.decode()
    analyst.post("/monitors/new", values)
    assert MonitorVersion.objects.get().by_sound
    page = analyst.get(MonitorVersion.objects.get().monitor.get_absolute_url())
    assert "by sound too" in page.content.decode()


def test_a_trial_that_cannot_run_says_why(analyst: Client) -> None:
    assert "Choose a brand" in analyst.post("/monitors/trial", {"query": "x"}).content.decode()
    values = {"brand": make_brand().pk, "query": "(星河"}
    assert "cannot be read yet" in analyst.post("/monitors/trial", values).content.decode()


def test_a_wording_is_compared_piece_by_piece() -> None:
    assert compare("星河 (漏水 OR 漏电)", "星河 (漏水 OR 冒烟)") == [
        ("same", "星河 (漏水 OR "),
        ("removed", "漏电"),
        ("added", "冒烟"),
        ("same", ")"),
    ]


# Brands, products, keyword lists


def test_a_brand_and_its_product_are_written(analyst: Client) -> None:
    values = {"name": "星河电器", "kind": "own", "names": "星河\n老星家，星河", "is_active": "on"}
    analyst.post("/brands/new", values)
    brand = Brand.objects.get()
    assert brand.names == ["星河", "老星家"]
    analyst.post(f"/brands/{brand.pk}/products", {"new-name": "K100", "new-names": "小白壶"})
    product = Product.objects.get()
    assert (product.brand, product.names) == (brand, ["小白壶"])
    analyst.post(f"/brands/products/{product.pk}", {"name": "K100 Pro", "names": ""})
    product.refresh_from_db()
    assert (product.name, product.names) == ("K100 Pro", [])
    analyst.post(f"/brands/products/{product.pk}/removal")
    assert not Product.objects.exists()


def test_the_context_of_an_ambiguous_name_is_written(analyst: Client) -> None:
    values = {"name": "星河电器", "kind": "own", "names": "", "is_active": "on"}
    refused = analyst.post("/brands/new", {**values, "ambiguous": "星河："})
    assert "the words that tell it: 星河：" in refused.content.decode()
    analyst.post("/brands/new", {**values, "ambiguous": "星河：水壶，电器\n\nXH: 客服"})
    brand = Brand.objects.get()
    assert brand.ambiguous == [
        {"word": "星河", "context": ["水壶", "电器"]},
        {"word": "XH", "context": ["客服"]},
    ]
    assert "星河: 水壶, 电器" in analyst.get(brand.get_absolute_url()).content.decode()


def test_a_product_that_cannot_be_heard_comes_back_with_its_reason(analyst: Client) -> None:
    brand = make_brand()
    page = analyst.post(f"/brands/{brand.pk}/products", {"new-name": "壶"}).content.decode()
    assert "too broad" in page
    assert not Product.objects.exists()


def test_a_name_that_breaks_a_monitor_comes_back_with_its_reason(analyst: Client) -> None:
    brand = make_monitor("").monitor.brand
    values = {"name": "星", "kind": "own", "names": "", "is_active": "on"}
    page = analyst.post(f"/brands/{brand.pk}", values).content.decode()
    assert "could not listen any more" in page
    brand.refresh_from_db()
    assert brand.name == "星河"


def test_brands_are_listed_by_kind_with_their_week(analyst: Client) -> None:
    make_monitor("星河")
    make_brand("远山", kind="competitor")
    handle([make_post(LEAK), make_post("星河真好用，推荐")], now=NOW)
    page = text_of(analyst, "/brands")
    assert page.index("Own brand") < page.index("Competitor")
    assert "50%" in page


def test_a_keyword_list_is_written_changed_and_removed(analyst: Client) -> None:
    analyst.post("/keywords/new", {"name": "质量", "words": "漏电、漏水\n冒烟"})
    words = KeywordList.objects.get()
    assert words.words == ["漏电", "漏水", "冒烟"]
    analyst.post(f"/keywords/{words.pk}", {"name": "质量", "words": "漏电"})
    words.refresh_from_db()
    assert words.words == ["漏电"]
    assert "漏电" in text_of(analyst, "/keywords")
    analyst.post(f"/keywords/{words.pk}/removal")
    assert not KeywordList.objects.exists()


def test_a_list_in_use_stays_and_its_page_says_where(
    analyst: Client, problems: KeywordList
) -> None:
    version = make_monitor("星河")
    version.problem_lists.add(problems)
    assert analyst.post(f"/keywords/{problems.pk}/removal").status_code == 302
    assert KeywordList.objects.exists()
    assert version.monitor.name in text_of(analyst, f"/keywords/{problems.pk}")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("/monitors", "Name your brand first"),
        ("/brands", "No brand yet"),
        ("/keywords", "No keyword list yet"),
    ],
)
def test_empty_pages_say_what_to_do(analyst: Client, page: str, said: str) -> None:
    assert said in text_of(analyst, page)


@pytest.mark.parametrize("page", ["/mentions", "/monitors", "/brands", "/keywords"])
def test_lists_cost_as_many_queries_for_many_as_for_few(
    analyst: Client, problems: KeywordList, page: str
) -> None:
    def fill(n: int) -> None:
        for _ in range(n):
            number = Brand.objects.count()
            version = make_monitor("星河 水壶", brand=make_brand(f"品牌{number}"))
            version.problem_lists.add(problems)
            mention = make_mention(f"{LEAK}{number}", brand=version.monitor.brand)
            Match.objects.create(mention=mention, version=version)
            make_event(f"事件{number}", mention, brand=version.monitor.brand)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert analyst.get(page).status_code == 200
        return len(queries)

    fill(2)
    few = cost()
    fill(10)
    assert cost() == few
