"""Mentions leave as a CSV file: personal data masked, no cell a formula, each export on record."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.analysis import privacy
from tinglan.audit.record import record
from tinglan.monitors.models import Aspect, Mention

MOST_ROWS = 10_000
FORMULA = (
    *"=+-@",
    *"＝＋－＠",
    "\t",
    "\r",
)  # how a spreadsheet knows a formula, in wide signs as well
LONG_NUMBER = 12  # digits from which a spreadsheet writes a number shorter than it is
BOM = "\ufeff"  # without it spreadsheets read Chinese as something else


@transaction.atomic
def export(mentions: QuerySet[Mention], *, asked: str, by: Member, now: datetime) -> str:
    """The newest mentions as CSV; `asked` is the query they were found by."""
    require(by, Right.SEE)
    related = mentions.select_related("post", "brand", "product").order_by("-at", "-pk")
    rows = list(related[:MOST_ROWS])
    text = _written([_header(), *(_cells(mention) for mention in rows)])
    record("monitors.export", by, by=by, now=now, data={"query": asked, "rows": len(rows)})
    return text


def _written(rows: list[list[str]]) -> str:
    sheet = io.StringIO(BOM)
    sheet.seek(0, io.SEEK_END)
    csv.writer(sheet).writerows([safe(cell) for cell in row] for row in rows)
    return sheet.getvalue()


def safe(cell: str) -> str:
    """Text that stays text in a spreadsheet, without signs that it refuses.

    >>> safe("=HYPERLINK(1)"), safe("7440000000000000123"), safe("漏水")
    ("'=HYPERLINK(1)", "'7440000000000000123", '漏水')
    """
    clean = "".join(sign for sign in cell if sign in "\n\t\r" or sign.isprintable())
    is_long_number = clean.isdecimal() and len(clean) >= LONG_NUMBER
    return f"'{clean}" if clean.startswith(FORMULA) or is_long_number else clean


def _header() -> list[str]:
    return [
        pgettext("post", "Published"),
        _("Brand"),
        _("Product"),
        _("Polarity"),
        _("Intent"),
        _("Aspects"),
        _("Platform"),
        _("Kind"),
        _("Author"),
        _("Title"),
        _("Text"),
        _("Likes"),
        _("Comments"),
        _("Reposts"),
        _("Views"),
        _("Address"),
        _("Id at the source"),
        _("Mention"),
        _("Copy of"),
    ]


def _cells(mention: Mention) -> list[str]:
    post = mention.post
    return [
        timezone.localtime(mention.at).strftime("%Y-%m-%d %H:%M:%S"),
        mention.brand.name,
        mention.product.name if mention.product else "",
        mention.get_polarity_display(),
        mention.get_intent_display(),
        "、".join(_aspects(mention)),
        post.platform,
        post.get_kind_display(),
        privacy.mask_name(post.author_name),
        privacy.mask(post.title),
        privacy.mask(post.text),
        *("" if n is None else str(n) for n in _counts(mention)),
        post.url,
        post.native_id,
        str(mention.pk),
        str(mention.copy_of_id or ""),
    ]


def _aspects(mention: Mention) -> Iterator[str]:
    for value in mention.aspects:
        yield str(Aspect(value).label) if value in Aspect.values else str(value)


def _counts(mention: Mention) -> tuple[int | None, ...]:
    """Unknown is an empty cell and not a nought."""
    post = mention.post
    return post.n_likes, post.n_comments, post.n_reposts, post.n_views
