"""The daily report in words: what daily.py counted, in the language that is active."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tinglan.cases.models import Statement
from tinglan.cases.models.case import Cause
from tinglan.clocks.models import Kind
from tinglan.events.models import Event
from tinglan.monitors.models import Aspect, Intent, Polarity
from tinglan.reports.daily import POLARITIES
from tinglan.reports.document import (
    Bars,
    Block,
    Cell,
    Figure,
    Figures,
    Prose,
    Section,
    Series,
    Table,
)
from tinglan.reports.models import Edition
from tinglan.reports.words import change, mentions, moment, number, numeric, share
from tinglan.sources.models import Source
from tinglan.sources.platforms import platform_name

Data = Mapping[str, Any]


def sections(edition: Edition) -> list[Section]:
    data = edition.data
    return [
        _volume(edition, data["volume"], data["coverage"]),
        _events(data["events"]),
        _complaints(edition, data["complaints"]),
        _clocks(data["clocks"]),
        _responses(data["responses"]),
        coverage(data["coverage"]),
    ]


def _volume(edition: Edition, volume: Data, covered: Data) -> Section:
    before = volume["before"]
    figures = [
        Figure(
            label=_("Mentions"),
            number=number(volume["n"]),
            note=change(volume["n"], before["n"]),
            url=_mentions(edition),
        ),
        *(
            Figure(
                label=str(polarity.label),
                number=share(volume[polarity.value], volume["n"]),
                note=_("%(n)s of them") % {"n": number(volume[polarity.value])}
                + " · "
                + change(volume[polarity.value], before[polarity.value]),
                url=_mentions(edition, polarity=polarity.value),
            )
            for polarity in (Polarity.NEGATIVE, Polarity.POSITIVE)
        ),
        Figure(
            label=str(Intent.COMPLAINT.label),
            number=number(volume["n_complaints"]),
            note=change(volume["n_complaints"], before["n_complaints"]),
            url=_mentions(edition, intent=Intent.COMPLAINT.value),
        ),
        Figure(
            label=_("Copies"),
            number=number(volume["n_copies"]),
            note=_("reposts and copies among the mentions"),
        ),
    ]
    warning = _blind(covered)
    blocks: list[Block] = [Figures(figures=figures), _bars(volume["hours"])]
    return Section(
        title=_("Volume and polarity"),
        note=_("against the same hours a day earlier"),
        blocks=[warning, *blocks] if warning else blocks,
    )


def _bars(hours: list[Data]) -> Bars:
    times = [timezone.localtime(datetime.fromisoformat(hour["at"])) for hour in hours]
    return Bars(
        labels=[at.strftime("%H:00") for at in times],
        series=[
            Series(
                name=str(polarity.label),
                tone=polarity.value,
                values=[hour[polarity.value] for hour in hours],
            )
            for polarity in POLARITIES
        ],
    )


def _events(events: list[Data]) -> Section:
    rows = [
        [
            Cell(text=event["level"] or "–", level=event["level"]),
            Cell(text=event["title"], url=f"/events/{event['id']}"),
            Cell(text=event["brand"]),
            numeric(event["score"]),
            numeric(event["n_posts"], url=f"/events/{event['id']}#posts"),
            numeric(event["n_new"]),
            Cell(text=str(Event.Stage(event["stage"]).label)),
            Cell(text=_changes(event["changes"])),
            Cell(
                text=event["case"] or "–",
                url=f"/cases/{event['case_id']}" if event["case_id"] else "",
            ),
        ]
        for event in events
    ]
    columns = [
        _("Level"),
        _("Event"),
        _("Brand"),
        _("Score"),
        _("Posts"),
        _("New"),
        _("Stage"),
        _("Changes of level"),
        _("Case"),
    ]
    table = Table(columns=columns, rows=rows, empty=_("No event had a level."))
    return Section(title=_("Events"), note=_("as they stood when this was built"), blocks=[table])


def _changes(changes: list[Data]) -> str:
    return "; ".join(
        f"{moment(one['at'])[-5:]} {one['from'] or '–'} → {one['to'] or '–'}" for one in changes
    )


def _complaints(edition: Edition, complaints: list[Data]) -> Section:
    rows = [
        [
            Cell(text=row["product"] or row["brand"]),
            Cell(text=str(Aspect(row["aspect"]).label)),
            numeric(row["n"], url=_complaint_url(edition, row)),
            numeric(row["before"]),
        ]
        for row in complaints
    ]
    columns = [_("Product"), _("Aspect"), _("Complaints"), _("a day earlier")]
    return Section(
        title=_("What people complain of"),
        note=_("product by aspect; a mention may have several"),
        blocks=[Table(columns=columns, rows=rows, empty=_("No complaints."))],
    )


def _complaint_url(edition: Edition, row: Data) -> str:
    return mentions(
        edition.period_start,
        edition.period_end,
        brand=row["brand_id"],
        product=row["product_id"],
        intent=Intent.COMPLAINT.value,
        aspect=row["aspect"],
    )


def _clocks(clocks: Data) -> Section:
    kinds = [
        [
            Cell(text=str(Kind(row["kind"]).label)),
            numeric(row["n_in_time"]),
            numeric(row["n_late"], is_bad=bool(row["n_late"])),
            numeric(row["n_overdue"], is_bad=bool(row["n_overdue"])),
        ]
        for row in clocks["kinds"]
    ]
    missed = [
        [
            Cell(text=str(Kind(row["kind"]).label)),
            Cell(text=row["level"] or "–", level=row["level"]),
            Cell(text=row["title"] or "–", url=row["url"]),
            Cell(text=moment(row["due_at"])),
            Cell(
                text=moment(row["met_at"]) if row["met_at"] else _("not yet"),
                is_bad=not row["met_at"],
            ),
        ]
        for row in clocks["missed"]
    ]
    blocks = [
        Table(
            columns=[_("Clock"), _("Met in time"), _("Met late"), _("Overdue")],
            rows=kinds,
            empty=_("No clock was due."),
        )
    ]
    if missed:
        columns = [_("Missed"), _("Level"), _("About"), _("Due"), _("Met")]
        blocks.append(Table(columns=columns, rows=missed))
    return Section(title=_("Clocks"), note=_("internal targets"), blocks=blocks)


def _responses(responses: Data) -> Section:
    figures = [
        Figure(label=_("Replies sent"), number=number(responses["n_sent"])),
        Figure(label=_("Problems solved"), number=number(responses["n_solved"])),
        Figure(
            label=_("Promises overdue"),
            number=number(responses["n_overdue_promises"]),
        ),
        Figure(label=_("Cases opened"), number=number(len(responses["opened"]))),
        Figure(label=_("Cases closed"), number=number(len(responses["closed"]))),
    ]
    rows = [
        *(_case_row(_("opened"), row, "") for row in responses["opened"]),
        *(
            _case_row(_("closed"), row, str(Cause(row["cause"]).label))
            for row in responses["closed"]
        ),
        *(
            [
                Cell(text=str(Statement.Kind(row["kind"]).label)),
                Cell(text=row["case"], url=f"/cases/{row['case_id']}"),
                Cell(text=row["title"]),
                Cell(text=f"{row['account']} · {moment(row['at'])}"),
            ]
            for row in responses["published"]
        ),
    ]
    blocks: list[Block] = [Figures(figures=figures)]
    if rows:
        blocks.append(Table(columns=["", _("Case"), _("About"), ""], rows=rows))
    return Section(title=_("Responses"), blocks=blocks)


def _case_row(act: str, row: Data, more: str) -> list[Cell]:
    return [
        Cell(text=act),
        Cell(text=row["number"], url=f"/cases/{row['id']}"),
        Cell(text=row["title"]),
        Cell(text=more),
    ]


def coverage(covered: Data) -> Section:
    rows = [
        [
            Cell(text=row["name"], url=f"/sources/{row['id']}"),
            Cell(text=platform_name(row["platform"])),
            numeric(row["n_posts"]),
            numeric(row["n_failed"], is_bad=bool(row["n_failed"])),
            Cell(text=str(Source.Health(row["health"]).label), is_bad=row["is_blind"]),
        ]
        for row in covered["sources"]
    ]
    warning = _blind(covered)
    columns = [_("Source"), _("Platform"), _("Posts"), _("Failed runs"), _("State")]
    table = Table(columns=columns, rows=rows, empty=_("No source is enabled: nothing was heard."))
    return Section(
        title=_("What was listened to"),
        note=_("every figure depends on it"),
        blocks=[*([warning] if warning else []), table],
    )


def _blind(covered: Data) -> Prose | None:
    """Blind spots are said beside the figures that they make smaller."""
    blind = [row["name"] for row in covered["sources"] if row["is_blind"]]
    if covered["sources"] and not blind:
        return None
    if not blind:
        return Prose(
            paragraphs=[_("No source was enabled: the figures mean nothing.")], is_warning=True
        )
    text = _("Blind: %(sources)s. The figures may be too small.") % {"sources": _(", ").join(blind)}
    return Prose(paragraphs=[text], is_warning=True)


def _mentions(edition: Edition, **more: str) -> str:
    return mentions(edition.period_start, edition.period_end, brand=edition.brand_id, **more)
