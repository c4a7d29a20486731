"""Boolean queries of monitors: parse, lint, match. What other packages use is named here.

>>> matcher = Matcher({1: parse("星河 (漏水 OR 漏电) -招聘")})
>>> [sorted(found) for found in matcher.match([Document(text="星河热水壶漏电！")])]
[[1]]
"""

from tinglan.analysis.query_batch import Document
from tinglan.analysis.query_errors import MESSAGES, QueryError
from tinglan.analysis.query_lint import Finding, lint
from tinglan.analysis.query_match import Matcher, Span
from tinglan.analysis.query_nodes import Field, Query
from tinglan.analysis.query_parse import MAX_TERMS, parse

__all__ = [
    "MAX_TERMS",
    "MESSAGES",
    "Document",
    "Field",
    "Finding",
    "Matcher",
    "Query",
    "QueryError",
    "Span",
    "lint",
    "parse",
]
