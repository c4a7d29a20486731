"""The published rules of the reply and statement check, as patterns over a normalised text.

The rules are data that everybody can read and correct (weights/tone_rules.json). They are written
in a small notation over regular expressions: `<6>` is a gap of up to six characters that stays in
its sentence, `<you>` one of the words listed under that name. Gaps are bounded, so that no text
takes long.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tinglan.analysis import weights
from tinglan.analysis.weights import as_mapping, as_words

__all__ = ["Group", "Sentence", "groups", "sentences", "sign"]

_SENTENCE_END = "。!?;\n"
_SENTENCE = re.compile(rf"[^{_SENTENCE_END}]+[{_SENTENCE_END}]?")
_NOTATION = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a normalised text, and where it begins there."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Group:
    """Patterns that find one kind of fault, and what excuses it in the same sentence."""

    name: str
    kinds: tuple[str, ...]
    found: re.Pattern[str]
    unless: re.Pattern[str] | None
    need: re.Pattern[str] | None
    asked: re.Pattern[str] | None  # where the consumer asked for it, it is an answer
    evidence: str  # which ground makes the claim a fact; empty: none is asked
    due: str
    least: int

    @property
    def rule(self) -> str:
        return self.name.split(".")[0]

    def hits(self, sentence: Sentence) -> list[tuple[int, int]]:
        """Where the fault stands in a sentence, in places of the whole text."""
        if self.need is not None and not self.need.search(sentence.text):
            return []
        spans = [found.span() for found in self.found.finditer(sentence.text)]
        if not spans or (self.unless is not None and self.unless.search(sentence.text)):
            return []
        return [(sentence.start + start, sentence.start + end) for start, end in spans]


def sentences(text: str) -> list[Sentence]:
    """The sentences of a normalised text.

    >>> [sentence.text for sentence in sentences("您好!水壶已寄出。")]
    ['您好!', '水壶已寄出。']
    """
    return [Sentence(found.group(), found.start()) for found in _SENTENCE.finditer(text)]


@cache
def groups() -> Mapping[str, Group]:
    """All groups of patterns by name; a name is a rule, or a rule and which part of it."""
    rules = as_mapping(_content()["rules"])
    return {name: _group(name, as_mapping(stated)) for name, stated in rules.items()}


@cache
def sign(name: str) -> re.Pattern[str]:
    """The pattern of a sign that several rules look for: a date, a way to reach us, evidence.

    >>> bool(sign("contact").search("请私信我们"))
    True
    """
    return _compiled(as_words(as_mapping(_content()["signs"])[name]))


def _group(name: str, stated: Mapping[str, object]) -> Group:
    least = stated.get("least", 1)
    return Group(
        name=name,
        kinds=tuple(as_words(stated["kinds"])),
        found=_compiled(as_words(stated["any"])),
        unless=_optional(stated.get("unless")),
        need=_optional(stated.get("need")),
        asked=_optional(stated.get("asked")),
        evidence=str(stated.get("evidence", "")),
        due=str(stated.get("due", "")),
        least=least if isinstance(least, int) else 1,
    )


def _optional(stated: object) -> re.Pattern[str] | None:
    patterns = as_words([stated] if isinstance(stated, str) else stated or [])
    return _compiled(patterns) if patterns else None


def _compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_spelled(pattern)})" for pattern in patterns))


def _spelled(pattern: str) -> str:
    return _NOTATION.sub(lambda found: _spell(found[1]), pattern)


def _spell(name: str) -> str:
    if name.isdecimal():
        return f"[^{_SENTENCE_END}]{{0,{name}}}?"
    return f"(?:{'|'.join(_words(name))})"


def _words(name: str) -> Iterator[str]:
    """The words of a list, the longest first, so that the shorter ones do not hide them."""
    listed = as_words(as_mapping(_content()["words"])[name])
    yield from sorted(listed, key=len, reverse=True)


@cache
def _content() -> Mapping[str, object]:
    return weights.load_rules("tone_rules")
