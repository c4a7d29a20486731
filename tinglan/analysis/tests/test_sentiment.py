"""Polarity: the weights that ship, n-grams in batches, and what happens to odd posts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis import ngrams, sentiment, weights
from tinglan.analysis.sentiment import CLASSES, HEADS, Model, Polarity, classify

NEGATIVE = [
    "星河水壶用了三天就漏电，找客服没人理，太失望了",
    "退款拖了半个月还不到账，垃圾平台，再也不买了",
    "刚收到就是坏的，质量太差，千万别买",
    "孩子用了之后全身过敏，商家还不承认",
]
POSITIVE = [
    "星河水壶烧水快，声音小，颜值也高，非常喜欢",
    "客服很耐心，物流也快，给个好评",
    "用了一年了质量一直很好，会回购的",
]
NEUTRAL = [
    "请问星河水壶的客服电话是多少？",
    "记者获悉，星河电器将于下月召开新品发布会。",
    "想问一下保修需要带发票吗",
]

PINNED = [
    [94322, 116541, 96104, 145],
    [143823, 67805, 65595, 47115],
    [190413, 201062, 91630, 174742],
]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (NEGATIVE, Polarity.NEGATIVE),
        (POSITIVE, Polarity.POSITIVE),
        (NEUTRAL, Polarity.NEUTRAL),
    ],
)
def test_plain_posts_are_judged_as_a_reader_would(texts: list[str], expected: Polarity) -> None:
    assert classify(texts).labels == [expected] * len(texts)


@given(st.lists(st.text(max_size=60), max_size=6))
def test_a_post_is_judged_alike_alone_and_in_a_batch(texts: list[str]) -> None:
    together = classify(texts)
    alone = [classify([text]) for text in texts]

    assert together.codes.tolist() == [int(one.codes[0]) for one in alone]
    assert together.confidences.tolist() == [float(one.confidences[0]) for one in alone]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_batch_sums_equal_a_slow_obvious_sum(texts: list[str]) -> None:
    model = sentiment.model()
    slow = [_slow_scores(model, text) for text in texts]

    np.testing.assert_allclose(model.scores(ngrams.grams(texts)), slow, rtol=1e-4, atol=1e-4)


def _slow_scores(model: Model, text: str) -> list[float]:
    batch = ngrams.grams([text])
    real = {int(bucket) for bucket in batch.buckets.ravel() if bucket != ngrams.NO_GRAM}
    return [
        sum(int(row[bucket]) for bucket in real) * float(scale) / len(real) ** 0.5 + float(bias)
        for row, scale, bias in zip(model.weights, model.scales, model.biases, strict=True)
    ]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_the_chances_of_a_post_add_up_to_one(texts: list[str]) -> None:
    chances = sentiment.model().chances(ngrams.grams(texts))

    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-5)
    assert (chances >= 0).all()


def test_the_gates_tell_reviews_from_comments_and_everyday_posts() -> None:
    review, comment, everyday = sentiment.model().scores(
        ngrams.grams(
            [
                "宝贝收到了，包装很好，物流也快，质量不错，五星好评",
                "回复@某人:哈哈，这也太逗了吧 //@某人:转发微博",
                "今天加班到十点，一个人走回家，忽然很想吃妈妈做的面",
            ]
        )
    )
    is_review, is_comment = HEADS.index("gate:review"), HEADS.index("gate:comment")

    assert review[is_review] > 0 > max(comment[is_review], everyday[is_review])
    assert comment[is_comment] > max(everyday[is_comment], 0)


def test_no_posts_give_no_labels() -> None:
    assert classify([]).labels == []


@pytest.mark.parametrize("text", ["", "  \n", "！？。。", "http://t.cn/A6x @星河客服"])
def test_a_post_without_words_is_neutral_and_unknown(text: str) -> None:
    found = classify([text])

    assert found.labels == [Polarity.NEUTRAL]
    assert found.confidences.tolist() == [0.0]
    assert found.unknown.tolist() == [True]


def test_unknown_marks_exactly_the_posts_below_the_threshold() -> None:
    found = classify([*NEGATIVE, *POSITIVE, *NEUTRAL, "同求", "路过", "是这样"])

    assert found.unknown.any()
    assert not found.unknown.all()
    assert (found.unknown == (found.confidences < sentiment.UNKNOWN_BELOW)).all()


def test_confidence_is_a_probability_of_the_best_of_three() -> None:
    confidences = classify([*NEGATIVE, *POSITIVE, *NEUTRAL]).confidences

    assert (confidences >= 1 / len(CLASSES)).all()
    assert (confidences <= 1).all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("星河水壺漏電", "星河水壶漏电"),
        ("ＡＰＰ闪退", "app闪退"),
        ("哈哈哈", "哈哈哈哈哈哈哈哈"),
        ("排了123号", "排了４５６号"),
        ("看 http://t.cn/A6hTyd1U 这个", "看 https://xinghe.example/a?b=1 这个"),
    ],
)
def test_spellings_of_the_same_post_fall_into_the_same_buckets(one: str, other: str) -> None:
    assert ngrams.grams([one]).buckets.tolist() == ngrams.grams([other]).buckets.tolist()


def test_buckets_are_those_the_weights_were_trained_on() -> None:
    """Whoever moves a bucket must raise ngrams.VERSION and train again."""
    batch = ngrams.grams(["星河Ａpp漲價 12！@某人"])

    assert batch.buckets[:, :4].tolist() == PINNED


def test_a_name_swallows_no_complaint_written_without_a_blank() -> None:
    codes = classify(["@星河电器官方客服你们的水壶漏电了，没人管，太失望"]).labels

    assert codes == [Polarity.NEGATIVE]


def test_lone_surrogates_and_huge_posts_are_judged_too() -> None:
    found = classify(["\ud800漏电，太差劲了，垃圾", "太失望了，垃圾。" * 20_000])

    assert found.labels == [Polarity.NEGATIVE, Polarity.NEGATIVE]


def test_weights_made_for_other_ngrams_are_refused() -> None:
    arrays = {**weights.load("polarity"), "version": np.array("polarity-0 on n-grams 0")}

    with pytest.raises(ValueError, match="make train"):
        Model.of(arrays)


def test_the_card_names_every_set_and_what_is_weak() -> None:
    card = weights.card("polarity")

    assert sentiment.VERSION in card
    assert "Licences" in card
    assert "Known weak points" in card
