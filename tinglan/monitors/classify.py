"""Labels for texts by the trained model, and how they come onto a mention."""

from collections.abc import Sequence
from dataclasses import dataclass

from tinglan.analysis import adjustment
from tinglan.analysis import labels as judged
from tinglan.monitors.in_force import adjustment_of, in_force
from tinglan.monitors.models import Intent, Mention, Polarity
from tinglan.sources.models import Post

PERSON = "person"  # the method of a label that a person set: never overwritten
CONTEXT = "context"  # taken from the parent or root, or from the original of a copy
SITE = " site-"  # in the method of a label that the site's own model gave, before its number
SHORT = 8  # characters: "同求" says nothing without the post above it


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    polarity: str
    polarity_confidence: float
    polarity_method: str
    intent: str
    intent_confidence: float
    intent_method: str
    aspects: tuple[str, ...]
    aspects_method: str
    is_sarcastic: bool
    is_spam: bool
    marks_method: str


def whole(post: Post) -> str:
    """What is judged of a post."""
    return f"{post.title}\n{post.text}" if post.title else post.text


def classify(texts: Sequence[str]) -> list[Labels]:
    """One `Labels` per text; below its threshold a label is unknown."""
    if not texts:
        return []
    found, method = _judged(texts)
    return [
        Labels(
            polarity=Polarity.UNKNOWN
            if found.polarity_unknown[at]
            else str(judged.POLARITIES[found.polarity[at]]),
            polarity_confidence=round(float(found.polarity_confidence[at]), 4),
            polarity_method=method,
            intent=Intent.UNKNOWN
            if found.intent_unknown[at]
            else str(judged.INTENTS[found.intent[at]]),
            intent_confidence=round(float(found.intent_confidence[at]), 4),
            intent_method=method,
            aspects=tuple(map(str, found.aspects_of(at))),
            aspects_method=method,
            is_sarcastic=bool(found.sarcasm[at]),
            is_spam=bool(found.spam[at]),
            marks_method=method,
        )
        for at in range(len(texts))
    ]


def _judged(texts: Sequence[str]) -> tuple[judged.Labels, str]:
    """By the model as it is shipped, or with what the site has taught it."""
    method = f"{judged.METHOD} {judged.VERSION}"
    taught = in_force()
    if taught is None:
        return judged.classify(texts), method
    return adjustment.classify(texts, adjustment_of(taught)), f"{method}{SITE}{taught.number}"


def label(mention: Mention, labels: Labels) -> None:
    """Put labels on a mention, but for those that a person has set."""
    if mention.polarity_method != PERSON:
        mention.polarity = Polarity(labels.polarity)
        mention.polarity_confidence = labels.polarity_confidence
        mention.polarity_method = labels.polarity_method
    if mention.intent_method != PERSON:
        mention.intent = Intent(labels.intent)
        mention.intent_confidence = labels.intent_confidence
        mention.intent_method = labels.intent_method
    if mention.aspects_method != PERSON:
        mention.aspects = list(labels.aspects)
        mention.aspects_method = labels.aspects_method
    if mention.is_sarcastic_method != PERSON:
        mention.is_sarcastic = labels.is_sarcastic
        mention.is_sarcastic_method = labels.marks_method
    if mention.is_spam_method != PERSON:
        mention.is_spam = labels.is_spam
        mention.is_spam_method = labels.marks_method


def labels_of(mention: Mention, *, method: str = CONTEXT) -> Labels:
    """The labels a mention has, to hand on to a copy or a comment under it."""
    return Labels(
        polarity=mention.polarity,
        polarity_confidence=mention.polarity_confidence,
        polarity_method=method,
        intent=mention.intent,
        intent_confidence=mention.intent_confidence,
        intent_method=method,
        aspects=tuple(mention.aspects),
        aspects_method=method,
        is_sarcastic=mention.is_sarcastic,
        is_spam=mention.is_spam,
        marks_method=method,
    )
