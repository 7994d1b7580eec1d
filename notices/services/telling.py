"""Telling people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from ledger import clock
from notices.models import Notice

BATCH = 2000


@dataclass(frozen=True)
class Telling:
    """What one person is told. The same `effect` reaches him once."""

    user: Any
    effect: str
    text: str
    url: str


def tell(*, users: Iterable, effect: str, text: str, url: str) -> None:
    """The same `effect` reaches the same person once; telling again changes nothing."""
    tell_each(Telling(user=user, effect=effect, text=text, url=url) for user in users)


@transaction.atomic
def tell_each(tellings: Iterable[Telling]) -> None:
    """Many people, each something else; one statement for every two thousand."""
    rows = [Notice(user=row.user, effect=row.effect, text=row.text[:500], url=row.url) for row in tellings]
    Notice.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


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
