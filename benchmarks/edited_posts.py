"""Real posts and what people make of them: copies of six kinds, each by a seed, none by hand.

The posts are those of weibo_unlabelled; a text is in the development or the test part by its hash.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.corpora import read, share_of

SEED = 20261123
SHORTEST, LONGEST = 40, 200  # characters, as in the measurements the floors were taken from
PARTS, DEVELOPMENT = 5, 0  # a fifth to develop on; the rest is the test

SYMBOLS = "★☆*·~^_|♥😡😂👍🔥✨/\\=+ \u200b\u200d\ufeff"
SPARE = (  # common characters, to be typed instead of the right one
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工"
    "也能下过子说产种面而方后多定行学法所民得经三之进着等部度家电力里如水化高自二理起小物"
    "现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相"
    "全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月"
    "公无系军很情者最立代想已"
)
OUTLETS = ["晨光网", "城市晚报", "江南快报", "东湖新闻", "新生活客户端", "海岸线日报", "中部在线"]
NAMES = ["李某", "王小明", "陈一", "赵文文", "周静", "林大川"]
REMARKS = [
    "同求",
    "说得好",
    "转给家里人看看",
    "真的假的？",
    "关注一下",
    "唉",
    "[怒]",
    "必须顶上去！",
]


@dataclass(frozen=True, slots=True)
class Query:
    """A copy made of one post; `source` is its place among the base posts."""

    kind: str
    source: int
    text: str


def posts_of(*, development: bool) -> list[str]:
    """The posts of one part, in their order."""
    texts = [str(row["text"]) for row in read("weibo_unlabelled/posts.jsonl.gz")]
    return [
        text
        for text in texts
        if (share_of(text, PARTS, salt="folding") == DEVELOPMENT) == development
    ]


def queries(base: Sequence[str], per_kind: int) -> Iterator[Query]:
    """The same number of copies of each kind, each of another post."""
    chance = random.Random(SEED)
    fitting = [place for place, text in enumerate(base) if SHORTEST <= len(text) <= LONGEST]
    for kind, edit in EDITS.items():
        for place in chance.sample(fitting, per_kind):
            yield Query(kind, place, edit(base[place], chance))


def _exact(text: str, chance: random.Random) -> str:
    return text


def _repost(text: str, chance: random.Random) -> str:
    """One to three hands, with or without a remark."""
    chain = ""
    for _ in range(chance.randint(1, 3)):
        remark = chance.choice([*REMARKS, "转发微博", "", "", ""])
        chain += f"{remark}//@{chance.choice(NAMES)}{chance.choice([':', '：'])}"
    return chain + text


def _symbols(text: str, chance: random.Random) -> str:
    """A symbol, emoji, blank or zero-width sign after each twelfth character."""
    return "".join(
        char + chance.choice(SYMBOLS) if chance.random() < 0.08 else char for char in text
    )


def _syndicated(text: str, chance: random.Random) -> str:
    """What outlets set before and after what they take over; one to three pieces."""
    outlet, name = chance.choice(OUTLETS), chance.choice(NAMES)
    day = f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
    heads = (
        f"【{outlet}讯】",
        f"{outlet}{day}电（记者 {name}）",
        f"本报讯（记者 {name}）",
        "【转载】",
        "",
    )
    tails = (
        f"（来源：{outlet}）",
        f" 来源：{outlet} 责编：{name}",
        f"\n责任编辑：{name}",
        f"（编辑 {name}）",
        f" 转载自：{outlet}",
    )
    return chance.choice(heads) + text + chance.choice(tails)


def _edited(text: str, chance: random.Random) -> str:
    """5 % of the characters replaced, dropped or followed by another."""
    made = []
    for char in text:
        if chance.random() >= 0.05:
            made.append(char)
        else:
            other = chance.choice(SPARE)
            made.append(chance.choice([other, "", char + other]))
    return "".join(made)


def _cut(text: str, chance: random.Random) -> str:
    return text[: int(0.6 * len(text))]


EDITS: Mapping[str, Callable[[str, random.Random], str]] = {
    "exact": _exact,
    "repost chain": _repost,
    "symbols": _symbols,
    "syndication": _syndicated,
    "5 % edits": _edited,
    "cut to 60 %": _cut,
}
