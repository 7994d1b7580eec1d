"""Acts at the same instant, each in a thread and a connection of its own; for tests on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.crossing import Busy
from ledger.workflow import StepRefused

LOCKING = ("INSERT", "UPDATE", "DELETE", "LOCK TABLE")


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """They begin together; “done” or the sentence of the refusal for each. That one gave way to another is raised.

    On a slow machine an act may take longer than the portal waits: here they have patience, and deadlocks still show.
    """
    begin = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        begin.wait(timeout=30)
        try:
            wait_at_most("30s")
            act()
            return "done"
        except Busy:
            raise
        except StepRefused as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


WAITING_HERE = """
SELECT count(*) FROM pg_locks
 WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
                                WHERE datname = current_database())
"""


def somebody_waits() -> bool:
    """In this database: the workers of the tests share one server."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING_HERE)
        return cursor.fetchone()[0] > 0


def wait_at_most(time: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = %s", [time])


def impatient() -> None:
    wait_at_most("100ms")


def locked_before_it_gave_up(act: Callable[[], Any]) -> list[str]:
    """What an act that is not let in had locked or written by then, as statements. It must give up as Busy, waiting for
    the lock of the organisation.
    """

    def run() -> list[str]:
        impatient()
        try:
            with CaptureQueriesContext(connection) as queries, pytest.raises(Busy):
                act()
        finally:
            connection.close()
        return [query["sql"] for query in queries.captured_queries]

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(run).result(timeout=60)
    assert any("pg_advisory_xact_lock" in sql for sql in done[-3:]), done
    return [sql for sql in done if sql.startswith(LOCKING) or "FOR NO KEY UPDATE" in sql]
