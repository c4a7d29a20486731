"""Parse a monitor's query into nodes, or say what is wrong, where, and how to mend it.

Grammar, the weakest binding first; a blank is an AND:

    alternatives = conjunction { OR conjunction }
    conjunction  = closeness { [AND] closeness }
    closeness    = part { (NEAR/n | ONEAR/n | SAME) part }
    part         = (NOT | -) part | [field:] unit
    unit         = word | phrase | ( alternatives )
"""

from collections.abc import Callable

from tinglan.analysis.characters import Kind, fold_word
from tinglan.analysis.query_errors import QueryError
from tinglan.analysis.query_nodes import (
    And,
    Field,
    Near,
    Node,
    Or,
    Query,
    Term,
    bare_host,
    both,
    either,
    extent,
    has_exclusion,
    negate,
    strength,
    terms,
)
from tinglan.analysis.query_tokens import Sign, Token, tokens
from tinglan.analysis.text import fold

MAX_TERMS = 2_000
MAX_DEPTH = 50
BEGINS_PART = frozenset({Sign.WORD, Sign.PHRASE, Sign.FIELD, Sign.OPEN, Sign.NOT})
_WHOLE_FIELDS = frozenset({Field.PLATFORM, Field.SITE})  # "platform:x" is a whole name


def parse(source: str) -> Query:
    """Understand a query, or raise QueryError.

    >>> query = parse("星河 (漏水 OR “退 款”) -广告")
    >>> [term.text for term in terms(query.root)]
    ['星河', '漏水', '退款', '广告']
    >>> parse("星河 OR NOT 广告")
    Traceback (most recent call last):
        ...
    tinglan.analysis.query_errors.QueryError: Nothing but exclusions would match almost everything
    (character 11): add a term that must occur, in every branch of OR
    """
    root = _Parser(source).whole()
    _refuse_too_many(root)
    _refuse_weak(root)
    return Query(source=source, root=root)


def _refuse_too_many(root: Node) -> None:
    found = list(terms(root))
    if len(found) > MAX_TERMS:
        first = found[MAX_TERMS]
        count, limit = len(found), MAX_TERMS
        raise QueryError("too_many_terms", first.position, first.length, count=count, limit=limit)


def _refuse_weak(node: Node) -> None:
    """Refuse a query that could match by exclusions, or by a single character, alone."""
    if strength(node) > 1:
        return
    if isinstance(node, Or):
        _refuse_weak(next(part for part in node.parts if strength(part) <= 1))
    position, length = extent(node)
    if strength(node) == 0:
        raise QueryError("only_exclusions", position, length)
    lone = next(part for part in _inclusions(node) if strength(part) == 1)
    if isinstance(lone, Term):
        raise QueryError("single_character", lone.position, lone.length, term=lone.source)
    _refuse_weak(lone)


def _inclusions(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, And) else (node,)


class _Parser:
    """Recursive descent over the tokens; one method for each line of the grammar."""

    def __init__(self, source: str) -> None:
        self.tokens = tokens(source)
        self.at = 0
        self.depth = 0
        self.field: Field | None = None

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def whole(self) -> Node:
        if self.here.sign is Sign.END:
            raise QueryError("empty_query", 0, 0)
        node = self.alternatives()
        if self.here.sign is Sign.CLOSE:
            raise QueryError("unopened_parenthesis", self.here.position, 1)
        return node

    def alternatives(self) -> Node:
        parts = [self.conjunction()]
        while self.here.sign is Sign.OR:
            self.operator()
            parts.append(self.conjunction())
        return either(parts)

    def conjunction(self) -> Node:
        parts = [self.closeness()]
        while self.here.sign is Sign.AND or self.here.sign in BEGINS_PART:
            if self.here.sign is Sign.AND:
                self.operator()
            parts.append(self.closeness())
        return both(parts)

    def closeness(self) -> Node:
        left = self.part()
        while self.here.sign is Sign.CLOSE_TO:
            token = self.operator()
            right = self.part()
            if has_exclusion(left) or has_exclusion(right):
                name = token.how.value
                raise QueryError("negated_near", token.position, token.length, operator=name)
            left = Near(how=token.how, distance=token.distance, left=left, right=right)
        return left

    def part(self) -> Node:
        self.need_left()
        if self.here.sign is Sign.NOT:
            self.operator()
            return negate(self.deeper(self.part))
        if self.here.sign is Sign.FIELD:
            return self.fielded()
        return self.unit()

    def need_left(self) -> None:
        """Where a term must begin, an operator lacks its left side; so does a parenthesis."""
        if self.here.sign in {Sign.AND, Sign.OR, Sign.CLOSE_TO}:
            token = self.here
            raise QueryError("missing_left", token.position, token.length, operator=token.text)
        if self.here.sign is Sign.CLOSE:
            raise QueryError("unopened_parenthesis", self.here.position, 1)

    def operator(self) -> Token:
        """Take an operator that needs something on its right."""
        token = self.take()
        touching = self.here.position == token.end
        if self.here.sign not in BEGINS_PART or (token.text == "-" and not touching):
            raise QueryError("missing_right", token.position, token.length, operator=token.text)
        return token

    def fielded(self) -> Node:
        token = self.take()
        if self.here.sign is Sign.FIELD or self.field is not None:
            inner = token if self.field is not None else self.here
            raise QueryError("nested_field", inner.position, inner.length, field=inner.text)
        follows = self.here.sign in {Sign.WORD, Sign.PHRASE, Sign.OPEN}
        if not follows or self.here.position != token.end:
            raise QueryError("empty_field", token.position, token.length, field=token.text)
        self.field = token.field
        node = self.unit()
        self.field = None
        return node

    def unit(self) -> Node:
        token = self.take()
        if token.sign is Sign.OPEN:
            return self.group(token)
        if token.sign is Sign.PHRASE and not token.text.strip():
            raise QueryError("empty_phrase", token.position, token.length)
        return term(token, self.field or Field.BODY)

    def group(self, opening: Token) -> Node:
        if self.here.sign is Sign.CLOSE:
            length = self.here.end - opening.position
            raise QueryError("empty_group", opening.position, length)
        if self.here.sign is Sign.END:
            raise QueryError("unclosed_parenthesis", opening.position, 1)
        node = self.deeper(self.alternatives)
        if self.take().sign is not Sign.CLOSE:
            raise QueryError("unclosed_parenthesis", opening.position, 1)
        return node

    def deeper(self, rule: Callable[[], Node]) -> Node:
        """Apply a rule one level down; nesting is bounded, as evaluation is recursive too."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError("too_deep", self.here.position, self.here.length, limit=MAX_DEPTH)
        node = rule()
        self.depth -= 1
        return node


def term(token: Token, field: Field) -> Term:
    """The term of a word or phrase, normalised as texts are; a line break in it is a blank."""
    source = " ".join(token.text.split())
    text, has_symbol = _normalised(bare_host(source) if field is Field.SITE else source)
    if not text:
        raise QueryError("empty_term", token.position, token.length, term=source)
    return Term(
        field=field,
        text=text,
        source=source,
        position=token.position,
        length=token.length,
        has_symbol=has_symbol,
        is_single=field not in _WHOLE_FIELDS and _is_single(text, has_symbol=has_symbol),
    )


def _normalised(source: str) -> tuple[str, bool]:
    """The text to seek and whether a symbol is left in it; "" when there is nothing to seek."""
    if word := fold_word(source):
        return word, False
    folded = fold([source])
    view = folded.view()
    kinds = set(view.kinds.tolist())
    if not kinds & {Kind.HAN, Kind.WORD, Kind.SYMBOL}:
        return "", False
    has_symbol = Kind.SYMBOL in kinds
    return folded.view(keep_symbols=has_symbol).text[:-1], has_symbol


def _is_single(text: str, *, has_symbol: bool) -> bool:
    """Whether it is one letter, digit, Chinese character or ASCII sign; an emoji says enough."""
    return len(text) == 1 and (text.isascii() or not has_symbol)
