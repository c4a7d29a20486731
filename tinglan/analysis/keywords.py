"""Hot keywords (热词) of a set of texts against a background, without a word list.

A keyword is a run of two to six characters that holds together (its parts seldom meet by chance),
has free neighbours on both sides, and stands in more of the texts than the background makes one
expect (log-likelihood ratio). Latin words are keywords as they stand. It is counted in how many
texts a run stands, not how often, so that one shouting post is one post.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

_RUN = re.compile(r"[㐀-鿿]+|[a-z][a-z0-9]+(?:[-+][a-z0-9]+)*")
_NOISE = re.compile(r"https?://[\w./?=&%#:+~-]+|@[\w·-]{1,30}|\[[^\[\]]{1,8}\]", re.ASCII)
_FIRST_HAN = "㐀"
_LENGTHS = range(2, 7)
_MIN_COHESION = 1.5  # ln of observed over expected by the weakest cut
_MIN_NEIGHBOURS = 3  # different characters, or ends of a run, on each side
_ABSORBED_AT = 0.7  # of a run's texts hold the longer one: the longer one is the word
# Function characters: no keyword begins or ends with them.
_EDGE_STOPS = frozenset(
    "的了是在和也就都而及与或我你他她它们这那吗吧呢啊哦呀嘛么被把给让对于从到为以因所之其并但又"
    "还很太更最已将会能可要想说去来上下不没有个一二三两几每各某该此些什怎谁哪多少着过地得再才只"
)
# Words that every post may hold; with a background they fall out by themselves.
_STOPS = frozenset(
    re.findall(
        r"\w+",
        "今天 昨天 明天 现在 时候 时间 知道 觉得 感觉 真的 自己 大家 东西 问题 事情 看到 希望 发现 "
        "开始 应该 如果 然后 需要 出现 进行 表示 相关 目前 视频 微博 转发 链接 网页 全文 展开 朋友 "
        "http https www com the and for you this that with are not",
    )
)


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword, the number of texts that hold it, and how much it stands out (G²)."""

    text: str
    n_texts: int
    score: float


@dataclass(frozen=True, slots=True)
class TextCounts:
    """In how many of how many texts each run stands: the background of a brand or of a language."""

    n_texts: int
    holding: Mapping[str, int]


def count(texts: Iterable[str], *, at_least: int = 2) -> TextCounts:
    """Count the runs of a background; what stands in fewer texts than `at_least` is dropped.

    >>> counted = count(["星河水壶漏电", "星河水壶好看"])
    >>> counted.n_texts, counted.holding["水壶"], counted.holding["星河水壶"]
    (2, 2, 2)
    """
    runs = [_runs(text) for text in texts]
    return TextCounts(len(runs), _holding(runs, at_least))


def keywords(
    texts: Sequence[str], *, background: TextCounts | None = None, limit: int = 20
) -> list[Keyword]:
    """The keywords that make these texts different from the background, hottest first.

    >>> hot = keywords(["水壶漏电好吓人", "这水壶漏电！", "为什么水壶漏电", "客服说水壶漏电正常"])
    >>> [(each.text, each.n_texts) for each in hot]
    [('水壶漏电', 4)]
    """
    distinct = list(dict.fromkeys(texts))
    needed = _needed(len(distinct))
    found = _Runs.of(distinct, at_least=needed)
    scored = [
        Keyword(gram, n_texts, score)
        for gram, n_texts in found.holding.items()
        if found.is_word(gram)
        if (score := _surprise(gram, n_texts, len(distinct), background)) > 0
    ]
    scored.sort(key=lambda each: (-each.score, -len(each.text), each.text))
    return _without_parts(scored, found.holding, limit)


def _holding(runs: Sequence[Sequence[str]], at_least: int) -> Counter[str]:
    """How many texts hold each run of characters, those in fewer than `at_least` dropped.

    Length by length: a run is frequent only if it is so without its first and its last character,
    which spares most of the longer ones.
    """
    found: Counter[str] = Counter()
    for length in _LENGTHS:
        level: Counter[str] = Counter()
        for text in runs:
            level.update(
                {
                    gram
                    for gram in _grams(text, length)
                    if length == _LENGTHS[0] or (gram[1:] in found and gram[:-1] in found)
                }
            )
        found.update({gram: n for gram, n in level.items() if n >= at_least})
    words = Counter(word for text in runs for word in {run for run in text if run[0] < _FIRST_HAN})
    found.update({word: n for word, n in words.items() if n >= at_least})
    return found


@dataclass(frozen=True, slots=True)
class _Runs:
    """What is counted of the texts: texts that hold a run, occurrences, neighbours."""

    holding: Mapping[str, int]
    occurrences: Mapping[str, int]
    before: Mapping[str, set[str]]
    after: Mapping[str, set[str]]
    n_characters: int

    @classmethod
    def of(cls, texts: Sequence[str], *, at_least: int) -> _Runs:
        runs = [_runs(text) for text in texts]
        holding = _holding(runs, at_least)
        occurrences: Counter[str] = Counter()
        before: defaultdict[str, set[str]] = defaultdict(set)
        after: defaultdict[str, set[str]] = defaultdict(set)
        for number, text in enumerate(runs):
            for place, run in enumerate(text):
                edge = f"{number}/{place}"  # every end of a run is a neighbour of its own
                occurrences.update(run)
                for start, end in _frequent(run, holding):
                    gram = run[start:end]
                    occurrences[gram] += 1
                    before[gram].add(run[start - 1] if start else edge)
                    after[gram].add(run[end] if end < len(run) else edge)
        n_characters = sum(len(run) for text in runs for run in text)
        return cls(holding, occurrences, before, after, n_characters)

    def is_word(self, gram: str) -> bool:
        """Not a function word, holding together, free on both sides."""
        if gram in _STOPS:
            return False
        if gram[0] < _FIRST_HAN:
            return True
        if gram[0] in _EDGE_STOPS or gram[-1] in _EDGE_STOPS:
            return False
        is_free = min(len(self.before[gram]), len(self.after[gram])) >= _MIN_NEIGHBOURS
        return is_free and self._cohesion(gram) >= _MIN_COHESION

    def _cohesion(self, gram: str) -> float:
        """ln of how much more often the run occurs than its weakest two parts would meet."""
        seen = self.occurrences
        likeliest = max(seen[gram[:cut]] * seen[gram[cut:]] for cut in range(1, len(gram)))
        return log(seen[gram] * self.n_characters / likeliest)


def _runs(text: str) -> list[str]:
    return _RUN.findall(_NOISE.sub(" ", text.lower()))


def _grams(runs: Iterable[str], length: int) -> Iterator[str]:
    for run in runs:
        if run[0] >= _FIRST_HAN:
            for at in range(len(run) - length + 1):
                yield run[at : at + length]


def _frequent(run: str, holding: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Where the frequent pieces of a Chinese run lie; a longer one begins with a shorter."""
    if run[0] < _FIRST_HAN:
        return
    for start in range(len(run) - 1):
        for end in range(start + _LENGTHS[0], min(len(run), start + _LENGTHS[-1]) + 1):
            if run[start:end] not in holding:
                break
            yield start, end


def _needed(n_texts: int) -> int:
    """In how many texts a keyword must stand: three, more in many texts, all of very few."""
    return max(min(3, n_texts), n_texts // 200)


def _surprise(gram: str, n_holding: int, n_texts: int, background: TextCounts | None) -> float:
    """Dunning's G² of the share of texts here against the background, 0 where it is smaller.

    Without a background it is the number of texts, longer runs a little before shorter ones.
    """
    if background is None or not background.n_texts:
        return n_holding * (1 + log(len(gram)))
    usual = background.holding.get(gram, 0)
    pooled = (n_holding + usual) / (n_texts + background.n_texts)
    if n_holding / n_texts <= pooled:
        return 0.0
    return 2 * (
        _likelihood(n_holding, n_texts, n_holding / n_texts, pooled)
        + _likelihood(usual, background.n_texts, usual / background.n_texts, pooled)
    )


def _likelihood(hits: int, total: int, share: float, pooled: float) -> float:
    """ln of how much better its own share explains the hits than the pooled one."""
    found = hits * log(share / pooled) if hits else 0.0
    missed = (total - hits) * log((1 - share) / (1 - pooled)) if hits < total else 0.0
    return found + missed


def _without_parts(
    scored: Sequence[Keyword], holding: Mapping[str, int], limit: int
) -> list[Keyword]:
    """Drop a run that seldom stands outside a longer keyword, and one that only adds to a shorter.

    水壶漏 goes with 水壶漏电; 的水壶漏电 was no word to begin with.
    """
    chosen: list[Keyword] = []
    words = {each.text for each in scored}
    for each in scored:
        longer = [word for word in words if each.text in word and word != each.text]
        is_part = any(holding[word] >= _ABSORBED_AT * each.n_texts for word in longer)
        overlaps = any(each.text in other.text or other.text in each.text for other in chosen)
        if not is_part and not overlaps:
            chosen.append(each)
        if len(chosen) == limit:
            break
    return chosen
