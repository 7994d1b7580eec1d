"""Telling people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from ledger import clock
from ledger.copying import add_rows
from ledger.public_id import new_public_id
from notices.models import Notice

COLUMNS = ("public_id", "user_id", "effect", "text", "url", "created_at")


@dataclass(frozen=True)
class Telling:
    """What one person is told; of `user` only the key is read. The same `effect` reaches him once."""

    user: Any
    effect: str
    text: str
    url: str


def tell(*, users: Iterable, effect: str, text: str, url: str) -> None:
    """The same `effect` reaches the same person once; telling again changes nothing."""
    tell_each(Telling(user=user, effect=effect, text=text, url=url) for user in users)


@transaction.atomic
def tell_each(tellings: Iterable[Telling]) -> None:
    """Many people, each something else; one statement for every thousand."""
    at = connection.ops.adapt_datetimefield_value(clock.now())
    rows = [(new_public_id(), row.user.pk, row.effect, row.text[:500], row.url, at) for row in tellings]
    add_rows(Notice._meta.db_table, COLUMNS, rows)


def lay_aside(*, effect_starts: str, but: str) -> None:
    """Earlier notices of one kind are read as soon as a newer one says the same as of today; one statement."""
    older = Notice.objects.unread().filter(effect__startswith=effect_starts)
    older.exclude(effect__startswith=but).update(read_at=clock.now())


def mark_read(*, notice: Notice, by) -> Notice:
    """Raises PermissionError for somebody else's notice."""
    if notice.user_id != by.pk:
        raise PermissionError
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=clock.now())
    return notice
