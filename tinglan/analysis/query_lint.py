"""Look over a query as a careful colleague would: legal, but is it what was meant?

Findings come in the order of the query. A query with an error has that one finding.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

from tinglan.analysis.query_errors import QueryError
from tinglan.analysis.query_nodes import (
    And,
    Field,
    Near,
    Node,
    Not,
    Or,
    Term,
    extent,
    terms,
)
from tinglan.analysis.query_parse import BEGINS_PART, parse
from tinglan.analysis.query_tokens import Sign, Token, tokens

Level = Literal["error", "warning", "note"]

# code: (level, English text)
FINDINGS: Mapping[str, tuple[Level, str]] = {
    "never_matches": (
        "warning",
        "This never matches: whatever has %(term)s is excluded by %(excluded)s",
    ),
    "never_near": (
        "warning",
        "This never matches: the two sides of %(operator)s are sought in different fields",
    ),
    "too_broad": (
        "warning",
        "%(term)s alone may match far too much: add a term that must occur with it",
    ),
    "whole_platform": (
        "warning",
        "This matches every post of a platform, site or author: add a term",
    ),
    "duplicate_term": ("warning", "%(term)s stands here twice: once is enough"),
    "covered_term": ("note", "%(term)s adds nothing: %(shorter)s already finds it"),
    "ambiguous_word": (
        "note",
        "%(term)s is short and stands in prices, dates and other names: prefer a longer word",
    ),
    "lower_case_operator": (
        "warning",
        "%(term)s is sought as a word: write %(operator)s in capitals for the operator",
    ),
    "wildcard": (
        "warning",
        "There are no wildcards: %(term)s is sought with the sign as it stands",
    ),
    "glued_exclusion": (
        "warning",
        "%(term)s is sought as one word: put a blank before - to exclude",
    ),
    "punctuation": (
        "warning",
        "The punctuation in %(term)s must occur too: separate terms by blanks or OR",
    ),
    "mixed_operators": (
        "note",
        "AND binds tighter than OR: add parentheses to show what belongs together",
    ),
}

SHORT_HAN, SHORT_LATIN = 2, 3  # alone: too broad
AMBIGUOUS_LATIN, AMBIGUOUS_NUMBER = 2, 4  # beside others: worth a note
_OPERATOR_WORDS = re.compile(r"and|or|not|same|o?near(/\d+)?", re.IGNORECASE)
_WILDCARD = re.compile(r"[*?]$|^\*|\w\*\w")
_GLUED = re.compile(r"[\u4e00-\u9fff][-－][\u4e00-\u9fff]")
_PUNCTUATION = re.compile(r"[,，。、；;！!？?]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark: how grave, where, its stable code, and the English text.

    A page translates by the code and fills in `params`, as with a `QueryError`.
    """

    level: Level
    position: int
    length: int
    code: str
    text: str
    params: tuple[tuple[str, str | int], ...] = ()


def lint(source: str) -> list[Finding]:
    """What to tell the author of a query.

    >>> [(finding.level, finding.code) for finding in lint("苹果")]
    [('warning', 'too_broad')]
    >>> lint("星河 (漏水 OR 漏电)")
    []
    >>> [finding.text for finding in lint("星河 AND")]
    ['AND has nothing on its right: write a term after it, or put "AND" in quotation marks to search
    for the word']
    """
    try:
        root = parse(source).root
    except QueryError as error:
        text = f"{error.message}: {error.hint}"
        params = tuple(error.params.items())
        return [Finding("error", error.position, error.length, error.code, text, params)]
    found = [*_of_terms(source, root), *_of_nodes(root), *_too_broad(root), *_mixed(source)]
    return sorted(set(found), key=lambda finding: (finding.position, finding.code))


def _finding(code: str, position: int, length: int, **params: str) -> Finding:
    level, text = FINDINGS[code]
    return Finding(level, position, length, code, text % params, tuple(params.items()))


def _about(code: str, term: Term, **params: str) -> Finding:
    return _finding(code, term.position, term.length, term=term.source, **params)


def _of_terms(source: str, root: Node) -> Iterator[Finding]:
    """Words that look as if something else was meant; what is quoted is meant as it stands."""
    for term in terms(root):
        if source[term.position : term.position + term.length] != term.source:
            continue
        if _OPERATOR_WORDS.fullmatch(term.source):
            yield _about("lower_case_operator", term, operator=term.source.upper())
        if _is_ambiguous(term) and term is not root:
            yield _about("ambiguous_word", term)
        if _WILDCARD.search(term.source):
            yield _about("wildcard", term)
        elif _GLUED.search(term.source):
            yield _about("glued_exclusion", term)
        elif _PUNCTUATION.search(term.source):
            yield _about("punctuation", term)


def _of_nodes(node: Node) -> Iterator[Finding]:
    match node:
        case And(parts):
            yield from _repeated(parts, covers=False)
            yield from _contradictions(parts)
        case Or(parts):
            yield from _repeated(parts, covers=True)
        case Near():
            yield from _never_near(node)
    for part in _children(node):
        yield from _of_nodes(part)


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case And(parts) | Or(parts):
            return parts
        case Near():
            return (node.left, node.right)
        case Not(part):
            return (part,)
        case Term():
            return ()


def _repeated(parts: tuple[Node, ...], *, covers: bool) -> Iterator[Finding]:
    """The same term twice in one group; in an OR also one that a shorter term already finds."""
    same_group = [part for part in parts if isinstance(part, Term)]
    for first, second in combinations(same_group, 2):
        if (first.text, first.field) == (second.text, second.field):
            yield _about("duplicate_term", second)
        elif covers and _finds(first, second):
            yield _about("covered_term", second, shorter=first.source)
        elif covers and _finds(second, first):
            yield _about("covered_term", first, shorter=second.source)


def _finds(shorter: Term, longer: Term) -> bool:
    """Whether each occurrence of the longer term holds one of the shorter."""
    where = set(longer.field.sought_in) <= set(shorter.field.sought_in)
    plain = not shorter.has_symbol and not longer.has_symbol
    return where and plain and shorter.text in longer.text and not shorter.text.isascii()


def _contradictions(parts: tuple[Node, ...]) -> Iterator[Finding]:
    excluded = [part.part for part in parts if isinstance(part, Not)]
    for unwanted in (part for part in excluded if isinstance(part, Term)):
        for term in (part for part in parts if isinstance(part, Term)):
            if (unwanted.text, unwanted.field) == (term.text, term.field) or _finds(unwanted, term):
                yield _about("never_matches", term, excluded=unwanted.source)


def _never_near(node: Near) -> Iterator[Finding]:
    left = {one for term in terms(node.left) for one in term.field.sought_in}
    right = {one for term in terms(node.right) for one in term.field.sought_in}
    if not left & right:
        yield _finding("never_near", *extent(node), operator=node.how.value)


_ENDS_PART = frozenset({Sign.WORD, Sign.PHRASE, Sign.OPEN})  # a group is its parenthesis here


def _mixed(source: str) -> Iterator[Finding]:
    """Groups in which OR and AND, a blank included, stand side by side; the note is at each OR."""
    groups: list[list[Token]] = [[]]
    for token in tokens(source):
        groups[-1].append(token)
        if token.sign is Sign.OPEN:
            groups.append([])
        elif token.sign in {Sign.CLOSE, Sign.END}:
            yield from _mixed_in_one(groups.pop())


def _mixed_in_one(group: list[Token]) -> Iterator[Finding]:
    has_and = any(
        after.sign is Sign.AND or (before.sign in _ENDS_PART and after.sign in BEGINS_PART)
        for before, after in pairwise(group)
    )
    if has_and:
        alternatives = (token for token in group if token.sign is Sign.OR)
        yield from (_finding("mixed_operators", one.position, one.length) for one in alternatives)


def _too_broad(node: Node) -> Iterator[Finding]:
    """Branches that a single short word, or a whole platform, satisfies."""
    match node:
        case Or(parts):
            for part in parts:
                yield from _too_broad(part)
        case And(parts):
            wanted = [part for part in parts if not isinstance(part, Not)]
            if all(isinstance(part, Term) and _names_source(part) for part in wanted):
                yield _finding("whole_platform", *extent(node))
            elif len(wanted) == 1:
                yield from _too_broad(wanted[0])
        case Term() if _names_source(node):
            yield _finding("whole_platform", node.position, node.length)
        case Term() if _is_short(node):
            yield _about("too_broad", node)


def _is_ambiguous(term: Term) -> bool:
    limit = AMBIGUOUS_NUMBER if term.text.isdecimal() else AMBIGUOUS_LATIN
    return term.text.isascii() and term.text.isalnum() and len(term.text) <= limit


def _names_source(term: Term) -> bool:
    return term.field in {Field.AUTHOR, Field.PLATFORM, Field.SITE}


def _is_short(term: Term) -> bool:
    if term.has_symbol:
        return False
    return len(term.text) <= (SHORT_LATIN if term.text.isascii() else SHORT_HAN)
