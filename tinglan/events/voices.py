"""Who spreads an event: accounts by reach, kinds of media, platforms, regions; how many hands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Max, QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tinglan.analysis.levels import V1
from tinglan.analysis.measures import effective_count
from tinglan.events.members import members_of
from tinglan.events.models import Event, Membership
from tinglan.events.signals import SPEAKER, TIER
from tinglan.sources.models import Author

N_ACCOUNTS, N_ROWS = 8, 6
TIERS: dict[str, Promise] = {
    "central": gettext_lazy("Central media"),
    "portal": gettext_lazy("Provincial, portals"),
    "industry": gettext_lazy("City and trade"),
    "kol_1m": gettext_lazy("Reach over 1,000,000"),
    "kol_100k": gettext_lazy("Reach over 100,000"),
    "other": gettext_lazy("Everybody else"),
}
PUBLIC = {Author.Verified.ORG, Author.Verified.MEDIA, Author.Verified.GOV}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account in this event; a private person's name is masked where it is shown."""

    name: str
    platform: str
    followers: int | None
    verified: str
    is_public: bool
    n_posts: int


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the posts."""

    name: str
    n: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    accounts: Sequence[Account]
    tiers: Sequence[Row]
    platforms: Sequence[Row]
    regions: Sequence[Row]
    n_speakers: int
    effective: float
    is_concentrated: bool
    copied_share: float | None


def voices_of(event: Event) -> Voices:
    members = members_of(event)
    speakers = [row["n"] for row in members.values(speaker=SPEAKER).annotate(n=Count("id"))]
    n_posts, effective = sum(speakers), effective_count(speakers)
    tiers = _grouped(members, TIER)
    return Voices(
        accounts=_accounts(members),
        tiers=[
            Row(str(TIERS[code]), tiers[code], tiers[code] / n_posts)
            for code in TIERS
            if tiers.get(code)
        ],
        platforms=_rows(_grouped(members, F("mention__post__platform")), n_posts),
        regions=_rows(_grouped(members, F("mention__post__region")), n_posts),
        n_speakers=len(speakers),
        effective=effective,
        is_concentrated=n_posts >= V1.few_posts and effective < V1.concentrated_below * n_posts,
        copied_share=event.n_copies / event.n_posts if event.n_posts else None,
    )


def _accounts(members: QuerySet[Membership]) -> list[Account]:
    """The accounts with most reach, then those that wrote most."""
    rows = (
        members.filter(mention__post__author__isnull=False)
        .values("mention__post__author")
        .annotate(n=Count("id"), reach=Max("mention__post__author__followers"))
        .order_by(F("reach").desc(nulls_last=True), "-n", "mention__post__author")[:N_ACCOUNTS]
    )
    counts = {row["mention__post__author"]: row["n"] for row in rows}
    authors = Author.objects.select_related("outlet").in_bulk(list(counts))
    return [_account(authors[pk], n) for pk, n in counts.items()]


def _account(author: Author, n: int) -> Account:
    is_public = author.verified in PUBLIC or author.outlet_id is not None
    return Account(
        name=author.name or _("no name"),
        platform=author.platform,
        followers=author.followers,
        verified=author.get_verified_display() if author.verified and is_public else "",
        is_public=is_public,
        n_posts=n,
    )


def _grouped(members: QuerySet[Membership], key: Combinable) -> dict[str, int]:
    rows = members.values(key=key).annotate(n=Count("id")).order_by()
    return {row["key"]: row["n"] for row in rows if row["key"]}


def _rows(counts: Mapping[str, int], n_posts: int) -> list[Row]:
    """The largest parts and one row for the rest."""
    largest = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    rows = [Row(name, n, n / n_posts) for name, n in largest[:N_ROWS]]
    rest = sum(n for _name, n in largest[N_ROWS:])
    return [*rows, Row(_("others"), rest, rest / n_posts)] if rest else rows
