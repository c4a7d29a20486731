"""What the author of a post wants (意图): praise, inquiry, complaint or other, by published rules.

Points are added up and the intent with most points wins:

1. each word list of weights/intent_rules.json gives its points for the first word found and half
   of them for a second different one;
2. the polarity gives its confidence as points: negative to complaint, positive to praise, neutral
   to other; less than any word, for a mood is not yet a wish. In a post that is surely negative
   words of praise count half ("挺好看，可惜用两天就坏");
3. a question gives 1 to inquiry, and the words it asks with are no praise ("好用吗");
4. a defect told by somebody whom it befell ("我家的", "刚买") gives 1 to complaint.

The confidence is the winner's part of all points, with one point of doubt. Nothing said, or too
little, is unknown. The points were set by reasoning on labels.md's definitions, not by fitting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tinglan.analysis import weights
from tinglan.analysis.sentiment import CLASSES as POLARITIES
from tinglan.analysis.sentiment import Polarities, Polarity
from tinglan.analysis.wordrules import WordLists, as_mapping, as_words, folded

__all__ = ["CLASSES", "METHOD", "UNKNOWN_BELOW", "VERSION", "Intent", "Intents", "classify"]

METHOD = "rules"
VERSION = "intent-rules-1"
UNKNOWN_BELOW = 0.5


class Intent(StrEnum):
    """What the author wants (意图)."""

    PRAISE = "praise"  # 赞扬/推荐
    INQUIRY = "inquiry"  # 咨询/求助
    COMPLAINT = "complaint"  # 投诉/不满
    OTHER = "other"  # 新闻、分享、闲聊、广告


CLASSES = tuple(Intent)
FAVOURED = {
    Polarity.NEGATIVE: Intent.COMPLAINT,
    Polarity.NEUTRAL: Intent.OTHER,
    Polarity.POSITIVE: Intent.PRAISE,
}
QUESTION = re.compile(r"[?？]|[吗么嘛呢](?:[。！!，,~～…\s]|$)")
BEFELL = re.compile(
    r"我家|我的|我买|我们家|本人|家里|孩子|我妈|我爸|刚买|买了|买的|用了|才用|没用几"
)
NEWS_LEAD = re.compile(r"^\s*【[^】]{4,}】")  # 【标题】 at the head of a post is a headline
DOUBT = 1.0
SURE = 0.8


@dataclass(frozen=True, slots=True)
class Intents:
    """The intents of a batch: `codes` index CLASSES; `unknown` marks those below the threshold."""

    codes: NDArray[np.int8]
    confidences: NDArray[np.float32]
    unknown: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def labels(self) -> list[Intent]:
        return [CLASSES[code] for code in self.codes]


@dataclass(frozen=True, slots=True)
class Rules:
    """The word lists, and the points of each."""

    lists: WordLists
    points: Mapping[str, Mapping[Intent, float]]


def classify(texts: Sequence[str], polarities: Polarities) -> Intents:
    """Judge what the author of each post wants; `polarities` are those of the same texts.

    >>> from tinglan.analysis import sentiment
    >>> texts = ["都三天了怎么还不退款？", "请问星河水壶在哪里买？", "星河水壶真好用，推荐"]
    >>> list(map(str, classify(texts, sentiment.classify(texts)).labels))
    ['complaint', 'inquiry', 'praise']
    """
    points = np.zeros((len(texts), len(CLASSES)))
    for row, text in enumerate(texts):
        for intent, value in _points_of_words(folded(text)).items():
            points[row, CLASSES.index(intent)] = value
    is_said = points.any(axis=1)
    points[_are_surely_negative(polarities), CLASSES.index(Intent.PRAISE)] /= 2
    points += _points_of(polarities)
    codes = points.argmax(axis=1).astype(np.int8)
    confidences = (points.max(axis=1, initial=0.0) / (points.sum(axis=1) + DOUBT)).astype(
        np.float32
    )
    return Intents(codes, confidences, ~is_said | (confidences < UNKNOWN_BELOW))


def _points_of_words(text: str) -> Mapping[Intent, float]:
    rules = _rules()
    found = rules.lists.found_in(text)
    points = dict.fromkeys(CLASSES, 0.0)
    for signal, words in found.items():
        for intent, value in rules.points[signal].items():
            points[intent] += value * (1.0 if len(words) == 1 else 1.5)
    if QUESTION.search(text):
        points[Intent.INQUIRY] += 1.0
    if "defect" in found and BEFELL.search(text):
        points[Intent.COMPLAINT] += 1.0
    if NEWS_LEAD.search(text):
        points[Intent.OTHER] += 2.0
    return points


def _points_of(polarities: Polarities) -> NDArray[np.float64]:
    columns = np.array([CLASSES.index(FAVOURED[polarity]) for polarity in POLARITIES])
    points = np.zeros((len(polarities), len(CLASSES)))
    rows = np.arange(len(polarities))
    points[rows, columns[polarities.codes]] = polarities.confidences
    return points


def _are_surely_negative(polarities: Polarities) -> NDArray[np.bool_]:
    negative = POLARITIES.index(Polarity.NEGATIVE)
    is_negative: NDArray[np.bool_] = polarities.codes == negative
    is_sure: NDArray[np.bool_] = polarities.confidences >= SURE
    return np.logical_and(is_negative, is_sure)


@cache
def _rules() -> Rules:
    signals = as_mapping(weights.load_rules("intent_rules")["signals"])
    of_signal = {name: as_mapping(signal) for name, signal in signals.items()}
    return Rules(
        lists=WordLists.of({name: as_words(it["words"]) for name, it in of_signal.items()}),
        points={name: _points(as_mapping(it["points"])) for name, it in of_signal.items()},
    )


def _points(stated: Mapping[str, object]) -> Mapping[Intent, float]:
    return {
        Intent(name): float(value)
        for name, value in stated.items()
        if isinstance(value, int | float)
    }
