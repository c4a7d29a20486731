"""What an event's members make of it: its counts, its times, its product and its title."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from tinglan.analysis.titles import title_of
from tinglan.events.models import Event, Membership
from tinglan.lib.rows import overwrite

RETITLED_AT = (5, 20, 100)  # posts at which an event may get a better title
TITLED_BY = 100  # posts at most that a title is made of
REFRESHED = [
    "n_posts",
    "n_copies",
    "first_post",
    "first_post_at",
    "last_post_at",
    "is_backfill",
    "product",
    "title",
    "cluster",
]


def refresh(events: Sequence[Event]) -> None:
    """Count events (locked by the caller) anew from their members; name them better as they grow.

    A few queries however many events there are; each has a member.
    """
    before = {event.pk: event.n_posts for event in events}
    members = Membership.objects.filter(event__in=before)
    _count(events, members)
    products = _commonest_products(
        members.filter(event__in=[event.pk for event in events if event.product_id is None])
    )
    renamed = [event for event in events if _is_to_be_named(before[event.pk], event.n_posts)]
    heads = _heads(members.filter(event__in=[event.pk for event in renamed]))
    for event in events:
        event.product_id = event.product_id or products.get(event.pk)
    for event in renamed:
        event.title = title_of(heads.get(event.pk, ())) or event.brand.name
    overwrite(events, REFRESHED)


def _is_to_be_named(before: int, after: int) -> bool:
    return not before or any(before < at <= after for at in RETITLED_AT)


def _count(events: Sequence[Event], members: QuerySet[Membership]) -> None:
    counted = members.values("event").annotate(
        n=Count("id"),
        copies=Count("id", filter=Q(mention__copy_of__isnull=False)),
        fresh=Count("id", filter=Q(mention__is_backfill=False)),
        first=Min("mention__at"),
        last=Max("mention__at"),
    )
    rows = {row["event"]: row for row in counted}
    firsts = _first_posts(members, {row["first"] for row in rows.values()})
    for event in events:
        row = rows[event.pk]
        event.n_posts, event.n_copies = row["n"], row["copies"]
        event.first_post_at, event.last_post_at = row["first"], row["last"]
        event.first_post_id = firsts[event.pk, row["first"]]
        event.is_backfill = not row["fresh"]


def _first_posts(
    members: QuerySet[Membership], times: Collection[datetime]
) -> dict[tuple[int, datetime], int]:
    """The post of an event at each of these times; of several the one that joined first."""
    then = members.filter(mention__at__in=times).order_by("-id")
    rows = then.values_list("event", "mention__at", "mention__post")
    return {(event, at): post for event, at, post in rows}


def members_of(event: Event) -> QuerySet[Membership]:
    """The members; of a merged event those that came from it."""
    if event.merged_into_id:
        return Membership.objects.filter(origin=event)
    return Membership.objects.filter(event=event)


def _commonest_products(members: QuerySet[Membership]) -> dict[int, int]:
    named = members.filter(mention__product__isnull=False).values("event", "mention__product")
    rows = named.annotate(n=Count("id")).order_by("n")
    return {row["event"]: row["mention__product"] for row in rows}


def _heads(members: QuerySet[Membership]) -> dict[int, list[str]]:
    """Titles, or texts, of the first posts of each event; a title counts copies once."""
    numbered = members.annotate(number=Window(RowNumber(), partition_by=F("event"), order_by="id"))
    rows = numbered.filter(number__lte=TITLED_BY).order_by("id")
    heads: dict[int, list[str]] = {}
    for event, title, text in rows.values_list(
        "event", "mention__post__title", "mention__post__text"
    ):
        heads.setdefault(event, []).append(title or text)
    return heads
