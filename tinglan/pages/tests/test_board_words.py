"""Hot words of the board: of the window against the week before, each leading to its mentions."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.make import make_brand, make_member, make_mention, make_monitor, make_source
from tinglan.accounts.rights import Role
from tinglan.lib import clock
from tinglan.pages.board import View
from tinglan.pages.board_words import words
from tinglan.pages.windows import SPANS, Window

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
USUAL = ["星河水壶到货了", "星河水壶烧水很快", "推荐星河水壶", "给妈妈买了星河水壶", "星河水壶好看"]
LEAKING = [
    "水壶漏电，手都麻了",
    "昨晚又漏电",
    "这壶漏电跳闸了",
    "漏电的壶谁敢用",
    "请问漏电怎么处理",
]


def view(now: datetime, **asked: object) -> View:
    values = {"now": now, "window": Window.ending(now, span=SPANS["24h"]), "brand": None, **asked}
    return View(**values)  # type: ignore[arg-type]


def say(texts: list[str], at: datetime, **fields: object) -> None:
    for number, text in enumerate(texts):
        make_mention(text, at=at + number * timedelta(minutes=1), **fields)


def test_what_is_said_today_and_not_in_the_week_before_is_hot_and_new(now: datetime) -> None:
    for days in range(2, 6):
        say(USUAL, now - days * DAY)
    say(LEAKING, now - 2 * HOUR)
    found = words(view(now))["words"]
    word, url = found[0]
    assert (word.text, word.n_texts, word.is_new) == ("漏电", 5, True)
    asked = parse_qs(urlsplit(url).query)
    assert asked["q"] == ["漏电"]
    assert set(asked) == {"q", "from", "to"}


def test_what_was_said_before_is_not_new_and_what_is_usual_is_not_hot(now: datetime) -> None:
    for days in range(2, 6):
        say([*USUAL, LEAKING[0]], now - days * DAY)
    say([*LEAKING, *USUAL], now - 2 * HOUR)
    found = {word.text: word.is_new for word, _ in words(view(now))["words"]}
    assert found["漏电"] is False
    assert "星河水壶" not in found


def test_words_of_another_brand_stay_away(now: datetime) -> None:
    cloud = make_brand("云朵")
    say(LEAKING, now - 2 * HOUR, brand=cloud)
    assert words(view(now, brand=make_brand()))["words"] == []
    found = words(view(now, brand=cloud))["words"]
    assert found[0][0].text == "漏电"
    assert parse_qs(urlsplit(found[0][1]).query)["brand"] == [str(cloud.pk)]


def test_copies_make_no_word_hot(now: datetime) -> None:
    first = make_mention("星河水壶漏电伤人", at=now - 2 * HOUR)
    for _ in range(9):
        make_mention("星河水壶漏电伤人", at=now - HOUR, copy_of=first)
    assert words(view(now))["n_texts"] == 1


def test_the_words_are_loaded_after_the_page(client: Client) -> None:
    make_source()
    make_monitor()
    client.force_login(make_member("安琪", Role.ANALYST))
    say(LEAKING, clock.now() - 2 * HOUR)
    assert "漏电跳闸" not in client.get("/").content.decode()
    part = client.get("/board/words?window=24h").content.decode()
    assert "漏电" in part
    client.force_login(make_member("晨曦"))
    assert client.get("/board/words").status_code == 403
