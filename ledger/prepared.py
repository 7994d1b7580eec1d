"""Statements that every request sends: written once, then sent with other values.

Django builds and compiles a query anew each time, which costs 1–4 ms of processor time, and PostgreSQL parses and plans
it anew, which costs some five times what answering it does; a morning of 30,000 people pays for nothing else as dearly.
The rows are read from the database every time (rules R01, R21): only the words of the question are kept, and on
PostgreSQL how each connection plans to answer it (PREPARE, which psycopg2 leaves to its caller).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators

Row = TypeVar("Row")

MARK = re.compile("%[%s]")
# Names of the statements that a connection to PostgreSQL already knows; gone with the connection.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
_numbers = count(1)


class Statement:
    """SQL with the marks %s for values; `name` is what PostgreSQL's views and logs call it, with a number."""

    def __init__(self, name: str, sql: str):
        self.sql = sql
        self.name = f"{name}_{next(_numbers)}"
        places = count(1)
        numbered = MARK.sub(lambda found: f"${next(places)}" if found[0] == "%s" else "%", sql)
        self.definition = f"PREPARE {self.name} AS {numbered}"
        marks = ", ".join(["%s"] * (next(places) - 1))
        self.execution = f"EXECUTE {self.name} ({marks})" if marks else f"EXECUTE {self.name}"

    def execute(self, cursor: Any, values: Sequence[Any] = ()) -> None:
        """`cursor` is one of Django's. A connection that ends with the request learns nothing for the next."""
        lasting = cursor.db.vendor == "postgresql" and cursor.db.settings_dict["CONN_MAX_AGE"] != 0
        if lasting:
            self._introduce(cursor.db)
        cursor.execute(self.execution if lasting else self.sql, values)

    def _introduce(self, connection: Any) -> None:
        """Beside the statements that Django counts: once a connection, and no transaction undoes it."""
        raw = connection.connection
        known = _known.get(raw)
        if known is None:
            known = _known[raw] = set()
        if self.name not in known:
            with connection.wrap_database_errors, raw.cursor() as cursor:
                cursor.execute(self.definition)
            known.add(self.name)


class Insert:
    """A new row of a model; its statement is written once. No signals: nothing of ours listens to any."""

    def __init__(self, model: type[models.Model], *, unless_there: bool = False):
        self.model = model
        self.unless_there = unless_there
        self.fields = [field for field in model._meta.local_concrete_fields if not _is_numbered(field)]
        self.statements: dict[str, Statement] = {}

    def __call__(self, row: models.Model) -> bool:
        """Whether it was written; with `unless_there` a row that a constraint calls the same is left as it is."""
        connection = connections[DEFAULT_DB_ALIAS]
        values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in self.fields]
        statement = self.statements.get(connection.vendor)
        if statement is None:
            statement = self.statements[connection.vendor] = self._statement(connection)
        with connection.cursor() as cursor:
            statement.execute(cursor, values)
            written = cursor.fetchone()
        if written is None:
            return False
        row.pk = written[0]
        row._state.adding, row._state.db = False, connection.alias
        return True

    def _statement(self, connection: Any) -> Statement:
        quote, meta = connection.ops.quote_name, self.model._meta
        columns = ", ".join(quote(field.column) for field in self.fields)
        marks = ", ".join(["%s"] * len(self.fields))
        unless = " ON CONFLICT DO NOTHING" if self.unless_there else ""
        key = quote(meta.pk.column)
        # Names of our own tables and columns, and marks.
        sql = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks}){unless} RETURNING {key}"  # noqa: S608
        return Statement(f"write_{meta.db_table}", sql)


def _is_numbered(field: Any) -> bool:
    return field.primary_key and isinstance(field, models.AutoField)


@dataclass(frozen=True)
class _Compiled:
    statement: Statement
    # Names of the values, in the order of the marks.
    names: list[str]
    read: Callable[[list[tuple]], list]


class Prepared(Generic[Row]):
    """`Prepared(lambda *, user, on: Post.objects.filter(…))`; values are whole numbers, days and texts, never None.

    The function sees its arguments only as what is compared with: it must not look at them, nor at a clock. The query
    gives rows of a model (with `select_related` and annotations) or one column (`values_list("x", flat=True)`).
    """

    def __init__(self, build: Callable[..., "models.QuerySet[Any, Row]"]):
        self.build = build
        self.compiled: dict[str, _Compiled] = {}

    def all(self, **values: Any) -> list[Row]:
        # Looked up once: through the proxy `django.db.connection` each attribute is.
        connection = connections[DEFAULT_DB_ALIAS]
        found = self.compiled.get(connection.vendor)
        if found is None:
            found = self.compiled[connection.vendor] = _compile(self.build, values, connection)
        with connection.cursor() as cursor:
            found.statement.execute(cursor, [_adapted(values[name], connection) for name in found.names])
            return found.read(cursor.fetchall())

    def first(self, **values: Any) -> Row | None:
        """The query says itself which is the first: by its order and `[:1]`, or because there is only one."""
        return next(iter(self.all(**values)), None)


def _adapted(value: Any, connection: Any) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _compile(build: Callable[..., Any], values: dict[str, Any], connection: Any) -> _Compiled:
    """With marks in place of the values: numbers, days and texts that no query of ours carries as constants."""
    marks = {name: _mark(place, value) for place, (name, value) in enumerate(values.items())}
    queryset = build(**marks)
    compiler = queryset.query.get_compiler(connection.alias)
    sql, params = compiler.as_sql()
    names = {_adapted(mark, connection): name for name, mark in marks.items()}
    placed = [names.get(each) for each in params]
    if missing := set(marks) - set(placed):
        raise ValueError(f"the query does not ask for {missing}")
    # What is the same every time is part of the words: a partial index is found by its condition alone.
    words = tuple("%s" if name else _literal(each) for name, each in zip(placed, params, strict=True))
    said = sql.replace("%%", "%%%%") % words
    statement = Statement(f"read_{queryset.model._meta.db_table}", said)
    return _Compiled(statement, [name for name in placed if name], _reader(queryset, compiler))


def _literal(constant: Any) -> str:
    if isinstance(constant, bool | int):
        return str(constant)
    if isinstance(constant, str):
        return "'" + constant.replace("'", "''").replace("%", "%%") + "'"
    raise TypeError(f"a prepared query takes no {type(constant).__name__} as a constant")


def _mark(place: int, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str | date):
        raise TypeError(f"a prepared query takes no {type(value).__name__}")
    if isinstance(value, int):
        # Small enough for the smallest column of numbers: a larger one the ORM knows to be in no row.
        return 32_000 + place
    return f"\ue000{place}" if isinstance(value, str) else date(1, 1, 1 + place)


def _reader(queryset: Any, compiler: Any) -> Callable[[list[tuple]], list]:
    """What `ModelIterable` does for each row, with everything that is the same for all rows found beforehand."""
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])

    def converted(rows: list[tuple]) -> Any:
        return compiler.apply_converters(rows, converters) if converters else rows

    if queryset._iterable_class is FlatValuesListIterable:
        return lambda rows: [row[0] for row in converted(rows)]
    if queryset._iterable_class is not ModelIterable:
        raise TypeError("a prepared query gives rows of a model or one column")
    info, select = compiler.klass_info, compiler.select
    model, (start, *_, end) = info["model"], info["select_fields"]
    names = [column[0].target.attname for column in select[start : end + 1]]
    populators = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg] # stubs of a later Django
    annotations = list((compiler.annotation_col_map or {}).items())

    def read(rows: list[tuple]) -> list:
        found = []
        for row in converted(rows):
            one = model.from_db(DEFAULT_DB_ALIAS, names, row[start : end + 1])
            for populator in populators:
                populator.populate(row, one)
            for name, place in annotations:
                setattr(one, name, row[place])
            found.append(one)
        return found

    return read
