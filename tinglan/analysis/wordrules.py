"""Published word rules: which words of which list a post holds, for intent and aspect alike.

Where words overlap the longest that begins first wins, so that 不推荐 is not a 推荐. Rules are data
that everybody can read and correct (weights/*_rules.json); this file only finds their words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from tinglan.analysis.characters import read_simplified

__all__ = ["WordLists", "as_mapping", "as_words", "folded"]


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


def as_mapping(value: object) -> Mapping[str, object]:
    """Take a value of a rule file that must be an object."""
    if not isinstance(value, dict):
        raise TypeError(f"expected an object in the rules, found {value!r:.60}")
    return value


def as_words(value: object) -> Sequence[str]:
    """Take a value of a rule file that must be a list of words."""
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise TypeError(f"expected a list of words in the rules, found {value!r:.60}")
    return value
