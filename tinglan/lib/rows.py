"""Write many rows at once: new ones, and changed ones.

Django compiles every value of every row into its statement, at 3–5 µs each; that was half of what
ingest took. Here one prepared statement takes the values as they are; on PostgreSQL one COPY of new
rows, or one UPDATE of all.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import msgspec
from django.db import connection
from django.db.models import (
    BinaryField,
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    FloatField,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    TextField,
)

M = TypeVar("M", bound=Model)
Column = Field[Any, Any]
Prepare = Callable[[Any], Any]
AS_THEY_ARE = (BinaryField, BooleanField, FloatField, IntegerField, TextField)


def insert(rows: Sequence[M]) -> None:
    """Store new rows, in the caller's transaction; they get their ids here.

    A row that is there already raises IntegrityError: who wants it changed or passed over uses
    bulk_create. Nothing is filled in on saving: no auto_now.
    """
    if not rows:
        return
    model = type(rows[0])
    columns: list[Column] = list(model._meta.concrete_fields)
    for row, pk in zip(rows, _new_ids(model, len(rows)), strict=True):
        row.pk = pk
    _adopt(rows, columns)
    _store(model, columns, rows)
    for row in rows:  # as bulk_create does
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001


def overwrite(rows: Sequence[M], fields: Collection[str]) -> None:
    """Store these fields of rows that are there, which the caller has locked."""
    if not rows:
        return
    model = type(rows[0])
    wanted: list[Column] = [f for f in model._meta.concrete_fields if f.name in fields]
    _adopt(rows, wanted)
    if connection.vendor == "sqlite":
        _update_each(model, wanted, rows)
    else:
        _update_all(model, wanted, rows)


def _new_ids(model: type[Model], n: int) -> Sequence[int]:
    """So many ids that nobody has: of the sequence, or after the last one of the one writer."""
    assert connection.in_atomic_block, "rows are written in the transaction of their cause"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            table = model._meta.db_table
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = cursor.fetchone()
            first = last[0] + 1 if last else 1
            return range(first, first + n)
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        cursor.execute(sequence, [_table(model), n])
        return [row[0] for row in cursor.fetchall()]


def _adopt(rows: Sequence[Model], columns: Sequence[Column]) -> None:
    """A row may point at one that got its id only after it was told of it."""
    for field in columns:
        if isinstance(field, ForeignKey):
            for row in rows:
                if getattr(row, field.attname) is None and field.is_cached(row):
                    target = field.get_cached_value(row)
                    setattr(row, field.attname, target and target.pk)


def _store(model: type[Model], columns: Sequence[Column], rows: Sequence[Model]) -> None:
    into = f"{_table(model)} ({', '.join(_name(field) for field in columns)})"
    values = _values(columns, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", values)  # noqa: S608  our own names
            return
        with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for one in values:
                copy.write_row(one)


def _update_each(model: type[Model], columns: Sequence[Column], rows: Sequence[Model]) -> None:
    wanted = ", ".join(f"{_name(field)} = %s" for field in columns)
    by_id = f"UPDATE {_table(model)} SET {wanted} WHERE id = %s"  # noqa: S608  our own names
    with connection.cursor() as cursor:
        cursor.executemany(by_id, _values([*columns, model._meta.pk], rows))


def _update_all(model: type[Model], columns: Sequence[Column], rows: Sequence[Model]) -> None:
    """All in one statement, as JSON: arrays of values cost the driver 30 µs a value."""
    told = [model._meta.pk, *columns]
    wanted = ", ".join(f"{_name(field)} = told.{_name(field)}" for field in columns)
    typed = ", ".join(f"{_name(field)} {field.rel_db_type(connection)}" for field in told)
    values = [{field.column: row.__dict__[field.attname] for field in told} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_table(model)} AS row SET {wanted}"  # noqa: S608  our own names
            f" FROM json_to_recordset(%s) AS told ({typed}) WHERE row.id = told.id",
            [msgspec.json.encode(values).decode()],
        )


def _values(columns: Sequence[Column], rows: Sequence[Model]) -> list[tuple[Any, ...]]:
    """The rows as the driver takes them, prepared a column at a time."""
    held: list[Mapping[str, Any]] = [row.__dict__ for row in rows]
    prepared: list[Sequence[Any]] = []
    for field in columns:
        values = [one[field.attname] for one in held]
        prepare = _preparation(field, connection.vendor)
        if prepare is not None:
            values = [None if value is None else prepare(value) for value in values]
        prepared.append(values)
    return list(zip(*prepared, strict=True))


@cache
def _preparation(field: Column, vendor: str) -> Prepare | None:
    """How a value becomes what the driver takes; None where it is that already."""
    target: Column = field.target_field if isinstance(field, ForeignKey) else field
    if isinstance(target, JSONField):
        encoder = target.encoder
        return lambda value: json.dumps(value, cls=encoder)
    if isinstance(target, DateTimeField):
        return _as_text if vendor == "sqlite" else None
    if isinstance(target, CharField):
        return str if target.choices else None  # a member of its choices is more than text
    if isinstance(target, AS_THEY_ARE):
        return None
    return lambda value: target.get_db_prep_save(value, connection)


def _as_text(at: datetime) -> str:
    """As Django writes a moment into SQLite: so written, moments compare as their texts do."""
    return str(at.astimezone(UTC).replace(tzinfo=None))


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _name(field: Column) -> str:
    assert field.column is not None, "only what has a column is written"
    return connection.ops.quote_name(field.column)
