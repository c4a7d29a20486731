"""Copies share a key; different texts, and texts that say too little, do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.fingerprint import (
    KEY_VERSION,
    MIN_CHARACTERS,
    canonical,
    canonical_forms,
    core_keys,
    exact_key,
    exact_keys,
    repost_chain,
    repost_root,
)
from tinglan.analysis.fingerprint_boilerplate import core_of

TEXT = "星河热水壶漏水，客服三天没回，价格199.5元"


@pytest.mark.parametrize(
    "copy",
    [
        TEXT,
        "转发微博//@安琪:" + TEXT,
        "//@安琪：" + TEXT,
        "//@安琪_01-x: " + TEXT,
        "說得好 //@晨曦:同求//@安琪:" + TEXT,
        "同求//@博文:转发微博//@安琪:" + TEXT,
        TEXT + "//@博文:转发微博",
        TEXT + " //@博文:",
        "快转微博 // @安琪 ：" + TEXT,
        TEXT + " https://t.cn/A6xYz1",
        TEXT + " O网页链接",
        TEXT + "🔗网页链接",
        "😡" + TEXT + "！！！",
        "星河★热*水 壶漏\u200b水，客服三天没回。价格 199.5元",
        "星河熱水壺漏水，客服三天沒回，價格１９９.5元",
        "【星河热水壶漏水】客服三天没回；价格：199.5元",
        "星河热水壶漏水\n客服三天没回\n价格199.5元",
        f"同求/\u200b/ @安琪★:{TEXT}",
        TEXT + " L安琪的微博视频 收起全文d",
        TEXT + "...全文",
        TEXT + "//@安琪:哈哈",
        "转发微博//@晨曦:" + TEXT + "//@安琪:好的呢",
    ],
)
def test_a_copy_has_the_key_of_its_original(copy: str) -> None:
    assert exact_key(copy) == exact_key(TEXT)


@pytest.mark.parametrize(
    "other",
    [
        "星河热水壶漏水，客服三天没回，价格1995元",
        "星河热水壶漏水，客服两天没回，价格199.5元",
        "银河热水壶漏水，客服三天没回，价格199.5元",
        TEXT + "已退款",
        "回复@安琪:" + TEXT,
    ],
)
def test_another_text_has_another_key(other: str) -> None:
    assert exact_key(other) not in {exact_key(TEXT), None}


@pytest.mark.parametrize(
    "short",
    [
        "哈哈哈",
        "转发微博",
        "同求//@安琪:哈哈哈",
        "！！！！！！！！",
        "😡" * 20,
        "http://t.cn/A6xYz1",
        "",
    ],
)
def test_a_text_that_says_too_little_is_a_copy_of_nothing(short: str) -> None:
    assert exact_key(short) is None


def test_the_shortest_text_with_a_key() -> None:
    assert exact_key("星" * (MIN_CHARACTERS - 1)) is None
    assert exact_key("星" * MIN_CHARACTERS) is not None


def test_keys_are_the_same_in_every_process_and_release() -> None:
    # Keys are stored: changing what counts as a copy needs a migration that makes them anew.
    assert exact_key("星河热水壶漏水了") == 4896762283388442601
    assert exact_key("Galaxy kettle leaks") == 4582479506675138148
    assert KEY_VERSION == b"2"


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("漏水了", "漏水了"),
        ("同求//@安琪:漏水了", "漏水了"),
        ("同求//@晨曦:真的//@安琪:漏水了", "漏水了"),
        ("转发微博//@安琪:漏水了", "漏水了"),
        ("真差//@安琪:转发微博", "真差"),
        ("真差//@安琪:Repost", "真差"),
        ("转发微博//@安琪:快转微博", ""),
        ("轉發微博", ""),
        ("看 http://@example.com:80/a", "看 http://@example.com:80/a"),
        ("//@安琪 漏水了", "//@安琪 漏水了"),
        ("9//@安琪:漏水了 http://t.cn/a//b", "漏水了 http://t.cn/a//b"),
        ("", ""),
    ],
)
def test_a_repost_leads_to_its_root(text: str, root: str) -> None:
    assert repost_root(text) == root


def test_a_chain_names_its_authors() -> None:
    chain = repost_chain("同求//@晨曦：真的//@安琪:漏水了")
    assert [(link.author, link.text) for link in chain] == [
        ("", "同求"),
        ("晨曦", "真的"),
        ("安琪", "漏水了"),
    ]


@given(st.lists(st.text(max_size=40), max_size=5))
def test_a_batch_gives_what_each_text_gives_alone(texts: list[str]) -> None:
    assert exact_keys(texts) == [exact_key(text) for text in texts]


@given(st.text(max_size=40))
def test_keys_fit_both_stores_and_follow_the_canonical_form(text: str) -> None:
    key = exact_key(text)
    (form,) = canonical_forms([text])
    assert (key is None) is (len(form) < MIN_CHARACTERS)
    assert key is None or -(2**63) <= key < 2**63


TOLD = "星河热水壶漏电，三名消费者受伤送医，厂家表示正在调查原因，并暂停了网上销售"


@pytest.mark.parametrize(
    "passed_on",
    [
        f"【城市晚报讯】{TOLD}",
        f"本报讯（记者 李某 通讯员 王某）{TOLD}",
        f"海岸社北京3月1日电（记者 李某）{TOLD}",
        f"晨光网11月22日讯 {TOLD}",
        f"据晨光网报道，{TOLD}",
        f"【转载】{TOLD}",
        f"原标题：热水壶漏电伤人\n{TOLD}",
        f"（原标题：热水壶漏电伤人）{TOLD}",
        f"来源：晨光网 {TOLD}",
        f"{TOLD}。来源：晨光网",
        f"{TOLD}（来源：晨光网 责编：李某）",
        f"{TOLD} 文章来源:晨光网 | 责任编辑/李某",
        f"{TOLD}\n责编：李某\n校对：王某",
        f"{TOLD}（编辑 李某）",
        f"{TOLD} 转载自：城市晚报",
        f"{TOLD} 转自@晨光网",
        f"{TOLD}。晨光网记者李某报道",
        f"【晨光网讯】本报记者李某报道：{TOLD}。（来源：晨光网）编辑：王某",
    ],
)
def test_a_syndicated_copy_has_the_core_of_its_original(passed_on: str) -> None:
    assert core_keys([passed_on]) == core_keys([TOLD]) == [exact_key(TOLD)]
    assert exact_key(passed_on) != exact_key(TOLD)


@pytest.mark.parametrize(
    "words",
    [
        "记者：你们什么时候退款？客服：不知道",
        "星河热水壶的来源：一个小厂，编辑了三次说明书还是写错，大家自己看",
        "转自行车店老板的一句话：星河热水壶真的会漏电，我亲眼看见的",
        "责编：李某",
        "【星河热水壶漏电】三名消费者受伤，厂家正在调查",
    ],
)
def test_what_is_told_is_no_boilerplate(words: str) -> None:
    assert core_keys([words]) == [exact_key(words)]


PIECES = """
讯 转 转载 【城市晚报讯】 （记者 李某） 来源： 来自： 责编/ 编辑： 记者 报道 11月2日电 日讯
据晨光网消息， 原标题： 编译 摘自： 作者: 撰稿| 监制丨 统筹： 校对： 审核： 摄影： 实习生： 分享自@
via @ 转自@ 海岸社北京 本报讯 【快电】 （快电） 星河水壶 漏电了 ， 。 ! ） 】 ] ( 李某
"""
pieces = st.lists(st.sampled_from([*PIECES.split(), " ", "\n"]), max_size=14)


@given(pieces.map("".join))
def test_boilerplate_is_looked_for_wherever_there_is_some(text: str) -> None:
    root = repost_root(text)
    start, end = core_of(root)
    told = canonical([root])
    assert told.core().forms() == canonical([root[start:end]]).forms() or not told.forms()[0]


edits = st.lists(
    st.tuples(st.integers(0, len(TOLD)), st.sampled_from([*"★☆~*😡❤️🔥 \u3000\u200b\u200d\ufeff"])),
    max_size=12,
)


@given(edits)
def test_strewn_symbols_hide_no_copy(strewn: list[tuple[int, str]]) -> None:
    text = TOLD
    for place, symbol in sorted(strewn, reverse=True):
        text = text[:place] + symbol + text[place:]
    assert exact_key(text) == exact_key(TOLD)


@given(st.text(alphabet="星河热水壶漏电，。 Kk5.【】讯记者报道来源：责编/@#\n", max_size=60))
def test_width_case_and_chain_change_no_key(text: str) -> None:
    if "@" not in text and "//" not in text:
        wide = text.translate({code: code + 0xFEE0 for code in range(ord("A"), ord("z") + 1)})
        assert exact_keys([wide, text.upper()]) == exact_keys([text, text])


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "\ud800\udfff",
        "\x00\x01\xff" * 1000,
        "😡" * 5000,
        "#" * 50_000,
        "//@" * 50_000,
        "//@a:" * 20_000,
        "http://" * 20_000,
        "来源：" * 20_000,
        "记者" * 20_000 + "报道",
        "（记者" * 20_000,
        "的微博视频" * 20_000,
        "\u202e星河\u202c" * 1000,
        "星河热水壶漏电" * 150_000,
    ],
)
def test_hostile_texts_are_answered(hostile: str) -> None:
    assert len(core_keys([hostile, TOLD])) == 2
