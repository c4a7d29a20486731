"""What is known about events in the last 24 hours, counted by the database for `risk.grade`.

A few grouped queries for all events at once, never a row per post. Near-duplicates count once as
posts and fully as interactions. A new cluster has no usual: its baseline is 0.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from tinglan.analysis.levels import Level as Rank
from tinglan.analysis.risk import Count as Counted
from tinglan.analysis.risk import NatureSeen, Signals
from tinglan.events.models import RANK, Event, Membership, Nature
from tinglan.monitors.models import Polarity
from tinglan.sources.models import Author, Source

WINDOW = timedelta(hours=24)
HOUR = timedelta(hours=1)
STALE_SHARE = 0.2  # of weighted coverage: above it no level falls
JUMP_AT_LEAST = 5  # posts in the last hour for a platform to have jumped
JUMP_TIMES = 3.0  # times its mean hour of the window

# Tier of the outlet, else reach of a verified account; the keys of formula v1's weights.
TIER = Case(
    When(mention__post__outlet__tier=1, then=Value("central")),
    When(mention__post__outlet__tier=2, then=Value("portal")),
    When(mention__post__outlet__tier=3, then=Value("industry")),
    When(mention__post__author__followers__gte=1_000_000, then=Value("kol_1m")),
    When(mention__post__author__followers__gte=100_000, then=Value("kol_100k")),
    default=Value("other"),
    output_field=CharField(),
)
# Who speaks: the account, else the name it gives, else nobody knows, and each counts for itself.
SPEAKER = Coalesce(
    Cast("mention__post__author_id", CharField()),
    Case(
        When(mention__post__author_name="", then=None),
        default=Concat(Value("name "), F("mention__post__author_name")),
        output_field=CharField(),
    ),
    Concat(Value("post "), Cast("mention__post_id", CharField())),
)
IS_ORIGINAL = Q(mention__copy_of__isnull=True)
IS_NEGATIVE = Q(mention__polarity=Polarity.NEGATIVE)


def signals_of(events: Sequence[Event], *, now: datetime) -> dict[int, Signals]:
    """Signals of each event, by its id."""
    recent = Membership.objects.filter(
        event__in=events, mention__at__gt=now - WINDOW, mention__at__lte=now + HOUR
    )
    counts = {row["event"]: row for row in _counts(recent, now)}
    tiers = _tiers(recent)
    speakers = _speakers(recent)
    natures = _natures(recent)
    jumps = _jumps(recent, now)
    official = _official(recent)
    is_stale = coverage_is_stale(now)
    return {
        event.pk: _signals(
            counts.get(event.pk, {}),
            posts_by_tier=tiers[event.pk],
            posts_by_author=tuple(speakers[event.pk]),
            natures=tuple(natures[event.pk]),
            platforms_jumped=jumps[event.pk],
            sources_stale=is_stale,
            **official[event.pk],
        )
        for event in events
    }


def _signals(row: Mapping[str, Any], **others: Any) -> Signals:
    return Signals(
        posts=_counted(row.get("posts", 0)),
        negatives=_counted(row.get("negatives", 0)),
        platforms=row.get("platforms", 0),
        reposts=_maybe(row.get("reposts"), row.get("copies", 0)),
        comments=_maybe(row.get("comments")),
        likes=_maybe(row.get("likes")),
        reads=_maybe(row.get("reads")),
        last_hour=float(row.get("last_hour", 0)),
        **others,
    )


def _counts(recent: QuerySet[Membership], now: datetime) -> Iterable[Mapping[str, Any]]:
    return recent.values("event").annotate(
        posts=Count("id", filter=IS_ORIGINAL),
        negatives=Count("id", filter=IS_ORIGINAL & IS_NEGATIVE),
        copies=Count("id", filter=~IS_ORIGINAL),
        platforms=Count("mention__post__platform", distinct=True),
        last_hour=Count("id", filter=IS_ORIGINAL & Q(mention__at__gt=now - HOUR)),
        reposts=Sum("mention__post__n_reposts"),
        comments=Sum("mention__post__n_comments"),
        likes=Sum("mention__post__n_likes"),
        reads=Sum("mention__post__n_views"),
    )


def _tiers(recent: QuerySet[Membership]) -> dict[int, dict[str, Counted]]:
    found: dict[int, dict[str, Counted]] = defaultdict(dict)
    grouped = recent.filter(IS_ORIGINAL).values("event", tier=TIER).annotate(n=Count("id"))
    for row in grouped:
        found[row["event"]][row["tier"]] = _counted(row["n"])
    return found


def _speakers(recent: QuerySet[Membership]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for row in recent.values("event", speaker=SPEAKER).annotate(n=Count("id")):
        found[row["event"]].append(row["n"])
    return found


def _natures(recent: QuerySet[Membership]) -> dict[int, list[NatureSeen]]:
    """Each nature with the number of independent speakers who allege it in posts of their own."""
    harm = {nature.pk: nature for nature in Nature.objects.all()}
    # By joins alone: with a subquery PostgreSQL, where it had not analysed the growing tables yet,
    # ran 40 s over a few hundred rows.
    grouped = (
        recent.filter(IS_ORIGINAL, allegations__isnull=False)
        .values("event", nature=F("allegations__nature"))
        .annotate(n=Count("mention__post__author_id", distinct=True))
        .annotate(n_nameless=Count("allegations__id", filter=Q(mention__post__author_id=None)))
    )
    found: dict[int, list[NatureSeen]] = defaultdict(list)
    for row in grouped:
        nature = harm[row["nature"]]
        found[row["event"]].append(
            NatureSeen(
                nature.code,
                nature.harm,
                n_independent=row["n"] + row["n_nameless"],
                floor=Rank(RANK[nature.floor]),
            )
        )
    return found


def _jumps(recent: QuerySet[Membership], now: datetime) -> dict[int, int]:
    """How many platforms had a last hour far above their mean hour of the window."""
    jumped: dict[int, int] = defaultdict(int)
    hours = WINDOW / HOUR
    grouped = recent.values("event", "mention__post__platform").annotate(
        n=Count("id"), latest=Count("id", filter=Q(mention__at__gt=now - HOUR))
    )
    for row in grouped:
        mean = (row["n"] - row["latest"]) / (hours - 1)
        if row["latest"] >= JUMP_AT_LEAST and row["latest"] > JUMP_TIMES * mean:
            jumped[row["event"]] += 1
    return jumped


def _official(recent: QuerySet[Membership]) -> dict[int, dict[str, bool]]:
    """What an authority or a central medium itself says; a stranger's word sets no such floor."""
    found: dict[int, dict[str, bool]] = defaultdict(
        lambda: {"official_notice": False, "central_negative": False}
    )
    says_official = Q(mention__post__author__verified=Author.Verified.GOV) & Q(
        allegations__nature__code="official"
    )
    for event in recent.filter(says_official).values_list("event", flat=True).distinct():
        found[event]["official_notice"] = True
    central = recent.filter(IS_NEGATIVE, mention__post__outlet__tier=1)
    for event in central.values_list("event", flat=True).distinct():
        found[event]["central_negative"] = True
    return found


def coverage_is_stale(now: datetime) -> bool:
    """Whether more than a fifth of the weighted coverage is blind."""
    used = [s for s in Source.objects.filter(is_enabled=True) if s.last_run_at is not None]
    whole = sum(source.weight for source in used)
    blind = sum(source.weight for source in used if source.is_blind(now))
    return bool(whole) and blind / whole > STALE_SHARE


def _counted(seen: int) -> Counted:
    return Counted(seen)


def _maybe(seen: int | None, more: int = 0) -> Counted | None:
    """Unknown stays unknown, unless we saw some ourselves."""
    return Counted((seen or 0) + more) if seen is not None or more else None
