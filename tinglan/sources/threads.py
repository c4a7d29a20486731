"""Who answers or reposts whom: links between posts, with stubs for those never collected."""

from collections.abc import Mapping
from typing import Literal

from tinglan.sources.item import Item
from tinglan.sources.merge import Draft
from tinglan.sources.models import Post

Key = tuple[str, str, str]  # platform, id space, native id
Link = Literal["parent", "root", "repost_of"]
Links = Mapping[Link, tuple[Key, ...]]  # each to the first of these that there is


def key_of(item: Item) -> Key:
    return item.platform, item.id_space, item.native_id


def links_of(item: Item) -> Links:
    """What an item refers to, by identity; a reference to itself is none.

    Roots and reposted posts are content. The parent of a comment is a comment, unless it is the
    root; where no root is told it may be either, and is content until a comment turns up.
    """
    links: dict[Link, tuple[Key, ...]] = {}
    if item.root_id:
        links["root"] = (_content(item, item.root_id),)
    if item.repost_of:
        links["repost_of"] = (_content(item, item.repost_of),)
    if item.parent_id:
        links["parent"] = _parent(item, item.parent_id)
    own = key_of(item)
    return {name: keys for name, keys in links.items() if own not in keys[:1]}


def _content(item: Item, native_id: str) -> Key:
    return item.platform, "content", native_id


def _parent(item: Item, native_id: str) -> tuple[Key, ...]:
    content, comment = _content(item, native_id), (item.platform, "comment", native_id)
    if item.id_space == "content" or item.root_id == native_id:
        return (content,)
    return (content, comment) if item.root_id is None else (comment,)


def chosen(keys: tuple[Key, ...], drafts: Mapping[Key, Draft]) -> Key:
    """The first that has been collected, else the first that is known, else the first."""
    known = [key for key in keys if key in drafts]
    collected = [key for key in known if not drafts[key].post.is_stub]
    return (collected or known or list(keys))[0]


def connect(drafts: Mapping[Key, Draft], links: Mapping[Key, Mapping[Link, Key]]) -> None:
    """Set the links whose target has a row by now; a link once known stays."""
    for key, wanted in links.items():
        draft = drafts[key]
        for name, target in wanted.items():
            above = drafts[target].post
            if above.pk is not None and getattr(draft.post, f"{name}_id") is None:
                draft.learn(name, above)


def adopt(drafts: Mapping[Key, Draft]) -> None:
    """Answers that waited under a stub of content find their parent when it proves a comment."""
    comments = {
        (key[0], key[2]): draft.post
        for key, draft in drafts.items()
        if key[1] == "comment" and draft.status == "created"
    }
    stubs = Post.objects.filter(
        is_stub=True, id_space="content", native_id__in={native_id for _, native_id in comments}
    )
    for stub in stubs if comments else ():
        parent = comments.get((stub.platform, stub.native_id))
        if parent is not None:
            Post.objects.filter(parent=stub, id_space="comment").update(parent=parent)
