"""Signs that few hands push a story (疑似集中发布): shown beside the spread, never subtracted.

A brigade and an honest crowd that copies a warning look alike from outside; the level of an event
does not fall by any of this, and nobody is accused by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tinglan.analysis.measures import effective_count
from tinglan.analysis.spread import NOBODY, Ints, Posts

AT_ONCE = 600.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """How the posts spread over accounts and texts."""

    n_accounts: int
    effective_accounts: float  # as if so many had written equally much
    top_share: float | None  # of the posts, by the tenth of the accounts that wrote most
    copied_share: float | None
    most_at_once: int  # posts of one text within ten minutes
    accounts_at_once: int  # that sent them


def signs_of(posts: Posts) -> Signs:
    """The signs in the collected posts of an event.

    >>> rows = np.arange(6)
    >>> none = np.full(6, -1)
    >>> posts = Posts(
    ...     rows * 30.0, np.ones(6, int), np.array([0, 1, 1, 1, 2, 2]), ["甲"] * 6,
    ...     np.zeros(6, int), none, none, np.array([-1, 0, 0, 0, -1, 4]), {},
    ... )
    >>> signs = signs_of(posts)
    >>> signs.most_at_once, signs.accounts_at_once, round(signs.effective_accounts, 1)
    (4, 2, 2.6)
    """
    counted = np.flatnonzero(posts.weights > 0)
    n_posts = len(counted)
    named = posts.authors[counted]
    wrote = np.unique(named[named != NOBODY], return_counts=True)[1]
    copied = int((posts.copied[counted] != NOBODY).sum())
    at_once, accounts = _at_once(posts, counted)
    return Signs(
        n_accounts=len(wrote),
        effective_accounts=effective_count(wrote.tolist()),
        top_share=_top_share(wrote),
        copied_share=copied / n_posts if n_posts else None,
        most_at_once=at_once,
        accounts_at_once=accounts,
    )


def _top_share(wrote: Ints) -> float | None:
    if not len(wrote):
        return None
    n_top = max(1, len(wrote) // 10)
    return float(np.sort(wrote)[-n_top:].sum() / wrote.sum())


def _at_once(posts: Posts, counted: Ints) -> tuple[int, int]:
    """The most posts of one text within ten minutes, and by how many accounts."""
    best: tuple[int, Sequence[int]] = (0, ())
    for rows in _same_text(posts, counted).values():
        times = posts.times[rows]
        ahead = np.searchsorted(times, times + AT_ONCE, side="right") - np.arange(len(times))
        if ahead.max() > best[0]:
            start = int(ahead.argmax())
            best = int(ahead.max()), rows[start : start + int(ahead.max())]
    accounts = {int(posts.authors[row]) for row in best[1]} - {NOBODY}
    return best[0], len(accounts)


def _same_text(posts: Posts, counted: Ints) -> Mapping[int, list[int]]:
    """Rows in order of time by the row whose words they have; a text told once is no group."""
    groups: dict[int, list[int]] = {}
    for row in counted.tolist():
        source = int(posts.copied[row])
        groups.setdefault(row if source == NOBODY else source, []).append(row)
    return {source: rows for source, rows in groups.items() if len(rows) > 1}
