"""Many rows into a table at once: COPY on PostgreSQL, one prepared statement elsewhere; and one name for many rows.

Names of tables and columns come from the code, never from a request.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import QuerySet

# All that COPY escapes when it writes, so that our text of some rows is its text.
_ESCAPES = str.maketrans(
    {"\\": "\\\\"} | {sign: "\\" + name for sign, name in zip("\b\f\n\r\t\v", "bfnrtv", strict=True)}
)
_SELDOM = "\b\f\r\v"
NULL = "\\N"
BATCH = 2000
# SQLite takes at most 32,766 values in a statement.
ADDED = 1000


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


def add_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows of which some may be there already: those are left as they are. One statement for every thousand.

    Moments as `connection.ops.adapt_datetimefield_value` gives them, days as `adapt_datefield_value`.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    one = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ADDED):
            some = rows[start : start + ADDED]
            marks = ", ".join([one] * len(some))
            statement = f'INSERT INTO "{table}" ({names}) VALUES {marks} ON CONFLICT DO NOTHING'  # noqa: S608 - see above
            cursor.execute(statement, [value for row in some for value in row])


def digest_of_rows(rows: Sequence[Sequence[Any]]) -> str:
    """Names these rows in this order. Values are text, whole numbers, days, booleans or None."""
    found = sha256()
    for start in range(0, len(rows), BATCH):
        columns = map(_lettered, zip(*rows[start : start + BATCH], strict=True))
        found.update(_text(list(zip(*columns, strict=True))).encode())
    return found.hexdigest()


def digest_of_query(query: QuerySet) -> str:
    """`digest_of_rows` of a `values_list`: PostgreSQL writes the same text itself, and no row is made of it."""
    if connection.vendor != "postgresql":
        return digest_of_rows(list(query))
    found, (statement, values) = _Digest(), query.query.sql_with_params()
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY ({cursor.mogrify(statement, values).decode()}) TO STDOUT", found)
    return found.digest()


class _Digest:
    """A file that keeps nothing of what is written to it but its hash."""

    def __init__(self) -> None:
        found = sha256()
        self.write, self.digest = found.update, found.hexdigest


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


def _lettered(column: Sequence[Any]) -> Sequence[Any]:
    """COPY writes a boolean as one letter."""
    if bool not in set(map(type, column)):
        return column
    return ["ft"[value] if value.__class__ is bool else value for value in column]


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
        and not any(sign in text for sign in _SELDOM)
    )
    return text if plain else "".join(["\t".join(map(_escaped, row)) + "\n" for row in rows])


def _escaped(value: Any) -> str:
    return NULL if value is None else str(value).translate(_ESCAPES)
