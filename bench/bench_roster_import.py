"""A roster of 30,000 rows of XLSX: read, understood, compared, staged and applied by the portal's two jobs.

Against (a) django-import-export as it comes (frozen in bench/import_export_default.py: its own XLSX reader, a dry run
and the import, of people alone) and (b) calamine reading the file and COPY into a bare table. The roster is that of a
later year: of a hundred people four have a new title, three work elsewhere, two have come. The first roster of an empty
province, where everybody is new, is measured too and told beside.

(a) takes minutes on 30,000 rows: it is measured on 1,000 rows in every round and multiplied. It does the same for each
row, so this favours it if anything (its results grow in memory); `--whole` measures it once on all. PostgreSQL only.
Usage: python -m bench.bench_roster_import [PEOPLE] [ROUNDS] [--whole]
"""

import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO

import django

django.setup()

import python_calamine  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402

from bench import rosters as sample  # noqa: E402
from bench.import_export_default import import_by_default  # noqa: E402
from bench.roster_worker import import_roster  # noqa: E402
from ledger.copying import copy_rows  # noqa: E402
from units.models import Unit, User  # noqa: E402

NAME, GOAL, FLOOR = "roster-import", 30.0, 20.0
SMALL, LEAST = 4.0, 6.0
PART = 1_000
MEMORY_MIB = 250


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def limit(content: bytes) -> None:
    """The least there is to do: the cells out of the file, the rows into a table."""
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()[1:]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE plain (a text, b text, c text, d text, e text, f text, g text, h text, i text)"
        )
        copy_rows("plain", "abcdefghi", rows)
        cursor.execute("DROP TABLE plain")


def people() -> list:
    """As both ways must leave them."""
    rows = User.objects.exclude(username="SNV1").order_by("username")
    return list(rows.values_list("username", "full_name", "job_title", "birth_year"))


class Round:
    """One file, and the state of the database before it: people already there, or nobody."""

    def __init__(self, unit: Unit, by: User, before: list[list], after: list[list]):
        self.unit, self.by, self.before = unit, by, before
        self.content, self.part = sample.workbook(after), sample.workbook(after[:PART])
        self.ours: list[float] = []
        self.limit: list[float] = []
        self.parts: list[float] = []

    def ready(self) -> None:
        sample.empty()
        if self.before:
            sample.settle(self.before)

    def measure(self) -> None:
        self.ready()
        self.ours.append(seconds(lambda: import_roster(self.unit, self.by, self.content)))
        self.limit.append(seconds(lambda: limit(self.content)))
        self.ready()
        self.parts.append(seconds(lambda: import_by_default(self.part)))

    def whole(self) -> float:
        """(a) on the whole file, and that it leaves the same people."""
        self.ready()
        import_roster(self.unit, self.by, self.content)
        left = people()
        self.ready()
        taken = seconds(lambda: import_by_default(self.content))
        assert people() == left, "the two imports differ"
        return taken

    def memory(self) -> tuple[int, int]:
        """Peak of a worker that does nothing else, and of the process that reads the file for it, in MiB."""
        self.ready()
        found = connection.settings_dict
        url = f"postgres://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
            file.write(self.content)
            file.flush()
            command = [
                sys.executable,
                "-m",
                "bench.roster_worker",
                file.name,
                str(self.unit.pk),
                str(self.by.pk),
            ]
            done = subprocess.run(
                command, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True, check=True
            )
        worker, reader = done.stdout.split()
        return int(worker), int(reader)

    def tell(self, name: str, theirs: float, count: int) -> tuple[float, float]:
        mine, least = statistics.median(self.ours), statistics.median(self.limit)
        print(
            f"{name}: {count} rows, {len(self.ours)} rounds: {mine:.2f} s; import-export {theirs:.1f} s "
            f"({PART} rows {statistics.median(self.parts):.1f} s); calamine + COPY {least:.2f} s",
            flush=True,
        )
        return theirs / mine, mine / least


def main() -> None:
    words = [word for word in sys.argv[1:] if word.isdigit()]
    count, rounds = int(words[0]) if words else 30_000, int(words[1]) if len(words) > 1 else 5
    logging.disable(logging.WARNING)
    if connection.vendor != "postgresql":
        sys.exit("PostgreSQL only: make bench")
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        unit, by = sample.province()
        rows = sample.people(count)
        later = Round(unit, by, rows, sample.next_year(rows))
        first = Round(unit, by, [], rows)
        for _ in range(rounds):
            later.measure()
            first.measure()
        peaks = [one.memory() for one in (later, first)]
        scale = count / PART
        wholes = [
            one.whole() if "--whole" in sys.argv else statistics.median(one.parts) * scale
            for one in (later, first)
        ]
        times, share = later.tell("later year", wholes[0], count)
        first_times, first_share = first.tell("first roster", wholes[1], count)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    print(f"first roster: {first_times:.1f} × import-export, {first_share:.1f} × (calamine + COPY)")
    peak = max(map(max, peaks))
    print(f"peak memory of a worker and of its reader: {peaks}, at most {MEMORY_MIB} MiB")
    print(f"bench roster-floor: ratio {share:.2f} (goal {SMALL}, floor {LEAST})")
    print(f"bench {NAME}: ratio {times:.1f} (goal {GOAL}, floor {FLOOR})")
    sys.exit(times < FLOOR or share > LEAST or peak > MEMORY_MIB)


if __name__ == "__main__":
    main()
