"""The review of a case in words: what review.py gathered, in the language that is active."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tinglan.cases.models import Finding, Statement
from tinglan.cases.models.case import Cause, Cluster
from tinglan.clocks.models import Kind
from tinglan.events.models import LevelChange
from tinglan.monitors.models import Polarity
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
from tinglan.reports.words import DASH, between, moment, number, numeric

Data = Mapping[str, Any]

MILESTONES: dict[str, Promise] = {
    "published": gettext_lazy("First post"),
    "detected": gettext_lazy("Detected"),
    "warned": gettext_lazy("First level"),
    "acknowledged": gettext_lazy("Acknowledged"),
    "held": gettext_lazy("First public word"),
    "verified": gettext_lazy("Facts checked"),
    "informed": gettext_lazy("Full statement"),
    "closed": gettext_lazy("Closed"),
}


def sections(edition: Edition) -> list[Section]:
    data = edition.data
    return [
        _outcome(data),
        _milestones(data["milestones"]),
        _course(data),
        _words(data["published"]),
        _facts(data),
        _learnt(data),
    ]


def _outcome(data: Data) -> Section:
    event, closure = data["event"], data["closure"]
    levels = [change["to"] for change in data["levels"] if change["to"]]
    figures = [
        Figure(
            label=_("Posts"),
            number=number(event["n_posts"]),
            note=_("%(n)s of them copies") % {"n": number(event["n_copies"])},
            url=f"/events/{event['id']}#posts",
        ),
        Figure(label=_("Gravest level"), number=_gravest(levels)),
        Figure(label=_("Replies sent"), number=number(data["n_sent"])),
        Figure(label=_("Problems solved"), number=number(data["n_solved"])),
        Figure(label=_("Evidence"), number=number(data["n_evidence"])),
    ]
    blocks: list[Block] = [Figures(figures=figures)]
    if closure:
        facts = [
            (_("Event"), event["title"]),
            (_("Nature"), _nature(event["nature"])),
            (_("Cause"), str(Cause(closure["cause"]).label)),
            (_("Crisis cluster"), str(Cluster(closure["cluster"]).label)),
            (_("Lead"), data["case"]["lead"] or DASH),
            (_("Closed by"), f"{closure['by']} · {moment(closure['at'])}"),
        ]
        rows = [[Cell(text=name), Cell(text=value)] for name, value in facts]
        blocks.append(Table(columns=["", ""], rows=rows))
        reason = [_("Closed with tasks open: %(why)s") % {"why": closure["reason"]}]
        blocks.append(
            Prose(paragraphs=[closure["summary"], *(reason if closure["reason"] else [])])
        )
    return Section(title=_("Outcome"), blocks=blocks)


def _gravest(levels: list[str]) -> str:
    order = ("I", "II", "III", "IV")
    return next((level for level in order if level in levels), DASH)


def _nature(nature: Mapping[str, str] | None) -> str:
    if nature is None:
        return DASH
    is_chinese = (get_language() or "").startswith("zh")
    return nature["zh"] if is_chinese or not nature["en"] else nature["en"]


def _bars(course: Data) -> Bars:
    return Bars(
        labels=course["labels"],
        series=[
            Series(
                name=str(Polarity(polarity).label), tone=polarity, values=course["posts"][polarity]
            )
            for polarity in course["posts"]
        ],
    )


def _milestones(milestones: Mapping[str, str | None]) -> Section:
    """Each moment with its time since the first level: what comes before it was detection."""
    warned = milestones.get("warned")
    rows = []
    for code, name in MILESTONES.items():
        at = milestones.get(code)
        is_before = bool(at and warned and at < warned)
        since = between(warned, at) if code != "warned" else DASH
        rows.append(
            [
                Cell(text=str(name)),
                Cell(text=moment(at)),
                Cell(text=f"− {since}" if is_before else since),
            ]
        )
    return Section(
        title=_("How long each part took"),
        note=_("counted from the first level"),
        blocks=[Table(columns=[_("Milestone"), _("At"), _("After")], rows=rows)],
    )


def _course(data: Data) -> Section:
    levels = [
        [
            Cell(text=moment(one["at"])),
            Cell(text=one["from"] or DASH, level=one["from"]),
            Cell(text=one["to"] or DASH, level=one["to"]),
            numeric(one["score"]),
            Cell(text=one["by"] or str(LevelChange.Reason(one["reason"]).label)),
        ]
        for one in data["levels"]
    ]
    clocks = [
        [
            Cell(text=str(Kind(one["kind"]).label)),
            Cell(text=one["level"] or DASH, level=one["level"]),
            Cell(text=moment(one["due_at"])),
            _met(one),
            Cell(text=between(one["started_at"], one["met_at"])),
        ]
        for one in data["clocks"]
    ]
    return Section(
        title=_("Course"),
        note=_("posts by polarity, levels, clocks"),
        blocks=[
            _bars(data["course"]),
            Table(
                columns=[_("At"), _("From"), _("To"), _("Score"), _("By")],
                rows=levels,
                empty=_("The event never had a level."),
            ),
            Table(
                columns=[_("Clock"), _("Level"), _("Due"), _("Met"), _("Taken")],
                rows=clocks,
                empty=_("No clock ran."),
            ),
        ],
    )


def _met(clock: Data) -> Cell:
    if clock["met_at"]:
        return Cell(text=moment(clock["met_at"]), is_bad=clock["met_at"] > clock["due_at"])
    if clock["stopped_at"] and clock["stopped_at"] <= clock["due_at"]:
        return Cell(text=_("no longer needed"))
    return Cell(text=_("not met"), is_bad=True)


def _words(published: list[Data]) -> Section:
    rows = [
        [
            Cell(text=moment(one["at"])),
            Cell(text=str(Statement.Kind(one["kind"]).label)),
            Cell(text=one["title"]),
            Cell(text=one["account"]),
        ]
        for one in published
    ]
    columns = [_("At"), _("Kind"), _("Title"), _("Account")]
    table = Table(columns=columns, rows=rows, empty=_("Nothing was published."))
    return Section(title=_("What was said in public"), blocks=[table])


def _facts(data: Data) -> Section:
    rows = [
        [Cell(text=one["claim"]), Cell(text=str(Finding.Status(one["status"]).label))]
        for one in data["findings"]
    ]
    table = Table(columns=[_("Claim"), _("Checked")], rows=rows, empty=_("No claims were noted."))
    return Section(title=_("What was found out"), blocks=[table])


def _learnt(data: Data) -> Section:
    actions = [
        [
            Cell(text=one["title"]),
            Cell(text=one["owner"]),
            Cell(text=moment(one["due_at"])),
            Cell(text=_("done") if one["is_done"] else _("open"), is_bad=one["is_overdue"]),
        ]
        for one in data["actions"]
    ]
    said = [(_("What went well"), data["went_well"]), (_("What is learnt"), data["lessons"])]
    if data["plan_changes"]:
        said.append((_("Changes of the plan"), data["plan_changes"]))
    prose = [Prose(paragraphs=[f"{title}{_(': ')}{text}"]) for title, text in said]
    columns = [_("Corrective action"), _("Owner"), _("Due"), _("State")]
    table = Table(columns=columns, rows=actions, empty=_("No corrective actions."))
    return Section(title=_("Lessons"), note=data["by"], blocks=[*prose, table])
