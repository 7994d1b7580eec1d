"""One lock for the organisation: who changes units, posts or people is alone, who relies on them holds them still.

Such an act touches many rows of many tables, and two acts in different orders would each hold what the other waits for
(rule R16). So it waits here, before it has locked anything. On SQLite there is only one writer anyway.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from django.db import connection, transaction

from ledger.crossing import told_when_busy
from units.models import User

LOCK_NUMBER = 2607_01
P = ParamSpec("P")
R = TypeVar("R")


def change_organisation(by: User | None = None) -> None:
    """To the end of the transaction no other such act, and none that relies on the organisation. What `by` may do is
    asked again afterwards: the act waited for may have ended his posts (rule R06). Raises Busy.
    """
    _wait("pg_advisory_xact_lock", by)


def hold_organisation(by: User | None = None) -> None:
    """To the end of the transaction nobody changes the organisation; others may hold it too. `by` as above.
    Raises Busy.
    """
    _wait("pg_advisory_xact_lock_shared", by)


def changes_organisation(act: Callable[P, R]) -> Callable[P, R]:
    """One transaction that begins with `change_organisation`; `by` is its argument of that name."""

    @wraps(act)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            change_organisation(cast(User | None, kwargs.get("by")))
            return act(*args, **kwargs)

    return alone


def _wait(function: str, by: User | None) -> None:
    if connection.vendor == "postgresql":
        with told_when_busy(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [LOCK_NUMBER])  # two constants of this module
    if by is not None:
        by.read_posts_again()
