"""Hot keywords (热词) of a set of texts against a background, without a word list.

A keyword is a run of two to eight characters that holds together (its parts seldom meet by chance),
has free neighbours on both sides (branching entropy), and stands in more of the texts than the
background makes one expect (log-likelihood ratio). Latin words and #topics# are keywords as they
stand. It is counted in how many texts a run stands, not how often, so that one shouting post is one
post. What seldom stands outside a longer keyword is a fragment of that, and no keyword.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from tinglan.analysis.characters import Kind
from tinglan.analysis.keywords_count import Column, counted_in, runs_of
from tinglan.analysis.shown import EMOTICON, LINK, MORE, NAME, REPOST, VIDEO
from tinglan.analysis.text import fold

_NOISE = re.compile("|".join([NAME, EMOTICON, MORE, LINK, f"L{VIDEO}", REPOST]))
_LATIN = re.compile(r"(?<![a-z0-9])[a-z][a-z0-9]+(?:[-+][a-z0-9]+)*")
_TOPIC = re.compile(r"#(?! )([^#\n]{4,30})(?<! )#")
_MIN_COHESION = 1.5  # ln of observed over expected by the weakest cut
_MIN_FREEDOM = 0.8  # ln of neighbours, as if all were equally frequent: more than two
_ABSORBED_AT = 0.7  # of a run's texts hold the longer one: the longer one is the word
_EXPECTED = 3  # texts of the background that would hold a new word if it were not new
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
    """A keyword, the number of texts that hold it, and how much it stands out (G²).

    It is new when no text of the background holds it, though some would if it were as usual there.
    """

    text: str
    n_texts: int
    score: float
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """A batch of texts: the column of its characters, and the words that stand as they are."""

    n_texts: int
    column: Column
    text: str
    fixed: Mapping[str, int]
    spelled: Mapping[str, str]  # Latin words and topics as most people write them


def keywords(
    texts: Sequence[str], *, background: Sequence[str] = (), limit: int = 20
) -> list[Keyword]:
    """The keywords that make these texts different from the background, hottest first.

    >>> hot = keywords(["水壶漏电好吓人", "这水壶漏电！", "为什么水壶漏电", "客服说水壶漏电正常"])
    >>> [(each.text, each.n_texts) for each in hot]
    [('水壶漏电', 4)]
    """
    read, usual = _read(texts), _read(background)
    holding, before = _words(read, usual)
    scored = [
        Keyword(word, n_texts, score, _is_new(n_texts, before[word], read, usual))
        for word, n_texts in holding.items()
        if (score := _surprise(word, n_texts, before[word], read, usual)) > 0
    ]
    scored.sort(key=lambda each: (-each.score, -len(each.text), each.text))
    chosen = _without_parts(scored, holding, limit, apart=read.fixed)
    return [replace(each, text=read.spelled.get(each.text, each.text)) for each in chosen]


def _read(texts: Sequence[str]) -> _Read:
    distinct = list(dict.fromkeys(texts))
    stripped = [_NOISE.sub(" ", text) for text in distinct]
    folded = fold(stripped)
    text_of = np.cumsum(folded.kinds == Kind.BORDER)
    column = Column(
        codes=np.ascontiguousarray(folded.codes, dtype=np.uint32),
        is_han=folded.kinds == Kind.HAN,
        text_of=text_of,
    )
    text = column.codes.astype("<u4").tobytes().decode("utf-32-le")
    found = [(at.group(), at.span()) for at in _LATIN.finditer(text)]
    found += [(at.group(1), at.span(1)) for at in _TOPIC.finditer(text)]
    held: set[tuple[str, int]] = set()
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, (first, end) in found:
        if word not in _STOPS:
            number = int(text_of[first])
            written = stripped[number][folded.offsets[first] : folded.offsets[end - 1] + 1]
            held.add((word, number))
            spellings[word][written if written.lower() == word else word] += 1
    spelled = {word: counts.most_common(1)[0][0] for word, counts in spellings.items()}
    return _Read(len(distinct), column, text, Counter(word for word, _ in held), spelled)


def _words(read: _Read, usual: _Read) -> tuple[dict[str, int], Counter[str]]:
    """The words in enough of the texts, with their number here and in the background."""
    needed = _needed(read.n_texts)
    holding = {word: n for word, n in read.fixed.items() if n >= needed}
    before = Counter({word: usual.fixed.get(word, 0) for word in holding})
    runs = runs_of(read.column, at_least=needed)
    is_whole = (runs.cohesion >= _MIN_COHESION) & (runs.freedom >= _MIN_FREEDOM)
    rows = np.flatnonzero(is_whole)
    counted = counted_in(usual.column, runs, rows)
    for row, n_before in zip(rows.tolist(), counted.tolist(), strict=True):
        first = int(runs.first[row])
        word = read.text[first : first + int(runs.length[row])]
        if word not in _STOPS and not {word[0], word[-1]} & _EDGE_STOPS:
            holding[word], before[word] = int(runs.n_texts[row]), n_before
    return holding, before


def _needed(n_texts: int) -> int:
    """In how many texts a keyword must stand: three, more in many texts, all of very few."""
    return max(min(3, n_texts), n_texts // 200)


def _is_new(n_texts: int, n_before: int, read: _Read, usual: _Read) -> bool:
    return n_before == 0 and n_texts * usual.n_texts >= _EXPECTED * read.n_texts


def _surprise(word: str, n_texts: int, n_before: int, read: _Read, usual: _Read) -> float:
    """Dunning's G² of the share of texts here against the background, 0 where it is smaller.

    Without a background it is the number of texts, longer runs a little before shorter ones.
    """
    if not usual.n_texts:
        return n_texts * (1 + log(len(word)))
    pooled = (n_texts + n_before) / (read.n_texts + usual.n_texts)
    if n_texts / read.n_texts <= pooled:
        return 0.0
    return 2 * (
        _likelihood(n_texts, read.n_texts, n_texts / read.n_texts, pooled)
        + _likelihood(n_before, usual.n_texts, n_before / usual.n_texts, pooled)
    )


def _likelihood(hits: int, total: int, share: float, pooled: float) -> float:
    """ln of how much better its own share explains the hits than the pooled one."""
    found = hits * log(share / pooled) if hits else 0.0
    missed = (total - hits) * log((1 - share) / (1 - pooled)) if hits < total else 0.0
    return found + missed


def _without_parts(
    scored: Sequence[Keyword], holding: Mapping[str, int], limit: int, *, apart: Container[str]
) -> list[Keyword]:
    """Drop a run that seldom stands outside a longer keyword, and one that only adds to a shorter.

    水壶漏 goes with 水壶漏电; the words of a #topic# go with it, unless they stand outside it, too:
    a topic stays beside its words.
    """
    chosen: list[str] = []
    words = [each.text for each in scored]
    for each in scored:
        longer = [word for word in words if each.text in word and word != each.text]
        is_part = any(holding[word] >= _ABSORBED_AT * each.n_texts for word in longer)
        overlaps = [word for word in chosen if each.text in word or word in each.text]
        if not is_part and all(max(each.text, word, key=len) in apart for word in overlaps):
            chosen.append(each.text)
        if len(chosen) == limit:
            break
    by_text = {each.text: each for each in scored}
    return [by_text[word] for word in chosen]
