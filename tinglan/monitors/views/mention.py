"""One mention: what was said, why it counts, how it is labelled, and what a person makes of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.lib import clock
from tinglan.monitors.correct import correct, undo
from tinglan.monitors.models import MARKS, Correction, Mention
from tinglan.monitors.show import show
from tinglan.monitors.stream import address_of, copies_of, is_public, spans_of
from tinglan.sources.models import Post, Reading

SHOWN = 20  # answers and copies
TRUTH = {"yes": True, "no": False}


@require_GET
@permits(Right.SEE)
def mention(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "monitors/mention.html", _context(_mention(pk)))


@require_POST
def showing(request: HttpRequest, pk: int) -> HttpResponse:
    """The page once more, as it was written; who looked is on record."""
    found = _mention(pk)
    show(found, by=member_of(request), now=clock.now())
    return render(request, "monitors/mention.html", {**_context(found), "is_bare": True})


@require_POST
def corrections(request: HttpRequest, pk: int) -> HttpResponse:
    """field=polarity&value=negative; aspects may come several times, or not at all."""
    found = get_object_or_404(Mention, pk=pk)
    field = request.POST.get("field", "")
    new = _asked(field, request.POST.getlist("value"))
    made = correct(found, field, new, by=member_of(request), now=clock.now())  # type: ignore[arg-type]
    return _labels(request, pk, made=made)


def _asked(field: str, values: list[str]) -> str | list[str] | bool:
    """Aspects are a list, a mark is set by yes and removed by no."""
    if field == "aspects":
        return values
    value = "".join(values[:1])
    return TRUTH.get(value, value) if field in MARKS else value


@require_POST
def correction_undo(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(Correction.objects.select_related("mention"), pk=pk)
    undo(made, by=member_of(request), now=clock.now())
    return _labels(request, made.mention_id)


def _labels(request: HttpRequest, pk: int, *, made: Correction | None = None) -> HttpResponse:
    """The chips alone for a page that asked by itself, else the page of the mention."""
    if "HX-Request" not in request.headers:
        return redirect("monitors:mention", pk=pk)
    context = {"mention": Mention.objects.get(pk=pk), "made": made}
    return render(request, "monitors/_labels.html", context)


def _mention(pk: int) -> Mention:
    related = Mention.objects.select_related(
        "post__author", "post__outlet", "brand", "product", "membership__event", "copy_of__post"
    )
    return get_object_or_404(related.prefetch_related("matches__version__monitor"), pk=pk)


def _context(found: Mention) -> dict[str, Any]:
    post, now = found.post, clock.now()
    sightings = post.sightings.select_related("source", "run").order_by("at")
    return {
        "mention": found,
        "post": post,
        "spans": spans_of(found),
        "address": address_of(post),
        "is_public": is_public(post),
        "now": now,
        "n_copies": copies_of([found]).get(found.pk, 0),
        "copies": found.copies.select_related("post").order_by("at")[:SHOWN],
        "above": _above(post, found),
        "below": _below(post, found),
        "others": post.mentions.exclude(pk=found.pk).select_related("brand"),
        "corrections": found.corrections.select_related("by"),
        "revisions": post.revisions.order_by("-id"),
        "sightings": sightings,
        "lag": _lag(post),
        "readings": _chart(list(post.readings.order_by("at"))),
    }


def _above(post: Post, found: Mention) -> list[tuple[Post, Mention | None]]:
    """What it answers or passes on, the root first."""
    ids = dict.fromkeys(i for i in (post.root_id, post.repost_of_id, post.parent_id) if i)
    rows = Post.objects.prefetch_related(_mentions(found)).in_bulk(list(ids))
    return [(rows[pk], _of(rows[pk])) for pk in ids if pk in rows and pk != post.pk]


def _below(post: Post, found: Mention) -> list[tuple[Post, Mention | None]]:
    under = Q(parent=post) | Q(root=post) | Q(repost_of=post)
    """Answers, and reposts with words of their own; pure copies have their own list."""
    rows = Post.objects.filter(under, is_stub=False).exclude(pk=post.pk)
    rows = rows.exclude(mentions__in=Mention.objects.filter(copy_of__isnull=False))
    listed = rows.prefetch_related(_mentions(found)).order_by("effective_at", "pk")[:SHOWN]
    return [(row, _of(row)) for row in listed]


def _mentions(found: Mention) -> "Prefetch[str, Any, str]":
    same_brand = Mention.objects.filter(brand_id=found.brand_id)
    return Prefetch("mentions", queryset=same_brand, to_attr="of_brand")


def _of(post: Post) -> Mention | None:
    mentions: list[Mention] = getattr(post, "of_brand", [])
    return mentions[0] if mentions else None


def _lag(post: Post) -> timedelta | None:
    """How long after its publication it was found; unknown where no time of day is known."""
    is_timed = post.precision in {Post.Precision.SECOND, Post.Precision.MINUTE}
    if post.published_at is None or not is_timed:
        return None
    return max(post.first_seen_at - post.published_at, timedelta(0))


def _chart(readings: Sequence[Reading]) -> dict[str, Any] | None:
    """Counts over time; one reading alone is no curve."""
    if len(readings) < 2:
        return None
    lines = (
        (_("Likes"), "n_likes", "accent"),
        (_("Comments"), "n_comments", "text"),
        (_("Reposts"), "n_reposts", "quiet"),
        (_("Views"), "n_views", "unknown"),
    )
    series = [
        {"name": name, "values": [getattr(one, column) for one in readings], "tone": tone}
        for name, column, tone in lines
    ]
    known = [one for one in series if any(value is not None for value in one["values"])]
    return {"labels": [_stamp(one.at) for one in readings], "series": known}


def _stamp(at: datetime) -> str:
    return timezone.localtime(at).strftime("%m-%d %H:%M")
