"""Which natures of harm a mention alleges; natures.toml is what ships.

A nature is alleged by its words, by a complaint about one of its aspects, or by an intent alone.
Weights and floors follow the published formula; a site edits the rows.
"""

from collections.abc import Sequence
from functools import lru_cache

from tinglan.analysis.query import Document, Matcher, parse
from tinglan.events.models import Nature
from tinglan.monitors.classify import PERSON
from tinglan.monitors.models import Intent, Mention, Polarity

# Confidence from which the model is taken at its word; chosen on what the demo tells.
ASKS, BLAMES = 0.8, 0.7


def alleged(mentions: Sequence[Mention]) -> list[list[Nature]]:
    """For each mention the natures it alleges.

    Words count unless the author is pleased ("水壶再也不会漏电" in praise alleges nothing);
    aspects count only where somebody surely complains or is displeased, and raise no floor: of
    fifty who cheer, the model takes two for displeased, and two voices would make a harm of it.
    """
    natures = list(Nature.objects.all())
    matcher = _matcher(tuple((nature.pk, nature.query) for nature in natures if nature.query))
    hits = matcher.match([Document(title=m.post.title, text=m.post.text) for m in mentions])
    return [
        [nature for nature in natures if _alleges(mention, nature, named=nature.pk in words)]
        for mention, words in zip(mentions, hits, strict=True)
    ]


def are_urgent(texts: Sequence[str]) -> list[bool]:
    """Which texts have the words of a red line: one such post may decide, so it goes first."""
    lines = Nature.objects.exclude(floor="").exclude(query="").order_by("pk")
    matcher = _matcher(tuple(lines.values_list("pk", "query")))
    return [bool(hits) for hits in matcher.match([Document(text=text) for text in texts])]


def _alleges(mention: Mention, nature: Nature, *, named: bool) -> bool:
    if mention.intent in nature.intents:
        return True
    if mention.polarity == Polarity.POSITIVE or mention.intent == Intent.PRAISE:
        return False
    if named and not _surely_asks(mention):
        return True
    if nature.floor:
        return False  # a red line needs its words: an aspect is what the model takes it for
    return _surely_blames(mention) and bool(set(mention.aspects) & set(nature.aspects))


def _surely_blames(mention: Mention) -> bool:
    complains = mention.intent == Intent.COMPLAINT and _intended(mention) >= BLAMES
    return complains or (mention.polarity == Polarity.NEGATIVE and _felt(mention) >= BLAMES)


def _surely_asks(mention: Mention) -> bool:
    """A calm question alleges nothing; one that may as well be a cry for help does."""
    return mention.intent == Intent.INQUIRY and _intended(mention) >= ASKS


def _intended(mention: Mention) -> float:
    return 1.0 if mention.intent_method == PERSON else mention.intent_confidence


def _felt(mention: Mention) -> float:
    return 1.0 if mention.polarity_method == PERSON else mention.polarity_confidence


@lru_cache(maxsize=4)
def _matcher(queries: tuple[tuple[int, str], ...]) -> Matcher:
    return Matcher({key: parse(query) for key, query in queries})
