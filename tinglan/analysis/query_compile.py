"""Compile queries for matching: number their terms, and choose what each query is looked up by."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tinglan.analysis.query_conditions import All, AnyTerm, CloseTo, Condition, Either, Without
from tinglan.analysis.query_nodes import And, Field, Near, Node, Not, Or, Query, Term, terms
from tinglan.analysis.sounds import as_heard

# A guess of how often a term of so many characters occurs; only the order of guesses matters.
RARITY_PER_CHARACTER = 0.2


@dataclass(frozen=True, slots=True)
class Patterns:
    """The different strings that are sought in one view, and the terms each is in which field."""

    numbers: dict[str, int] = field(default_factory=dict)
    terms: list[list[tuple[Field, int]]] = field(default_factory=list)

    def add(self, text: str, fields: tuple[Field, ...], number: int) -> None:
        """Have the term `number` found wherever `text` stands in one of the fields."""
        if text not in self.numbers:
            self.numbers[text] = len(self.terms)
            self.terms.append([])
        self.terms[self.numbers[text]].extend((one, number) for one in fields)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All different terms of all queries; those with symbols are sought on a view that has them."""

    plain: Patterns = field(default_factory=Patterns)
    symbols: Patterns = field(default_factory=Patterns)
    numbers: dict[tuple[Field, str], int] = field(default_factory=dict)
    with_symbol: set[int] = field(default_factory=set)
    fields: set[Field] = field(default_factory=set)
    by_sound: bool = False

    def number(self, term: Term) -> int:
        """The number of a term, the same for the same text in the same field."""
        text = as_heard(term.text) if self.by_sound else term.text
        key = (term.field, text)
        if key not in self.numbers:
            number = self.numbers[key] = len(self.numbers)
            patterns = self.symbols if term.has_symbol else self.plain
            patterns.add(text, term.field.sought_in, number)
            self.fields.update(term.field.sought_in)
            if term.has_symbol:
                self.with_symbol.add(number)
        return self.numbers[key]


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled query: no match without one of `required`; `sources` are its terms as written."""

    key: int
    condition: Condition
    required: frozenset[int]
    sources: Mapping[int, str]


def compile_rule(key: int, query: Query, lexicon: Lexicon) -> Rule:
    """Number the terms of a query and find its rarest required part."""
    found = list(terms(query.root))
    return Rule(
        key=key,
        condition=_condition(query.root, lexicon),
        required=frozenset(lexicon.number(term) for term in _required(query.root)),
        sources={lexicon.number(term): term.source for term in reversed(found)},
    )


def _condition(node: Node, lexicon: Lexicon) -> Condition:
    match node:
        case Term():
            return AnyTerm(frozenset([lexicon.number(node)]))
        case Not(part):
            return Without(_condition(part, lexicon))
        case Near(how, distance, left, right):
            return CloseTo(how, distance, _condition(left, lexicon), _condition(right, lexicon))
        case And(parts):
            return All(tuple(_condition(part, lexicon) for part in parts))
        case Or(parts):
            return _either(parts, lexicon)


def _either(parts: tuple[Node, ...], lexicon: Lexicon) -> Condition:
    """Terms of an OR become one set; what is left beside them stays a list."""
    words = frozenset(lexicon.number(part) for part in parts if isinstance(part, Term))
    others = tuple(_condition(part, lexicon) for part in parts if not isinstance(part, Term))
    if not others:
        return AnyTerm(words)
    return Either((AnyTerm(words), *others) if words else others)


def _required(node: Node) -> tuple[Term, ...]:
    """Terms of which every match has at least one; () when the node can match without any."""
    match node:
        case Term():
            return (node,)
        case Not():
            return ()
        case Near():
            return _rarest((_required(node.left), _required(node.right)))
        case And(parts):
            return _rarest(tuple(_required(part) for part in parts))
        case Or(parts):
            each = [_required(part) for part in parts]
            return tuple(term for some in each for term in some) if all(each) else ()


def _rarest(choices: tuple[tuple[Term, ...], ...]) -> tuple[Term, ...]:
    useful = [choice for choice in choices if choice]
    return min(useful, key=_frequency, default=())


def _frequency(some: tuple[Term, ...]) -> float:
    return sum(RARITY_PER_CHARACTER ** len(term.text) for term in some)
