"""What an act of reorganisation does to lists signed by hand that are not recorded yet: they pass to the main heir.

Names and pages stay as they are; the people of the unit that ended may be ticked on as of the day they signed
(`pledges.listing.forerunners`). What was recorded stays with the unit that recorded it.
"""

from collections import Counter
from typing import Any

from django.db.models import F

from ledger.events import EventDraft, record_many, signature_of
from ledger.locking import locked
from ledger.workflow import StepRefused
from pledges.models import SignedList
from pledges.workflow import LIST_KIND
from units.models import Unit, User
from units.reorganisation.register import Line, Moved, Transition, said

LABEL = "Danh sách ký cam kết trên giấy đang nhập"


def move(change: Transition) -> Moved:
    rows = SignedList.objects.filter(unit__in=change.heirs, status=SignedList.Status.DRAFT)
    drafts = locked(rows.select_related("unit"))
    moving = [(row, heir) for row in drafts if (heir := change.main_heir(row.unit_id)) is not None]
    lost = Counter(row.unit.name for row in drafts if change.main_heir(row.unit_id) is None)
    journal = {"moved": [[row.pk, row.unit_id, heir, row.version + 1] for row, heir in moving]}
    for row, heir in moving:
        SignedList.objects.filter(pk=row.pk).update(unit=heir, version=F("version") + 1)
    _record([(row, row.unit_id, heir) for row, heir in moving], "move", change.by)
    warnings = tuple(
        f"{count} danh sách ký trên giấy đang nhập tại {name} chưa ghi nhận: đơn vị kết thúc và không có đơn vị kế tục."
        for name, count in sorted(lost.items())
    )
    names = tuple(f"{row}" for row, _ in moving)
    return Moved(said(Line(LABEL, len(moving), sum(lost.values()), warnings, names)), journal)


def undo(journal: dict[str, Any]) -> None:
    """Raises StepRefused when somebody has worked on one of the lists since."""
    before = {pk: (old, new, version) for pk, old, new, version in journal["moved"]}
    rows = locked(SignedList.objects.filter(pk__in=before))
    for row in rows:
        _, new, version = before[row.pk]
        if (row.unit_id, row.version, row.status) != (new, version, SignedList.Status.DRAFT):
            raise StepRefused("Có danh sách ký trên giấy chuyển theo việc sắp xếp này đã được nhập tiếp.")
    for row in rows:
        SignedList.objects.filter(pk=row.pk).update(unit=before[row.pk][0], version=F("version") - 1)
    _record([(row, row.unit_id, before[row.pk][0]) for row in rows], "move_back", None)


def _record(moved: list[tuple[SignedList, int, int]], act: str, by: User | None) -> None:
    keys = {key for _, old, new in moved for key in (old, new)}
    ids = dict(Unit.objects.filter(pk__in=keys).values_list("pk", "public_id"))
    record_many(
        [
            EventDraft(
                kind=f"{LIST_KIND}.{act}",
                object_kind=LIST_KIND,
                object_id=row.public_id,
                person_id=by.public_id if by else "",
                unit_id=ids[new],
                data={"from": ids[old], "to": ids[new], "year": row.year},
                text=signature_of(by),
            )
            for row, old, new in moved
        ]
    )
