"""The hot words of the board: what is said in the window more than in the week before it.

Read from a bounded number of originals, a like share of each stretch of time, newest first; the
part is loaded after the page, so that the page never waits for it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tinglan.analysis.keywords import keywords
from tinglan.monitors.models import Mention, MentionQuerySet
from tinglan.pages.board import View

BEFORE = timedelta(days=7)
N_TEXTS, N_STRETCHES, N_WORDS = 1000, 7, 12
TEXT_LENGTH = 400  # characters of a text that words are read from


def words(view: View) -> dict[str, Any]:
    """The words, each with the address of the mentions that hold it."""
    mentions = Mention.objects.originals()
    if view.brand:
        mentions = mentions.filter(brand=view.brand)
    start, now = view.window.start, view.now
    texts = list(_texts(mentions, start, now))
    before = list(_texts(mentions, start - BEFORE, start))
    found = keywords(texts, background=before, limit=N_WORDS)
    return {
        "words": [(word, view.mentions(start, now, q=word.text)) for word in found],
        "n_texts": len(texts),
    }


def _texts(mentions: MentionQuerySet, start: datetime, end: datetime) -> Iterator[str]:
    """The newest texts of each seventh of the time."""
    step = (end - start) / N_STRETCHES
    for stretch in range(N_STRETCHES):
        since = start + stretch * step
        until = since + step if stretch < N_STRETCHES - 1 else end
        newest = mentions.filter(at__gte=since, at__lt=until).order_by("-at", "-id")
        for text in newest.values_list("post__text", flat=True)[: N_TEXTS // N_STRETCHES]:
            yield text[:TEXT_LENGTH]
