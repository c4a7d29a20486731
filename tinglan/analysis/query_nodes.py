"""The parts of a parsed query; `negate` moves negation in, to terms and proximities.

`strength` says how much a match is sure to have: 0 nothing but exclusions, 1 a single character, 2
or more a real term. A query whose weakest branch has less than 2 is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """Where a term is sought; BODY is title and text, for a bare term."""

    BODY = "body"
    TITLE = "title"
    TEXT = "text"
    AUTHOR = "author"
    PLATFORM = "platform"
    SITE = "site"

    @property
    def sought_in(self) -> tuple["Field", ...]:
        """The fields of a document that it stands for."""
        return (Field.TITLE, Field.TEXT) if self is Field.BODY else (self,)


class Closeness(StrEnum):
    """How near two things must stand: within n characters, the same in order, in one sentence."""

    NEAR = "NEAR"
    ONEAR = "ONEAR"
    SAME = "SAME"


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase: `source` as written, `text` normalised, `position` in the query.

    One that holds a symbol or emoji is sought before symbols vanish.
    """

    field: Field
    text: str
    source: str
    position: int
    length: int
    has_symbol: bool = False
    is_single: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Two sides close to one another; `distance` is 0 for SAME, where it says nothing."""

    how: Closeness
    distance: int
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    """What must not occur."""

    part: Term | Near


@dataclass(frozen=True, slots=True)
class And:
    """All of them, anywhere in the document."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    parts: tuple["Node", ...]


Node = Term | Near | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood; compare by `source`."""

    source: str
    root: Node


def both(parts: Sequence[Node]) -> Node:
    """The conjunction, groups of the same kind taken in; one part stays itself."""
    flat = tuple(
        inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))
    )
    return flat[0] if len(flat) == 1 else And(flat)


def either(parts: Sequence[Node]) -> Node:
    """The disjunction, groups of the same kind taken in; one part stays itself."""
    flat = tuple(
        inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))
    )
    return flat[0] if len(flat) == 1 else Or(flat)


def negate(node: Node) -> Node:
    """The opposite, by De Morgan; twice negated is the thing itself."""
    match node:
        case Not(part):
            return part
        case And(parts):
            return either([negate(part) for part in parts])
        case Or(parts):
            return both([negate(part) for part in parts])
        case Term() | Near():
            return Not(node)


def terms(node: Node) -> Iterator[Term]:
    """Every term, excluded ones too, in the order of the query."""
    match node:
        case Term():
            yield node
        case Not(part):
            yield from terms(part)
        case Near():
            yield from terms(node.left)
            yield from terms(node.right)
        case And(parts) | Or(parts):
            for inner in parts:
                yield from terms(inner)


def strength(node: Node) -> int:
    """How much a match surely has: 0 only exclusions, 1 one single character, 2 or more enough."""
    match node:
        case Term():
            return 1 if node.is_single else 2
        case Not():
            return 0
        case Near():
            return strength(node.left) + strength(node.right)
        case And(parts):
            return sum(strength(part) for part in parts)
        case Or(parts):
            return min(strength(part) for part in parts)


def has_exclusion(node: Node) -> bool:
    """Whether something in it is excluded."""
    match node:
        case Term():
            return False
        case Not():
            return True
        case Near():
            return has_exclusion(node.left) or has_exclusion(node.right)
        case And(parts) | Or(parts):
            return any(has_exclusion(part) for part in parts)


def extent(node: Node) -> tuple[int, int]:
    """Position and length in the source, from the first term to the last."""
    found = list(terms(node))
    start = min(term.position for term in found)
    return start, max(term.position + term.length for term in found) - start


def bare_host(site: str) -> str:
    """The host in a site as people write it, without scheme, "www." and path.

    >>> bare_host("https://www.Example.com/a/1"), bare_host("新浪网")
    ('Example.com', '新浪网')
    """
    return _BEFORE_HOST.sub("", site.strip(), count=1).split("/", 1)[0]


_BEFORE_HOST = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
