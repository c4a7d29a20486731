"""S1: the analysis hot path: from lines of JSON to everything that is said of a post.

Real posts as lines with the fields of a post, in batches as the commands read them. What is timed
runs from their bytes to: which of 2,000 boolean monitors with 10,000 terms match, hits verified, on
text without addresses; polarity, intent, aspects, sarcasm and spam of every post, addresses and
@names masked; and of the root of its repost chain, without boilerplate, the two keys of exact
copies and the sketch that near copies are found by. It calls what the product calls, in the same
batches: `Matcher.matches_in`, `labels.classify`, `canonical` and `sketches`. On some posts the
answers are compared with those for each post alone; that these are right say the tests. The peer is
SnowNLP's sentiment, nothing else, on some of the posts, where it is installed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from time import process_time

import msgspec

from benchmarks.corpora import read
from benchmarks.peers import by_snownlp, has_snownlp
from benchmarks.word_monitors import monitors_of
from tinglan.analysis import labels
from tinglan.analysis.fingerprint_canonical import canonical
from tinglan.analysis.fingerprint_sketch import Sketches, sketches
from tinglan.analysis.labels import Labels
from tinglan.analysis.query import Field, Matcher, parse
from tinglan.analysis.query_match import Matches

ID = "S1"
GOAL = (
    "NDJSON bytes to matches of 2,000 monitors, labels, keys and sketch: >= 60,000 posts/s a core"
    " (floor 20,000)"
)
SEED = 1
N_TERMS, N_MONITORS, N_POSTS = 10_000, 2_000, 100_000
BATCH, ROUNDS = 2_000, 5
N_PEER, N_COMPARED = 200, 100
POSTS = "weibo_unlabelled/posts.jsonl.gz"

Keys = list[int | None]


class Line(msgspec.Struct, gc=False):
    """What is read of a line; its other fields are passed over."""

    id: str | int
    text: str
    title: str = ""


@dataclass(slots=True)
class Read:
    """All that is said of a batch."""

    matches: Matches
    labels: Labels
    keys: tuple[Keys, Keys]
    sketches: Sketches


@dataclass(slots=True)
class Clock:
    """CPU seconds by step."""

    seconds: dict[str, float]
    since: float

    def note(self, step: str) -> None:
        now = process_time()
        self.seconds[step] = self.seconds.get(step, 0.0) + now - self.since
        self.since = now


def run() -> Mapping[str, object]:
    monitors = monitors_of(Random(SEED), n_terms=N_TERMS, n_monitors=N_MONITORS)
    matcher = Matcher({number: parse(one.query) for number, one in enumerate(monitors)})
    posts = [str(row["text"]) for row in islice(read(POSTS), N_POSTS)]
    batches = [posts[start : start + BATCH] for start in range(0, len(posts), BATCH)]
    data = [_lines(batch, first=at * BATCH) for at, batch in enumerate(batches)]
    found = [analysed(part, matcher, _clock()) for part in data[:2]]
    clocks = [_measured(data, matcher) for _ in range(ROUNDS)]
    best = min(clocks, key=lambda clock: sum(clock.seconds.values()))
    ours = len(posts) / sum(best.seconds.values())
    return {
        "posts_per_cpu_second": round(ours),
        "in_all_rounds": [round(len(posts) / sum(clock.seconds.values())) for clock in clocks],
        "microseconds_per_post": {
            step: round(seconds / len(posts) * 1e6, 2) for step, seconds in best.seconds.items()
        },
        "posts": len(posts),
        "characters_per_post": round(sum(map(len, posts)) / len(posts), 1),
        "bytes_per_line": round(sum(map(len, data)) / len(posts), 1),
        "terms": len({word for one in monitors for word in one.words}),
        "monitors": len(monitors),
        "matches_per_post": round(sum(len(it.matches.documents) for it in found) / 2 / BATCH, 3),
        "compared": N_COMPARED,
        "unequal": _unequal(posts[:N_COMPARED], matcher, found[0]),
        **_peer(posts[:N_PEER], ours),
    }


def analysed(data: bytes, matcher: Matcher, clock: Clock) -> Read:
    """The hot path: one batch, from its bytes to what is said of it."""
    lines = _DECODER.decode_lines(data)
    texts, titles = [line.text for line in lines], [line.title for line in lines]
    clock.note("decode")
    matches = matcher.matches_in({Field.TITLE: titles, Field.TEXT: texts})
    clock.note("match")
    said = labels.classify(texts)
    clock.note("label")
    forms = canonical(texts, titles)
    cores = forms.core()
    clock.note("canonical form")
    keys = forms.both_keys(cores)
    clock.note("keys")
    sketched = sketches(cores)
    clock.note("sketch")
    return Read(matches, said, keys, sketched)


_DECODER = msgspec.json.Decoder(Line)


def _measured(data: Sequence[bytes], matcher: Matcher) -> Clock:
    clock = _clock()
    for part in data:
        analysed(part, matcher, clock)
    return clock


def _clock() -> Clock:
    return Clock({}, process_time())


def _lines(texts: Sequence[str], *, first: int) -> bytes:
    """Lines as other programs write them, with the usual fields of a post."""
    rows = (
        {
            "id": f"weibo-{number}",
            "text": text,
            "published_at": "2020-02-01T09:00:00+08:00",
            "platform": "weibo",
            "kind": "post",
            "author": None,
            "followers": None,
            "url": f"https://weibo.example/{number}",
            "counts": {"like": 0, "comment": 0, "repost": 0, "view": None},
        }
        for number, text in enumerate(texts, start=first)
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _unequal(texts: Sequence[str], matcher: Matcher, read: Read) -> list[str]:
    """The posts of which something else is said when each is read alone."""
    alone = [_alone(text, matcher) for text in texts]
    together = _rows(read)
    return [text for text, one, other in zip(texts, alone, together, strict=False) if one != other]


def _alone(text: str, matcher: Matcher) -> tuple[object, ...]:
    (row,) = _rows(analysed(_lines([text], first=0), matcher, _clock()))
    return row


def _rows(read: Read) -> Iterator[tuple[object, ...]]:
    said, made = read.labels, read.sketches
    for at in range(len(said)):
        yield (
            sorted(read.matches.keys[read.matches.documents == at].tolist()),
            (int(said.polarity[at]), int(said.intent[at]), said.aspects_of(at)),
            (bool(said.sarcasm[at]), bool(said.spam[at])),
            (read.keys[0][at], read.keys[1][at]),
            (made.hashes[at, : made.sizes[at]].tolist(), made.bands[at].tolist()),
        )


def _peer(texts: Sequence[str], ours: float) -> dict[str, object]:
    if not has_snownlp():
        return {"peer": "SnowNLP is not installed (pip install snownlp): not measured"}
    by_snownlp(texts[:2])  # loads its model
    started = process_time()
    by_snownlp(texts)
    speed = len(texts) / (process_time() - started)
    return {
        "snownlp_sentiment_posts_per_cpu_second": round(speed, 1),
        "times_the_peer": round(ours / speed),
    }
