"""Labels: what plain posts say, the sums behind it, and what happens to odd posts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis import labels, ngrams, weights
from tinglan.analysis.aspects import Aspect
from tinglan.analysis.intent import Intent
from tinglan.analysis.labels import HEADS, INTENTS, POLARITIES, Labels, Model, classify
from tinglan.analysis.sentiment import Polarity, softmax


def judged(text: str) -> tuple[Polarity, Intent]:
    found = classify([text])
    return POLARITIES[found.polarity[0]], INTENTS[found.intent[0]]


@pytest.mark.parametrize(
    ("text", "polarity", "intent"),
    [
        ("星河水壶漏电把我妈电到了，客服互相推", Polarity.NEGATIVE, Intent.COMPLAINT),
        ("说好七天无理由，拒绝退货，我要投诉你们", Polarity.NEGATIVE, Intent.COMPLAINT),
        ("听说漏电是真的吗", Polarity.NEUTRAL, Intent.INQUIRY),
        ("请问星河水壶怎么清洗", Polarity.NEUTRAL, Intent.INQUIRY),
        ("客服很耐心，点赞", Polarity.POSITIVE, Intent.PRAISE),
        ("真香，闭眼入", Polarity.POSITIVE, Intent.PRAISE),
        ("星河电器三季度营收同比增长两成", Polarity.NEUTRAL, Intent.OTHER),
    ],
)
def test_plain_posts_are_judged_as_a_reader_would(
    text: str, polarity: Polarity, intent: Intent
) -> None:
    assert judged(text) == (polarity, intent)


@pytest.mark.parametrize(
    "text",
    [
        "群里在聊星河扫地机",
        "周末去商场看到星河新出的风扇",
        "明天星河直播几点",
        "路过打卡",
        "转发微博",
    ],
)
def test_chat_about_a_brand_is_no_complaint(text: str) -> None:
    polarity, intent = judged(text)
    assert polarity is Polarity.NEUTRAL
    assert intent is not Intent.COMPLAINT


def test_an_intent_follows_the_polarity_and_is_left_alone_without_ties() -> None:
    sides = np.array([[0.9, 0.1, 0.0], [0.0, 0.1, 0.9]], dtype=np.float32)
    wishes = np.full((2, len(INTENTS)), 1 / len(INTENTS), dtype=np.float32)

    alone = labels.following(sides, wishes, ties=np.ones((3, len(INTENTS)), dtype=np.float32))
    tied = labels.following(sides, wishes, ties=labels.model().ties)

    np.testing.assert_allclose(alone, wishes, rtol=1e-6)
    np.testing.assert_allclose(tied.sum(axis=1), 1, rtol=1e-6)
    assert [INTENTS[at] for at in tied.argmax(axis=1)] == [Intent.COMPLAINT, Intent.PRAISE]


def test_irony_bait_and_aspects_are_told() -> None:
    found = classify(
        [
            "呵呵，你们的服务可真好啊，等了半个月",
            "转发抽奖！关注@星河电器 转发本条送出水壶一个",
            "发货太慢了，一星期没动静，物流也查不到",
        ]
    )
    assert found.sarcasm.tolist()[0]
    assert found.spam.tolist() == [False, True, False]
    assert Aspect.DELIVERY in found.aspects_of(2)
    assert found.aspects_of(1) == ()


@given(st.lists(st.text(max_size=60), max_size=6))
def test_a_post_is_judged_alike_alone_and_in_a_batch(texts: list[str]) -> None:
    together = classify(texts)
    for at, text in enumerate(texts):
        alone = classify([text])
        assert row(together, at) == row(alone, 0)


def row(found: Labels, at: int) -> tuple[object, ...]:
    return (
        int(found.polarity[at]),
        float(found.polarity_confidence[at]),
        int(found.intent[at]),
        float(found.intent_confidence[at]),
        found.aspects_of(at),
        bool(found.sarcasm[at]),
        bool(found.spam[at]),
    )


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_sums_equal_a_slow_obvious_sum(texts: list[str]) -> None:
    model = labels.model()
    batch = ngrams.grams(texts)
    ends = [*batch.starts[1:].tolist(), batch.buckets.shape[1]]
    slow = []
    for start, end in zip(batch.starts.tolist(), ends, strict=True):
        held = set(batch.buckets[:, start:end].ravel().tolist()) - {ngrams.NO_GRAM}
        summed = model.weights[sorted(held)].astype(np.int64).sum(axis=0)
        slow.append(summed * model.scales / np.sqrt(max(len(held), 1)) + model.biases)
    assert np.allclose(model.scores(batch), slow, atol=1e-4)


@pytest.mark.parametrize("text", ["", " \n", "\ud83d", "http://t.cn/A6x", "\u202e\u200b", "?"])
def test_a_post_without_words_says_nothing(text: str) -> None:
    found = classify([text])
    assert judged(text) == (Polarity.NEUTRAL, Intent.OTHER)
    assert found.polarity_unknown[0]
    assert found.intent_unknown[0]
    assert not found.spam[0]


def test_a_megabyte_and_no_post_at_all_are_judged() -> None:
    assert len(classify(["漏电" * 500_000, "好用"])) == 2
    assert len(classify([])) == 0


def test_weights_of_another_recipe_are_refused() -> None:
    arrays = dict(weights.load("labels")) | {"version": np.array("labels-0 on n-grams 0")}
    with pytest.raises(ValueError, match="make train"):
        Model.of(arrays)


def test_the_weights_have_a_column_for_each_head() -> None:
    model = labels.model()
    assert model.weights.shape == (ngrams.BUCKETS, len(HEADS))
    assert len(model.thresholds) == len(HEADS)
    chances = softmax(model.scores(ngrams.grams(["星河水壶漏电"]))[:, 1:4])
    assert chances.sum() == pytest.approx(1)
