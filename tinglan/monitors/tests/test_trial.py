"""A query is tried on what is stored, and the answer says on what."""

from datetime import date, timedelta

import pytest

from tests.make import NOW, make_brand, make_event, make_mention, make_post, make_source
from tinglan.analysis.query import QueryError
from tinglan.monitors import trial as trials
from tinglan.monitors.models import Brand, KeywordList
from tinglan.monitors.trial import trial

pytestmark = pytest.mark.django_db

LEAK = "星河水壶漏电，客服三天没有回复"


def test_hits_are_counted_by_site_day_and_days_without_hits_are_there() -> None:
    make_post(LEAK)
    make_post(f"{LEAK}！！", at=NOW - timedelta(hours=2))  # 2026-11-23 07:00 in Beijing
    make_post(LEAK, at=NOW - timedelta(hours=10))  # the evening before
    make_post(LEAK, at=NOW - timedelta(days=8))
    make_post("今天天气不错")
    result = trial("星河 漏电", brand=make_brand(), days=3, now=NOW)
    assert result.days == (
        (date(2026, 11, 21), 0),
        (date(2026, 11, 22), 1),
        (date(2026, 11, 23), 2),
    )
    assert (result.n_hits, result.n_read, result.n_stored) == (3, 4, 4)
    assert not result.is_partial


def test_samples_are_different_texts_with_their_reasons() -> None:
    for minutes in range(5):
        make_post(f"转发微博//@甲:{LEAK}", at=NOW - timedelta(minutes=minutes))
    post = make_post("星河的水壶又漏电了", at=NOW - timedelta(hours=1))
    result = trial("星河 漏电", brand=make_brand(), now=NOW)
    assert len(result.samples) == 2
    assert result.samples[1].post == post
    assert result.samples[1].terms == ["星河", "漏电"]
    field, start, end, _term = result.samples[1].spans[1]
    assert (field, post.text[int(start) : int(end)]) == ("text", "漏电")


def test_names_and_lists_are_combined_as_they_will_be() -> None:
    make_post("老星家的水壶漏电")
    make_post("老星家的水壶很好")
    brand = Brand(name="星河", names=["老星家"])
    result = trial("", brand=brand, lists=[KeywordList(name="质量", words=["漏电"])], now=NOW)
    assert result.n_hits == 1


def test_a_query_is_tried_by_sound() -> None:
    make_post("型核水壶楼店")
    assert trial("星河 漏电", brand=make_brand(), now=NOW).n_hits == 0
    assert trial("星河 漏电", brand=make_brand(), by_sound=True, now=NOW).n_hits == 1


def test_of_very_many_posts_the_newest_are_read_and_it_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trials, "MOST_POSTS", 4)
    for days in range(6):
        make_post(LEAK, at=NOW - timedelta(days=days))
    result = trial("星河", brand=make_brand(), days=7, now=NOW)
    assert (result.n_read, result.n_stored, result.n_hits) == (4, 6, 4)
    assert result.is_partial
    assert result.since == NOW - timedelta(days=3)
    assert len(result.days) == 4
    assert result.hits_per_day == 1.0


def test_the_base_names_sources_that_keep_only_what_matched() -> None:
    make_source(keep="matched")
    make_source()
    assert trial("星河", brand=make_brand(), now=NOW).n_thinned == 1


def test_expected_alerts_follow_the_brands_past() -> None:
    mentions = [make_mention(f"{LEAK}{n}") for n in range(60)]
    event = make_event("星河水壶漏电", *mentions[:10])
    event.level_changes.create(number=1, to_level="III", reason="score", score=40, at=NOW)
    make_event("星河降价", *mentions[10:12])
    result = trial("星河", brand=make_brand(), days=1, now=NOW)
    assert (result.n_hits, result.n_known) == (60, 60)
    assert result.rate is not None
    assert (result.rate.n_mentions, result.rate.n_warned) == (60, 1)
    assert result.alerts_per_week == 7.0


def test_without_a_past_no_number_of_alerts_is_made_up() -> None:
    make_post(LEAK)
    assert trial("星河", brand=make_brand(), now=NOW).alerts_per_week is None


def test_what_cannot_be_parsed_cannot_be_tried() -> None:
    with pytest.raises(QueryError):
        trial("星河 AND", brand=make_brand(), now=NOW)


def test_nothing_stored_gives_no_hits_and_no_error() -> None:
    result = trial("星河", brand=make_brand(), now=NOW)
    assert (result.n_hits, result.share, len(result.days)) == (0, 0.0, 7)
