"""The components of the pages, `{% load tinglan %}`; docs/pages.md says what each is for."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tinglan.accounts.models import Member
from tinglan.analysis import privacy
from tinglan.audit.models import AuditEntry
from tinglan.clocks.models import Clock
from tinglan.events.models import Event, Level, TimelineEntry
from tinglan.lib import spans
from tinglan.monitors.models import Aspect, Intent, Polarity
from tinglan.pages import numbers, sentences
from tinglan.sources.causes import cause_of
from tinglan.sources.forms import KIND_LABELS
from tinglan.sources.models import Source
from tinglan.sources.platforms import platform_name

register = template.Library()
register.filter("platform", platform_name)

Span = tuple[str, int, int, str]  # field, start, end, term

HEALTH_ICONS = {
    Source.Health.OK: "circle-check",
    Source.Health.NEW: "circle-dot",
    Source.Health.FAILING: "alert-circle",
    Source.Health.SILENT: "wifi-off",
    Source.Health.LOW: "trending-down",
    Source.Health.PAUSED: "player-pause",
}


@register.filter
def source_kind(kind: str) -> str:
    """How posts come in: feed, file, push, in the words of the form that asks for it."""
    return str(KIND_LABELS.get(kind, kind))


# Icons and states


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """One icon of the sprite; scripts/build_static.py lists the names."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        css,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def level(value: str) -> SafeString:
    """The warning level: its numeral on its colour, its name for those who hear the page."""
    if value not in Level.values:
        return format_html('<span class="level level-none" title="{}">–</span>', _("No level"))
    label = Level(value).label
    return format_html(
        '<span class="level level-{}" title="{}" aria-label="{}">{}</span>',
        value,
        label,
        label,
        value,
    )


@register.simple_tag
def polarity(value: str, confidence: float | None = None, method: str = "") -> SafeString:
    # Two chips stand side by side, so an unknown one says what is unknown.
    label = _("Polarity unknown") if value == Polarity.UNKNOWN else str(Polarity(value).label)
    return _chip(f"polarity-{value}", label, _how(label, confidence, method))


@register.simple_tag
def intent(value: str, confidence: float | None = None, method: str = "") -> SafeString:
    label = _("Intent unknown") if value == Intent.UNKNOWN else str(Intent(value).label)
    return _chip(f"intent-{value}", label, _how(label, confidence, method))


@register.simple_tag
def aspects(values: Iterable[str]) -> SafeString:
    return format_html_join(
        " ",
        '<span class="chip chip-aspect">{}</span>',
        ((Aspect(value).label if value in Aspect.values else value,) for value in values),
    )


@register.simple_tag
def stage(value: str) -> SafeString:
    return _chip(f"stage-{value}", str(Event.Stage(value).label), "")


@register.simple_tag(takes_context=True)
def health(context: Context, source: Source) -> SafeString:
    state = source.health(_now(context))
    return format_html(
        '<span class="health health-{}" title="{}">{} {}</span>',
        state.value,
        cause_of(source.last_error_code, source.last_error),
        icon(HEALTH_ICONS[state]),
        state.label,
    )


@register.simple_tag
def cause(code: str, detail: str) -> SafeString:
    """Why a source failed or a push was refused, and beside it what the connector itself said."""
    said = cause_of(code, detail)
    if said == detail:
        return format_html("{}", detail)
    return format_html('{} <span class="quiet small">{}</span>', said, detail)


def _chip(css: str, label: str, title: str) -> SafeString:
    return format_html('<span class="chip chip-{}" title="{}">{}</span>', css, title, label)


def _how(label: str, confidence: float | None, method: str) -> str:
    share = f"{confidence:.0%}" if confidence else ""
    return " · ".join(part for part in (label, share, method) if part)


# Times


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime | None) -> SafeString | str:
    """How long ago, kept current in the browser; the exact site time as its title."""
    if at is None:
        return "–"
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        at.isoformat(),
        moment(at),
        numbers.ago(_now(context) - at),
    )


@register.simple_tag
def moment(at: datetime | None) -> str:
    """Exact site time."""
    if at is None:
        return "–"
    return date_format(timezone.localtime(at), "Y-m-d H:i")


@register.filter
def span(value: timedelta | None) -> str:
    """A length of time: 1 hr 35 min."""
    return spans.span(value)


@register.inclusion_tag("pages/_clock.html", takes_context=True)
def clock_bar(context: Context, clock: Clock, url: str = "") -> dict[str, Any]:
    """A due time: how much of it is used, how long is left, met or overdue."""
    now = _now(context)
    share = clock.share_used(now)
    return {
        "clock": clock,
        "url": url,
        "state": _clock_state(clock, now, share),
        "percent": round(min(share, 1.0) * 100),
        "left": numbers.countdown(clock.due_at - now),
        "taken": (clock.met_at or clock.stopped_at or now) - clock.started_at,
    }


def _clock_state(clock: Clock, now: datetime, share: float) -> str:
    if clock.met_at:
        return "late" if clock.met_at > clock.due_at else "met"
    if clock.stopped_at:
        return "stopped"
    if clock.is_overdue(now):
        return "overdue"
    return "soon" if share >= 0.8 else "running"


# Numbers, texts, people


@register.filter
def count(value: float | None) -> str:
    return numbers.count(value)


@register.filter
def percent(share: float | None) -> str:
    """A share of 1 in percent; unknown is a dash."""
    return numbers.percent(share)


@register.simple_tag
def bar(share: float | None, tone: str = "accent") -> SafeString:
    """A share of 1 as a bar; the number itself stands beside it in the page."""
    return format_html(
        '<svg class="bar tone-{}" aria-hidden="true"><rect width="{}%" height="100%"/></svg>',
        tone,
        round(max(0.0, min(share or 0.0, 1.0)) * 100, 1),
    )


@register.filter
def masked(text: str) -> str:
    """Personal data in a text made unreadable: so it is shown by default (X2)."""
    return privacy.mask(text)


@register.filter
def masked_name(name: str) -> str:
    """A private person's name or nickname, made unreadable but for its ends."""
    return privacy.mask_name(name)


@register.simple_tag
def highlighted(text: str, spans: Iterable[Span], field: str = "text") -> SafeString:
    """Masked text with matched words marked; spans are as `Match.spans` keeps them."""
    shown = privacy.mask(text)
    pieces: list[SafeString] = []
    done = 0
    for start, end in _marks(text, shown, spans, field=field):
        if start >= done:  # else it overlaps the mark before
            pieces.append(format_html("{}<mark>{}</mark>", shown[done:start], shown[start:end]))
            done = end
    return format_html("{}{}", format_html_join("", "{}", ((p,) for p in pieces)), shown[done:])


def _marks(
    text: str, shown: str, spans: Iterable[Span], *, field: str
) -> Iterator[tuple[int, int]]:
    """Spans as offsets in the masked text, where only an e-mail address changes its length."""
    hidden = privacy.find(text)
    for start, end in sorted((span[1], span[2]) for span in spans if span[0] == field):
        is_hidden = any(start < one.end and one.start < end for one in hidden)
        if is_hidden or end > len(text):
            continue  # personal data, or the text was edited since
        moved = start if len(shown) == len(text) else len(privacy.mask(text[:start]))
        yield moved, moved + end - start


@register.simple_tag
def sentence(entry: TimelineEntry | AuditEntry) -> str:
    """What an entry of a timeline or of the audit trail tells, in one sentence."""
    if isinstance(entry, AuditEntry):
        by = entry.actor.name if entry.actor else ""
        return sentences.audit(entry.verb, entry.data, by=by)
    return sentences.timeline(entry.kind, entry.data, by=entry.by.name if entry.by else "")


@register.simple_tag
def member(who: Member | None) -> SafeString | str:
    """A person's name; colleagues of the demo who act by script are marked."""
    if who is None:
        return pgettext("actor", "Tinglan")
    if not who.is_scripted:
        return who.name
    scripted = _("scripted")
    return format_html(
        '<span>{} <span class="chip chip-quiet">{}</span></span>', who.name, scripted
    )


@register.simple_tag
def names(members: Iterable[Member]) -> SafeString:
    """Several people in one line."""
    return format_html_join(_(", "), "{}", ((member(one),) for one in members))


# Parts of pages


@register.inclusion_tag("pages/_nothing.html")
def nothing(
    icon_name: str, title: str, text: str = "", *, url: str = "", action: str = ""
) -> dict[str, str]:
    """Nothing here: why, and what to do."""
    return {"icon_name": icon_name, "title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("pages/_field.html")
def field(bound: BoundField, *, hide_label: bool = False) -> dict[str, Any]:
    """A form field with its label, hint and errors."""
    several = isinstance(bound.field.widget, CheckboxSelectMultiple | RadioSelect)
    single_check = isinstance(bound.field.widget, CheckboxInput)
    return {
        "field": bound,
        "is_choices": several,
        "is_check": single_check,
        "hide_label": hide_label,
    }


@register.inclusion_tag("pages/_pages.html", takes_context=True)
def pages(context: Context, page: "Page[Any]") -> dict[str, Any]:
    """Links to the other pages of a list; the rest of the query string stays."""
    shown = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return {"page": page, "shown": shown, "request": context["request"]}


def _now(context: Context) -> datetime:
    now = context.get("now") or context["shell"].now
    assert isinstance(now, datetime)
    return now
