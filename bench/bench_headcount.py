"""The whole tree's head-counts on any date against one plain GROUP BY unit of the same rows.

Measured is what the portal calls: `roster.totals` of a day (people by category, at and below every unit, without the
contracts that do not count), on days through five years in which people came and moved.
Usage: python -m bench.bench_headcount [PEOPLE…]      (30000 and 2000000 by default; the worse ratio counts)
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the settings

from bench.organisation import UNITS, fill  # noqa: E402
from units import roster, tree  # noqa: E402

NAME, GOAL, FLOOR = "headcount", 1.6, 3.0
DAYS = [date(2021, 6, 1) + timedelta(days=137 * place) for place in range(14)]
SIZES = (30_000, 2_000_000)
PLAIN = """SELECT unit_id, count(*) FROM units_employment
            WHERE since <= %s AND (until IS NULL OR until > %s) GROUP BY unit_id"""
COUNTED = """SELECT count(*) FROM units_employment e LEFT JOIN units_contractkind k ON k.id = e.contract_id
              WHERE e.since <= %s AND (e.until IS NULL OR e.until > %s) AND (k.id IS NULL OR k.counts)"""


def plain(on: date) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, [on, on])
        return dict(cursor.fetchall())


def seconds(work: Callable[[date], object], on: date) -> float:
    begin = time.perf_counter()
    work(on)
    return time.perf_counter() - begin


def check() -> None:
    for on in DAYS[::5]:
        with connection.cursor() as cursor:
            cursor.execute(COUNTED, [on, on])
            expected = cursor.fetchone()[0]
        found = roster.totals(on)
        assert sum(found[1].values()) == expected, on
        assert found == roster.climb(roster.headcounts(on), tree.parents(on))


def measure(people: int) -> float:
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill(people, contracts=True)
        check()
        gc.collect()
        ours, theirs = [], []
        for on in DAYS:
            ours.append(seconds(roster.totals, on))
            theirs.append(seconds(plain, on))
        ratio = statistics.median(mine / bare for mine, bare in zip(ours, theirs, strict=True))
        print(
            f"{people} people, {UNITS} units, {connection.vendor}, {len(DAYS)} days: "
            f"{statistics.median(ours) * 1000:.1f} ms against {statistics.median(theirs) * 1000:.1f} ms, "
            f"ratio {ratio:.2f}",
            flush=True,
        )
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    return ratio


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    ratio = max(measure(people) for people in sizes)
    print(f"bench {NAME}: ratio {ratio:.2f} (goal {GOAL}, floor {FLOOR})")
    sys.exit(ratio > FLOOR)


if __name__ == "__main__":
    main()
