"""Absences that a roster ends, because who is gone is away from nothing; as they were when it is taken back."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import F

from ledger.events import EventDraft, record_many, signature_of
from units.models import Absence, Post, RosterRow, RosterUpload, User
from units.queries import overlapping

# Key of an absence and its end before the roster, as the journal keeps them.
Ended = list[list[Any]]


def end(upload: RosterUpload, *, by: User, post: Post | None) -> Ended:
    gone = RosterRow.objects.filter(upload=upload, action=RosterRow.Action.GONE).values("user")
    lasting = Absence.objects.filter(overlapping(upload.on, None), user__in=gone)
    rows = list(lasting.select_related("user").order_by("pk"))
    if not rows:
        return []
    were = [[row.pk, row.until.isoformat() if row.until else None] for row in rows]
    keys = Absence.objects.filter(pk__in=[row.pk for row in rows])
    keys.filter(since__gte=upload.on).update(until=F("since"))
    keys.filter(since__lt=upload.on).update(until=upload.on)
    for row in rows:
        row.until = _left(row, upload)
    _tell("units.end_absence", rows, upload, by, post)
    return were


def changed_since(upload: RosterUpload) -> Iterator[str]:
    """Names of those whose absences are no longer as the roster left them."""
    for row in _ended(upload):
        if row.until != _left(row, upload):
            yield row.user.full_name


def restore(upload: RosterUpload, *, by: User, post: Post | None) -> None:
    """One statement for all that had the same end; nearly all had none."""
    before = _before(upload)
    if not before:
        return
    rows = _ended(upload)
    for until in set(before.values()):
        same = [row for row in rows if before[row.pk] == until]
        Absence.objects.filter(pk__in=[row.pk for row in same]).update(until=until)
        for row in same:
            row.until = until
    _tell("units.absent", rows, upload, by, post)


def _before(upload: RosterUpload) -> dict[int, date | None]:
    were: Ended = upload.journal.get("absences", [])
    return {key: date.fromisoformat(until) if until else None for key, until in were}


def _ended(upload: RosterUpload) -> list[Absence]:
    rows = Absence.objects.filter(pk__in=_before(upload))
    return list(rows.select_related("user").order_by("pk"))


def _left(row: Absence, upload: RosterUpload) -> date:
    """The end that the roster gave it."""
    return max(row.since, upload.on)


def _tell(kind: str, rows: list[Absence], upload: RosterUpload, by: User, post: Post | None) -> None:
    """As `units.services.absences` tells it of one."""
    drafts = []
    for row in rows:
        data = {"since": row.since.isoformat(), "until": row.until.isoformat() if row.until else None}
        drafts.append(
            EventDraft(
                kind=kind,
                object_kind="units.user",
                object_id=row.user.public_id,
                person_id=by.public_id,
                post_id=post.public_id if post else "",
                data=data | {"absence": row.kind, "roster": upload.public_id},
                text=signature_of(by, post, reason=row.reason),
            )
        )
    record_many(drafts)
