"""What an event's members make of it: its counts, its times, its product and its title."""

from django.db.models import Count, Max, Min, Q, QuerySet

from tinglan.analysis.titles import title_of
from tinglan.events.models import Event, Membership

RETITLED_AT = (5, 20, 100)  # posts at which an event may get a better title


def refresh(event: Event) -> None:
    """Count the event anew from its members, and name it better as it grows."""
    members = event.memberships.all()
    before = event.n_posts
    counted = members.aggregate(
        n=Count("id"),
        copies=Count("id", filter=Q(mention__copy_of__isnull=False)),
        fresh=Count("id", filter=Q(mention__is_backfill=False)),
        first=Min("mention__at"),
        last=Max("mention__at"),
    )
    event.n_posts, event.n_copies = counted["n"], counted["copies"]
    event.first_post_at, event.last_post_at = counted["first"], counted["last"]
    event.is_backfill = not counted["fresh"]
    first = members.select_related("mention").order_by("mention__at", "id").first()
    if first is not None:
        event.first_post_id = first.mention.post_id
    if event.product_id is None:
        event.product_id = _commonest_product(event)
    if not before or any(before < at <= event.n_posts for at in RETITLED_AT):
        event.title = _title(event)
    event.save()


def members_of(event: Event) -> QuerySet[Membership]:
    """The members; of a merged event those that came from it."""
    if event.merged_into_id:
        return Membership.objects.filter(origin=event)
    return Membership.objects.filter(event=event)


def _commonest_product(event: Event) -> int | None:
    named = event.memberships.filter(mention__product__isnull=False).values("mention__product")
    row = named.annotate(n=Count("id")).order_by("-n").first()
    return row["mention__product"] if row else None


def _title(event: Event) -> str:
    posts = event.memberships.filter(mention__copy_of__isnull=True).order_by("id")
    rows = posts.values_list("mention__post__title", "mention__post__text")[:100]
    return title_of([title or text for title, text in rows]) or event.brand.name
