"""Labels for texts: polarity by the trained model, intent and aspects by the published rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from tinglan.analysis import aspects, intent, sentiment
from tinglan.monitors.models import Intent, Mention, Polarity

PERSON = "person"  # the method of a label that a person set: never overwritten
CONTEXT = "context"  # taken from the parent or root, or from the original of a copy


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


def classify(texts: Sequence[str]) -> list[Labels]:
    """One `Labels` per text; below its threshold the polarity is unknown."""
    if not texts:
        return []
    polarities = sentiment.classify(texts)
    intents = intent.classify(texts, polarities)
    spoken_of = aspects.classify(texts)
    moods, wishes = polarities.labels, intents.labels
    return [
        Labels(
            polarity=Polarity.UNKNOWN if polarities.unknown[at] else str(moods[at]),
            polarity_confidence=round(float(polarities.confidences[at]), 4),
            polarity_method=f"model {sentiment.VERSION}",
            intent=Intent.UNKNOWN if intents.unknown[at] else str(wishes[at]),
            intent_confidence=round(float(intents.confidences[at]), 4),
            intent_method=f"rules {intent.VERSION}",
            aspects=tuple(map(str, spoken_of[at])),
            aspects_method=f"rules {aspects.VERSION}",
        )
        for at in range(len(texts))
    ]


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
    )
