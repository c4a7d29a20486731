"""The site learns from its corrections: proposed with figures, switched on, switched back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from tests.make import NOW, make_member, make_mention
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.analysis import ngrams
from tinglan.analysis.labels import VERSION
from tinglan.audit.models import AuditEntry
from tinglan.lib import clock
from tinglan.lib.models import Change
from tinglan.monitors.classify import classify, label, whole
from tinglan.monitors.correct import correct
from tinglan.monitors.errors import RetrainingError
from tinglan.monitors.in_force import in_force
from tinglan.monitors.models import Mention, Retraining, SiteModel, Switch
from tinglan.monitors.retrain import AT_MOST_EVERY, ENOUGH_NEW, ask, ask_when_due, poll
from tinglan.monitors.switch import switch
from tinglan.monitors.taught import truths

pytestmark = pytest.mark.django_db

WHERE = (
    "昨天在店里",
    "刚开箱",
    "我妈家那台",
    "用了三个月",
    "同事也说",
    "第二次买",
    "给孩子用",
    "今早",
)
WHAT = ("星河水壶", "星河饭煲", "星河风扇", "星河这台洗碗机")
NEW = "今早星河电磁炉快来享福啦"
NEWEST = 1 << 40


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def kexin() -> Member:
    return make_member("可欣", Role.ANALYST)


@pytest.fixture
def angel() -> Member:
    return make_member("安琪", Role.DUTY_OFFICER)


def teach(by: Member) -> None:
    """Here people say "快来享福啦" of what broke; no shipped model can know."""
    for where in WHERE:
        for what in WHAT:
            mention = make_mention(f"{where}{what}快来享福啦", polarity="positive")
            correct(mention, "polarity", "negative", by=by, now=NOW)


def learnt(by: Member | None) -> Retraining:
    asked = ask(by=by, now=NOW)
    assert poll(NOW) == 1
    asked.refresh_from_db()
    return asked


@pytest.fixture
def proposed(angel: Member) -> SiteModel:
    teach(angel)
    return learnt(angel).model


def heard(text: str) -> Mention:
    return labelled(make_mention(text))


def labelled(mention: Mention) -> Mention:
    """As the worker labels what it hears."""
    label(mention, *classify([whole(mention.post)]))
    mention.save()
    return mention


def test_what_helps_is_proposed_with_its_figures(angel: Member) -> None:
    teach(angel)
    retraining = learnt(angel)
    assert retraining.outcome == Retraining.Outcome.PROPOSED
    assert (retraining.n_posts, retraining.finished_at) == (32, NOW)
    assert retraining.n_done == retraining.n_steps > 1
    polarity = retraining.figures[0]
    assert polarity["field"] == "polarity"
    assert polarity["is_kept"]
    assert polarity["own"]["n"] == 32
    assert polarity["own"]["after"] > polarity["own"]["before"]
    assert not polarity["is_worse"]
    assert retraining.model.fields == ["polarity"]


def test_a_proposal_changes_nothing_by_itself(proposed: SiteModel) -> None:
    before = heard(NEW)
    assert in_force() is None
    assert before.polarity_method == f"model {VERSION}"
    assert before.polarity != "negative"


def test_switched_on_it_labels_what_is_heard_and_says_so(
    proposed: SiteModel, kexin: Member
) -> None:
    switch(proposed, by=kexin, now=NOW)
    mention = heard(NEW)
    assert (mention.polarity, mention.polarity_method) == ("negative", f"model {VERSION} site-1")


def test_switched_back_it_labels_as_before(proposed: SiteModel, kexin: Member) -> None:
    before = heard(NEW)
    switch(proposed, by=kexin, now=NOW)
    switch(None, by=kexin, now=NOW)
    after = heard(NEW)
    assert in_force() is None
    assert (after.polarity, after.polarity_confidence) == (
        before.polarity,
        before.polarity_confidence,
    )


def test_what_a_person_said_stays_under_every_model(proposed: SiteModel, kexin: Member) -> None:
    mention = heard(NEW)
    correct(mention, "polarity", "positive", by=kexin, now=NOW)
    switch(proposed, by=kexin, now=NOW)
    mention.refresh_from_db()
    labelled(mention)
    assert (mention.polarity, mention.polarity_method) == ("positive", "person")


def test_each_step_is_written_down(proposed: SiteModel, angel: Member, kexin: Member) -> None:
    switch(proposed, by=kexin, now=NOW)
    switch(None, by=kexin, now=NOW)
    told = AuditEntry.objects.exclude(verb="monitors.correct").order_by("id")
    assert [(entry.verb, entry.actor_id) for entry in told] == [
        ("monitors.retrain", angel.pk),
        ("monitors.propose_model", None),
        ("monitors.switch_on", kexin.pk),
        ("monitors.switch_back", kexin.pk),
    ]
    assert Change.objects.filter(topic="labels").exists()


def test_who_may_not_switches_nothing(proposed: SiteModel, angel: Member) -> None:
    with pytest.raises(ForbiddenError):
        switch(proposed, by=angel, now=NOW)
    with pytest.raises(ForbiddenError):
        ask(by=make_member("正言", Role.LEGAL), now=NOW)
    assert not Switch.objects.exists()


def test_what_labels_already_is_not_switched_on_again(proposed: SiteModel, kexin: Member) -> None:
    with pytest.raises(RetrainingError, match="already"):
        switch(None, by=kexin, now=NOW)
    switch(proposed, by=kexin, now=NOW)
    with pytest.raises(RetrainingError, match="already"):
        switch(proposed, by=kexin, now=NOW)


def test_beside_other_shipped_weights_it_rests(
    proposed: SiteModel, kexin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(proposed, by=kexin, now=NOW)
    monkeypatch.setattr(ngrams, "VERSION", "next")
    assert in_force() is None
    with pytest.raises(RetrainingError, match="older weights"):
        switch(proposed, by=kexin, now=NOW)
    assert ask_when_due(NOW + AT_MOST_EVERY) == 1


def test_few_corrections_propose_nothing(angel: Member) -> None:
    correct(make_mention(NEW), "polarity", "neutral", by=angel, now=NOW)
    assert learnt(angel).outcome == Retraining.Outcome.TOO_FEW
    assert not SiteModel.objects.exists()


def test_confirmations_of_what_is_right_propose_nothing(angel: Member) -> None:
    for n, where in enumerate(WHERE * 3):
        mention = make_mention(f"{where}星河水壶漏电，找客服没人理，要求退款{n}")
        correct(mention, "polarity", "negative", by=angel, now=NOW)
    assert learnt(angel).outcome == Retraining.Outcome.NO_GAIN
    assert not SiteModel.objects.exists()


def test_it_learns_once_at_a_time(angel: Member) -> None:
    ask(by=angel, now=NOW)
    with pytest.raises(RetrainingError, match="already"):
        ask(by=angel, now=NOW)
    assert ask_when_due(NOW + AT_MOST_EVERY) == 0


def test_by_itself_it_learns_once_a_day_when_enough_is_new(angel: Member) -> None:
    for n in range(ENOUGH_NEW - 1):
        correct(make_mention(f"漏电{n}"), "polarity", "neutral", by=angel, now=NOW)
    assert ask_when_due(NOW) == 0
    correct(make_mention("漏水"), "polarity", "neutral", by=angel, now=NOW)
    assert ask_when_due(NOW) == 1
    assert poll(NOW) == 1
    assert Retraining.objects.get().by is None
    for n in range(ENOUGH_NEW):
        correct(make_mention(f"漏气{n}"), "polarity", "neutral", by=angel, now=NOW)
    assert ask_when_due(NOW + AT_MOST_EVERY - timedelta(minutes=1)) == 0
    assert ask_when_due(NOW + AT_MOST_EVERY) == 1


def test_learning_that_died_is_done_again(angel: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    teach(angel)
    asked = ask(by=angel, now=NOW)
    with monkeypatch.context() as broken:
        broken.setattr("tinglan.monitors.retrain.learn", _dies)
        assert poll(NOW) == 1
    asked.refresh_from_db()
    assert asked.finished_at is None
    later = clock.wall() + timedelta(hours=1)
    monkeypatch.setattr(clock, "wall", lambda: later)
    assert poll(NOW) == 1
    asked.refresh_from_db()
    assert asked.outcome == Retraining.Outcome.PROPOSED


def _dies(*_: object, **__: object) -> None:
    raise MemoryError


def test_the_last_word_counts_and_a_slip_taken_back_does_not(angel: Member) -> None:
    mention = make_mention("星河水壶漏电，客服三天没有回复")
    correct(mention, "polarity", "neutral", by=angel, now=NOW)
    correct(mention, "polarity", "positive", by=angel, now=NOW)
    correct(mention, "aspects", ["price", "staff"], by=angel, now=NOW)
    correct(mention, "is_spam", True, by=angel, now=NOW)
    correct(mention, "intent", "unknown", by=angel, now=NOW)
    (truth,) = truths(until=NEWEST)
    assert truth.labels == {
        "polarity": "positive",
        "aspects": frozenset({"price", "staff"}),
        "spam": True,
    }


def test_a_short_comment_judged_by_what_it_hangs_under_teaches_nothing(angel: Member) -> None:
    mention = make_mention("同求", is_inherited=True)
    correct(mention, "polarity", "neutral", by=angel, now=NOW)
    assert truths(until=NEWEST) == []


def test_copies_of_a_text_stand_in_one_group(angel: Member) -> None:
    for _ in range(2):
        correct(
            make_mention("星河水壶漏电，客服三天没有回复"), "polarity", "neutral", by=angel, now=NOW
        )
    one, other = truths(until=NEWEST)
    assert one.group == other.group
