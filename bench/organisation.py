"""A made-up organisation of any size, written by SQL: 1,200 units in three levels and people who came and went."""

from django.db import connection

UNITS, FIRST_LEVEL, SECOND_LEVEL = 1200, 60, 500
UNIT_ROWS = """
INSERT INTO units_unit (id, since, public_id, name, area_name, abbr, superior_lines, header_lines, place, kind,
                        gso_code, source_key, source_note, search_key, sort_key)
SELECT n, '2020-01-01', 'unit' || n, 'Đơn vị ' || n, '', '', '[]', '[]', '', 'phong', '', 'u' || n, '', '', ''
  FROM {rows}
"""
PLACEMENT_ROWS = """
INSERT INTO units_placement (since, unit_id, parent_id, in_scope, own_papers, plan_duty, report_duty, decision)
SELECT '2020-01-01', n,
       CASE WHEN n = 1 THEN NULL WHEN n <= {first} + 1 THEN 1 WHEN n <= {first} + {second} + 1 THEN 2 + n % {first}
            ELSE {first} + 2 + n % {second} END, {true}, {true}, 'own', 'own', '' FROM {rows}
"""
USER_ROWS = """
INSERT INTO units_user (id, password, username, public_id, full_name, search_key, sort_key, job_title,
                        code_from_portal, session_epoch, is_active, is_demo)
SELECT n, '', 'H' || n, 'user' || n, 'Người ' || n, '', '', '', {false}, 0, {true}, {true} FROM {rows}
"""
CATEGORY = """CASE n / 7 % 10 WHEN 0 THEN 'can_bo' WHEN 1 THEN 'nguoi_lao_dong' WHEN 2 THEN 'cong_chuc'
                          ELSE 'vien_chuc' END"""
# Everybody works somewhere since 2024; every third came there from another unit, where he had been since 2021.
EMPLOYMENT_ROWS = """
INSERT INTO units_employment (since, user_id, unit_id, category, payroll_unit_id, contract_id, ending)
SELECT '2024-01-01', n, 1 + n % {units}, {category},
       CASE WHEN n % 200 = 0 THEN 1 + (n + 7) % {units} END, {contract}, '' FROM {rows}
"""
EARLIER_ROWS = """
INSERT INTO units_employment (since, until, user_id, unit_id, category, contract_id, ending)
SELECT '2021-01-01', '2024-01-01', n, 1 + (n + 13) % {units}, {category}, {contract}, 'moved'
  FROM {rows} WHERE n % 3 = 0
"""
CONTRACT_ROWS = """
INSERT INTO units_contractkind (id, code, name, counts, pledges, "order")
VALUES (1, 'khong-thoi-han', '', {true}, {true}, 1), (2, 'duoi-12-thang', '', {true}, {false}, 2),
       (3, 'khoan-viec', '', {false}, {false}, 3)
"""
CONTRACT = "CASE WHEN n % 50 = 0 THEN 3 WHEN n % 50 = 1 THEN 2 WHEN n % 50 < 10 THEN 1 END"


def fill(people: int, *, contracts: bool = False) -> None:
    """A root, 60 units below it, 500 below those, the rest below these; people in all of them."""
    on_sqlite = connection.vendor == "sqlite"
    words = {
        "true": "1" if on_sqlite else "true",
        "false": "0" if on_sqlite else "false",
        "first": FIRST_LEVEL,
        "second": SECOND_LEVEL,
        "units": UNITS,
        "category": CATEGORY,
        "contract": CONTRACT if contracts else "NULL",
    }
    inserts = [
        (CONTRACT_ROWS, 0),
        (UNIT_ROWS, UNITS),
        (PLACEMENT_ROWS, UNITS),
        (USER_ROWS, people),
        (EMPLOYMENT_ROWS, people),
    ]
    if contracts:
        inserts.append((EARLIER_ROWS, people))
    with connection.cursor() as cursor:
        if not on_sqlite:
            # What the rows are is known; checking each against the others would take most of the time.
            cursor.execute("SET statement_timeout = 0; SET session_replication_role = replica")
            cursor.execute("ALTER TABLE units_employment DROP CONSTRAINT units_employment_no_overlap")
        for insert, count in inserts:
            cursor.execute(insert.format(rows=numbers(count), **words))
    settle()


def settle() -> None:
    """What the database does by itself within minutes. Autovacuum never visits a table in which nothing stands: one
    that was vacuumed empty is planned as one that stays so, and is then read from end to end at every foreign key.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
            return
        tables = connection.introspection.table_names(cursor)
        cursor.execute(
            "SELECT relname FROM pg_class WHERE pg_relation_size(oid) > 0 AND relname = ANY(%s)", [tables]
        )
        cursor.execute("VACUUM ANALYZE " + ", ".join(name for (name,) in cursor.fetchall()))


def numbers(count: int) -> str:
    if connection.vendor == "postgresql":
        return f"generate_series(1, {count}) AS numbers(n)"
    return (
        f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"
    )
