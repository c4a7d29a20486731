"""Turn a text of a scenario into a published item: who says it, where, with what counts.

Pure: the dice are handed in, so that the same seed tells the same story.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from tinglan.drills.scenario import Line, Pool, Scenario
from tinglan.sources.item import Item, ItemAuthor, Kind, Verified

# The kind of a post where the platform has one of its own; a pool or a line may say another.
KINDS: Final[Mapping[str, Kind]] = {"review": "review", "complaint": "complaint", "care": "call"}
HOSTS: Final[Mapping[str, str]] = {
    "weibo": "weibo.example",
    "xhs": "xhs.example",
    "forum": "bbs.example",
    "complaint": "tousu.example",
}
BOARDS: Final = ("厨房电器", "新品交流", "维修互助")
FOLLOWERS: Final = (5.2, 1.4)  # of an ordinary account: median e^5.2 = 180, a few have 10,000
MASKED: Final = ("来电用户", "邮件用户")  # the call centre hands on no names


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and when one post stands, and what it stands under."""

    platform: str
    native_id: str
    at: datetime
    root: Item | None = None  # comments and reposts


def said_by_anybody(
    scenario: Scenario, pool: Pool, text: str, *, place: Place, warmth: float, dice: Random
) -> Item:
    """A text of a pool; `warmth` is how many likes and comments an ordinary post draws."""
    kind: Kind = pool.kind if pool.kind != "post" else KINDS.get(place.platform, "post")
    if pool.voices == "press":
        return _by_press(scenario, text, place=place, dice=dice)
    if kind == "repost" and place.root is not None and place.root.author is not None:
        text = f"{text}//@{place.root.author.name}:{place.root.text}"
    return _item(
        text,
        kind=kind,
        place=place,
        author=_anybody(scenario, place.platform, dice),
        counts=_counts(place.platform, kind, warmth, dice),
        channel=dice.choice(BOARDS) if place.platform == "forum" else "",
        region=dice.choice(scenario.slots["city"]) if place.platform != "care" else "",
    )


def said_by(line: Line, *, place: Place, counts: Mapping[str, int]) -> Item:
    """A line of an act, by its author."""
    return _item(
        line.text,
        kind=line.kind if line.kind != "post" else KINDS.get(line.platform, "post"),
        place=place,
        author=ItemAuthor(
            native_id=None if line.who in MASKED else f"{line.platform}:{line.who}",
            name=line.who,
            followers=line.followers,
            verified=line.verified,
        ),
        counts=counts,
        channel=line.channel or (line.who if line.platform == "news" else ""),
        title=line.title,
    )


def filled(text: str, slots: Mapping[str, Sequence[str]], dice: Random) -> str:
    """A text with its {slots} filled."""
    return text.format(**{name: dice.choice(words) for name, words in slots.items()})


def _item(
    text: str,
    *,
    kind: Kind,
    place: Place,
    author: ItemAuthor,
    counts: Mapping[str, int],
    channel: str = "",
    title: str = "",
    region: str = "",
) -> Item:
    root = place.root
    is_comment = kind == "comment" and root is not None
    host = HOSTS.get(place.platform)
    return Item(
        platform=place.platform,
        native_id=place.native_id,
        id_space="comment" if is_comment else "content",
        kind=kind,
        title=title,
        text=text,
        url=f"https://{host}/{place.native_id}" if host else "",
        published_at=place.at,
        precision="second",
        author=author,
        region=region,
        region_kind="ip" if region else "",
        parent_id=root.native_id if is_comment and root else None,
        root_id=root.native_id if is_comment and root else None,
        repost_of=root.native_id if kind == "repost" and root else None,
        counts=counts,
        channel=channel,
    )


def _anybody(scenario: Scenario, platform: str, dice: Random) -> ItemAuthor:
    if platform == "care":
        return ItemAuthor(name=dice.choice(MASKED))
    mark = filled(dice.choice(scenario.voices["marks"]), scenario.slots, dice)
    name = dice.choice(scenario.voices["people"]) + mark
    verified: Verified = "none"
    followers = int(math.exp(dice.gauss(*FOLLOWERS))) if platform in {"weibo", "xhs"} else None
    return ItemAuthor(
        native_id=f"{platform}:{name}", name=name, followers=followers, verified=verified
    )


def _by_press(scenario: Scenario, text: str, *, place: Place, dice: Random) -> Item:
    """An article: its headline stands in the brackets at its head."""
    name = dice.choice(scenario.voices["press"])
    title = text[1 : text.index("】")] if text.startswith("【") else ""
    author = ItemAuthor(native_id=f"news:{name}", name=name, verified="media")
    counts = {"view": int(math.exp(dice.gauss(7.5, 0.8)))}
    return _item(
        text, kind="article", place=place, author=author, counts=counts, channel=name, title=title
    )


def _counts(platform: str, kind: Kind, warmth: float, dice: Random) -> dict[str, int]:
    """Few have many: exponential around the warmth of the talk. What a platform hides is absent."""
    likes = int(dice.expovariate(1 / warmth))
    match platform:
        case "care" | "complaint":
            return {}
        case "forum":
            return {"comment": likes // 2, "view": 20 + likes * 15}
        case "review":
            return {"like": likes // 3}
    if kind == "comment":
        return {"like": likes}
    return {"like": likes, "comment": likes // 4, "repost": likes // 8}
