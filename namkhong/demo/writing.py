"""Rows by the hundred thousand: what `bulk_create` does, without asking every field of every row how it is stored."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

BATCH = 5000


def insert(rows: Sequence[models.Model]) -> None:
    """New rows of one model, in a transaction in which nobody else writes; each then has its key."""
    if not rows:
        return
    model = type(rows[0])
    if isinstance(model._meta.pk, models.AutoField):
        first = (model._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
        for place, row in enumerate(rows, start=first):
            row.pk = place
    columns = [(field.attname, _writer(field)) for field in model._meta.concrete_fields]
    names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own model
    with connection.cursor() as cursor:
        for at in range(0, len(rows), BATCH):
            cursor.executemany(statement, _values(rows[at : at + BATCH], columns))
        for reset in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(reset)


def _values(rows: Iterable[models.Model], columns: list[tuple[str, Callable]]) -> list[list[Any]]:
    return [[write(vars(row)[name]) for name, write in columns] for row in rows]


def _writer(field: models.Field) -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField):
        return lambda value: connection.ops.adapt_json_value(value, field.encoder)
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value
    if isinstance(field, models.CharField | models.TextField):
        return lambda value: value if value is None else str(value)
    return lambda value: value
