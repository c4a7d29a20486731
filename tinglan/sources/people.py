"""Authors and outlets of a batch: who published, and which medium that was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import connection

from tinglan.lib.rows import insert, overwrite
from tinglan.sources.item import Item
from tinglan.sources.models import Author, Outlet, Post
from tinglan.sources.tidy import Tidy

AuthorKey = tuple[str, str]  # platform, native id
LEARNED = ["name", "followers", "verified", "outlet"]


@dataclass(frozen=True, slots=True)
class Outlets:
    """The table of media by domain and by name; a few hundred rows at most."""

    by_domain: Mapping[str, Outlet]
    by_name: Mapping[str, Outlet]

    @classmethod
    def load(cls) -> "Outlets":
        rows = list(Outlet.objects.all())
        return cls({o.domain.lower(): o for o in rows if o.domain}, {o.name: o for o in rows})

    def of_post(self, post: Post, author: Author | None) -> Outlet | None:
        """By the domain of its address, by the name of its channel, by its verified author."""
        by_author = author.outlet if author else None
        return self._at(post.url) or self.by_name.get(post.channel) or by_author

    def of_author(self, author: Author) -> Outlet | None:
        """Anybody may call himself a newspaper: only a verified medium is one."""
        return self.by_name.get(author.name) if author.verified == Author.Verified.MEDIA else None

    def _at(self, url: str) -> Outlet | None:
        """The outlet of the host or of a domain it lies in: news.example.cn is of example.cn."""
        parts = (urlsplit(url).hostname or "").split(".") if url else []
        domains = (".".join(parts[start:]) for start in range(len(parts) - 1))
        return next((self.by_domain[d] for d in domains if d in self.by_domain), None)


def author_key(item: Item) -> AuthorKey | None:
    """None where the source masks everything but a name: such a name is no account."""
    if item.author is None or item.author.native_id is None:
        return None
    return item.platform, item.author.native_id


def authors_of(batch: Sequence[Tidy], outlets: Outlets) -> dict[AuthorKey, Author]:
    """The accounts behind the items, made or updated; what is known is never made unknown."""
    wanted = {key for one in batch if (key := author_key(one.item))}
    found = _stored(wanted)
    changed: dict[AuthorKey, Author] = {}
    for one in batch:
        key = author_key(one.item)
        if key is None:
            continue
        author = found.setdefault(key, Author(platform=key[0], native_id=key[1]))
        if _learn(author, one.item, outlets) or author.pk is None:
            changed[key] = author
    _store(changed)
    return found


def _stored(wanted: Iterable[AuthorKey]) -> dict[AuthorKey, Author]:
    wanted = set(wanted)
    rows = Author.objects.select_related("outlet").filter(
        platform__in={platform for platform, _ in wanted},
        native_id__in={native_id for _, native_id in wanted},
    )
    return {key: row for row in rows if (key := (row.platform, row.native_id)) in wanted}


def _learn(author: Author, item: Item, outlets: Outlets) -> bool:
    told = item.author
    assert told is not None, "only items with an author have a key"
    before = (author.name, author.followers, author.verified, author.outlet_id)
    author.name = told.name or author.name
    author.followers = told.followers if told.followers is not None else author.followers
    author.verified = told.verified if told.verified is not None else author.verified
    author.outlet = author.outlet or outlets.of_author(author)
    return before != (author.name, author.followers, author.verified, author.outlet_id)


def _store(changed: Mapping[AuthorKey, Author]) -> None:
    """In one order everywhere, so that two batches never wait for each other in a circle."""
    ordered = [changed[key] for key in sorted(changed)]
    known = [author for author in ordered if author.pk is not None]
    _make([author for author in ordered if author.pk is None])
    if known:
        locked = Author.objects.select_for_update(no_key=True).filter(pk__in=[a.pk for a in known])
        list(locked.order_by("platform", "native_id").values_list("pk"))
        overwrite(known, LEARNED)


def _make(new: Sequence[Author]) -> None:
    """Two batches often bring the same new account; where both may write at once, both make it."""
    if not connection.features.has_select_for_update:
        insert(new)
        return
    Author.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["platform", "native_id"], update_fields=LEARNED
    )
