"""Copies in a stream: found, named by their earliest, and nothing else taken for one."""

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinglan.analysis.fingerprint import Copy, CopyKind, Window

TOLD = (
    "星河热水壶漏电，三名消费者受伤送医，厂家表示正在调查原因，并暂停了网上销售，"
    "市场监管部门已经介入，要求三天之内交出全部检测报告"
)
OTHERS = [
    "今天去体验店试了新款的电饭煲，米饭确实香，就是价格有点高，等活动再说",
    "请问星河热水壶的保修期是一年还是两年，说明书找不到了，客服电话也打不通",
    "热水壶用了三年终于坏了，换了一个新的，烧水比以前快多了，给爸妈也买了一个",
]


def small() -> Window:
    return Window(64)


def kinds(*texts: str) -> list[str | None]:
    found = small().fold(range(len(texts)), texts)
    assert all(copy is None or copy.of == 0 for copy in found)
    return [copy.kind.value if copy else None for copy in found]


def edited(text: str, places: list[int]) -> str:
    return "".join("变" if at in places else char for at, char in enumerate(text))


def test_each_kind_of_copy_is_named() -> None:
    assert kinds(
        TOLD,
        TOLD.replace("，", " ★ "),
        f"同求//@安琪:{TOLD}",
        f"【城市晚报讯】{TOLD}。来源：城市晚报 责编：李某",
        edited(TOLD, [5, 20, 40]),
        TOLD[: int(0.6 * len(TOLD))],
    ) == [None, "exact", "repost", "syndicated", "edited", "edited"]


def test_a_repost_of_an_edited_copy_is_a_repost() -> None:
    assert kinds(TOLD, f"转发微博//@安琪:{edited(TOLD, [9, 30])}") == [None, "repost"]


def test_the_same_chain_twice_is_exact() -> None:
    assert kinds(f"同求//@安琪:{TOLD}", f"真的？//@安琪:{TOLD}") == [None, "exact"]


def test_other_texts_about_the_same_are_no_copies() -> None:
    assert kinds(TOLD, *OTHERS) == [None] * 4


def test_posts_that_share_a_topic_are_no_copies() -> None:
    topic = "#星河热水壶漏电三名消费者受伤送医#"
    words = ["太吓人了我家也有一个", "厂家快出来给个说法", "幸好上个月退掉了这只壶"]
    assert kinds(*[topic + word for word in words]) == [None] * 3


def test_a_text_that_says_too_little_is_a_copy_of_nothing() -> None:
    assert kinds("哈哈哈", "哈哈哈", "转发微博", "转发微博", "", "😡😡") == [None] * 6


def test_short_texts_are_copies_only_when_they_are_equal() -> None:
    assert kinds("星河热水壶漏水了", "星河热水壶漏电了", "星河★热水壶漏水了!") == [
        None,
        None,
        "exact",
    ]


@given(st.permutations(range(5)))
def test_the_original_is_the_earliest_whatever_the_order(order: list[int]) -> None:
    texts = [TOLD, edited(TOLD, [7]), f"//@甲:{TOLD}", f"本报讯 {TOLD}", f"{TOLD} 来源：晚报"]
    found = small().fold(order, [texts[n] for n in order], order)
    by_name = dict(zip(order, found, strict=True))
    assert by_name[0] is None
    assert [by_name[n].of for n in range(1, 5)] == [0] * 4  # type: ignore[union-attr]


def test_a_copy_published_before_takes_the_place_over() -> None:
    window = small()
    assert window.fold(["later"], [TOLD], [20]) == [None]
    assert window.fold(["copy"], [edited(TOLD, [7])], [30]) == [Copy("later", CopyKind.EDITED)]
    assert window.fold(["earlier"], [TOLD], [10]) == [None]
    assert window.fold(["last"], [TOLD], [40]) == [Copy("earlier", CopyKind.EXACT)]


def test_an_edited_copy_published_before_takes_the_place_over() -> None:
    window = small()
    assert window.fold(["later"], [TOLD], [20]) == [None]
    assert window.fold(["earlier"], [edited(TOLD, [7])], [10]) == [None]
    assert window.fold(["last"], [TOLD], [30]) == [Copy("earlier", CopyKind.EDITED)]


def test_a_batch_gives_what_its_posts_give_one_by_one() -> None:
    texts = [TOLD, *OTHERS, edited(TOLD, [3, 33]), OTHERS[1] + "，急", f"//@甲:{OTHERS[2]}"]
    together, window = small().fold(range(len(texts)), texts), small()
    assert together == [window.fold([n], [text])[0] for n, text in enumerate(texts)]


SYMBOLS = "★*😡🔥 \u3000\u200b\u200d\ufeff\u202e"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(TOLD)), st.sampled_from(SYMBOLS)), max_size=20))
def test_strewn_symbols_make_an_exact_copy(strewn: list[tuple[int, str]]) -> None:
    text = TOLD
    for place, symbol in sorted(strewn, reverse=True):
        text = text[:place] + symbol + text[place:]
    assert kinds(TOLD, text) == [None, "exact"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(alphabet="星河水壶漏电的了abc1，。！#【】@/:： \ud800😡", max_size=80), max_size=8
    )
)
def test_an_original_stands_earlier_and_is_no_copy_of_its_copy(texts: list[str]) -> None:
    found = small().fold(range(len(texts)), texts)
    for place, copy in enumerate(found):
        assert copy is None or int(copy.of) < place


def test_the_window_forgets_the_oldest_and_stays_right() -> None:
    window = small()
    chance = random.Random(7)
    letters = "".join(OTHERS)
    window.fold(["first"], [TOLD])
    for batch in range(8):
        texts = ["".join(chance.choices(letters, k=40)) for _ in range(16)]
        assert window.fold(range(batch * 16, batch * 16 + 16), texts) == [None] * 16
    assert window.fold(["again"], [TOLD]) == [None]
    assert window.fold(["once more"], [TOLD]) == [Copy("again", CopyKind.EXACT)]


def test_sketches_are_the_same_in_every_process() -> None:
    program = (
        "from tinglan.analysis.fingerprint_canonical import canonical\n"
        "from tinglan.analysis.fingerprint_sketch import sketches\n"
        f"made = sketches(canonical([{TOLD!r}]))\n"
        "print(made.bands.tolist(), made.hashes.sum())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


@pytest.mark.parametrize("n_kept", [0, 3, 100, 1 << 19])
def test_a_window_of_another_size_is_refused(n_kept: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        Window(n_kept)


@pytest.mark.parametrize(
    "hostile", ["\ud800" * 50, "a" * 1_000_000, "#" * 10_000, "//@a:" * 10_000, "\x00" * 1000]
)
def test_hostile_texts_fold_with_themselves_or_not_at_all(hostile: str) -> None:
    assert small().fold([1, 2, 3], [TOLD, hostile, TOLD])[2] == Copy(1, CopyKind.EXACT)
