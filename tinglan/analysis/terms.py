"""What a short post is made of for comparing it: character pairs, Latin words; and how
rare each is in the background of its brand. No word list and no segmentation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nlargest
from math import log, sqrt

_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9]{2,}")
_ADDRESS = re.compile(r"https?://[\w./?=&%#:+~-]+", re.ASCII)
_NAME = re.compile(r"@[\w·-]{1,30}")
_HEADLINE = re.compile(r"【([^】]{2,60})】|#([^#]{2,40})#")
_FIRST_HAN = "㐀"


def terms_of(text: str) -> Counter[str]:
    """The terms of a normalised text with their counts; what stands in a headline counts twice.

    >>> sorted(terms_of("水壶漏电 E5"))
    ['e5', '壶漏', '水壶', '漏电']
    >>> terms_of("【水壶漏电】")["漏电"]
    2
    """
    text = _NAME.sub(" ", _ADDRESS.sub(" ", text.lower()))
    found: Counter[str] = Counter()
    for piece in (text, *(tag or title for title, tag in _HEADLINE.findall(text))):
        for run in _RUN.findall(piece):
            if run[0] < _FIRST_HAN:
                found[run] += 1
            else:
                found.update([run[at : at + 2] for at in range(len(run) - 1)])
    return found


@dataclass(slots=True)
class Background:
    """How many texts of a brand hold each term, learnt as they come.

    An accumulator, kept in memory by the caller and filled from the brand's recent posts; a
    restart fills it again.
    """

    n_texts: int = 0
    holding: Counter[str] = field(default_factory=Counter)

    def learn(self, texts: Iterable[Mapping[str, int]]) -> None:
        """Count texts, each given by its terms."""
        for terms in texts:
            self.n_texts += 1
            self.holding.update(terms.keys())

    def rarity(self, term: str) -> float:
        """√ of the inverse document frequency: measured, the root groups better than the whole.

        >>> seen = Background()
        >>> seen.learn([terms_of("星河水壶漏电"), terms_of("星河发货慢")])
        >>> seen.rarity("漏电") > seen.rarity("星河") > 0
        True
        """
        return sqrt(log((self.n_texts + 2) / (min(self.holding[term], self.n_texts) + 0.5)))

    def is_common(self, term: str) -> bool:
        """In more than a fifth of the texts, such as the brand's own name; unsure while few."""
        return self.n_texts >= _FEW_TEXTS and self.holding[term] * _COMMON_PART > self.n_texts


_FEW_TEXTS = 20
_COMMON_PART = 5


def vector_of(terms: Mapping[str, int], background: Background, *, size: int) -> dict[str, float]:
    """The unit vector of a text's weightiest terms: (1 + ln count) · rarity."""
    weights = {term: (1 + log(count)) * background.rarity(term) for term, count in terms.items()}
    if len(weights) > size:
        weights = dict(nlargest(size, weights.items(), key=_weight_then_term))
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()} if length else {}


def _weight_then_term(item: tuple[str, float]) -> tuple[float, str]:
    return item[1], item[0]
