"""What can be wrong with a query: one error type, and the English text of every code.

The analysis core does not translate. A page looks up `code` among its own translations and fills in
`params`; `MESSAGES` holds the English source with the same placeholders.
"""

from collections.abc import Mapping

# code: (what is wrong, how to mend it)
MESSAGES: Mapping[str, tuple[str, str]] = {
    "empty_query": ("The query is empty", "write at least one term"),
    "unclosed_parenthesis": ("This parenthesis is never closed", "add ) where the group ends"),
    "unopened_parenthesis": ("This parenthesis was never opened", "remove it, or add ( before it"),
    "unclosed_quote": ("This quotation mark is never closed", 'add " where the phrase ends'),
    "empty_group": ("The group is empty", "write a term between the parentheses or remove them"),
    "empty_phrase": (
        "The phrase is empty",
        "write a word between the quotation marks or remove them",
    ),
    "empty_term": (
        "%(term)s holds nothing to search for",
        "write a letter, a digit, a Chinese character or an emoji; web addresses are never matched",
    ),
    "missing_left": (
        "%(operator)s has nothing on its left",
        'write a term before it, or put "%(operator)s" in quotation marks to search for the word',
    ),
    "missing_right": (
        "%(operator)s has nothing on its right",
        'write a term after it, or put "%(operator)s" in quotation marks to search for the word',
    ),
    "bad_distance": (
        "The distance of %(operator)s is no number",
        "write how many characters may stand between, for example %(operator)s/20",
    ),
    "unknown_field": (
        "There is no field %(field)s",
        "use title, text, author, platform or site, or put the words in quotation marks",
    ),
    "empty_field": (
        "The field %(field)s has no value",
        "write the word right after the colon, for example %(field)s:word",
    ),
    "nested_field": (
        "The field %(field)s stands inside another field",
        "use one field for each group",
    ),
    "only_exclusions": (
        "Nothing but exclusions would match almost everything",
        "add a term that must occur, in every branch of OR",
    ),
    "single_character": (
        "The single character %(term)s alone is too broad",
        "use a longer word, or combine it with another term",
    ),
    "negated_near": (
        "A side of %(operator)s cannot be excluded",
        "move the exclusion out: A %(operator)s B NOT C",
    ),
    "too_many_terms": (
        "The query has %(count)s terms; a monitor may have %(limit)s",
        "split it into several monitors",
    ),
    "too_deep": (
        "The groups are nested more than %(limit)s deep",
        "remove parentheses that are not needed",
    ),
}


class QueryError(Exception):
    """A query that cannot be used: what, where (`position` and `length`), and a way out.

    >>> error = QueryError("unknown_field", 0, 3, field="标题")
    >>> error.message, error.hint.split(",")[0]
    ('There is no field 标题', 'use title')
    >>> str(error)
    'There is no field 标题 (character 1): use title, text, author, platform or site, or put the
    words in quotation marks'
    """

    def __init__(self, code: str, position: int, length: int, **params: str | int) -> None:
        wrong, way_out = MESSAGES[code]
        self.code = code
        self.params: Mapping[str, str | int] = params
        self.position = position
        self.length = length
        self.message = wrong % params
        self.hint = way_out % params
        super().__init__(f"{self.message} (character {position + 1}): {self.hint}")
