"""The query language once more, slow and obvious: character by character, every pair tried.

It shares with the product the parser, and what a single character folds to and is; how texts join,
terms stand whole, things are near and groups combine is written here anew.
"""

import re
from collections.abc import Iterator
from itertools import product

from tinglan.analysis.characters import Kind, tables
from tinglan.analysis.query import Document, Field
from tinglan.analysis.query_nodes import And, Closeness, Near, Node, Not, Or, Term

Letter = tuple[str, int]  # a folded character and where in the original it came from
Spot = tuple[str, int, int]  # field, start and end in the original
Group = frozenset[Spot]


def letters(text: str, *, keep_symbols: bool) -> list[Letter]:
    folded = [(char, at) for at, sign in enumerate(text) for char in fold(sign)]
    for start, end in addresses("".join(char for char, _ in folded)):
        folded[start:end] = [(" ", at) for _, at in folded[start:end]]
    while (smaller := drop_one(folded, keep_symbols=keep_symbols)) is not None:
        folded = smaller
    return folded


# A host alone is text; a host with a path is an address. What ends a sentence ends an address.
_SIGNS = r"[a-z0-9\-._~:/?#@$&+=%]"
_ADDRESS = re.compile(
    rf"(?:https?|ftp)://{_SIGNS}+"
    rf"|(?<![a-z0-9])www\.{_SIGNS}+"
    rf"|(?<![a-z0-9.\-@])(?:[a-z0-9\-]+\.)+[a-z]{{2,}}/{_SIGNS}+"
)


def addresses(folded: str) -> Iterator[tuple[int, int]]:
    for found in _ADDRESS.finditer(folded):
        yield found.start(), found.start() + len(found.group().rstrip("#.:?"))


def fold(sign: str) -> str:
    built = tables()
    if ord(sign) in built.expansions:
        return built.expansions[ord(sign)]
    return "" if built.kinds[ord(sign)] == Kind.GONE else chr(built.codes[ord(sign)])


def kind(folded: list[Letter], at: int) -> Kind:
    return Kind(tables().kinds[ord(folded[at][0])]) if 0 <= at < len(folded) else Kind.BREAK


def drop_one(folded: list[Letter], *, keep_symbols: bool) -> list[Letter] | None:
    for first, last in gaps(folded, {Kind.BLANK, Kind.SYMBOL}):
        if not keep_symbols and kind(folded, first - 1) == kind(folded, last) == Kind.HAN:
            return folded[:first] + folded[last:]
    for first, last in gaps(folded, {Kind.BLANK}):
        if {kind(folded, first - 1), kind(folded, last)} & {Kind.HAN, Kind.BREAK}:
            return folded[:first] + folded[last:]
        if last - first > 1:
            return folded[:first] + folded[last - 1 :]
    for first, last in gaps(folded, {Kind.BREAK}):
        if last - first > 1:
            return folded[: first + 1] + folded[last:]
    return None


def gaps(folded: list[Letter], kinds: set[Kind]) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(folded):
        last = at
        while last < len(folded) and kind(folded, last) in kinds:
            last += 1
        if last > at:
            yield at, last
        at = last + 1


def spots(term: Term, field: str, text: str) -> set[Spot]:
    folded = letters(text, keep_symbols=term.has_symbol)
    joined = "".join(char for char, _ in folded)
    found: set[Spot] = set()
    for start in range(len(joined) - len(term.text) + 1):
        end = start + len(term.text)
        if joined[start:end] == term.text and stands_whole(folded, joined, start, end):
            found.add((field, folded[start][1], folded[end - 1][1] + 1))
    return found


def stands_whole(folded: list[Letter], joined: str, start: int, end: int) -> bool:
    numbers = [
        found.span()
        for found in re.finditer(r"[0-9.]+", joined)
        if re.fullmatch(r"[0-9]+\.[0-9]+", found[0])
    ]
    for inside, outside in ((start, start - 1), (end - 1, end)):
        if kind(folded, inside) is not Kind.WORD:
            continue
        if kind(folded, outside) is Kind.WORD:
            return False
        if any(first <= inside < last and first <= outside < last for first, last in numbers):
            return False
    return True


class Reference:
    """One document; `matches` and `spans` of any node."""

    def __init__(self, document: Document) -> None:
        self.texts = {
            "title": document.title,
            "text": document.text,
            "author": document.author,
            "platform": document.platform,
        }

    def groups(self, node: Node) -> set[Group]:
        """Each way in which a node is satisfied, as the spots it uses."""
        match node:
            case Term():
                fields = [field.value for field in node.field.sought_in if field != Field.SITE]
                found = {spot for name in fields for spot in spots(node, name, self.texts[name])}
                return {frozenset([spot]) for spot in found}
            case Not():
                return set()
            case Or(parts):
                return {group for part in parts for group in self.groups(part)}
            case And(parts):
                if not all(self.matches(part) for part in parts):
                    return set()
                return {group for part in parts for group in self.groups(part)}
            case Near():
                return self.near(node, node.left, node.right)

    def matches(self, node: Node) -> bool:
        match node:
            case Not(part):
                return not self.matches(part)
            case And(parts):
                return all(self.matches(part) for part in parts)
            case Or(parts):
                return any(self.matches(part) for part in parts)
        return bool(self.groups(node))

    def spans(self, node: Node) -> set[Spot]:
        return {spot for group in self.groups(node) for spot in group}

    def near(self, node: Near, left: Node, right: Node) -> set[Group]:
        if isinstance(left, Or):
            return {one for part in left.parts for one in self.near(node, part, right)}
        if isinstance(right, Or):
            return {one for part in right.parts for one in self.near(node, left, part)}
        if isinstance(left, And):
            return self.all_of([self.near(node, part, right) for part in left.parts])
        if isinstance(right, And):
            return self.all_of([self.near(node, left, part) for part in right.parts])
        pairs = product(self.groups(left), self.groups(right))
        return {one | other for one, other in pairs if self.is_near(node, one, other)}

    def all_of(self, each: list[set[Group]]) -> set[Group]:
        return {group for groups in each for group in groups} if all(each) else set()

    def is_near(self, node: Near, one: Group, other: Group) -> bool:
        if len({field for field, _, _ in one | other}) > 1:
            return False
        if node.how is Closeness.SAME:
            return len({self.sentence(spot) for spot in one | other}) == 1
        if any(a[1] < b[2] and b[1] < a[2] for a in one for b in other):
            return False
        before, after = one, other
        if min(spot[1] for spot in other) < min(spot[1] for spot in one):
            before, after = other, one
        if node.how is Closeness.ONEAR and before is not one:
            return False
        end, start = max(spot[2] for spot in before), min(spot[1] for spot in after)
        if end > start:  # one stands inside the other's stretch
            return node.how is Closeness.NEAR
        return self.between(next(iter(one))[0], end, start) <= node.distance

    def between(self, field: str, end: int, start: int) -> int:
        joined = letters(self.texts[field], keep_symbols=False)
        return sum(end <= at < start for _, at in joined)

    def sentence(self, spot: Spot) -> int:
        joined = letters(self.texts[spot[0]], keep_symbols=False)
        return sum(char in "。!?;\n" and at < spot[1] for char, at in joined)
