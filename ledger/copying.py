"""Many rows into a table at once: COPY on PostgreSQL, one prepared statement elsewhere.

Names of tables and columns come from the code, never from a request.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"
BATCH = 2000


def copy_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Values are text, numbers, days, booleans or None; JSON comes as text."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors:
                cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', _Lines(rows), 1 << 16)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608 - see above


class _Lines:
    """A file of COPY's own text, written while the server already stores what it has read."""

    def __init__(self, rows: Sequence[Sequence[Any]]):
        self.pieces = self._pieces(rows)

    def read(self, size: int = -1) -> str:
        return next(self.pieces, "")

    @staticmethod
    def _pieces(rows: Sequence[Sequence[Any]]) -> Iterator[str]:
        for start in range(0, len(rows), BATCH):
            yield _text(rows[start : start + BATCH])


def _text(rows: Sequence[Sequence[Any]]) -> str:
    """Written plainly; where a value then turns out to hold one of COPY's own signs, once more with escapes."""
    text = "".join(
        [
            "\t".join(
                [value if value.__class__ is str else NULL if value is None else str(value) for value in row]
            )
            + "\n"
            for row in rows
        ]
    )
    plain = (
        text.count("\\") == sum([row.count(None) for row in rows])
        and text.count("\n") == len(rows)
        and text.count("\t") == sum(map(len, rows)) - len(rows)
        and "\r" not in text
    )
    return text if plain else "".join(["\t".join(map(_escaped, row)) + "\n" for row in rows])


def _escaped(value: Any) -> str:
    return NULL if value is None else str(value).translate(_ESCAPES)
