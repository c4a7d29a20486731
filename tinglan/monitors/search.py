"""Search the mentioned posts by words (检索), the same on both stores.

The terms are bigrams made by `analysis.text`, because the stores' own tokenizers find nothing for
Chinese words of two characters. SQLite keeps them in a contentless FTS5 table, PostgreSQL in a
tsvector. A query word is a phrase of its terms; words apart by blanks must all be there.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tinglan.analysis.text import batch_term_runs, normalise, term_runs
from tinglan.lib.errors import TinglanError
from tinglan.lib.rows import insert
from tinglan.monitors.models import Mention, SearchEntry
from tinglan.sources.models import Post, Revision

GAP = "\ue000"  # a term of its own between runs, so that no phrase reaches over the gap
SCANNED = 20_000  # newest mentions read for a single Chinese character, which no bigram holds
MAX_HITS = 10_000  # post ids handed to the next filter
CHUNK = 500


class SearchError(TinglanError):
    """The query asks for nothing that can be sought."""


def terms_of(posts: Sequence[Post]) -> list[str]:
    """What the index keeps of each post; worked out before the transaction that writes it."""
    runs = batch_term_runs([f"{post.title}\n{post.text}" for post in posts])
    written = " ".join if connection.vendor == "sqlite" else _vector
    return [written(_with_gaps(found)) for found in runs]


def index(posts: Sequence[Post], terms: Sequence[str]) -> None:
    """Make the posts findable by their terms; a post whose text changed is indexed anew."""
    known = _entries(posts)
    fresh = [
        (post, kept)
        for post, kept in zip(posts, terms, strict=True)
        if known.get(post.pk) != post.content_hash
    ]
    if not fresh:
        return
    _forget([post for post, _ in fresh if post.pk in known], known)
    _store([(post.pk, kept) for post, kept in fresh])
    entries = [SearchEntry(post=post, content_hash=post.content_hash) for post, _ in fresh]
    insert([entry for entry in entries if entry.post_id not in known])
    SearchEntry.objects.bulk_create(
        [entry for entry in entries if entry.post_id in known],
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=["content_hash"],
    )


def outdated(posts: Sequence[Post]) -> set[int]:
    """Ids of those that say something else than when they were indexed."""
    known = _entries(posts)
    return {post.pk for post in posts if known.get(post.pk, post.content_hash) != post.content_hash}


def _entries(posts: Sequence[Post]) -> dict[int, str]:
    rows = SearchEntry.objects.filter(post__in=posts)
    return dict(rows.values_list("post_id", "content_hash"))


def find(mentions: QuerySet[Mention], words: str) -> QuerySet[Mention]:
    """Narrow mentions to those whose post has all the words, newest hits first when too many."""
    phrases = [terms for terms in (_flat(word) for word in words.split()) if terms]
    if not phrases:
        raise SearchError(_("Nothing to search for: type a word, a name or a number."))
    single = [terms[0] for terms in phrases if _is_one_character(terms)]
    longer = [terms for terms in phrases if not _is_one_character(terms)]
    if longer:
        mentions = mentions.filter(post_id__in=_lookup(longer))
    if single:
        mentions = mentions.filter(pk__in=_scan(mentions, single))
    return mentions


def _flat(text: str) -> list[str]:
    return _with_gaps(term_runs(text))


def _with_gaps(runs: Iterable[Sequence[str]]) -> list[str]:
    """Terms of all runs with a gap between runs."""
    flat: list[str] = []
    for run in runs:
        flat.extend([GAP, *run] if flat else run)
    return flat


def _is_one_character(terms: Sequence[str]) -> bool:
    return len(terms) == 1 and len(terms[0]) == 1 and not terms[0].isascii()


def _scan(mentions: QuerySet[Mention], characters: Iterable[str]) -> list[int]:
    newest = mentions.order_by("-at").values_list("pk", "post__title", "post__text")[:SCANNED]
    return [
        pk
        for pk, title, text in newest
        if all(character in normalise(f"{title}\n{text}").text for character in characters)
    ]


def _store(rows: Sequence[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany("INSERT INTO monitors_search(rowid, terms) VALUES (%s, %s)", rows)
        else:
            cursor.executemany(
                "INSERT INTO monitors_search(post_id, terms) VALUES (%s, %s::tsvector) "
                "ON CONFLICT (post_id) DO UPDATE SET terms = EXCLUDED.terms",
                rows,
            )


def _forget(posts: Sequence[Post], known: Mapping[int, str]) -> None:
    """A contentless table forgets a row only when told the very terms it was given."""
    if connection.vendor != "sqlite" or not posts:
        return  # PostgreSQL overwrites
    before: dict[int, Revision] = {}
    for revision in Revision.objects.filter(post__in=posts).order_by("pk"):
        if revision.content_hash == known[revision.post_id]:
            before[revision.post_id] = revision
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO monitors_search(monitors_search, rowid, terms) VALUES ('delete', %s, %s)",
            [
                (pk, " ".join(_flat(f"{revision.title}\n{revision.text}")))
                for pk, revision in before.items()
            ],
        )


def _lookup(phrases: Sequence[Sequence[str]]) -> list[int]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            asked = " AND ".join('"' + " ".join(terms) + '"' for terms in phrases)
            cursor.execute(
                "SELECT rowid FROM monitors_search WHERE monitors_search MATCH %s "
                "ORDER BY rowid DESC LIMIT %s",
                [asked, MAX_HITS],
            )
        else:
            asked = " & ".join("(" + " <-> ".join(map(_lexeme, t)) + ")" for t in phrases)
            cursor.execute(
                "SELECT post_id FROM monitors_search WHERE terms @@ %s::tsquery "
                "ORDER BY post_id DESC LIMIT %s",
                [asked, MAX_HITS],
            )
        return [row[0] for row in cursor.fetchall()]


def _vector(terms: Sequence[str]) -> str:
    """A tsvector literal with positions; PostgreSQL knows positions up to 16,383."""
    return " ".join(f"{_lexeme(term)}:{min(at, 16383)}" for at, term in enumerate(terms, start=1))


def _lexeme(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
