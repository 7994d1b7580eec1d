"""pgbench writing the rows that one act wrote: the same tables with their indexes, keys, checks and triggers, the same
values but for what must differ, one transaction, the same durability. What a row refers to exists, as for the act.

Rows that the act inserts and then updates are inserted once, as they ended: a little less than the act does.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models

from scripts.servers import postgres_programs
from tests.servers import database_url

TPS = re.compile(r"tps = ([\d.]+)")
# pgbench's own years: a person pledges once a year, so no pledge of the portal is in its way.
FIRST_YEAR = 3000
FRESH = {"public_id", "check_code", "key", "salt", "token"}


def moment() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        return int(cursor.fetchone()[0])


@dataclass
class Written:
    """What stands in the tables since `before`, by table in order of writing; nothing else may have been at work."""

    rows: list[tuple[type[models.Model], dict[str, Any]]] = field(default_factory=list)

    @classmethod
    def since(cls, before: int) -> "Written":
        found = []
        after = moment()
        for model in apps.get_models():
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT xmin::text::bigint AS wrote, * FROM {table}"
                    " WHERE xmin::text::bigint > %s AND xmin::text::bigint < %s",
                    [before, after],
                )
                names = [column.name for column in cursor.description]
                found += [
                    (row[0], model, dict(zip(names[1:], row[1:], strict=True))) for row in cursor.fetchall()
                ]
        return cls([(model, row) for _wrote, model, row in sorted(found, key=lambda each: _depth(each[1]))])

    def names(self) -> list[str]:
        return [model._meta.db_table for model, _row in self.rows]

    def size(self) -> int:
        """Bytes of the rows as text."""
        return sum(len(str(value)) for _model, row in self.rows for value in row.values())


def _depth(model: type[models.Model]) -> int:
    """What others refer to comes first."""
    order = ["ledger_receipt", "pledges_pledge", "ledger_event"]
    table = model._meta.db_table
    return order.index(table) if table in order else len(order)


@dataclass
class Script:
    """The rows as a script of pgbench: `:seed` makes unique what must be, `:person` goes through the people."""

    written: Written
    user_id: int
    lines: list[str] = field(default_factory=list)
    known: dict[tuple[str, Any], str] = field(default_factory=dict)

    def text(self, people: int) -> str:
        self.lines = [
            "\\set n :n + 1",
            f"\\set person 1 + :n % {people}",
            f"\\set year {FIRST_YEAR} + :round * 64 + :client_id",
            "\\set seed (:round * 64 + :client_id) * 10000000 + :n",
            "BEGIN;",
        ]
        self.known = {}
        for place, (model, row) in enumerate(self.written.rows):
            self._insert(place, model, row)
        return "\n".join([*self.lines, "COMMIT;"]) + "\n"

    def _insert(self, place: int, model: type[models.Model], row: dict[str, Any]) -> None:
        table, key = model._meta.db_table, str(model._meta.pk.column)
        is_numbered = isinstance(model._meta.pk, models.AutoField)
        names = [name for name in row if not (is_numbered and name == key)]
        values = [self._value(place, model, name, row[name]) for name in names]
        said = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})"
        if is_numbered:
            said += f" RETURNING {key} AS id{place} \\gset"
            self.known[table, row[key]] = f":id{place}"
        else:
            said += ";"
        self.lines.append(said)

    def _value(self, place: int, model: type[models.Model], name: str, value: Any) -> str:
        field_of = next(each for each in model._meta.fields if each.column == name)
        if name == "event_id":
            return self.known["ledger_event", value]
        if field_of.is_relation and value is not None:
            target = field_of.related_model._meta.db_table
            if target == "units_user" and value == self.user_id:
                return ":person"
            return self.known.get((target, value), str(value))
        if name == "year":
            return ":year"
        if name in FRESH:
            length = len(value)
            return f"substr(md5('{place}{name}' || :seed), 1, {min(length, 32)})"
        return self._constant(value)

    def _constant(self, value: Any) -> str:
        """Literals, as pgbench's plain protocol sends them."""
        if value is None:
            return "NULL"
        if isinstance(value, bool | int):
            return str(value)
        return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def script(written: Written, *, user_id: int, people: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "act.sql"
        path.write_text(Script(written, user_id).text(people))
        yield path


def per_second(path: Path, *, clients: int, seconds: int, number: int) -> float:
    """Transactions a second of that many clients, each on its connection, without the time to connect."""
    command = [
        str(postgres_programs() / "pgbench"), "--no-vacuum", "--client", str(clients), "--jobs", "2",
        "--time", str(seconds), "--protocol", "simple", "--file", str(path),
        "--define", "n=0", "--define", f"round={number}", database_url(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if found := TPS.search(done.stdout):
        return float(found.group(1))
    raise SystemExit(f"pgbench told no rate:\n{done.stdout}\n{done.stderr}")
