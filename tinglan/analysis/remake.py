"""Learn anew what an event is about, when its posts were chosen by a person."""

from __future__ import annotations

from collections.abc import Sequence

from tinglan.analysis.background import Background
from tinglan.analysis.clusters import DEFAULT, Cluster, Config
from tinglan.analysis.groups import Groups, Piece


def remade(
    key: str, posts: Sequence[Piece], background: Background, *, config: Config = DEFAULT
) -> Cluster:
    """The cluster of posts that belong together, in the order of their times.

    >>> from datetime import UTC, datetime
    >>> noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    >>> posts = [Piece("1", "水壶漏电", noon), Piece("2", "退款没到账", noon, links=("thread:2",))]
    >>> made = remade("7", posts, Background())
    >>> made.n_posts, made.is_event, made.links
    (2, True, ('thread:2',))
    """
    groups = Groups(background, config=config)
    groups.gather(key, posts)
    return groups.value(key)
