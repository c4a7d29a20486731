"""One click corrects a label; it holds, it is counted, it can be taken back."""

import pytest

from tests.make import NOW, make_event, make_member, make_mention, make_monitor, make_post
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.audit.models import AuditEntry
from tinglan.lib.models import Change
from tinglan.monitors.correct import correct, undo
from tinglan.monitors.errors import CorrectionError
from tinglan.monitors.models import Correction, Mention, Polarity, Rollup
from tinglan.monitors.tests.hearing import handle
from tinglan.sources.models import Post

pytestmark = pytest.mark.django_db

LEAK = "星河水壶漏电，客服三天没有回复"
FIGURES = ("polarity", "n_mentions", "n_copies")


@pytest.fixture
def angel() -> Member:
    return make_member("安琪", Role.DUTY_OFFICER)


def heard(*posts: Post) -> list[Mention]:
    make_monitor("星河")
    handle(list(posts), now=NOW)
    return list(Mention.objects.order_by("pk"))


def figures() -> list[tuple[object, ...]]:
    return list(Rollup.objects.exclude(n_mentions=0, n_copies=0).values_list(*FIGURES))


def test_a_correction_holds_and_says_who_and_what_was_before(angel: Member) -> None:
    (mention,) = heard(make_post(LEAK))
    confidence = mention.polarity_confidence
    correction = correct(mention, "polarity", Polarity.NEUTRAL, by=angel, now=NOW)
    mention.refresh_from_db()
    assert (mention.polarity, mention.polarity_method) == ("neutral", "person")
    assert (correction.old, correction.new, correction.by) == ("negative", "neutral", angel)
    assert correction.old_confidence == confidence
    assert figures() == [("neutral", 1, 0)]


def test_it_is_written_down_and_open_pages_hear_of_it(angel: Member) -> None:
    mention = make_mention()
    event = make_event("星河水壶漏电", mention)
    correct(mention, "intent", "inquiry", by=angel, now=NOW)
    entry = AuditEntry.objects.latest("id")
    assert (entry.verb, entry.data) == (
        "monitors.correct",
        {"field": "intent", "old": "complaint", "new": "inquiry"},
    )
    assert {"mentions", f"event:{event.pk}"} <= set(Change.objects.values_list("topic", flat=True))


def test_the_copies_of_a_text_say_what_the_text_says(angel: Member) -> None:
    original, *copies = heard(*(make_post(LEAK) for _ in range(4)))
    correct(copies[0], "polarity", Polarity.POSITIVE, by=angel, now=NOW)
    correct(original, "polarity", Polarity.NEUTRAL, by=angel, now=NOW)
    labels = Mention.objects.order_by("pk").values_list("polarity", "polarity_method")
    assert list(labels) == [
        ("neutral", "person"),
        ("positive", "person"),
        ("neutral", "context"),
        ("neutral", "context"),
    ]
    assert sorted(figures()) == [("neutral", 3, 2), ("positive", 1, 1)]


def test_taken_back_a_label_is_what_it_was(angel: Member) -> None:
    mentions = heard(make_post(LEAK), make_post(LEAK))
    before = figures()
    old = mentions[0].polarity_confidence
    correction = correct(mentions[0], "polarity", Polarity.NEUTRAL, by=angel, now=NOW)
    back = undo(correction, by=angel, now=NOW)
    assert (back.polarity, back.polarity_confidence) == ("negative", old)
    assert back.polarity_method.startswith("model")
    assert figures() == before
    assert not Correction.objects.exists()
    assert AuditEntry.objects.latest("id").verb == "monitors.undo_correction"


def test_only_the_last_correction_of_a_label_can_be_taken_back(angel: Member) -> None:
    mention = make_mention()
    first = correct(mention, "polarity", "neutral", by=angel, now=NOW)
    correct(mention, "intent", "inquiry", by=angel, now=NOW)
    second = correct(mention, "polarity", "positive", by=angel, now=NOW)
    with pytest.raises(CorrectionError):
        undo(first, by=angel, now=NOW)
    assert undo(second, by=angel, now=NOW).polarity == "neutral"


def test_to_say_the_same_confirms_the_label(angel: Member) -> None:
    mention = make_mention()
    correction = correct(mention, "polarity", "negative", by=angel, now=NOW)
    mention.refresh_from_db()
    assert correction.is_confirmation
    assert mention.polarity_method == "person"
    assert correct(mention, "polarity", "negative", by=angel, now=NOW) == correction


def test_aspects_are_a_set_in_the_order_of_the_list(angel: Member) -> None:
    mention = make_mention(aspects=["price"])
    correction = correct(mention, "aspects", ["staff", "quality", "staff"], by=angel, now=NOW)
    assert correction.new == ["quality", "staff"]
    assert correct(mention, "aspects", [], by=angel, now=NOW).new == []


@pytest.mark.parametrize("field", ["is_sarcastic", "is_spam"])
def test_a_mark_that_a_person_set_or_removed_outlives_what_the_model_says(
    angel: Member, field: str
) -> None:
    (mention,) = heard(make_post(LEAK))
    assert getattr(mention, f"{field}_method").startswith("model")
    was = getattr(mention, field)
    correction = correct(mention, field, not was, by=angel, now=NOW)  # type: ignore[arg-type]
    assert (correction.old, correction.new) == (was, not was)
    heard(mention.post)
    mention.refresh_from_db()
    assert (getattr(mention, field), getattr(mention, f"{field}_method")) == (not was, "person")
    back = undo(correction, by=angel, now=NOW)
    assert getattr(back, field) is was
    assert getattr(back, f"{field}_method").startswith("model")


def test_the_copies_of_a_text_carry_its_marks(angel: Member) -> None:
    original, _copy = heard(make_post(LEAK), make_post(LEAK))
    correct(original, "is_spam", True, by=angel, now=NOW)
    marks = Mention.objects.order_by("pk").values_list("is_spam", "is_spam_method")
    assert list(marks) == [(True, "person"), (True, "context")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("polarity", "good"),
        ("intent", "praise "),
        ("aspects", ["漏电"]),
        ("polarity", True),
        ("aspects", False),
        ("is_spam", "maybe"),
        ("is_sarcastic", ["yes"]),
    ],
)
def test_labels_that_do_not_exist_are_refused(angel: Member, field: str, value: object) -> None:
    with pytest.raises(CorrectionError):
        correct(make_mention(), field, value, by=angel, now=NOW)  # type: ignore[arg-type]


def test_a_field_that_is_no_label_is_refused(angel: Member) -> None:
    with pytest.raises(CorrectionError):
        correct(make_mention(), "brand", "1", by=angel, now=NOW)  # type: ignore[arg-type]


def test_who_may_not_correct_changes_nothing(angel: Member) -> None:
    outsider = make_member("晨曦")
    mention = make_mention()
    with pytest.raises(ForbiddenError):
        correct(mention, "polarity", "neutral", by=outsider, now=NOW)
    correction = correct(mention, "polarity", "neutral", by=angel, now=NOW)
    with pytest.raises(ForbiddenError):
        undo(correction, by=outsider, now=NOW)
    assert Mention.objects.get().polarity == "neutral"
