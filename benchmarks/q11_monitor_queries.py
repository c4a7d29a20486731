"""Q11: the query language of monitors: a written suite, and equality with a slow obvious evaluator.

The suite (q11_cases.jsonl) was written from the contract of `tinglan match`, apart from the tests
of the engine. Random queries over random posts are matched by the engine, many together, and one by
one by the reference of the tests; matches and places must be the same.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

from tinglan.analysis.query import Document, Matcher, Query, QueryError, parse
from tinglan.analysis.tests.query_reference import Reference

ID = "Q11"
GOAL = "monitor queries: written suite (>= 200 cases) and equality with a slow reference, 100 %"
CASES = Path(__file__).with_name("q11_cases.jsonl")
SEED = 11
ROUNDS, QUERIES, DOCUMENTS = 400, 12, 6

Case = Mapping[str, object]

WORDS = [
    "星河",
    "河水",
    "漏",
    "漏水",
    "水壶",
    "ai",
    "k1",
    "15",
    "3.5",
    "😡",
    "c+",
    "“河，漏”",
    "“ai k1”",
]
PIECES = [
    "星河",
    "河水",
    "漏",
    "水壺",
    "AI",
    "Ｋ1",
    "15",
    "3.5",
    "😡",
    "Ｃ+",
    "ß",
    "在",
    "x",
    "a.cn/b",
]
JOINTS = [
    "",
    "",
    "",
    " ",
    "★",
    "，",
    "。",
    "!",
    "\n",
    "\u200b",
    "(",
    " 😡 ",
    ".",
    " http://t.cn/A6 ",
]
FIELDS = ["", "", "", "title:", "text:", "author:"]
CLOSE = ["NEAR/0", "NEAR/2", "NEAR/5", "ONEAR/0", "ONEAR/3", "SAME"]
DEPTH = 4


def run() -> Mapping[str, object]:
    with CASES.open(encoding="utf-8") as lines:
        cases: list[Case] = [json.loads(line) for line in lines]
    wrong = [case for case in cases if not _is_right(case)]
    compared, unequal = _compared(Random(SEED))
    return {
        "cases": len(cases),
        "cases_right": round(1 - len(wrong) / len(cases), 4),
        "by_subject": dict(Counter(str(case["about"]) for case in cases)),
        "wrong": [case["id"] for case in wrong],
        "random_pairs": compared,
        "random_equal": round(1 - len(unequal) / compared, 6),
        "unequal": unequal[:5],
    }


def _is_right(case: Case) -> bool:
    try:
        query = parse(str(case["query"]))
    except QueryError as error:
        return error.code == case.get("error") and case["at"] in {None, error.position}
    if "error" in case:
        return False
    found = Matcher({0: query}).match([_document(case)])[0]
    places = [_piece(case, span.field, span.start, span.end) for span in found.get(0, ())]
    return (0 in found) is case["match"] and places == case.get("spans", places)


def _document(case: Case) -> Document:
    named = {name: str(case.get(name, "")) for name in ("title", "author", "platform", "site")}
    return Document(text=str(case["text"]), **named)


def _piece(case: Case, field: str, start: int, end: int) -> str:
    return str(case[field])[start:end]


def _compared(random: Random) -> tuple[int, list[str]]:
    """How many pairs of a query and a post were compared, and the queries of those unlike."""
    compared, unequal = 0, []
    for _ in range(ROUNDS):
        queries = dict(enumerate(_queries(random)))
        documents = [_post(random) for _ in range(DOCUMENTS)]
        found = Matcher(queries).match(documents)
        for document, keys in zip(documents, found, strict=True):
            reference = Reference(document)
            for number, query in queries.items():
                compared += 1
                spots = {(span.field.value, span.start, span.end) for span in keys.get(number, ())}
                expected = reference.matches(query.root)
                same = (number in keys) is expected
                if not same or (expected and spots != reference.spans(query.root)):
                    unequal.append(query.source)
    return compared, unequal


def _queries(random: Random) -> Iterator[Query]:
    found = 0
    while found < QUERIES:
        try:
            query = parse(_source(random, DEPTH))
        except QueryError:
            continue
        found += 1
        yield query


def _source(random: Random, depth: int) -> str:
    if depth == 0 or random.random() < 0.2:
        return random.choice(FIELDS) + random.choice(WORDS)
    left, right = _source(random, depth - 1), _source(random, depth - 1)
    match random.randrange(6):
        case 0 | 1:
            return f"({left} OR {right})"
        case 2:
            return f"({left} {right})"
        case 3:
            return f"({left} -{right})"
        case 4:
            return f"(NOT {left})"
    return f"({left} {random.choice(CLOSE)} {right})"


def _post(random: Random) -> Document:
    return Document(_text(random), _text(random), random.choice(["", "星河"]))


def _text(random: Random) -> str:
    pieces = random.choices(PIECES, k=random.randrange(9))
    return "".join(piece + random.choice(JOINTS) for piece in pieces)
