"""What an act of reorganisation does to pledges that are not complete: who is right from its day on confirms them, or
today where the act is entered late and people have moved since.

A unit's own pledge goes to whoever stands above it, or above the main heir of it, from that day. What was withdrawn
waits for nobody and stays. Only `signing_unit` changes. What was signed stays: content, digest, unit, post, signatures
(rules R24, R26). A pledge that waits for a union is released by the rule of every day where its new unit has none
(`pledges.parties.released`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import F

from ledger.events import EventDraft, record_many, signature_of
from ledger.locking import locked
from ledger.workflow import StepRefused
from pledges.book import close_the_book
from pledges.models import Pledge
from pledges.standing import Place, places, places_of_units
from pledges.workflow import PLEDGE, facts
from units.models import Unit, User
from units.reorganisation.register import Line, Moved, Transition, said

OPEN = (Pledge.Status.AWAITING_HEAD, Pledge.Status.AWAITING_UNION, Pledge.Status.RETURNED)
LABEL = "Bản cam kết chưa đủ xác nhận"
DONE = "Bản cam kết đã đủ xác nhận"
BATCH = 5000


def move(change: Transition) -> Moved:
    # A roster ends no unit; who signs as he is moved is handed over.
    if change.act and not change.rehearsal:
        close_the_book()
    right = _right(change)
    rows = _locked(right)
    moving = [row for row in rows if right[row.pk] not in (None, row.signing_unit_id)]
    lost = [row for row in rows if right[row.pk] is None]
    journal = {"moved": [[row.pk, row.signing_unit_id, right[row.pk], row.version + 1] for row in moving]}
    _write(moving, lambda row: right[row.pk], "move", 1, by=change.by)
    done = Pledge.objects.filter(signing_unit__in=change.heirs, status=Pledge.Status.COMPLETE).count()
    line = Line(LABEL, len(moving), len(rows) - len(moving), _unconfirmed(lost))
    return Moved(said(line, Line(DONE, stays=done)), journal)


def undo(journal: dict[str, Any]) -> None:
    """Raises StepRefused when somebody has acted on one of the pledges since."""
    close_the_book()
    before = {pk: (old, new, version) for pk, old, new, version in journal["moved"]}
    rows = _locked(before)
    changed = [row for row in rows if (row.signing_unit_id, row.version) != before[row.pk][1:]]
    if changed or len(rows) != len(before):
        raise StepRefused(
            f"{len(before) - len(rows) + len(changed)} bản cam kết chuyển theo việc sắp xếp này đã được xác nhận, "
            "trả lại hoặc ký lại."
        )
    _write(rows, lambda row: before[row.pk][0], "move_back", -1, by=None)


def _right(change: Transition) -> dict[int, int | None]:
    """The open pledges that the act touches, each with the unit that is right to confirm it; None: nobody is.

    All open pledges are read and sifted here: the people an act moves may be tens of thousands.
    """
    waiting = Pledge.objects.filter(status__in=OPEN).personal()
    standing = places(waiting.values("user_id"), change.day_in_hand)
    found: dict[int, int | None] = {}
    for pk, user_id, unit_id in waiting.values_list("pk", "user_id", "signing_unit_id"):
        place = standing.get(user_id)
        if unit_id in change.heirs or user_id in change.people or _stands_anew(place, change):
            found[pk] = (place.signing_unit_id if place else None) or _instead(unit_id, change)
    return found | _right_for_units(change)


def _right_for_units(change: Transition) -> dict[int, int | None]:
    """The same of pledges that whole units made: those of, or to, a unit that ended, and those whose unit now stands
    below another.
    """
    rows = Pledge.objects.filter(status__in=OPEN, kind=Pledge.Kind.COLLECTIVE)
    waiting = list(rows.values_list("pk", "unit_id", "signing_unit_id"))
    today = {unit_id: _instead(unit_id, change) for _, unit_id, _ in waiting}
    standing = places_of_units({key for key in today.values() if key}, change.day_in_hand) if waiting else {}
    found: dict[int, int | None] = {}
    for pk, unit_id, signing in waiting:
        heir = today[unit_id]
        place = standing[heir] if heir else None
        if {unit_id, signing} & change.heirs.keys() or _stands_anew(place, change):
            found[pk] = (place.signing_unit_id if place else None) or _instead(signing, change)
    return found


def _instead(unit_id: int, change: Transition) -> int | None:
    """The unit itself or, where it ended, the main one of those that took its place."""
    return change.main_heir(unit_id) if unit_id in change.heirs else unit_id


def _stands_anew(place: Place | None, change: Transition) -> bool:
    return place is not None and not change.placed_anew.isdisjoint(place.path)


def _locked(keys: Iterable[int]) -> list[Pledge]:
    """Those of the pledges that are still open, with their units."""
    found: list[Pledge] = []
    for batch in _batches(sorted(keys)):
        rows = Pledge.objects.filter(pk__in=batch, status__in=OPEN)
        found += locked(rows.select_related("unit", "signing_unit"))
    return found


def _write(
    rows: list[Pledge], unit_of: Callable[[Pledge], Any], act: str, step: int, *, by: User | None
) -> None:
    """One statement for each unit they go to, an event for each pledge. `step`: the version goes up, or back."""
    by_unit: dict[int, list[int]] = {}
    for row in rows:
        by_unit.setdefault(unit_of(row), []).append(row.pk)
    for unit_id, keys in by_unit.items():
        for batch in _batches(keys):
            Pledge.objects.filter(pk__in=batch).update(signing_unit=unit_id, version=F("version") + step)
    ids = dict(Unit.objects.filter(pk__in=by_unit).values_list("pk", "public_id"))
    record_many(
        [
            EventDraft(
                kind=f"{PLEDGE.kind}.{act}",
                object_kind=PLEDGE.kind,
                object_id=row.public_id,
                person_id=by.public_id if by else "",
                unit_id=row.event_unit_id,
                data={"from": row.signing_unit.public_id, "to": ids[unit_of(row)], **facts(row)},
                text=signature_of(by),
            )
            for row in rows
        ]
    )


def _unconfirmed(lost: list[Pledge]) -> tuple[str, ...]:
    counts = Counter(row.signing_unit.name for row in lost)
    return tuple(
        f"{count} bản cam kết chờ xác nhận tại {name} chưa có ai xác nhận: đơn vị kết thúc và không có đơn vị kế tục."
        for name, count in sorted(counts.items())
    )


def _batches(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
