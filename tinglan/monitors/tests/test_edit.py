"""Brands, products, keyword lists and monitors are written, and each change is on record."""

from datetime import timedelta

import pytest

from tests.make import NOW, make_brand, make_member, make_mention, make_monitor, make_post
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.audit.models import AuditEntry
from tinglan.monitors.edit_brands import remove_product, save_brand, save_product
from tinglan.monitors.edit_keywords import remove_keywords, save_keywords
from tinglan.monitors.errors import (
    BreaksMonitorsError,
    EmptyListError,
    InUseError,
    NameTakenError,
    QueryRefusedError,
)
from tinglan.monitors.models import Brand, KeywordList, Mention, Monitor, MonitorVersion, Product
from tinglan.monitors.pause import pause, resume
from tinglan.monitors.save_monitor import save_monitor
from tinglan.monitors.show import show
from tinglan.monitors.tests.hearing import handle

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst() -> Member:
    return make_member("林悦", Role.ANALYST)


@pytest.fixture
def outsider() -> Member:
    return make_member("晨曦")


@pytest.fixture
def problems() -> KeywordList:
    return KeywordList.objects.create(name="质量", words=["漏电", "漏水"])


def new_monitor(name: str = "星河口碑", brand: Brand | None = None) -> Monitor:
    return Monitor(brand=brand or make_brand(), name=name)


def numbers(monitor: Monitor) -> list[int]:
    return list(monitor.versions.order_by("number").values_list("number", flat=True))


# Monitors


def test_a_monitor_begins_with_version_one(analyst: Member, problems: KeywordList) -> None:
    monitor = save_monitor(
        new_monitor(), query=" 星河 水壶 ", lists=[problems], by=analyst, now=NOW
    )
    version = monitor.versions.get()
    assert (version.number, version.query, version.by, version.at) == (1, "星河 水壶", analyst, NOW)
    assert list(version.problem_lists.all()) == [problems]
    entry = AuditEntry.objects.latest("id")
    assert (entry.verb, entry.actor_id) == ("monitors.create_monitor", analyst.pk)


def test_only_another_wording_makes_a_new_version(analyst: Member, problems: KeywordList) -> None:
    monitor = save_monitor(new_monitor(), query="星河", by=analyst, now=NOW)
    monitor.name = "星河全网"
    save_monitor(monitor, query=" 星河 ", by=analyst, now=NOW)
    assert numbers(monitor) == [1]
    assert Monitor.objects.get().name == "星河全网"
    save_monitor(monitor, query="星河", lists=[problems], by=analyst, now=NOW)
    save_monitor(monitor, query="星河 水壶", lists=[problems], by=analyst, now=NOW)
    assert numbers(monitor) == [1, 2, 3]


def test_a_query_that_does_not_parse_is_refused_with_its_place(analyst: Member) -> None:
    with pytest.raises(QueryRefusedError) as refused:
        save_monitor(new_monitor(), query="星河 AND (漏水", by=analyst, now=NOW)
    assert refused.value.position == 7
    assert not Monitor.objects.exists()


def test_two_monitors_of_a_brand_do_not_share_a_name(analyst: Member) -> None:
    save_monitor(new_monitor(), query="星河", by=analyst, now=NOW)
    with pytest.raises(NameTakenError):
        save_monitor(new_monitor(), query="水壶", by=analyst, now=NOW)


def test_a_paused_monitor_rests_until_it_is_resumed(analyst: Member) -> None:
    monitor = make_monitor("星河").monitor
    pause(monitor, by=analyst, now=NOW)
    handle([make_post("星河水壶漏电")], now=NOW)
    assert not Mention.objects.exists()
    resume(monitor, by=analyst, now=NOW)
    handle([make_post("星河水壶又漏电")], now=NOW)
    assert Mention.objects.count() == 1
    verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["monitors.pause", "monitors.resume"]


def test_sound_counts_only_where_a_wording_asks_for_it(analyst: Member) -> None:
    monitor = make_monitor("星河 漏电").monitor
    handle([make_post("型核水壶楼店了")], now=NOW)
    assert not Mention.objects.exists()
    save_monitor(monitor, query="星河 漏电", by_sound=True, by=analyst, now=NOW)
    save_monitor(monitor, query="星河 漏电", by_sound=True, by=analyst, now=NOW)
    assert [one.by_sound for one in monitor.versions.order_by("number")] == [False, True]
    handle([make_post("型核水壶又楼店了")], now=NOW)
    (match,) = Mention.objects.get().matches.all()
    assert match.spans == [["text", 0, 2, "星河"], ["text", 5, 7, "漏电"]]


# Brands and products


def test_a_brand_is_made_and_renamed(analyst: Member) -> None:
    brand = save_brand(Brand(name="星河电器", names=["星河"]), by=analyst, now=NOW)
    brand.names = ["星河", "老星家"]
    save_brand(brand, by=analyst, now=NOW + timedelta(hours=1))
    stored = Brand.objects.get()
    assert (stored.names, stored.created_at) == (["星河", "老星家"], NOW)
    assert AuditEntry.objects.count() == 2


def test_two_brands_do_not_share_a_name(analyst: Member) -> None:
    make_brand("星河")
    with pytest.raises(NameTakenError):
        save_brand(Brand(name="星河", names=[]), by=analyst, now=NOW)


def test_a_name_with_which_a_monitor_would_be_deaf_is_refused(analyst: Member) -> None:
    version = make_monitor("")
    brand = version.monitor.brand
    brand.names = ["星"]
    with pytest.raises(BreaksMonitorsError) as refused:
        save_brand(brand, by=analyst, now=NOW)
    assert version.monitor.name in str(refused.value)
    assert Brand.objects.get().names == ["星河"]


def test_an_old_wording_does_not_stand_in_the_way(analyst: Member) -> None:
    version = make_monitor("")
    MonitorVersion.objects.create(monitor=version.monitor, number=2, query="星河 水壶", at=NOW)
    brand = version.monitor.brand
    brand.names = ["星"]
    save_brand(brand, by=analyst, now=NOW)
    assert Brand.objects.get().names == ["星"]


def test_products_come_and_go_and_their_mentions_stay(analyst: Member) -> None:
    product = save_product(
        Product(brand=make_brand(), name="K100", names=["小白壶"]), by=analyst, now=NOW
    )
    make_mention(product=product)
    remove_product(product, by=analyst, now=NOW)
    assert Mention.objects.get().product is None


def test_a_product_of_one_character_is_refused(analyst: Member) -> None:
    with pytest.raises(QueryRefusedError):
        save_product(Product(brand=make_brand(), name="壶"), by=analyst, now=NOW)


# Keyword lists


def test_words_of_a_list_are_listened_for_at_once(analyst: Member) -> None:
    words = save_keywords(KeywordList(name="质量", words=["漏水"]), by=analyst, now=NOW)
    save_monitor(new_monitor(), query="星河", lists=[words], by=analyst, now=NOW)
    handle([make_post("星河水壶漏电")], now=NOW)
    assert not Mention.objects.exists()
    words.words = ["漏水", "漏电"]
    save_keywords(words, by=analyst, now=NOW)
    handle([make_post("星河水壶又漏电")], now=NOW)
    assert Mention.objects.count() == 1


def test_an_empty_list_is_refused(analyst: Member, problems: KeywordList) -> None:
    problems.words = []
    with pytest.raises(EmptyListError):
        save_keywords(problems, by=analyst, now=NOW)


def test_words_that_are_too_many_for_a_monitor_are_refused(
    analyst: Member, problems: KeywordList
) -> None:
    save_monitor(new_monitor(), query="星河", lists=[problems], by=analyst, now=NOW)
    problems.words = [f"问题{n}" for n in range(2001)]
    with pytest.raises(BreaksMonitorsError):
        save_keywords(problems, by=analyst, now=NOW)


def test_a_list_in_use_is_not_removed_one_that_was_used_is(
    analyst: Member, problems: KeywordList
) -> None:
    monitor = save_monitor(new_monitor(), query="星河", lists=[problems], by=analyst, now=NOW)
    with pytest.raises(InUseError):
        remove_keywords(problems, by=analyst, now=NOW)
    save_monitor(monitor, query="星河", by=analyst, now=NOW)
    remove_keywords(problems, by=analyst, now=NOW)
    assert not KeywordList.objects.exists()


# Rights


def test_who_may_not_edit_changes_nothing(outsider: Member, problems: KeywordList) -> None:
    monitor = make_monitor("星河").monitor
    product = Product(brand=make_brand(), name="K100")
    for refused in (
        lambda: save_monitor(new_monitor(), query="星河", by=outsider, now=NOW),
        lambda: save_brand(Brand(name="远山"), by=outsider, now=NOW),
        lambda: save_product(product, by=outsider, now=NOW),
        lambda: remove_product(product, by=outsider, now=NOW),
        lambda: save_keywords(problems, by=outsider, now=NOW),
        lambda: remove_keywords(problems, by=outsider, now=NOW),
        lambda: pause(monitor, by=outsider, now=NOW),
        lambda: resume(monitor, by=outsider, now=NOW),
    ):
        with pytest.raises(ForbiddenError):
            refused()
    assert not AuditEntry.objects.exists()


def test_every_look_at_personal_data_is_logged(analyst: Member, outsider: Member) -> None:
    mention = make_mention("我是安琪，电话13800138000")
    with pytest.raises(ForbiddenError):
        show(mention, by=outsider, now=NOW)
    assert show(mention, by=analyst, now=NOW).text.endswith("13800138000")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_id, entry.subject_id) == (
        "monitors.show",
        analyst.pk,
        mention.pk,
    )
