"""Why an event has its level, in plain words: factors with their facts, red lines, limits, flags.

Everything is read from the snapshot that the assessment kept, so that it says what was known then
and not what is known now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tinglan.analysis.levels import RANKED, V1
from tinglan.analysis.measures import effective_count
from tinglan.events.models import Event, Level, LevelChange, Nature, Snapshot

FACTORS: dict[str, Promise] = {
    "media": gettext_lazy("Media spread"),
    "strength": gettext_lazy("Interaction"),
    "development": gettext_lazy("Development"),
    "urgency": gettext_lazy("Urgency"),
    "harm": gettext_lazy("Harm"),
    "attitude": gettext_lazy("Attitude"),
}
FLOORS: dict[str, Promise] = {
    "official_notice": gettext_lazy("An authority itself speaks of it"),
    "recall": gettext_lazy("A recall"),
    "central_negative": gettext_lazy("A central medium reports badly of it"),
    "hot_list_negative": gettext_lazy("It stands on a hot list, and people are against it"),
    "casualty_confirmed": gettext_lazy("People came to harm, and it is confirmed"),
}
CAPS: dict[str, Promise] = {
    "mild": gettext_lazy("Few are negative, and nothing grave is alleged"),
    "few_posts": gettext_lazy("Fewer than three posts of their own"),
    "single_author": gettext_lazy("One author only, and no medium of weight"),
}
FLAGS: dict[str, Promise] = {
    "stale_sources": gettext_lazy(
        "More than a fifth of the sources are blind: the figures may be too small, "
        "and the level does not fall meanwhile."
    ),
}
URGENCIES: dict[str, Promise] = {
    "on_hot_list": gettext_lazy("on a hot list"),
    "authority_asked": gettext_lazy("an authority or a central medium asked"),
    "media_enquiry": gettext_lazy("a medium asked"),
    "is_cross_language": gettext_lazy("it crossed into another language"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One factor with its points of the score, where they lie on the ruler, and its facts."""

    code: str
    name: str
    value: float | None
    weight: float
    share: int
    start: int  # points before it
    facts: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A red line that holds the level up, or weak evidence that holds it down."""

    text: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The whole explanation of one snapshot."""

    snapshot: Snapshot
    parts: Sequence[Part]
    floors: Sequence[Limit]
    caps: Sequence[Limit]
    flags: Sequence[str]

    @property
    def score(self) -> int:
        return sum(part.share for part in self.parts)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a level begins on the ruler of the score."""

    level: str
    at: int


MARKS = tuple(Mark(level.roman, V1.bands[level].enter) for level in RANKED)


def why(event: Event) -> Why | None:
    """The explanation of the newest assessment; None before the first."""
    snapshot = event.snapshots.order_by("-id").first()
    if snapshot is None:
        return None
    names = {nature.code: nature.title for nature in Nature.objects.all()}
    return Why(
        snapshot=snapshot,
        parts=_parts(snapshot, names),
        floors=[_floor(bound, names) for bound in snapshot.floors],
        caps=[
            Limit(str(CAPS.get(bound["code"], bound["code"])), bound["level"])
            for bound in snapshot.caps
        ],
        flags=[_flag(code, snapshot.signals) for code in snapshot.flags],
    )


def reason_of(change: LevelChange) -> str:
    """Why a level changed, in a few words."""
    if change.reason == LevelChange.Reason.PERSON:
        return change.note or _("decided by a person")
    if change.reason == LevelChange.Reason.MERGE:
        return _("another event with this level became part of it")
    if change.reason == LevelChange.Reason.FLOOR:
        code = change.note.removeprefix("floor:")
        names = {nature.code: nature.title for nature in Nature.objects.all()}
        return _("a red line: %(line)s") % {"line": _floor({"code": code, "level": ""}, names).text}
    if change.is_rise:
        return _("the score reached %(score)s") % {"score": round(change.score)}
    return _("the score stayed low for long enough")


def _parts(snapshot: Snapshot, names: Mapping[str, str]) -> list[Part]:
    parts: list[Part] = []
    for factor in snapshot.factors:
        code = factor["code"]
        parts.append(
            Part(
                code=code,
                name=str(FACTORS.get(code, code)),
                value=factor["value"],
                weight=factor["weight"],
                share=factor["share"],
                start=sum(part.share for part in parts),
                facts=_facts(code, snapshot.signals, names),
            )
        )
    return parts


def _facts(code: str, signals: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What the value of a factor was read from, of the last 24 hours."""
    telling = {
        "media": _media,
        "strength": _strength,
        "development": _development,
        "urgency": _urgency,
        "attitude": _attitude,
    }
    if code == "harm":
        return _harm(signals, names)
    return telling[code](signals) if code in telling else ""


def _media(signals: Mapping[str, Any]) -> str:
    posts, platforms = _seen(signals, "posts"), signals.get("platforms") or 0
    of_posts = ngettext("%(n)s post", "%(n)s posts", posts or 0) % {"n": posts or 0}
    on = ngettext("on %(n)s platform", "on %(n)s platforms", platforms) % {"n": platforms}
    return _("%(posts)s %(platforms)s") % {"posts": of_posts, "platforms": on}


def _strength(signals: Mapping[str, Any]) -> str:
    names = {
        "reposts": _("reposts"),
        "comments": _("comments"),
        "likes": _("likes"),
        "reads": _("reads"),
    }
    known = [(_seen(signals, key), name) for key, name in names.items()]
    return _(", ").join(f"{n:,} {name}" for n, name in known if n) or _("no counts are known")


def _development(signals: Mapping[str, Any]) -> str:
    n = round(signals.get("last_hour") or 0)
    return ngettext("%(n)s post in the last hour", "%(n)s posts in the last hour", n) % {"n": n}


def _urgency(signals: Mapping[str, Any]) -> str:
    facts = [str(text) for code, text in URGENCIES.items() if signals.get(code)]
    jumped = signals.get("platforms_jumped") or 0
    if jumped >= V1.platforms_jumped_at_least:
        facts.append(_("%(n)s platforms jumped within an hour") % {"n": jumped})
    return _(", ").join(facts) or _("nothing that presses")


def _harm(signals: Mapping[str, Any], names: Mapping[str, str]) -> str:
    seen = [nature for nature in signals.get("natures") or () if nature["n_independent"]]
    seen.sort(key=lambda nature: (-nature["harm"], -nature["n_independent"]))
    told = [
        ngettext("%(nature)s (%(n)s voice)", "%(nature)s (%(n)s voices)", nature["n_independent"])
        % {"nature": names.get(nature["code"], nature["code"]), "n": nature["n_independent"]}
        for nature in seen[:3]
    ]
    return _(", ").join(told) or _("no harm is alleged")


def _attitude(signals: Mapping[str, Any]) -> str:
    negatives, posts = _seen(signals, "negatives"), _seen(signals, "posts")
    if negatives is None or not posts:
        return _("not known")
    return _("%(negatives)s of %(posts)s are negative") % {"negatives": negatives, "posts": posts}


def _seen(signals: Mapping[str, Any], name: str) -> int | None:
    counted = signals.get(name)
    return None if counted is None else round(counted["seen"])


def _floor(bound: Mapping[str, str], names: Mapping[str, str]) -> Limit:
    kind, _colon, nature = bound["code"].partition(":")
    if kind == "nature":
        text = _("%(nature)s is alleged") % {"nature": names.get(nature, nature)}
        return Limit(text, bound["level"])
    return Limit(str(FLOORS.get(kind, kind)), bound["level"])


def _flag(code: str, signals: Mapping[str, Any]) -> str:
    if code != "concentrated_authors":
        return str(FLAGS.get(code, code))
    counts = signals.get("posts_by_author") or ()
    return _(
        "Possibly pushed by few hands: the posts come from as if %(n)s authors wrote them. "
        "This is shown and takes nothing off the score."
    ) % {"n": f"{effective_count(counts):.1f}"}


def level_names() -> list[tuple[str, str]]:
    """Level and its name, the mildest first, for a choice."""
    return [(level.value, str(level.label)) for level in reversed(Level)]
