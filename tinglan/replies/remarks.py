"""What the check of a reply or statement says: why a finding matters, and how to say it better."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from tinglan.analysis import tone
from tinglan.analysis.tone import Rule

BLOCKING = (Rule.PERSONAL_DATA, Rule.ASKS_DELETION)  # law, not taste: PIPL; 生态治理规定


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding as a person reads it: the words, why they are at fault, what to write instead."""

    rule: Rule
    name: str
    words: str
    start: int
    end: int
    why: str
    better: str

    @property
    def is_blocking(self) -> bool:
        return self.rule in BLOCKING


@dataclass(frozen=True, slots=True)
class Fault:
    """All remarks of one rule, for a page: the words at fault together, the reason once."""

    name: str
    words: tuple[str, ...]
    why: str
    better: str
    is_blocking: bool


def faults(found: Iterable[Remark]) -> list[Fault]:
    """The remarks by rule, what blocks first, then in the order of the text."""
    by_rule: dict[Rule, list[Remark]] = {}
    for remark in found:
        by_rule.setdefault(remark.rule, []).append(remark)
    together = [
        Fault(
            name=same[0].name,
            words=tuple(dict.fromkeys(remark.words for remark in same)),
            why=same[0].why,
            better=same[0].better,
            is_blocking=same[0].is_blocking,
        )
        for same in by_rule.values()
    ]
    return sorted(together, key=lambda fault: not fault.is_blocking)


def is_keepable(found: Collection[Fault]) -> bool:
    """Whether a wording can be kept with a reason: the check warns and nothing blocks."""
    return bool(found) and not any(fault.is_blocking for fault in found)


def remarks(text: str, findings: Iterable[tone.Finding]) -> list[Remark]:
    """The findings in words, in the order of the text."""
    return [
        Remark(
            rule=found.rule,
            name=str(_NAMES[found.rule]),
            words=text[found.start : found.end],
            start=found.start,
            end=found.end,
            why=why(found),
            better=str(_BETTER[found.rule]),
        )
        for found in findings
    ]


def why(found: tone.Finding) -> str:
    """The reason of one finding, in the language that is active."""
    reason = _WHY_PART.get((found.rule, found.part)) or _WHY[found.rule]
    return str(reason)


_NAMES = {
    Rule.BLAME_CONSUMER: gettext_lazy("Blames the consumer"),
    Rule.THREAT: gettext_lazy("Threatens"),
    Rule.ASKS_DELETION: gettext_lazy("Asks for deletion"),
    Rule.PERSONAL_DATA: gettext_lazy("Shows personal data"),
    Rule.UNVERIFIED_CLAIM: gettext_lazy("Claims what is not shown"),
    Rule.PROMISE: gettext_lazy("Promises without owner or date"),
    Rule.BUREAUCRATIC_TONE: gettext_lazy("Officialese"),
    Rule.SARCASM_OR_INSULT: gettext_lazy("Mocks or insults"),
    Rule.DISCLOSES_INTERNAL: gettext_lazy("Gives away internal matters"),
    Rule.ADVERTISING: gettext_lazy("Advertises"),
    Rule.NO_CONTACT_PATH: gettext_lazy("No way to reach us"),
    Rule.MIXED_STRATEGY: gettext_lazy("Denies and concedes at once"),
}
_WHY = {
    Rule.BLAME_CONSUMER: gettext_lazy(
        "It lays the fault on the person who complains, before or instead of helping."
    ),
    Rule.THREAT: gettext_lazy(
        "It frightens people who complain; a threat spreads further than the complaint."
    ),
    Rule.ASKS_DELETION: gettext_lazy(
        "It asks for a post or rating to be removed, hidden or changed. That is never ours to ask."
    ),
    Rule.PERSONAL_DATA: gettext_lazy(
        "It shows personal data in public; the law asks for separate consent (PIPL art. 25)."
    ),
    Rule.UNVERIFIED_CLAIM: gettext_lazy("It claims something for which no evidence is named."),
    Rule.PROMISE: gettext_lazy(
        "It promises something without saying who sees to it and by when: nobody can keep that."
    ),
    Rule.BUREAUCRATIC_TONE: gettext_lazy(
        "It is worded like a file. People hear that nobody read what they wrote."
    ),
    Rule.SARCASM_OR_INSULT: gettext_lazy("It mocks or insults people; it will be quoted as such."),
    Rule.DISCLOSES_INTERNAL: gettext_lazy(
        "It tells of internal systems, people, figures or instructions that are not public."
    ),
    Rule.ADVERTISING: gettext_lazy("It sells something to a person who has a problem."),
    Rule.NO_CONTACT_PATH: gettext_lazy(
        "It leaves people without a next step: no number, no message, no place to go."
    ),
    Rule.MIXED_STRATEGY: gettext_lazy(
        "It denies the matter and apologises or pays for it in one text: readers believe neither."
    ),
}
_WHY_PART = {
    (Rule.UNVERIFIED_CLAIM, "denial"): gettext_lazy(
        "It denies something without naming evidence that others can look up."
    ),
    (Rule.UNVERIFIED_CLAIM, "absolute"): gettext_lazy(
        "It claims something absolute; a single case to the contrary refutes it."
    ),
    (Rule.UNVERIFIED_CLAIM, "cause"): gettext_lazy(
        "It names a cause outside the company that no checked finding bears out."
    ),
    (Rule.UNVERIFIED_CLAIM, "accusation"): gettext_lazy(
        "It accuses others of bad intent; only the police or a court establish that."
    ),
    (Rule.UNVERIFIED_CLAIM, "hearsay"): gettext_lazy(
        "It passes on hearsay, a guess or a playing down as if it were known."
    ),
    (Rule.UNVERIFIED_CLAIM, "reassurance"): gettext_lazy(
        "It says that all is safe without naming who tested that."
    ),
    (Rule.ASKS_DELETION, "rating"): gettext_lazy(
        "It asks for a better rating or for silence, or offers something for it."
    ),
}
_BETTER = {
    Rule.BLAME_CONSUMER: gettext_lazy(
        "Ask openly what happened, offer a check, and say what you do in either case."
    ),
    Rule.THREAT: gettext_lazy(
        "Say that criticism is welcome, name the facts you dispute; report real offences quietly."
    ),
    Rule.ASKS_DELETION: gettext_lazy(
        "Solve the problem and leave the post to its author: “whether you change it is up to you”."
    ),
    Rule.PERSONAL_DATA: gettext_lazy(
        "Leave it out or write only the last digits; ask for details in a private message."
    ),
    Rule.UNVERIFIED_CLAIM: gettext_lazy(
        "Say what was checked, by whom and where it can be read, or that it is being checked and "
        "when the result comes."
    ),
    Rule.PROMISE: gettext_lazy(
        "Name who does what by when: “the after-sales lead calls you by 18:00 today”."
    ),
    Rule.BUREAUCRATIC_TONE: gettext_lazy(
        "Say it as you would at the counter: what you understood, what you do, when it is done."
    ),
    Rule.SARCASM_OR_INSULT: gettext_lazy("Take the complaint at its word and answer its matter."),
    Rule.DISCLOSES_INTERNAL: gettext_lazy("Say only what concerns the consumer: what, who, when."),
    Rule.ADVERTISING: gettext_lazy("Leave the offer out; help with what they have."),
    Rule.NO_CONTACT_PATH: gettext_lazy(
        "Add one way to reach a person: hotline, private message, shop or a link."
    ),
    Rule.MIXED_STRATEGY: gettext_lazy(
        "Choose one: deny with evidence, or admit and make good. Concern for people fits both."
    ),
}
