"""Check a reply to a consumer or a public statement before it goes out (回复与声明检查).

Each finding names a rule, the words at fault and a reason; a page or a command says it in a
language and proposes a better wording. The rules are published data (weights/tone_rules.json); what
cannot be said as a pattern stands here:

1. personal data is found by `privacy`, the company's own contacts excepted;
2. a denial needs evidence: named in the text, or a checked fact that bears it out;
3. a promise needs a date in its sentence, or a deadline in the one beside it;
4. an apology to a consumer, or an offer to all, needs a way to reach us;
5. who denies does not excuse or make good in the same text (Coombs 2007, SCCT).

The rules were set by reasoning on the definitions and on the cases of Q12 but its test part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from tinglan.analysis import privacy
from tinglan.analysis.text import View, normalise
from tinglan.analysis.tone_facts import Fact, is_denied_rightly, is_supported
from tinglan.analysis.tone_rules import Group, Sentence, groups, sentences, sign

__all__ = [
    "LONGEST",
    "Draft",
    "Fact",
    "Finding",
    "Kind",
    "Known",
    "Rule",
    "TooLongError",
    "check",
]

LONGEST = 50_000  # characters; no reply or statement is longer
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)


class TooLongError(ValueError):
    """A text is longer than any reply or statement."""


class Kind(StrEnum):
    """What is checked."""

    REPLY = "reply"  # 回复
    STATEMENT = "statement"  # 声明


class Rule(StrEnum):
    """What a text can do wrong."""

    BLAME_CONSUMER = "blame_consumer"  # 指责消费者
    THREAT = "threat"  # 威胁
    ASKS_DELETION = "asks_deletion"  # 要求删帖、改评价
    PERSONAL_DATA = "personal_data"  # 泄露个人信息
    UNVERIFIED_CLAIM = "unverified_claim"  # 未经核实的断言
    PROMISE = "promise_without_owner_or_date"  # 空头承诺
    BUREAUCRATIC_TONE = "bureaucratic_tone"  # 官腔
    SARCASM_OR_INSULT = "sarcasm_or_insult"  # 讽刺、侮辱
    DISCLOSES_INTERNAL = "discloses_internal"  # 泄露内部信息
    ADVERTISING = "advertising_in_reply"  # 借机推销
    NO_CONTACT_PATH = "no_contact_path"  # 没有联系途径
    MIXED_STRATEGY = "mixed_strategy"  # 既否认又致歉


@dataclass(frozen=True, slots=True)
class Draft:
    """A text to be checked; `context` is the consumer's post, or what the statement is about."""

    kind: Kind
    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the company knows: its own numbers and addresses, and the facts somebody checked."""

    contacts: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A fault: where it stands in the text, which rule, and which part of the rule."""

    start: int
    end: int
    rule: Rule
    part: str = ""


def check(draft: Draft, known: Known | None = None) -> list[Finding]:
    """The faults of a text, in their order; none when it may go out.

    >>> text = "麻烦您把差评删掉，私信我们"
    >>> [(it.rule.value, text[it.start:it.end]) for it in check(Draft(Kind.REPLY, text))]
    [('asks_deletion', '差评删掉')]
    >>> text = "换新或退款您选，评价改不改由您决定，私信我们就能办"
    >>> check(Draft(Kind.REPLY, text))
    []

    Raises TooLongError for a text longer than LONGEST.
    """
    if len(draft.text) > LONGEST:
        raise TooLongError(f"the text is longer than {LONGEST:,} characters")
    known = known or Known()
    view = normalise(draft.text)
    reading = Reading(draft=draft, known=known, view=view, sentences=sentences(view.text))
    found = chain(_personal_data(reading), _by_pattern(reading), _as_a_whole(reading))
    return sorted(_merged(sorted(found, key=lambda it: (it.rule, it.start, it.end))))


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft as the rules see it."""

    draft: Draft
    known: Known
    view: View
    sentences: Sequence[Sentence]

    def finding(self, rule: Rule, span: tuple[int, int], part: str = "") -> Finding:
        start, end = self.view.span(*span)
        return Finding(start, end, rule, part)


def _personal_data(reading: Reading) -> Iterator[Finding]:
    for found in privacy.find(reading.draft.text, own=reading.known.contacts, is_ours=True):
        yield Finding(found.start, found.end, Rule.PERSONAL_DATA, found.kind)


def _by_pattern(reading: Reading) -> Iterator[Finding]:
    for group in groups().values():
        if group.name in _WHOLE or reading.draft.kind not in group.kinds:
            continue
        if group.asked is not None and group.asked.search(normalise(reading.draft.context).text):
            continue
        hits = [
            (sentence, hits)
            for at, sentence in enumerate(reading.sentences)
            if (hits := group.hits(sentence)) and not _is_excused(group, reading, at)
        ]
        words = {reading.view.text[slice(*span)] for _, spans in hits for span in spans}
        if len(words) >= group.least:
            part = group.name.partition(".")[2]
            for _, spans in hits:
                for span in spans:
                    yield reading.finding(Rule(group.rule), span, part)


def _is_excused(group: Group, reading: Reading, at: int) -> bool:
    sentence = reading.sentences[at].text
    if group.due:
        return _is_dated(reading.sentences, at)
    facts = reading.known.facts
    if group.evidence == "denial":
        return _has_evidence(reading.view.text) or is_denied_rightly(sentence, facts)
    if group.evidence == "fact":
        return _has_evidence(sentence) or is_supported(sentence, facts)
    return bool(group.evidence) and is_supported(sentence, facts)


def _has_evidence(text: str) -> bool:
    return bool(sign("evidence").search(text)) and not sign("no_evidence").search(text)


def _is_dated(said: Sequence[Sentence], at: int) -> bool:
    beside = [said[near].text for near in (at - 1, at + 1) if 0 <= near < len(said)]
    return bool(sign("due").search(said[at].text)) or any(map(sign("deadline").search, beside))


# Found anywhere, they are judged together.
_WHOLE = ("denies", "denies.rumour", "rebuilds", "diminishes")


def _as_a_whole(reading: Reading) -> Iterator[Finding]:
    if reading.sentences and _lacks_contact(reading):
        last = reading.sentences[-1]
        span = (last.start, last.start + len(last.text.rstrip("\n")) or 1)
        yield reading.finding(Rule.NO_CONTACT_PATH, span)
    denied = _all_hits(reading, "denies")
    if not sign("admits").search(reading.view.text):  # else the rumour is of something else
        denied += _all_hits(reading, "denies.rumour")
    conceded = [*_all_hits(reading, "rebuilds"), *_all_hits(reading, "diminishes")]
    if denied and conceded:
        for span in (denied[0], conceded[0]):
            yield reading.finding(Rule.MIXED_STRATEGY, span)


def _all_hits(reading: Reading, name: str) -> list[tuple[int, int]]:
    group = groups()[name]
    return [span for sentence in reading.sentences for span in group.hits(sentence)]


def _lacks_contact(reading: Reading) -> bool:
    text = reading.view.text
    if sign("contact").search(text) or _ADDRESS.search(reading.draft.text):
        return False
    if reading.draft.kind == Kind.STATEMENT:
        return bool(sign("public_remedy").search(text))
    return bool(sign("apology").search(text)) and not sign("closure").search(text)


def _merged(found: Sequence[Finding]) -> Iterator[Finding]:
    """One finding where several patterns of a rule overlap."""
    last: Finding | None = None
    for finding in found:
        if last is not None and finding.rule == last.rule and finding.start < last.end:
            last = Finding(last.start, max(last.end, finding.end), last.rule, last.part)
            continue
        if last is not None:
            yield last
        last = finding
    if last is not None:
        yield last
