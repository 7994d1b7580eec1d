"""Totals of every node of the tree against a plain GROUP BY unit over the same rows.

Measured is what the portal calls: head-counts of a day grouped by unit in the database, then climbed once.
Usage: python -m bench.bench_rollup_figures [PEOPLE] [ROUNDS]      (30,000 people by default; try 2000000)
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the settings

from bench.organisation import UNITS, fill  # noqa: E402
from units import roster, tree  # noqa: E402

NAME, GOAL, FLOOR = "rollup-figures", 1.6, 5.0
DAY = date(2026, 11, 15)
PLAIN = """SELECT unit_id, count(*) FROM units_employment
            WHERE since <= %s AND (until IS NULL OR until > %s) GROUP BY unit_id"""


def plain() -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, [DAY, DAY])
        return dict(cursor.fetchall())


def every_node() -> roster.Headcounts:
    return roster.climb(roster.headcounts(DAY), tree.parents(DAY))


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def check(people: int) -> None:
    totals = every_node()
    assert len(totals) == UNITS
    assert sum(totals[1].values()) == people == sum(plain().values())


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill(people)
        check(people)
        ours, theirs = [], []
        for _ in range(max(5, rounds)):
            ours.append(seconds(every_node))
            theirs.append(seconds(plain))
        ratio = statistics.median(ours) / statistics.median(theirs)
        print(
            f"{people} people, {UNITS} units, {connection.vendor}, {len(ours)} rounds: "
            f"{statistics.median(ours) * 1000:.1f} ms against {statistics.median(theirs) * 1000:.1f} ms"
        )
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    print(f"bench {NAME}: ratio {ratio:.2f} (goal {GOAL}, floor {FLOOR})")
    sys.exit(ratio > FLOOR)


if __name__ == "__main__":
    main()
