"""How right the labels were: each looked at once, by the last word; by label, source and week."""

from datetime import datetime, timedelta

import pytest

from tests.make import NOW, make_member, make_mention, make_source
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.monitors.accuracy import (
    FEW,
    Judgement,
    Tally,
    accuracy,
    by_label,
    by_method,
    by_source,
    by_week,
    judgements,
)
from tinglan.monitors.correct import Field, correct
from tinglan.monitors.models import Mention
from tinglan.sources.models import Source

pytestmark = pytest.mark.django_db

MONTH = NOW - timedelta(days=30)


@pytest.fixture
def angel() -> Member:
    return make_member("安琪", Role.DUTY_OFFICER)


def judged() -> list[Judgement]:
    return judgements(since=MONTH)


def tally_of(field: Field) -> Tally:
    return {one.field: one.tally for one in accuracy(judged(), since=MONTH)}[field]


def test_accuracy_counts_what_people_looked_at(angel: Member) -> None:
    mentions = [make_mention(f"星河水壶漏水第{i}台") for i in range(5)]
    for mention in mentions[:3]:
        correct(mention, "polarity", "negative", by=angel, now=NOW)
    correct(mentions[3], "polarity", "neutral", by=angel, now=NOW)
    polarity, intent = accuracy(judged(), since=MONTH)[:2]
    assert (polarity.tally, polarity.tally.share) == (Tally(4, 3), 0.75)
    assert polarity.n_labelled == 5
    assert polarity.confusions == (("negative", "neutral", 1),)
    assert intent.tally.share is None


def test_a_label_corrected_twice_is_judged_once_by_the_last_word(angel: Member) -> None:
    mention = make_mention()
    correct(mention, "polarity", "neutral", by=angel, now=NOW)
    correct(mention, "polarity", "negative", by=angel, now=NOW)
    assert tally_of("polarity") == Tally(1, 1)


def test_a_label_that_was_unknown_was_neither_right_nor_wrong(angel: Member) -> None:
    mention = make_mention(polarity="unknown")
    correct(mention, "polarity", "negative", by=angel, now=NOW)
    assert judged() == []


def test_what_was_judged_before_the_window_does_not_count(angel: Member) -> None:
    mention = make_mention(at=NOW - timedelta(days=50))
    correct(mention, "polarity", "neutral", by=angel, now=NOW - timedelta(days=40))
    assert judged() == []


def test_marks_are_judged_as_the_other_labels(angel: Member) -> None:
    correct(make_mention("一"), "is_spam", True, by=angel, now=NOW)
    correct(make_mention("二", is_spam=True), "is_spam", True, by=angel, now=NOW)
    assert tally_of("is_spam") == Tally(2, 1)
    labels = by_label(judged())
    assert labels["is_spam", True] == Tally(1, 1)
    assert labels["is_spam", False] == Tally(1, 0)


def test_a_label_is_judged_by_what_was_given(angel: Member) -> None:
    for n, said in enumerate(["negative", "neutral", "neutral"]):
        correct(make_mention(f"漏电{n}"), "polarity", said, by=angel, now=NOW)
    correct(make_mention("好", polarity="positive"), "polarity", "positive", by=angel, now=NOW)
    labels = by_label(judged())
    assert labels == {("polarity", "negative"): Tally(3, 1), ("polarity", "positive"): Tally(1, 1)}


def test_of_several_aspects_each_is_judged(angel: Member) -> None:
    mention = make_mention(aspects=["price", "staff"])
    correct(mention, "aspects", ["staff", "safety"], by=angel, now=NOW)
    labels = by_label(judged())
    assert labels == {("aspects", "price"): Tally(1, 0), ("aspects", "staff"): Tally(1, 1)}


def test_the_source_is_the_one_that_delivered_the_post_first(angel: Member) -> None:
    early, late = make_source(name="论坛"), make_source(name="转载站")
    mention = make_mention("一")
    seen(mention, late, NOW)
    seen(mention, early, NOW - timedelta(hours=1))
    correct(mention, "polarity", "neutral", by=angel, now=NOW)
    for text in ("二", "三"):
        correct(make_mention(text), "polarity", "negative", by=angel, now=NOW)
    found = by_source(judged())
    assert list(found) == ["", "论坛"]
    assert found["论坛"]["polarity"] == Tally(1, 0)
    assert found[""]["polarity"] == Tally(2, 2)


def test_labels_of_the_sites_own_model_are_counted_apart(angel: Member) -> None:
    shipped, own = "model labels-1", "model labels-1 site-2"
    for n, (method, said) in enumerate([(shipped, "neutral"), (own, "negative"), (own, "neutral")]):
        mention = make_mention(f"漏电{n}", polarity_method=method)
        correct(mention, "polarity", said, by=angel, now=NOW)
        correct(mention, "polarity", said, by=angel, now=NOW)
    found = by_method(judged())
    assert {method: tallies["polarity"] for method, tallies in found.items()} == {
        shipped: Tally(1, 0),
        own: Tally(2, 1),
    }


def seen(mention: Mention, source: Source, at: datetime) -> None:
    mention.post.sightings.create(source=source, at=at)


def test_weeks_begin_on_monday_by_the_calendar_of_the_site(angel: Member) -> None:
    monday = NOW.date() - timedelta(days=NOW.weekday())
    for days in (0, 7):
        mention = make_mention(f"漏电{days}")
        correct(mention, "polarity", "neutral", by=angel, now=NOW - timedelta(days=days))
    found = by_week(judged())
    assert list(found) == [monday, monday - timedelta(days=7)]
    assert found[monday]["polarity"] == Tally(1, 0)


def test_small_numbers_are_said_to_be_small() -> None:
    assert Tally(FEW - 1, 1).is_few
    assert not Tally(FEW, 1).is_few
