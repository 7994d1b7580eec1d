"""Queries that every request asks: built and compiled by the ORM once, then asked with other values.

Django builds and compiles a query anew each time, which costs 1–4 ms of processor time, ten times what PostgreSQL needs
to answer it; a morning of 30,000 people pays for nothing else as dearly. The rows are read from the database every time
(rules R01, R21): only the words of the question are kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators

Row = TypeVar("Row")


@dataclass(frozen=True)
class _Compiled:
    sql: str
    # Name of a value, or the constant itself, in the order of the marks in `sql`.
    params: list[tuple[str, Any]]
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
        found = self.compiled.get(connection.vendor)
        if found is None:
            found = self.compiled[connection.vendor] = _compile(self.build, values)
        params = [_adapted(values[name]) if name else constant for name, constant in found.params]
        with connection.cursor() as cursor:
            cursor.execute(found.sql, params)
            return found.read(cursor.fetchall())

    def first(self, **values: Any) -> Row | None:
        """The query says itself which is the first: by its order and `[:1]`, or because there is only one."""
        return next(iter(self.all(**values)), None)


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _compile(build: Callable[..., Any], values: dict[str, Any]) -> _Compiled:
    """With marks in place of the values: numbers, days and texts that no query of ours carries as constants."""
    marks = {name: _mark(place, value) for place, (name, value) in enumerate(values.items())}
    queryset = build(**marks)
    compiler = queryset.query.get_compiler(connection.alias)
    sql, params = compiler.as_sql()
    names = {_adapted(mark): name for name, mark in marks.items()}
    placed = [(names[each], None) if each in names else ("", each) for each in params]
    missing = set(marks) - {name for name, _constant in placed}
    if missing:
        raise ValueError(f"the query does not ask for {missing}")
    return _Compiled(sql, placed, _reader(queryset, compiler))


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
    populators = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg] # stubs of a later Django
    annotations = list((compiler.annotation_col_map or {}).items())

    def read(rows: list[tuple]) -> list:
        found = []
        for row in converted(rows):
            one = model.from_db(connection.alias, names, row[start : end + 1])
            for populator in populators:
                populator.populate(row, one)
            for name, place in annotations:
                setattr(one, name, row[place])
            found.append(one)
        return found

    return read
