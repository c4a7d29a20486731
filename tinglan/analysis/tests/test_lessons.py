"""A site's own adjustment: it learns what people said; what harms or does nothing is dropped."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinglan.analysis import adjustment, labels, ngrams
from tinglan.analysis.adjustment import COLUMNS, FIELDS, Adjustment, held_by
from tinglan.analysis.labels import INTENTS, POLARITIES, Labels
from tinglan.analysis.lessons import (
    ENOUGH,
    Comparison,
    Lesson,
    Truth,
    fixed_posts,
    learn,
    learn_unjudged,
    what_helps,
)

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
WHAT = ("星河水壶", "星河饭煲", "星河风扇", "星河这台洗碗机", "星河新出的那款")
NOTHING = Adjustment.of(np.zeros(0, np.int64), np.zeros((0, len(COLUMNS)), np.float32))


def said(phrase: str, *, polarity: str, n: int = 40) -> list[Truth]:
    """What people of a site made of posts that share a phrase."""
    texts = [f"{where}{what}{phrase}" for where in WHERE for what in WHAT][:n]
    return [Truth(text, {"polarity": polarity}, group=at) for at, text in enumerate(texts)]


def polarity_of(found: Labels) -> list[str]:
    return [str(POLARITIES[code]) for code in found.polarity]


@pytest.fixture(scope="module")
def slang() -> Lesson:
    """Here "快来享福啦" is what they say of a thing that broke, which no shipped model can know."""
    return learn(
        [
            *said("快来享福啦", polarity="negative"),
            *said("挺好用的，推荐", polarity="positive", n=20),
        ]
    )


def test_the_slang_of_a_site_is_learnt(slang: Lesson) -> None:
    new = ["星河电磁炉快来享福啦"]
    assert polarity_of(labels.classify(new)) != ["negative"]
    assert polarity_of(adjustment.classify(new, slang.adjustment)) == ["negative"]
    assert slang.fields == ("polarity",)


def test_it_is_judged_on_posts_that_it_did_not_learn_from(slang: Lesson) -> None:
    own, fixed = slang.on_own["polarity"], slang.on_fixed["polarity"]
    assert own.n == 60
    assert own.n_right_after - own.n_right_before == own.n_won - own.n_lost
    assert own.is_better
    assert not fixed.is_worse
    assert fixed.n == len(fixed_posts())


def test_copies_of_one_text_are_no_proof_of_each_other() -> None:
    told = [Truth("星河快来享福啦", {"polarity": "negative"}, group=7) for _ in range(40)]
    lesson = learn(told)
    assert lesson.on_own["polarity"].n_won == 0
    assert lesson.fields == ()


def test_what_harms_the_fixed_posts_is_never_kept() -> None:
    """Whoever calls every complaint praise teaches something that holds here and nowhere else."""
    told = [
        Truth(part, {"polarity": "positive"}, group=at)
        for at, one in enumerate(fixed_posts())
        if one.labels["polarity"] == "negative"
        for part in (one.text, one.text[: len(one.text) // 2], one.text[len(one.text) // 2 :])
    ]
    lesson = learn(told)
    assert lesson.on_own["polarity"].is_better
    assert lesson.on_fixed["polarity"].is_worse
    assert lesson.fields == ()
    harmed = learn_unjudged(told)
    texts = [one.text for one in fixed_posts()]
    truth = [one.labels["polarity"] for one in fixed_posts()]
    before, after = labels.classify(texts), adjustment.classify(texts, harmed)
    assert _n_right(after, truth) < _n_right(before, truth)


def _n_right(found: Labels, truth: Sequence[object]) -> int:
    return sum(code == value for code, value in zip(polarity_of(found), truth, strict=True))


def test_few_labels_teach_nothing() -> None:
    lesson = learn(said("快来享福啦", polarity="negative", n=ENOUGH - 1))
    assert lesson.fields == ()
    assert not lesson.adjustment.scales.any()


def test_no_labels_at_all_teach_nothing() -> None:
    assert learn([]).fields == ()


def test_intent_aspects_and_marks_are_learnt_as_well() -> None:
    told = [
        Truth(
            one.text,
            {
                "intent": "inquiry",
                "aspects": frozenset({"delivery"}),
                "sarcasm": False,
                "spam": True,
            },
            group=one.group,
        )
        for one in said("蹲一个车位", polarity="neutral")
    ]
    learnt = learn_unjudged(told)
    found = adjustment.classify(["我姐说星河烤箱蹲一个车位"], learnt)
    assert INTENTS[found.intent[0]] == "inquiry"
    assert [str(one) for one in found.aspects_of(0)] == ["delivery"]
    (sums,) = learnt.sums(held_by(ngrams.grams(["我姐说星河烤箱蹲一个车位"])))
    assert sums[FIELDS["spam"]] > 0 > sums[FIELDS["sarcasm"]]


def test_the_same_posts_teach_the_same() -> None:
    told = said("快来享福啦", polarity="negative")
    first, second = learn_unjudged(told).content(), learn_unjudged(told).content()
    assert Adjustment.read(first).weights.tobytes() == Adjustment.read(second).weights.tobytes()


def test_it_is_kept_as_bytes_and_read_again(slang: Lesson) -> None:
    again = Adjustment.read(slang.adjustment.content())
    held = held_by(ngrams.grams(["星河水壶快来享福啦", ""]))
    assert (again.sums(held) == slang.adjustment.sums(held)).all()
    assert len(slang.adjustment.content()) < 100_000


def test_weights_for_other_answers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = NOTHING.content()
    monkeypatch.setattr(ngrams, "VERSION", "next")
    with pytest.raises(ValueError, match="let it learn again"):
        Adjustment.read(content)


def test_kinds_that_were_not_kept_stay_as_they_are_shipped(slang: Lesson) -> None:
    held = held_by(ngrams.grams(["星河水壶快来享福啦"]))
    none = slang.adjustment.only({"intent": 1.0}).sums(held)
    assert not none[:, FIELDS["polarity"]].any()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5), st.booleans())
def test_nothing_learnt_changes_nothing(texts: list[str], is_zero: bool) -> None:
    buckets = np.arange(0, ngrams.BUCKETS, 3)
    zeros = np.zeros((len(buckets), len(COLUMNS)), np.int8)
    zero = Adjustment(buckets, zeros, np.ones(len(COLUMNS), np.float32))
    before = labels.classify(texts)
    after = adjustment.classify(texts, zero if is_zero else NOTHING)
    for column in Labels.__dataclass_fields__:
        assert getattr(before, column).tobytes() == getattr(after, column).tobytes()


def test_noise_is_neither_better_nor_worse() -> None:
    def changed(n_won: int, n_lost: int) -> Comparison:
        return Comparison(
            n=100, n_right_before=50, n_right_after=50 + n_won - n_lost, n_won=n_won, n_lost=n_lost
        )

    assert not changed(0, 0).is_better
    assert not changed(1, 0).is_better
    assert changed(2, 0).is_better
    assert not changed(9, 6).is_better
    assert changed(10, 6).is_better is False
    assert changed(11, 6).is_better
    assert changed(6, 11).is_worse
    assert not changed(6, 9).is_worse


class Posts:
    """Twenty posts; an adjustment wins `won` of them, and at `harmful` strength it loses three."""

    def __init__(self, *, won: int, harmful: float) -> None:
        self._won, self._harmful = won, harmful
        self.truths: Sequence[Truth] = [Truth("", {"spam": True}) for _ in range(20)]
        self.before = self._said([at >= 15 for at in range(20)])

    def after(self, strengths: Mapping[str, float]) -> Labels:
        strength = strengths.get("spam", 0.0)
        is_harmed = strength >= self._harmful
        right = [
            (at >= 15 and not (is_harmed and at >= 17)) or (strength > 0 and at < self._won)
            for at in range(20)
        ]
        return self._said(right)

    def _said(self, spam: list[bool]) -> Labels:
        none = np.zeros(20)
        codes, flags = none.astype(np.int8), none.astype(np.bool_)
        sure = none.astype(np.float32)
        aspects = np.zeros((20, len(FIELDS)), np.bool_)
        return Labels(
            codes, sure, flags, codes, sure, flags, aspects, flags, np.array(spam, np.bool_)
        )


@pytest.mark.parametrize(("harmful", "strength"), [(2.0, 1.0), (0.5, 0.25), (0.1, None)])
def test_what_harms_is_weakened_before_it_is_dropped(
    harmful: float, strength: float | None
) -> None:
    own, fixed = Posts(won=8, harmful=9.0), Posts(won=0, harmful=harmful)
    kept, on_own, on_fixed = what_helps([own], [fixed], {"spam"})
    assert kept.get("spam") == strength
    assert on_own["spam"].n_won == 8
    assert on_fixed["spam"].is_worse is (strength is None)
