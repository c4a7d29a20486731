"""Mentions become events: each joins the event that tells of the same thing, or opens one.

Hears of mentions in batches. What they say is read before the transaction; where they belong
depends on what is stored, so it is decided inside: the pure grouping decides, this shell loads what
a brand talks of, writes who joined what and why, and has the touched events assessed. The brand's
row is locked, so that two workers never open the same event twice.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from tinglan.analysis import clusters as clustered
from tinglan.analysis.clustering import Config, Grouping, Piece, assign
from tinglan.analysis.clusters import Cluster
from tinglan.events import background, timeline
from tinglan.events.assess import assess
from tinglan.events.members import refresh
from tinglan.events.merge import merge_twins
from tinglan.events.models import Allegation, Event, Membership, Waiting
from tinglan.events.natures import alleged, are_urgent
from tinglan.events.track import name_stages
from tinglan.lib import changes
from tinglan.lib.rows import overwrite
from tinglan.monitors.models import Brand, Intent, Mention

CONFIG = Config(max_waiting=300)
JUDGED = ("polarity", "intent", "intent_confidence", "intent_method", "aspects")  # what counts here

Stored = dict[str, tuple[Cluster, Event | Waiting]]  # by the key of the cluster
Joined = dict[str, list[tuple[int, float, str]]]  # cluster key → (mention, score, reason)


@dataclass(frozen=True, slots=True)
class Said:
    """A mention of the batch and its text."""

    mention: Mention
    text: str


def prepare(mentions: list[Mention], *, now: datetime) -> list[Said]:
    """What the mentions say, those of no event yet, in the order of their times."""
    fresh = Mention.objects.filter(pk__in=[m.pk for m in mentions], membership__isnull=True)
    read = list(fresh.select_related("post").order_by("at", "id"))
    return [Said(mention, f"{mention.post.title}\n{mention.post.text}") for mention in read]


def handle(said: list[Said], *, now: datetime) -> None:
    """Group a batch, brand by brand, and write what it made of the events in a few statements."""
    wanted = {one.mention.brand_id for one in said}
    brands = list(Brand.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    by_brand: dict[int, list[Said]] = defaultdict(list)
    for one in _still_fresh(said):
        by_brand[one.mention.brand_id].append(one)
    brands = [brand for brand in brands if brand.pk in by_brand]
    events: dict[str, Event] = {}
    joined: Joined = {}
    for brand in brands:
        grouping, stored = _group(brand, by_brand[brand.pk])
        joined |= _joined(grouping)
        events |= _write_clusters(brand, grouping, stored, now=now)
    _write_memberships(events, joined, {one.mention.pk: one.mention for one in said}, now=now)
    touched = sorted(events.values(), key=lambda event: event.pk)
    refresh(touched)
    # Before anybody hears of a new event: it may be a known one in other words.
    touched = [
        event
        for brand in brands
        for event in merge_twins(brand, [e for e in touched if e.brand_id == brand.pk], now=now)
    ]
    assess(touched, now=now)
    name_stages(touched, now=now)  # `track` passes over what was assessed just now
    _note(touched)


def _still_fresh(said: Sequence[Said]) -> list[Said]:
    """Those that joined nothing meanwhile, with the labels they have now: people correct them."""
    ids = [one.mention.pk for one in said]
    rows = Mention.objects.filter(pk__in=ids, membership__isnull=True).values("pk", *JUDGED)
    labels = {row["pk"]: row for row in rows}
    fresh = [one for one in said if one.mention.pk in labels]
    for one in fresh:
        for name in JUDGED:
            setattr(one.mention, name, labels[one.mention.pk][name])
    return fresh


def _group(brand: Brand, said: Sequence[Said]) -> tuple[Grouping, Stored]:
    """Assign one brand's mentions to the clusters that are stored, or to new ones."""
    mentions = [one.mention for one in said]
    stored, known = _stored(brand, mentions), background.known_of(brand)
    grouping = assign(
        [cluster for cluster, _ in stored.values()],
        _pieces(said),
        background=known,
        config=CONFIG,
        homes=_homes(brand, mentions),
    )
    background.keep(brand, known)
    return grouping, stored


def _homes(brand: Brand, mentions: Sequence[Mention]) -> dict[str, str]:
    """The events of the originals and the threads of these mentions, however long ago."""
    joined = Membership.objects.filter(mention__brand=brand)
    copied = [mention.copy_of_id for mention in mentions if mention.copy_of_id]
    by_copy = joined.filter(mention__in=copied).values_list("mention__fold_key", "event")
    by_thread = joined.filter(mention__post__in={_thread(mention) for mention in mentions})
    return {f"copy:{fold_key}": str(event) for fold_key, event in by_copy} | {
        f"thread:{post}": str(event)
        for post, event in by_thread.values_list("mention__post", "event")
    }


def _thread(mention: Mention) -> int:
    post = mention.post
    return post.root_id or post.parent_id or post.repost_of_id or post.pk


def _pieces(said: Sequence[Said]) -> list[Piece]:
    """A post with the words of a red line is no chatter, however unsure its labels are."""
    pieces = [piece_of(one.mention, one.text) for one in said]
    urgent = are_urgent([one.text for one in said])
    return [
        replace(piece, intent=Intent.COMPLAINT)
        if is_urgent and piece.intent in {Intent.UNKNOWN, Intent.OTHER}
        else piece
        for piece, is_urgent in zip(pieces, urgent, strict=True)
    ]


def piece_of(mention: Mention, text: str) -> Piece:
    """The mention as the grouping reads it."""
    links = [f"thread:{_thread(mention)}"]
    if mention.fold_key is not None:
        links.insert(0, f"copy:{mention.fold_key}")
    return Piece(
        key=str(mention.pk),
        text=text,
        at=mention.at,
        polarity=mention.polarity,
        intent=mention.intent,
        aspects=tuple(mention.aspects),
        links=tuple(links),
    )


def _stored(brand: Brand, mentions: Sequence[Mention]) -> Stored:
    """The clusters that these mentions may join, with the rows that hold them, by their keys."""
    start, end = mentions[0].at - CONFIG.window, mentions[-1].at + CONFIG.window
    near = Q(last_post_at__gte=start, first_post_at__lte=end)
    found: Stored = {}
    events = Event.objects.open().select_for_update().filter(near, brand=brand)
    for event in events.order_by("pk"):
        if event.cluster:
            found[str(event.pk)] = (replace(_load(event), key=str(event.pk)), event)
    for waiting in _called_back(brand, mentions):
        cluster = replace(_load(waiting), key=f"waiting:{waiting.pk}")
        found[cluster.key] = (cluster, waiting)
    return found


def _called_back(brand: Brand, mentions: Sequence[Mention]) -> list[Waiting]:
    """What waits; a post heard again, edited perhaps, no longer waits where it waited."""
    again = {str(mention.pk) for mention in mentions}
    left: list[Waiting] = []
    for row in Waiting.objects.filter(brand=brand):
        cluster = _load(row)
        keys = tuple(key for key in cluster.waiting if key not in again)
        if len(keys) < len(cluster.waiting):
            n_posts = min(cluster.n_posts, len(keys))
            row.cluster = clustered.dump(replace(cluster, waiting=keys, n_posts=n_posts))
            row.save(update_fields=["cluster"])
        if keys:
            left.append(row)
        else:
            row.delete()
    return left


def _load(row: Event | Waiting) -> Cluster:
    return clustered.load(row.cluster)


def _joined(grouping: Grouping) -> Joined:
    """Who joined which cluster now."""
    joined: Joined = defaultdict(list)
    for one in grouping.assignments:
        if one.cluster is not None:
            joined[one.cluster].append((int(one.post), one.score, one.reason))
    return joined


def _write_clusters(
    brand: Brand, grouping: Grouping, stored: Stored, *, now: datetime
) -> dict[str, Event]:
    """Store what changed; the touched events by cluster key."""
    changed = [one for one in grouping.clusters if one.key in grouping.changed]
    born = [one for one in changed if one.is_event]
    events = {one.key: row for one in born if isinstance(row := _row(stored, one), Event)}
    events |= _open(brand, [one for one in born if one.key not in events], now=now)
    for one in born:
        events[one.key].cluster = clustered.dump(one)
    _keep_waiting(brand, [one for one in changed if not one.is_event], stored)
    waiting = {one.key for one in grouping.clusters if not one.is_event}
    over = [
        row.pk
        for key, (_, row) in stored.items()
        if isinstance(row, Waiting) and key not in waiting
    ]
    Waiting.objects.filter(pk__in=over).delete()
    return events


def _row(stored: Stored, cluster: Cluster) -> Event | Waiting | None:
    return stored[cluster.key][1] if cluster.key in stored else None


def _open(brand: Brand, clusters: Sequence[Cluster], *, now: datetime) -> dict[str, Event]:
    opened = {
        cluster.key: Event(
            brand=brand,
            title=brand.name,  # until its posts are known, in this same transaction
            first_post_at=cluster.opened_at,
            last_post_at=cluster.last_at,
            opened_at=now,
            is_backfill=True,
        )
        for cluster in clusters
    }
    Event.objects.bulk_create(opened.values())
    timeline.add_to_all(opened.values(), "event_opened", at=now)
    return opened


def _keep_waiting(brand: Brand, clusters: Sequence[Cluster], stored: Stored) -> None:
    new: list[Waiting] = []
    known: list[Waiting] = []
    for cluster in clusters:
        row = _row(stored, cluster)
        if isinstance(row, Waiting):
            known.append(row)
        else:
            row = Waiting(brand=brand)
            new.append(row)
        row.cluster, row.last_at = clustered.dump(cluster), cluster.last_at
    Waiting.objects.bulk_create(new)
    overwrite(known, ["cluster", "last_at"])


def _write_memberships(
    events: Mapping[str, Event], joined: Joined, read: Mapping[int, Mention], *, now: datetime
) -> None:
    """Who joined what and why, with the natures they allege; some had waited since long ago."""
    made = [
        Membership(event=events[key], mention_id=mention, score=score, reason=reason, at=now)
        for key, members in joined.items()
        for mention, score, reason in members
    ]
    Membership.objects.bulk_create(made)
    waited = [one.mention_id for one in made if one.mention_id not in read]
    mentions = {**read, **Mention.objects.select_related("post").in_bulk(waited)}
    natures = alleged([mentions[one.mention_id] for one in made])
    Allegation.objects.bulk_create(
        Allegation(membership=one, nature=nature)
        for one, found in zip(made, natures, strict=True)
        for nature in found
    )


def _note(events: Sequence[Event]) -> None:
    changes.note("board", "events", *(f"event:{event.pk}" for event in events))
