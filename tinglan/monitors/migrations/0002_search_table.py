"""The search index: FTS5 without content on SQLite, a tsvector with a GIN index on PostgreSQL."""

from django.db import migrations

CREATE = {
    "sqlite": (
        # unicode61 counts private-use characters as part of words, so the gap term survives.
        "CREATE VIRTUAL TABLE monitors_search USING fts5("
        "terms, content='', tokenize=\"unicode61 remove_diacritics 0\")",
    ),
    "postgresql": (
        "CREATE TABLE monitors_search (post_id bigint PRIMARY KEY, terms tsvector NOT NULL)",
        "CREATE INDEX monitors_search_terms ON monitors_search USING gin (terms)",
    ),
}


def create(apps, editor):
    for statement in CREATE[editor.connection.vendor]:
        editor.execute(statement)


def drop(apps, editor):
    editor.execute("DROP TABLE monitors_search")


class Migration(migrations.Migration):
    dependencies = [("monitors", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
