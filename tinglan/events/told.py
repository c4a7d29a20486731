"""An event in the words of its posts: the sentences that say most, and where they stand.

The first posts and the newest, originals only: what an event is about may move while it goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tinglan.analysis.summaries import summary_of
from tinglan.events.models import Event
from tinglan.events.posts import originals
from tinglan.monitors.models import Mention

READ = 60  # posts from the beginning, and as many of the newest


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a post."""

    words: str
    mention: Mention


def told_of(event: Event) -> Sequence[Sentence]:
    """The sentences, in the order of their times."""
    found = originals(event).select_related("post").order_by("at", "id")
    first, newest = list(found[:READ]), list(found.reverse()[:READ])
    mentions = sorted({one.pk: one for one in (*first, *newest)}.values(), key=_time)
    texts = [f"{one.post.title}\n{one.post.text}" for one in mentions]
    return [Sentence(told.words, mentions[told.text]) for told in summary_of(texts)]


def _time(mention: Mention) -> tuple[float, int]:
    return mention.at.timestamp(), mention.pk
