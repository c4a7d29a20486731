"""An edition as a document in the language that is active."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tinglan.accounts.company import company
from tinglan.reports import daily_document, review_document
from tinglan.reports.document import Document, Section
from tinglan.reports.models import Edition, Kind
from tinglan.reports.words import moment

SECTIONS: dict[str, Callable[[Edition], Sequence[Section]]] = {
    Kind.DAILY: daily_document.sections,
    Kind.REVIEW: review_document.sections,
}


def document_of(edition: Edition) -> Document:
    owner = company()
    return Document(
        title=title_of(edition),
        company=owner.name if owner else "",
        lead=lead_of(edition),
        built=_built(edition),
        language=(get_language() or "en").replace("zh-hans", "zh"),
        sections=SECTIONS[edition.kind](edition),
    )


def title_of(edition: Edition) -> str:
    if edition.kind == Kind.REVIEW:
        return _("Review of case %(number)s") % {"number": edition.data["case"]["number"]}
    day = timezone.localtime(edition.period_start).strftime("%Y-%m-%d")
    about = f" · {edition.brand.name}" if edition.brand else ""
    return _("Daily report %(day)s") % {"day": day} + about


def lead_of(edition: Edition) -> str:
    if edition.kind == Kind.REVIEW:
        event = edition.data["event"]
        return f"{event['brand']} · {event['title']}"
    return f"{_local(edition.period_start)} – {_local(edition.period_end)}"


def _local(at: datetime) -> str:
    return moment(at.isoformat())


def _built(edition: Edition) -> str:
    by = edition.by.name if edition.by else pgettext("actor", "Tinglan")
    return _("Built %(at)s by %(by)s") % {"at": _local(edition.built_at), "by": by}
