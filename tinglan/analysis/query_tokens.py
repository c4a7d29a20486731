"""Cut the source of a query into tokens: words, phrases, operators, fields, parentheses.

Full-width parentheses, Chinese quotation marks, full-width letters of an operator and the
full-width colon count as theirs, because that is what an input method types.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

from tinglan.analysis.query_errors import QueryError
from tinglan.analysis.query_nodes import Closeness, Field


class Sign(Enum):
    """What a token is."""

    WORD = auto()
    PHRASE = auto()
    FIELD = auto()
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    CLOSE_TO = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it stands; `text` is without quotation marks and colon."""

    sign: Sign
    text: str
    position: int
    length: int
    field: Field = Field.BODY
    how: Closeness = Closeness.NEAR
    distance: int = 0

    @property
    def end(self) -> int:
        """The position after the token."""
        return self.position + self.length


OPENING, CLOSING = "(（", ")）"
DOUBLE_QUOTES = '"“”＂„‟〝〞'  # people mix them: any one closes any other
CLOSING_QUOTE = {"「": "」", "『": "』", "‘": "’", **dict.fromkeys(DOUBLE_QUOTES, DOUBLE_QUOTES)}
ENDS_WORD = frozenset(OPENING + CLOSING + DOUBLE_QUOTES + "「『")
FIELDS = {field.value: field for field in Field if field is not Field.BODY}
OPERATORS = {"AND": Sign.AND, "OR": Sign.OR, "NOT": Sign.NOT}
MAX_DISTANCE_DIGITS = 6

_DISTANCE = re.compile(r"(O?NEAR)(?:/(.*))?", re.DOTALL)
_FIELD = re.compile(r"([^\W\d]\w*)[:：](?!//)")


def tokens(source: str) -> list[Token]:
    """The tokens of a query, with an END after the last.

    >>> [token.sign.name for token in tokens("星河 AND（漏水 OR “退 款”） -title:广告")]
    ['WORD', 'AND', 'OPEN', 'WORD', 'OR', 'PHRASE', 'CLOSE', 'NOT', 'FIELD', 'WORD', 'END']
    """
    found: list[Token] = []
    at = 0
    while at < len(source):
        if source[at].isspace():
            at += 1
            continue
        token = _token(source, at)
        found.append(token)
        at = token.end
    return [*found, Token(Sign.END, "", len(source), 0)]


def _token(source: str, at: int) -> Token:
    char = source[at]
    if char in OPENING:
        return Token(Sign.OPEN, char, at, 1)
    if char in CLOSING:
        return Token(Sign.CLOSE, char, at, 1)
    if char in CLOSING_QUOTE:
        return _phrase(source, at)
    if unicodedata.normalize("NFKC", char) == "-":
        return Token(Sign.NOT, "-", at, 1)
    return _word(source, at)


def _phrase(source: str, at: int) -> Token:
    closing = CLOSING_QUOTE[source[at]]
    for end in range(at + 1, len(source)):
        if source[end] in closing:
            return Token(Sign.PHRASE, source[at + 1 : end], at, end + 1 - at)
    raise QueryError("unclosed_quote", at, 1)


def _word(source: str, at: int) -> Token:
    end = at
    while end < len(source) and not source[end].isspace() and source[end] not in ENDS_WORD:
        end += 1
    word = source[at:end]
    plain = unicodedata.normalize("NFKC", word)
    if plain in OPERATORS:
        return Token(OPERATORS[plain], plain, at, len(word))
    if plain == Closeness.SAME:
        return Token(Sign.CLOSE_TO, plain, at, len(word), how=Closeness.SAME)
    if near := _DISTANCE.fullmatch(plain):
        return _distance(near, at, len(word))
    if named := _FIELD.match(word):
        return _field(named.group(1), at)
    return Token(Sign.WORD, word, at, len(word))


def _distance(near: re.Match[str], at: int, length: int) -> Token:
    operator, distance = near.group(1), near.group(2) or ""
    if not distance.isdecimal() or len(distance) > MAX_DISTANCE_DIGITS:
        raise QueryError("bad_distance", at, length, operator=operator)
    how = Closeness(operator)
    return Token(Sign.CLOSE_TO, near.group(), at, length, how=how, distance=int(distance))


def _field(name: str, at: int) -> Token:
    field = FIELDS.get(unicodedata.normalize("NFKC", name).lower())
    if field is None:
        raise QueryError("unknown_field", at, len(name), field=name)
    return Token(Sign.FIELD, name, at, len(name) + 1, field=field)
