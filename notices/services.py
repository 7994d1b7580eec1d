"""Telling people."""

from collections.abc import Iterable

from django.db import transaction

from ledger import clock
from notices.models import Notice


@transaction.atomic
def tell(*, users: Iterable, effect: str, text: str, url: str) -> None:
    """The same `effect` reaches the same person once; telling again changes nothing."""
    rows = [Notice(user=user, effect=effect, text=text[:500], url=url) for user in users]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def mark_read(*, notice: Notice, by) -> Notice:
    """Raises PermissionError for somebody else's notice."""
    if notice.user_id != by.pk:
        raise PermissionError
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=clock.now())
    return notice
