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

from units import roster, tree  # noqa: E402

NAME, GOAL, FLOOR = "rollup-figures", 1.6, 5.0
UNITS, FIRST_LEVEL, SECOND_LEVEL = 1200, 60, 500
DAY = date(2026, 11, 15)
PLAIN = """SELECT unit_id, count(*) FROM units_employment
            WHERE since <= %s AND (until IS NULL OR until > %s) GROUP BY unit_id"""
UNIT_ROWS = """
INSERT INTO units_unit (id, since, public_id, name, area_name, abbr, superior_lines, header_lines, place, kind,
                        gso_code, source_key, source_note, search_key, sort_key)
SELECT n, '2020-01-01', 'unit' || n, 'Đơn vị ' || n, '', '', '[]', '[]', '', 'phong', '', 'u' || n, '', '', ''
  FROM {rows}
"""
PLACEMENT_ROWS = """
INSERT INTO units_placement (since, unit_id, parent_id, in_scope, own_papers, plan_duty, report_duty)
SELECT '2020-01-01', n,
       CASE WHEN n = 1 THEN NULL WHEN n <= {first} + 1 THEN 1 WHEN n <= {first} + {second} + 1 THEN 2 + n % {first}
            ELSE {first} + 2 + n % {second} END, {true}, {true}, 'own', 'own' FROM {rows}
"""
USER_ROWS = """
INSERT INTO units_user (id, password, username, public_id, full_name, search_key, sort_key, job_title, is_active,
                        is_demo)
SELECT n, '', 'H' || n, 'user' || n, 'Người ' || n, '', '', '', {true}, {true} FROM {rows}
"""
EMPLOYMENT_ROWS = """
INSERT INTO units_employment (since, user_id, unit_id, category)
SELECT '2024-01-01', n, 1 + n % {units},
       CASE n % 10 WHEN 0 THEN 'can_bo' WHEN 1 THEN 'nguoi_lao_dong' WHEN 2 THEN 'cong_chuc' ELSE 'vien_chuc' END
  FROM {rows}
"""


def fill(people: int) -> None:
    """Rows made by SQL: a root, 60 units below it, 500 below those, the rest below these; people in all of them."""
    words = {
        "true": "1" if connection.vendor == "sqlite" else "true",
        "first": FIRST_LEVEL,
        "second": SECOND_LEVEL,
    }
    words["units"] = UNITS
    inserts = ((UNIT_ROWS, UNITS), (PLACEMENT_ROWS, UNITS), (USER_ROWS, people), (EMPLOYMENT_ROWS, people))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
        for insert, count in inserts:
            cursor.execute(insert.format(rows=numbers(count), **words))
        cursor.execute("ANALYZE")


def numbers(count: int) -> str:
    if connection.vendor == "postgresql":
        return f"generate_series(1, {count}) AS numbers(n)"
    return (
        f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"
    )


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
