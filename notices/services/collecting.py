"""Putting lines into the letters of a day, in the transaction of the act they speak of (rule R04)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from ledger.copying import add_rows
from ledger.public_id import new_public_id
from notices.models import Digest, DigestLine, leaves_at
from units.models import User

BATCH = 2000
LINE = ("digest_id", "kind", "effect", "text")
LETTER = ("public_id", "user_id", "on", "status", "send_after", "attempts", "token", "fault")


@dataclass(frozen=True)
class Line:
    """What one person reads in his letter: no names, no content. The same `effect` stands in a letter once."""

    user_id: int
    kind: str
    effect: str
    text: str


@transaction.atomic
def collect(lines: Iterable[Line], *, on: date) -> int:
    """Into the letters of `on`; who has no address or may not log in gets none. Returns how many lines were written.

    A letter that is on its way already takes no more: its line goes into that of the next day. Eight statements for
    every two thousand lines.
    """
    rows = list(lines)
    return sum(_collect(rows[at : at + BATCH], on) for at in range(0, len(rows), BATCH))


def _collect(lines: list[Line], on: date) -> int:
    wanted = {line.user_id for line in lines}
    reached = User.objects.filter(pk__in=wanted, is_active=True).exclude(email="")
    reachable = set(reached.values_list("pk", flat=True))
    letters = _open_letters(reachable, on)
    if left := reachable - letters.keys():
        letters |= _open_letters(left, on + timedelta(days=1))
    rows = [
        (letters[line.user_id], line.kind, line.effect, line.text[:300])
        for line in lines
        if line.user_id in letters
    ]
    add_rows(DigestLine._meta.db_table, LINE, rows)
    return len(rows)


def _stored(on: date) -> tuple[Any, Any]:
    """The day, and when its letters leave, as the database takes them."""
    operations = connection.ops
    return operations.adapt_datefield_value(on), operations.adapt_datetimefield_value(leaves_at(on))


def _open_letters(user_ids: set[int], on: date) -> dict[int, int]:
    """Person → his letter of that day, made where there is none; locked, so that no sender takes it meanwhile."""
    if not user_ids:
        return {}
    day, at = _stored(on)
    fresh = [(new_public_id(), user_id, day, "waiting", at, 0, "", "") for user_id in sorted(user_ids)]
    add_rows(Digest._meta.db_table, LETTER, fresh)
    waiting = Digest.objects.select_for_update(no_key=True).filter(
        user_id__in=user_ids, on=on, status=Digest.Status.WAITING
    )
    return dict(waiting.order_by("pk").values_list("user_id", "pk"))
