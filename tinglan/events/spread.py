"""How an event spread, ready to be shown: path, key accounts, first source, jumps, collection rate.

Names of private persons are masked where they are shown; who is public is told with each name.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tinglan.analysis.spread import NOBODY, Known, Tree, tree_of
from tinglan.analysis.spread_picture import picture_of
from tinglan.analysis.spread_reach import KeyAccount, Shape, key_accounts, shape_of
from tinglan.analysis.spread_signs import Signs, signs_of
from tinglan.events.collection import Collected, collected
from tinglan.events.members import members_of
from tinglan.events.models import Event
from tinglan.events.spread_drawing import Drawing, Mark, drawing_of
from tinglan.events.spread_rows import Rows, rows_of
from tinglan.events.voices import PUBLIC
from tinglan.sources.models import Post

N_ACCOUNTS = 10
N_LOOKED_AT = 60  # accounts among which they are chosen
N_DRAWN, N_SUMMARY = 48, 8  # branches of the picture, here and on the event's page


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who stands at a node of the tree, and whether the name may be shown as it is."""

    name: str
    is_public: bool
    platform: str
    followers: int | None
    at: datetime
    mention: int | None  # None: not a post of this event
    is_collected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """The first post on a platform."""

    voice: Voice
    after: timedelta  # the first post of all
    n_posts: int
    share: float
    copied_from: str  # the platform whose words it repeats; "" where it told the story by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    shape: Shape
    peak_after: timedelta
    half_after: timedelta
    first: Voice | None
    accounts: Sequence[tuple[KeyAccount, Voice]]
    jumps: Sequence[Jump]
    drawing: Drawing
    drawn: Sequence[tuple[Mark, Voice]]
    n_alone: int  # posts that nobody took up, where they are not drawn
    signs: Signs
    collected: Collected
    reach: int | None  # followers of the accounts together, where any are known
    n_reach: int  # accounts whose followers are known
    is_cut: bool

    @property
    def is_path(self) -> bool:
        """Whether anybody took it from anybody: else there is nothing to draw."""
        return any(mark.parent_x or mark.dot.n_folded for mark, _voice in self.drawn)


def spread_of(event: Event, *, n_drawn: int = N_DRAWN) -> Spread:
    rows = rows_of(event)
    tree = tree_of(rows.posts)
    shape, parts = shape_of(tree), _key_accounts(tree)
    picture, firsts = picture_of(tree, most=n_drawn), _first_on_platforms(tree)
    first = _first(tree)
    nodes = {part.node for part in parts} | {dot.node for dot in picture.dots} | set(firsts)
    voices = _voices(nodes | ({first} - {NOBODY}), tree=tree, rows=rows)
    drawing = drawing_of(picture, tree)
    reach, n_reach = _reach(event)
    return Spread(
        shape=shape,
        peak_after=timedelta(seconds=shape.peak_at),
        half_after=timedelta(seconds=shape.half_after),
        first=voices.get(first),
        accounts=[(part, voices[part.node]) for part in parts],
        jumps=[_jump(node, tree=tree, rows=rows, voices=voices) for node in firsts],
        drawing=drawing,
        drawn=[(mark, voices[mark.dot.node]) for mark in drawing.marks],
        n_alone=picture.n_alone,
        signs=signs_of(rows.posts),
        collected=collected(tree, rows),
        reach=reach,
        n_reach=n_reach,
        is_cut=rows.is_cut,
    )


def _key_accounts(tree: Tree) -> list[KeyAccount]:
    """Half of them may be sources of their own: who passed it on is not hidden by many of those."""
    found = key_accounts(tree, limit=N_LOOKED_AT)
    passed_on = [part for part in found if not part.is_seed]
    n_seeds = N_ACCOUNTS - min(len(passed_on), N_ACCOUNTS // 2)
    chosen = [part for part in found if part.is_seed][:n_seeds]
    chosen += passed_on[: N_ACCOUNTS - len(chosen)]
    return sorted(chosen, key=lambda part: -part.without)


def _first(tree: Tree) -> int:
    """The seed that was there first, though it may never have been collected."""
    return int(tree.times.argmin()) if len(tree) else NOBODY


def _first_on_platforms(tree: Tree) -> list[int]:
    """The first collected post of each platform, in order of time."""
    found: dict[int, int] = {}
    for node in range(tree.n_posts):
        if tree.weights[node]:
            found.setdefault(int(tree.platforms[node]), node)
    return list(found.values())


def _jump(node: int, *, tree: Tree, rows: Rows, voices: dict[int, Voice]) -> Jump:
    on_platform = tree.platforms == tree.platforms[node]
    n_posts = int(tree.weights[on_platform].sum())
    source = int(tree.parents[node])
    is_copied = tree.known[node] == Known.COPY
    return Jump(
        voice=voices[node],
        after=timedelta(seconds=float(tree.times[node] - tree.times.min())),
        n_posts=n_posts,
        share=n_posts / int(tree.weights.sum()),
        copied_from=rows.platforms[int(tree.platforms[source])] if is_copied else "",
    )


def _voices(nodes: Collection[int], *, tree: Tree, rows: Rows) -> dict[int, Voice]:
    ids = [rows.post_ids[node] for node in nodes if node < tree.n_posts]
    posts = Post.objects.select_related("author", "outlet").in_bulk(ids)
    return {
        node: _voice(node, posts[rows.post_ids[node]], tree=tree, rows=rows)
        if node < tree.n_posts
        else _unheard(node, tree=tree, rows=rows)
        for node in nodes
    }


def _voice(node: int, post: Post, *, tree: Tree, rows: Rows) -> Voice:
    author = post.author
    return Voice(
        name=(post.outlet.name if post.outlet else "")
        or (author.name if author else "")
        or post.author_name,
        is_public=bool(post.outlet or (author and author.verified in PUBLIC)),
        platform=post.platform,
        followers=author.followers if author else None,
        at=_moment(tree, node),
        mention=rows.mention_ids[node],
        is_collected=node not in rows.stub_rows,
    )


def _unheard(node: int, *, tree: Tree, rows: Rows) -> Voice:
    """An account that chains name and of which no post was collected: taken for a private one."""
    return Voice(
        name=tree.stub_names[node - tree.n_posts],
        is_public=False,
        platform=rows.platforms[int(tree.platforms[node])],
        followers=None,
        at=_moment(tree, node),
        mention=None,
        is_collected=False,
    )


def _moment(tree: Tree, node: int) -> datetime:
    return datetime.fromtimestamp(float(tree.times[node]), UTC)


def _reach(event: Event) -> tuple[int | None, int]:
    """Followers of the accounts that wrote; who follows two of them is counted twice."""
    told = members_of(event).filter(mention__post__author__followers__isnull=False)
    rows = told.values_list("mention__post__author", "mention__post__author__followers")
    known = [followers or 0 for _author, followers in rows.distinct()]
    return (sum(known) if known else None), len(known)
