"""One lock for the organisation: who changes units, posts or people is alone, who relies on them holds them still.

Such an act touches many rows of many tables, and two acts in different orders would each hold what the other waits for
(rule R16). So it waits here, before it has locked anything. On SQLite there is only one writer anyway.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from ledger.crossing import told_when_busy

LOCK_NUMBER = 2607_01
P = ParamSpec("P")
R = TypeVar("R")


def change_organisation() -> None:
    """To the end of the transaction no other such act, and none that relies on the organisation. Raises Busy."""
    _wait("pg_advisory_xact_lock")


def hold_organisation() -> None:
    """To the end of the transaction nobody changes the organisation; others may hold it too. Raises Busy."""
    _wait("pg_advisory_xact_lock_shared")


def changes_organisation(act: Callable[P, R]) -> Callable[P, R]:
    """One transaction that begins with `change_organisation`."""

    @wraps(act)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            change_organisation()
            return act(*args, **kwargs)

    return alone


def _wait(function: str) -> None:
    if connection.vendor == "postgresql":
        with told_when_busy(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [LOCK_NUMBER])  # two constants of this module
