"""What to tell the author of a query, in their language: errors and remarks by their codes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tinglan.analysis.query import Finding, QueryError, lint, parse
from tinglan.monitors.compose import composed
from tinglan.monitors.models import Brand, KeywordList

# code: (what is wrong, how to mend it); the English is that of analysis.query.MESSAGES
ERRORS: Mapping[str, tuple[Promise, Promise]] = {
    "empty_query": (_("The query is empty"), _("write at least one term")),
    "unclosed_parenthesis": (
        _("This parenthesis is never closed"),
        _("add ) where the group ends"),
    ),
    "unopened_parenthesis": (
        _("This parenthesis was never opened"),
        _("remove it, or add ( before it"),
    ),
    "unclosed_quote": (
        _("This quotation mark is never closed"),
        _('add " where the phrase ends'),
    ),
    "empty_group": (
        _("The group is empty"),
        _("write a term between the parentheses or remove them"),
    ),
    "empty_phrase": (
        _("The phrase is empty"),
        _("write a word between the quotation marks or remove them"),
    ),
    "empty_term": (
        _("%(term)s holds nothing to search for"),
        _(
            "write a letter, a digit, a Chinese character or an emoji; "
            "web addresses are never matched"
        ),
    ),
    "missing_left": (
        _("%(operator)s has nothing on its left"),
        _(
            'write a term before it, or put "%(operator)s" in quotation marks '
            "to search for the word"
        ),
    ),
    "missing_right": (
        _("%(operator)s has nothing on its right"),
        _('write a term after it, or put "%(operator)s" in quotation marks to search for the word'),
    ),
    "bad_distance": (
        _("The distance of %(operator)s is no number"),
        _("write how many characters may stand between, for example %(operator)s/20"),
    ),
    "unknown_field": (
        _("There is no field %(field)s"),
        _("use title, text, author, platform or site, or put the words in quotation marks"),
    ),
    "empty_field": (
        _("The field %(field)s has no value"),
        _("write the word right after the colon, for example %(field)s:word"),
    ),
    "nested_field": (
        _("The field %(field)s stands inside another field"),
        _("use one field for each group"),
    ),
    "only_exclusions": (
        _("Nothing but exclusions would match almost everything"),
        _("add a term that must occur, in every branch of OR"),
    ),
    "single_character": (
        _("The single character %(term)s alone is too broad"),
        _("use a longer word, or combine it with another term"),
    ),
    "negated_near": (
        _("A side of %(operator)s cannot be excluded"),
        _("move the exclusion out: A %(operator)s B NOT C"),
    ),
    "too_many_terms": (
        _("The query has %(count)s terms; a monitor may have %(limit)s"),
        _("split it into several monitors"),
    ),
    "too_deep": (
        _("The groups are nested more than %(limit)s deep"),
        _("remove parentheses that are not needed"),
    ),
}

REMARKS: Mapping[str, Promise] = {
    "never_matches": _("This never matches: whatever has %(term)s is excluded by %(excluded)s"),
    "never_near": _(
        "This never matches: the two sides of %(operator)s are sought in different fields"
    ),
    "too_broad": _("%(term)s alone may match far too much: add a term that must occur with it"),
    "whole_platform": _("This matches every post of a platform, site or author: add a term"),
    "duplicate_term": _("%(term)s stands here twice: once is enough"),
    "covered_term": _("%(term)s adds nothing: %(shorter)s already finds it"),
    "ambiguous_word": _(
        "%(term)s is short and stands in prices, dates and other names: prefer a longer word"
    ),
    "lower_case_operator": _(
        "%(term)s is sought as a word: write %(operator)s in capitals for the operator"
    ),
    "wildcard": _("There are no wildcards: %(term)s is sought with the sign as it stands"),
    "glued_exclusion": _("%(term)s is sought as one word: put a blank before - to exclude"),
    "punctuation": _("The punctuation in %(term)s must occur too: separate terms by blanks or OR"),
    "mixed_operators": _(
        "AND binds tighter than OR: add parentheses to show what belongs together"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A finding in the reader's language; `position` is None where it is about the whole."""

    level: str  # error, warning, note
    text: str
    position: int | None = None
    length: int = 0

    @property
    def character(self) -> int | None:
        """The place as people count it."""
        return None if self.position is None else self.position + 1


def explained(error: QueryError) -> str:
    wrong, way_out = ERRORS[error.code]
    return _said(str(wrong) % error.params, str(way_out) % error.params)


def remarks(query: str, *, brand: Brand, lists: Collection[KeywordList] = ()) -> list[Remark]:
    """What a careful colleague would say of a query, in its own places.

    The query is looked at on its own first, so that an error points to where it was typed; then
    with the words it is combined with, because a broad word is not broad beside a problem list.
    """
    own = query.strip()
    lead = query.find(own)
    try:
        if own:
            parse(own)
        whole = composed(own, brand=brand, lists=lists)
    except QueryError as error:
        text = explained(error)
        return [_at(error.position + lead, error.length, level="error", text=text)]
    shift = 1 if own and whole != own else 0  # the parenthesis that compose puts before it
    if not own:
        return _of_names(lint(whole))
    found = [_of(finding, lead - shift) for finding in lint(whole)]
    end = lead + len(own)
    return [one for one in found if one.position is None or lead <= one.position < end]


def _of_names(findings: Collection[Finding]) -> list[Remark]:
    """Of a query made of names and lists only: no place in the box to point at."""
    texts = dict.fromkeys((finding.level, _text(finding)) for finding in findings)
    return [Remark(level=level, text=text) for level, text in texts]


def _of(finding: Finding, shift: int) -> Remark:
    if finding.level == "error":  # the query itself was parsed: it is the whole that cannot be
        return Remark(level="error", text=_text(finding))
    return _at(finding.position + shift, finding.length, level=finding.level, text=_text(finding))


def _at(position: int, length: int, *, level: str, text: str) -> Remark:
    return Remark(level=level, text=text, position=position, length=length)


def _text(finding: Finding) -> str:
    params = dict(finding.params)
    if finding.level == "error":
        wrong, way_out = ERRORS[finding.code]
        return _said(str(wrong) % params, str(way_out) % params)
    return str(REMARKS[finding.code]) % params


def _said(wrong: str, way_out: str) -> str:
    return gettext("%(wrong)s: %(way_out)s.") % {"wrong": wrong, "way_out": way_out}
