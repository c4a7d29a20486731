"""A document as PDF, by typst and the fonts that ship; nothing is fetched.

The document goes in as JSON data that the template lays out, so that no text of a post is ever
taken for markup. The same document and time give the same bytes.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import typst
from django.conf import settings

from tinglan.reports.document import Document
from tinglan.reports.errors import ReportError

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"
FONTS = settings.PACKAGE / "pages" / "static" / "vendor" / "fonts"
NO_PACKAGES = TEMPLATE.parent / "packages"  # does not exist: typst finds none and asks nobody


def pdf(document: Document, *, at: datetime) -> bytes:
    """The bytes of the PDF, as made at a time."""
    if not any(FONTS.glob("*.ttf")):
        raise ReportError("The Chinese fonts are not there: run `make setup`, then build again.")
    try:
        made = typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={
                "document": json.dumps(asdict(document), ensure_ascii=False),
                "site": settings.SITE_URL,
            },
            package_path=NO_PACKAGES,
            package_cache_path=NO_PACKAGES,
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise ReportError(f"The PDF could not be made: {error}") from error
    assert isinstance(made, bytes)
    return made
