"""The posts of an event as people read them: originals with their copies, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tinglan.analysis.keywords import Keyword, keywords
from tinglan.events.members import members_of
from tinglan.events.models import Event, Membership
from tinglan.events.voices import PUBLIC
from tinglan.monitors.models import Mention, Polarity
from tinglan.sources.models import Post

PER_PAGE = 15
SHOWN = 280  # characters of a long text; the mention's page has the whole
N_EARLIEST = 4
N_TEXTS, N_BACKGROUND, N_KEYWORDS = 400, 600, 18
TEXT_LENGTH = 400  # characters of a text that keywords are read from

ORDERS: dict[str, Promise] = {
    "newest": _("Newest"),
    "loudest": _("Most reactions"),
    "earliest": _("Earliest"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One original with what the page says of it."""

    mention: Mention
    text: str
    is_cut: bool
    spans: Sequence[Any]
    author: str
    is_public: bool
    n_copies: int
    reactions: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which posts, in which order, which page."""

    only: str = ""  # a polarity
    order: str = "newest"
    page: str = "1"

    @classmethod
    def of(cls, query: Any) -> "Choice":
        only, order = query.get("polarity", ""), query.get("order", "")
        return cls(
            only=only if only in Polarity.values else "",
            order=order if order in ORDERS else "newest",
            page=query.get("page", "1"),
        )


def posts_of(event: Event, choice: Choice) -> tuple["Page[Mention]", list[Shown]]:
    """A page of the originals, and what is shown of each."""
    chosen = originals(event)
    if choice.only:
        chosen = chosen.filter(polarity=choice.only)
    page = Paginator(_ordered(chosen, choice.order), PER_PAGE).get_page(choice.page)
    return page, shown(list(page.object_list), event=event)


def holding(event: Event, words: str) -> QuerySet[Mention]:
    """Its originals that hold some words, the newest first; without words all of them."""
    found = _ordered(originals(event), "newest")
    if words:
        found = found.filter(Q(post__text__icontains=words) | Q(post__title__icontains=words))
    return found


def earliest(event: Event) -> list[Shown]:
    """The first posts that were there, by their own time."""
    return shown(list(_ordered(originals(event), "earliest")[:N_EARLIEST]), event=event)


def shown(mentions: Sequence[Mention], *, event: Event) -> list[Shown]:
    copies = dict(
        members_of(event)
        .filter(mention__copy_of__in=mentions)
        .values_list("mention__copy_of")
        .annotate(n=Count("id"))
        .order_by()
    )
    return [_shown(mention, copies.get(mention.pk, 0)) for mention in mentions]


def hot_words(event: Event) -> list[Keyword]:
    """What its posts speak of more than other talk about the brand."""
    texts = _texts(originals(event).order_by("-id")[:N_TEXTS])
    others = Mention.objects.originals().filter(brand=event.brand_id)
    others = others.exclude(membership__event=event).order_by("-id")[:N_BACKGROUND]
    return keywords(texts, background=_texts(others), limit=N_KEYWORDS)


def _texts(mentions: QuerySet[Mention]) -> list[str]:
    return [text[:TEXT_LENGTH] for text in mentions.values_list("post__text", flat=True)]


def originals(event: Event) -> QuerySet[Mention]:
    """By a join and not by a list of ids, which SQLite would test for every original it has."""
    key = "membership__origin" if event.merged_into_id else "membership__event"
    return Mention.objects.originals().filter(**{key: event})


def _ordered(mentions: QuerySet[Mention], order: str) -> QuerySet[Mention]:
    found = mentions.select_related("post__author", "post__outlet").prefetch_related("matches")
    found = found.defer("post__media", "post__vendor_labels")
    if order == "loudest":
        return found.annotate(reactions=_REACTIONS).order_by("-reactions", "-at", "-id")
    return found.order_by("at", "id") if order == "earliest" else found.order_by("-at", "-id")


_REACTIONS = (
    Coalesce(F("post__n_reposts"), 0)
    + Coalesce(F("post__n_comments"), 0)
    + Coalesce(F("post__n_likes"), 0)
)


def _shown(mention: Mention, n_copies: int) -> Shown:
    post = mention.post
    spans = [span for match in mention.matches.all() for span in match.spans]
    return Shown(
        mention=mention,
        text=post.text[:SHOWN],
        is_cut=len(post.text) > SHOWN,
        spans=spans,
        author=_author(post),
        is_public=bool(post.outlet or (post.author and post.author.verified in PUBLIC)),
        n_copies=n_copies,
        reactions=_reactions(post),
    )


def _author(post: Post) -> str:
    if post.outlet:
        return post.outlet.name
    return (post.author.name if post.author else "") or post.author_name


def _reactions(post: Post) -> int | None:
    """Reposts, comments and likes that are known; None when nothing is."""
    known = [n for n in (post.n_reposts, post.n_comments, post.n_likes) if n is not None]
    return sum(known) if known else None


def first_member(event: Event) -> Membership | None:
    """The earliest post, whoever collected it when."""
    members = members_of(event).select_related("mention__post")
    return members.order_by("mention__at", "id").first()
