"""The keyword baseline of intent and aspects: published word lists, points added up.

What the product used before there was a labelled set; measured beside the model in every run. A
post gets every aspect of which it holds a word, the longest word first. The intent is the one with
most points:

1. each word list of intent_rules.json gives its points for the first word found and half
   of them for a second different one;
2. the polarity gives its confidence as points: negative to complaint, positive to praise, neutral
   to other; less than any word, for a mood is not yet a wish. In a post that is surely negative
   words of praise count half ("挺好看，可惜用两天就坏");
3. a question gives 1 to inquiry, and the words it asks with are no praise ("好用吗");
4. a defect told by somebody whom it befell ("我家的", "刚买") gives 1 to complaint.

The points were set by reasoning on the definitions, not by fitting.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from tinglan.analysis.aspects import Aspect
from tinglan.analysis.characters import read_simplified
from tinglan.analysis.intent import CLASSES, Intent
from tinglan.analysis.sentiment import CLASSES as POLARITIES
from tinglan.analysis.sentiment import Polarities, Polarity
from tinglan.analysis.weights import as_mapping, as_words

IGNORED = "ignored"  # longer words that only look like one of an aspect
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
SURE = 0.8


@dataclass(frozen=True, slots=True)
class WordLists:
    """Named lists of words, found in one pass over a post. A word may stand in several lists."""

    words: tuple[str, ...]
    lists_of: tuple[tuple[str, ...], ...]
    finder: AhoCorasick

    @staticmethod
    def of(lists: Mapping[str, Iterable[str]]) -> "WordLists":
        """Build from name → words.

        >>> found = WordLists.of({"good": ["推荐"], "bad": ["不推荐"]}).found_in("真的不推荐")
        >>> {name: sorted(words) for name, words in found.items()}
        {'bad': ['不推荐']}
        """
        names: dict[str, list[str]] = {}
        for name, words in lists.items():
            for word in words:
                names.setdefault(folded(word), []).append(name)
        return WordLists(
            words=tuple(names),
            lists_of=tuple(tuple(found) for found in names.values()),
            finder=AhoCorasick(list(names), matchkind=MatchKind.LeftmostLongest),
        )

    def found_in(self, text: str) -> Mapping[str, set[str]]:
        """Return the different words found, by list; `text` must be folded."""
        found: dict[str, set[str]] = {}
        for index, _, _ in self.finder.find_matches_as_indexes(text):
            for name in self.lists_of[index]:
                found.setdefault(name, set()).add(self.words[index])
        return found


@dataclass(frozen=True, slots=True)
class Rules:
    """The word lists, and the points of each."""

    lists: WordLists
    points: Mapping[str, Mapping[Intent, float]]


def intents_by_words(texts: Sequence[str], polarities: Polarities) -> NDArray[np.int8]:
    """The intent of each post, as an index of CLASSES; nothing said is a guess by its mood."""
    points = np.zeros((len(texts), len(CLASSES)))
    for row, text in enumerate(texts):
        for intent, value in _points_of_words(folded(text)).items():
            points[row, CLASSES.index(intent)] = value
    points[_are_surely_negative(polarities), CLASSES.index(Intent.PRAISE)] /= 2
    points += _points_of(polarities)
    return np.asarray(points.argmax(axis=1), dtype=np.int8)


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
    signals = as_mapping(_read("intent_rules")["signals"])
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


def aspects_by_words(texts: Sequence[str]) -> list[tuple[Aspect, ...]]:
    """Name the aspects of each post, in the order of Aspect.

    >>> [list(map(str, found)) for found in aspects_by_words(["水壶漏电，客服不理我", "哈"])]
    [['safety', 'staff'], []]
    """
    return [_aspects_of(text) for text in texts]


def _aspects_of(text: str) -> tuple[Aspect, ...]:
    found = _aspect_lists().found_in(folded(text))
    return tuple(aspect for aspect in Aspect if aspect in found)


@cache
def _aspect_lists() -> WordLists:
    rules = _read("aspect_rules")
    lists: dict[str, Sequence[str]] = {
        Aspect(name): as_words(words) for name, words in as_mapping(rules["aspects"]).items()
    }
    return WordLists.of({**lists, IGNORED: as_words(rules[IGNORED])})


def folded(text: str) -> str:
    """Fold width, case and traditional characters, as the words of the rules are.

    >>> folded("客服不理Ａpp漲價")
    '客服不理app涨价'
    """
    return text.translate(_folding()).lower()


@cache
def _folding() -> dict[int, int]:
    full_width = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return full_width | {ord(old): ord(new) for old, new in read_simplified().items()}


def _read(name: str) -> Mapping[str, object]:
    return as_mapping(json.loads(Path(__file__).with_name(f"{name}.json").read_text("utf-8")))
