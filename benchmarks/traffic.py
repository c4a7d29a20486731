"""Posts for load tests: real Weibo texts that name brands of ours, with copies and reposts.

Chatter and what people complain of are told apart by the shipped model, so that complaints come as
incidents told by many (heavy-tailed, as the real ones are) and not each as one of its own.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from benchmarks.corpora import read
from tinglan.analysis import sentiment

TEXTS = "weibo_unlabelled/posts.jsonl.gz"
BRANDS = (
    "星河电器",
    "云帆家居",
    "青禾食品",
    "北岸咖啡",
    "蓝桥乳业",
    "山雀出行",
    "南屏家电",
    "白鹭美妆",
    "石榴超市",
    "长风汽车",
)
OPENINGS = ("", "转发：", "朋友说的，", "今天才知道，", "气死了，", "求证一下，", "【热议】")
CLOSINGS = ("", "。。。", "！！", " 大家怎么看", " #曝光#", " [怒]", " 求扩散", " 真的假的？")
PLATFORMS = ("weibo", "weibo", "weibo", "xiaohongshu", "forum", "news")
SHARE_OF_COMPLAINTS = 0.25
SHARE_OF_COPIES = 0.08
SHARE_OF_REPOSTS = 0.10
TOLD_MEAN = 12  # posts of an incident in the mean
AUTHORS = 0.7  # accounts for each post


@dataclass(frozen=True, slots=True)
class Texts:
    """Real texts by the shipped model: calm ones and angry ones."""

    calm: Sequence[str]
    angry: Sequence[str]


def texts(n: int) -> Texts:
    """The first so many texts of the set that say something."""
    rows = (str(row["text"]).strip() for row in read(TEXTS))
    found = list(islice((text for text in rows if 12 <= len(text) <= 400), n))
    moods = sentiment.classify(found)
    angry = [str(mood) == "negative" for mood in moods.labels]
    return Texts(
        [text for text, is_angry in zip(found, angry, strict=True) if not is_angry],
        [text for text, is_angry in zip(found, angry, strict=True) if is_angry],
    )


def posts(n: int, *, matching: float, now: datetime, seed: int = 1) -> list[dict[str, object]]:
    """Post lines, published within the last ten minutes; `matching` of them name a brand."""
    random, material = Random(seed), texts(max(20_000, 2 * n))
    incidents = [
        random.choice(material.angry)
        for _ in range(max(1, round(n * SHARE_OF_COMPLAINTS / TOLD_MEAN)))
    ]
    made: list[dict[str, object]] = []
    for number in range(n):
        text = _text(random, material, incidents)
        if random.random() < matching:
            text = _with_brand(random, text)
        line = _line(random, number, text, n=n, at=now - timedelta(seconds=600 * (1 - number / n)))
        if made and random.random() < SHARE_OF_COPIES:
            line["text"] = random.choice(made)["text"]
        elif made and random.random() < SHARE_OF_REPOSTS:
            above = random.choice(made)
            line |= {"kind": "repost", "platform": above["platform"], "repost_of": above["id"]}
        made.append(line)
    return made


def decisive(number: int, *, brand: str, now: datetime) -> dict[str, object]:
    """A first-hand allegation of danger: a red line by one post."""
    text = (
        f"{brand}的东西用着用着突然漏电，手都麻了，插座也冒烟起火，有没有人管？第{number}次提醒大家"
    )
    return {
        "id": f"decisive-{number}",
        "text": text,
        "published_at": now.isoformat(),
        "author": {"id": f"witness-{number}", "name": f"见证人{number}"},
    }


def bodies(lines: Sequence[dict[str, object]], *, size: int) -> Iterator[bytes]:
    """NDJSON bodies of so many lines each."""
    for start in range(0, len(lines), size):
        rows = lines[start : start + size]
        yield "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def _text(random: Random, material: Texts, incidents: Sequence[str]) -> str:
    if random.random() >= SHARE_OF_COMPLAINTS:
        return random.choice(material.calm)
    # The square favours the first: some incidents are told by hundreds, most by a few.
    told = incidents[int(len(incidents) * random.random() ** 2)]
    return f"{random.choice(OPENINGS)}{told}{random.choice(CLOSINGS)}"


def _with_brand(random: Random, text: str) -> str:
    """The brand belongs to the text, so that an incident is always of the same one."""
    brand = BRANDS[sum(map(ord, text[-40:-10])) % len(BRANDS)]
    at = text.find("，") + 1 if random.random() < 0.5 else 0  # behind the first comma, or first
    return f"{text[:at]}{brand}{text[at:]}"


def _line(random: Random, number: int, text: str, *, n: int, at: datetime) -> dict[str, object]:
    author = random.randrange(max(1, int(n * AUTHORS)))
    line: dict[str, object] = {
        "id": str(5_000_000_000_000_000 + number),
        "text": text,
        "platform": random.choice(PLATFORMS),
        "published_at": at.isoformat(),
        "author": {"id": f"u{author}", "name": f"用户{author}"},
        "followers": int(10 ** (1 + 5 * random.random() ** 2)),
        "url": f"https://posts.example/{number}",
    }
    if random.random() < 0.5:
        line["counts"] = {"like": random.randrange(200), "comment": random.randrange(30)}
    return line
