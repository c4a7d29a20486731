"""The posts written and labelled for this product (card: README.md), read as rows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = ["BrandPost", "brand_posts"]

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class BrandPost:
    """One post with its labels; `writer` is who wrote it."""

    id: str
    writer: str
    industry: str
    voice: str
    brand: str
    text: str
    polarity: str
    intent: str
    aspects: frozenset[str]
    sarcasm: bool
    spam: bool


def brand_posts(part: Literal["train", "test", "second"]) -> list[BrandPost]:
    """The posts of one part; "second" holds the labels of the second reader, without a text."""
    return [post for path in sorted((FOLDER / part).glob("*.jsonl")) for post in _posts_in(path)]


def _posts_in(path: Path) -> Iterator[BrandPost]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield BrandPost(
            id=row["id"],
            writer=path.stem,
            industry=row.get("industry", ""),
            voice=row.get("voice", ""),
            brand=row.get("brand", ""),
            text=row.get("text", ""),
            polarity=row["polarity"],
            intent=row["intent"],
            aspects=frozenset(row["aspect"]),
            sarcasm=row["sarcasm"],
            spam=row["spam"],
        )
