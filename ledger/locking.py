"""Rows locked first and read with what they point to afterwards, in two statements.

One statement that locks and joins loses a row: where it had to wait for a change of the foreign key, PostgreSQL looks
at the new row beside the old one it pointed to, and finds no match.
"""

from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def locked(rows: models.QuerySet[Row]) -> list[Row]:
    """In order of key, until the end of the transaction; what no longer fits `rows` once it is locked is left out."""
    keys = [row.pk for row in _to_lock(rows).order_by("pk")]
    return list(rows.filter(pk__in=keys).order_by("pk")) if keys else []


def locked_row(rows: models.QuerySet[Row], pk: int) -> Row:
    """Raises DoesNotExist."""
    _to_lock(rows).get(pk=pk)
    return rows.get(pk=pk)


def _to_lock(rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    plain = rows.select_related(None).prefetch_related(None).only("pk")
    return plain.select_for_update(of=("self",), no_key=True)
